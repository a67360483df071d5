"""Renders templates by the command and by pytm, and compares: templates.py TMRS

Run by `templates.sh`, with the Python that has pytm 1.4.0. Both judge with the
threats that pytm ships, so this holds what the goldens of our own threats cannot.

Templates: those in pytm's source distribution (the blocks of its README; what it
has of files, should it have any), taken at test time and never kept; our own, in
`tests/templates` and `shared/sections.md`, which use every construct; and those of
a folder that TMRS_PYTM_TEMPLATES names, such as docs/ of pytm's own repository.

Lines are compared, each as often as it is there. Not compared is the order of
findings (worst first here, the threat file's in pytm), and so neither their number
(a word of digits alone) nor the order of lines and of words in them. What else
differs is listed in `tests/templates/differences.json`, with `"threats": "pytm"`:
how many lines of a side hold a text, and why. A listed item that is gone fails too.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import pytm

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODELS = (
    "examples/blog/threats/tm.py",
    "examples/comments/tm.py",
    "examples/payments/checkout.py",
    "tests/models/document_archive.py",
    "tests/models/hospital_portal.py",
    "tests/models/iot_gateway.py",
    "tests/models/lab_carried_data.py",
    "tests/models/support_chatbot.py",
)
THREATS = pathlib.Path(pytm.__file__).parent / "threatlib" / "threats.json"


def of_the_distribution(folder, work):
    """pytm's own templates, from PyPI."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps",
         "--no-binary", "pytm", "--dest", str(work), "pytm==1.4.0"],
        check=True,
    )
    (archive,) = work.glob("pytm-*.tar.gz")
    found = 0
    with tarfile.open(archive) as files:
        for member in files:
            if not (member.isfile() and member.name.endswith(".md")):
                continue
            text = files.extractfile(member).read().decode()
            name = pathlib.PurePath(member.name).stem.lower()
            blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)
            for at, block in enumerate(block for block in blocks or [text] if ":repeat:" in block):
                (folder / f"pytm-{name}-{at + 1}.md").write_text(block, encoding="utf-8")
                found += 1
    return found


def lines(text):
    """How often each line is there, and what it looks like."""
    counts, seen = collections.Counter(), {}
    for line in text.splitlines():
        key = " ".join(sorted(word for word in line.split() if not word.isdecimal()))
        counts[key] += 1
        seen[key] = line
    return counts, seen


def differing(ours, theirs):
    (mine, seen), (other, seen_other) = lines(ours), lines(theirs)
    for side, extra, text in (("ours", mine - other, seen), ("theirs", other - mine, seen_other)):
        for key, times in extra.items():
            yield side, text[key], times


def main():
    tmrs = sys.argv[1]
    everything = json.loads((ROOT / "tests/templates/differences.json").read_text(encoding="utf-8"))
    listed = [item for item in everything if item.get("threats") == "pytm"]
    given = os.environ.get("TMRS_PYTM_TEMPLATES")
    failures = compared = 0
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        templates = work / "templates"
        templates.mkdir()
        own = [*(ROOT / "tests/templates").glob("*.md"), HERE / "shared/sections.md"]
        for file in own + (sorted(pathlib.Path(given).glob("*.md")) if given else []):
            shutil.copy(file, templates)
        count = of_the_distribution(templates, work)
        print(f"templates: {count} of pytm's source distribution, {len(own)} of our own")
        if count == 0:
            print("FAIL templates: pytm's source distribution has none any more")
            failures += 1
        for model in MODELS:
            answers = work / "answers"
            subprocess.run(
                [sys.executable, str(ROOT / "scripts/diagram-goldens"), "--python", sys.executable,
                 "--templates", str(templates), model, str(answers)],
                check=True, cwd=ROOT,
            )
            for template in sorted(templates.glob("*.md")):
                # Not a Markdown file's ending: nothing is escaped, as in pytm.
                plain, out = work / "template.txt", work / "out"
                shutil.copy(template, plain)
                subprocess.run(
                    [tmrs, "report", model, "--no-default-rules", "--rules", str(THREATS),
                     "--template", str(plain), "--output", str(out)],
                    check=True, cwd=ROOT, stderr=subprocess.DEVNULL,
                )
                theirs = (answers / template.name).read_text(encoding="utf-8")
                left = list(differing(out.read_text(encoding="utf-8"), theirs))
                wrong = []
                for item in listed:
                    if (item["model"], item["template"]) != (model, template.name):
                        continue
                    is_meant = lambda row: row[0] == item["side"] and item["line"] in row[1]
                    times = sum(row[2] for row in left if is_meant(row))
                    if times != item["times"]:
                        wrong.append(f"listed {item['times']} times, but {times}: {item}")
                    left = [row for row in left if not is_meant(row)]
                wrong += [f"not listed, {side}, {times} times: {line[:200]}" for side, line, times in left]
                compared += 1
                failures += bool(wrong)
                print(f"{'FAIL' if wrong else 'pass'} templates: {model} {template.name}")
                for line in wrong:
                    print(f"  {line}")
    print(f"templates: {compared} compared, {failures} failed")
    sys.exit(1 if failures else 0)


main()
