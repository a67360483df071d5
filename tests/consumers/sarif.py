"""SARIF: the published schema, and the number of results that sarif-tools lists."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from checks import check, files, finish, report

bin_folder = os.path.dirname(sys.executable)
schemas = glob.glob(os.path.expanduser("~/.cargo/registry/src/*/serde-sarif-0.8*/src/schema.json"))
if not schemas:
    print("SKIP sarif: the schema in the serde-sarif crate was not found")
for file in files("sarif"):
    if schemas:
        # One pattern of the schema is broken in Python's syntax: formats and
        # patterns are checked as Python reads them.
        command = [f"{bin_folder}/check-jsonschema", "--schemafile", schemas[0],
                   "--regex-variant", "python", "--disable-formats", "regex", str(file)]
        run = subprocess.run(command, capture_output=True, text=True)
        check("schema", file.name, run.returncode == 0, run.stdout + run.stderr)
    results = json.loads(file.read_text(encoding="utf-8"))["runs"][0]["results"]
    found = report(file)["findings"]
    if not file.stem.endswith("-suppressed"):
        found = [f for f in found if f["status"] in ("new", "unreviewed", "baselined")]
    folded = lambda f: f["evidence"] == "assumed" and f["status"] in ("new", "unreviewed", "baselined")
    elements = {(f["model"], f["modelName"], f["elementId"]) for f in found if folded(f)}
    alerts = len(elements) + sum(not folded(f) for f in found)
    check("sarif", f"{file.name} holds every finding", len(results) == min(alerts, 5000), len(results))
    told = sum(len(r["properties"].get("threats", [0])) for r in results)
    check("sarif", f"{file.name} tells every threat", len(results) == 5000 or told == len(found), told)
    with tempfile.TemporaryDirectory() as folder:
        csv = os.path.join(folder, "out.csv")
        run = subprocess.run([f"{bin_folder}/sarif", "csv", "-o", csv, str(file)], capture_output=True, text=True)
        import csv as reader
        rows = list(reader.reader(open(csv, encoding="utf-8-sig"))) if os.path.exists(csv) else []
        check("sarif-tools", f"{file.name} lists {len(results)} results", len(rows) - 1 == len(results),
              f"{len(rows) - 1} {run.stderr}")
finish()
