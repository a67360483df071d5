"""What the consumer scripts share: pass and fail lines, reports, the count of failures."""
import json
import pathlib
import sys

failures = 0


def check(consumer, name, holds, detail=""):
    global failures
    print(f"{'pass' if holds else 'FAIL'} {consumer}: {name}{'' if holds else ' ' + str(detail)[:2000]}")
    failures += not holds


def files(ending):
    folder = pathlib.Path(sys.argv[1])
    found = sorted(folder.glob(f"*.{ending}"))
    if not found:
        check("samples", f"there are *.{ending}", False)
    return found


def report(file):
    """The JSON report beside an output."""
    path = file.with_name(file.stem.removesuffix("-suppressed") + ".json")
    return json.loads(path.read_text(encoding="utf-8"))


def finish():
    sys.exit(1 if failures else 0)
