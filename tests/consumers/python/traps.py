"""What real pytm makes of the traps in tests/traps: traps.py [--bless]

Without an option the recorded answers are compared with those of the installed pytm;
with it they are written. `cargo test` judges tmrs by the recorded answers alone.
"""
import json
import pathlib
import sys
import tempfile

import oracle
import pytm
from pytm import pytm as core

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "traps"
RECORDED = FOLDER / "answers.json"
CONTROLS = sorted(core.Controls.model_fields)


def traps():
    """name -> files; `tm.py` is the model."""
    prologue = (FOLDER / "prologue.py").read_text()
    found = {}
    for group in sorted(FOLDER.glob("*.txt")):
        for block in group.read_text().split("\n## ")[1:]:
            title, _, body = block.partition("\n")
            parts = ("tm.py\n" + body.rstrip("\n")).split("\n--- ")
            files = {}
            for part in parts:
                name, _, text = part.partition("\n")
                files[name] = text + "\n"
            files["tm.py"] = f'{prologue}{files["tm.py"]}\n\nif __name__ == "__main__":\n    tm.process()\n'
            if title in found:
                sys.exit(f"two traps are named {title!r}")
            found[title] = files
    return found


def look(self, tm):
    """Elements, and what holds of those that are no flows and boundaries."""
    if self.answer is None:
        oracle.CHECK(tm)
        oracle.RESOLVE(tm)
        state = pytm.TM._get_state().elements
        facts = []
        for element in state:
            if not isinstance(element, (pytm.Dataflow, pytm.Boundary)):
                held = [name for name in CONTROLS if getattr(getattr(element, "controls", None), name, None) is True]
                facts.append([element.name, *held, *([] if element.inScope else ["out of scope"])])
        self.answer = {"elements": sorted([oracle.kind(e), e.name] for e in state), "facts": sorted(fact for fact in facts if len(fact) > 1)}


if __name__ == "__main__":
    oracle.keep_what_models_set()
    oracle.Seen.look = look
    answers = {}
    with tempfile.TemporaryDirectory() as root:
        for number, (name, files) in enumerate(traps().items()):
            folder = pathlib.Path(root, str(number))
            for path, text in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
            answers[name] = oracle.answer(str(folder))
    if "--bless" in sys.argv:
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(answer, ensure_ascii=False)}" for name, answer in answers.items())
        RECORDED.write_text("{\n" + lines + "\n}\n")
        sys.exit()
    recorded = json.loads(RECORDED.read_text())
    different = [name for name in {**answers, **recorded} if answers.get(name) != recorded.get(name)]
    for name in different:
        print(f"trap {name!r}: recorded {recorded.get(name)}, pytm says {answers.get(name)}")
    print(f"{len(answers)} traps: {len(answers) - len(different)} as recorded")
    sys.exit(bool(different))
