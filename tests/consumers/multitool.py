"""Microsoft's SARIF multitool, with its GitHub rules on. It exits with 0 even when
it found errors, so its own log is read."""
import collections
import json
import os
import pathlib
import stat
import subprocess
import tempfile

from checks import check, files, finish

tool = pathlib.Path(os.environ["CONSUMERS"]) / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
for file in files("sarif"):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log.sarif"
        command = [tool, "validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning",
                   "--max-file-size-in-kb", "100000", "-o", log, "--log", "ForceOverwrite"]
        run = subprocess.run(command, capture_output=True, text=True)
        if not log.exists():
            check("multitool", file.name, False, run.stdout + run.stderr)
            continue
        results = json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
        kinds = collections.Counter((r["ruleId"], r.get("level", "warning")) for r in results)
        check("multitool", f"{file.name} without error or warning", not results, dict(kinds))
finish()
