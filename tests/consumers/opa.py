"""The example policy for OPA and conftest, run by a Rego engine over reports of real runs.

    python3 tests/consumers/opa.py TMRS
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from regopy import Interpreter

from checks import check, finish

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICY = (ROOT / "examples/opa/threats.rego").read_text(encoding="utf-8")
CLEAN = """\
tmrs: 1
name: Clock
elements:
  clock: {class: Process, name: Clock}
"""
SHOP = """\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
data:
  card: {name: Card, classification: SECRET}
elements:
  user: {class: Actor, name: User, inBoundary: net}
  web: {class: Server, name: Web, controls: {sanitizesInput: false, authenticatesSource: false}}
  db: {class: Datastore, name: Orders, isSQL: true}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [card]}
  store: {source: web, sink: db, name: Store, protocol: SQL, data: [card]}
"""


def report(binary, **files):
    """The JSON report of a repository with these files; a baseline is written before, if asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path, text in files.items():
            if text is not None:
                (folder / path.replace("__", ".")).write_text(text, encoding="utf-8")
        env = {**os.environ, "NO_COLOR": "1"}
        if "baseline" in files:
            subprocess.run([binary, "baseline", "update"], cwd=folder, env=env, check=True, capture_output=True)
        done = subprocess.run([binary, "check", "--format", "json"], cwd=folder, env=env, capture_output=True, text=True)
        return json.loads(done.stdout)


def asked(said, rule):
    rego = Interpreter()
    rego.add_module("threats", POLICY)
    rego.set_input(said)
    answer = json.loads(str(rego.query(f"data.main.{rule}")))
    return sorted(answer["expressions"][0])


def main():
    binary = sys.argv[1]
    clean = report(binary, model__yaml=CLEAN)
    check("opa", "a clean model is let through", asked(clean, "deny") == [] and asked(clean, "warn") == [])
    shop = report(binary, model__yaml=SHOP)
    check("opa", "what is new is for the gate", asked(shop, "deny") == [], asked(shop, "deny"))
    check("opa", "a model that says little is mentioned", "tmrs questions" in "".join(asked(shop, "warn")))
    broken = report(binary, model__yaml=SHOP.replace("sink: db", "sink: nowhere"))
    check("opa", "a run that is not whole is denied", "incomplete" in "".join(asked(broken, "deny")))
    known = report(binary, model__yaml=SHOP, baseline=None)
    worst = [f for f in known["findings"] if f["risk"] == "critical" and f["reach"] == "open"]
    denied = asked(known, "deny")
    check("opa", "what is critical and open to anyone stays in no baseline",
          len(worst) > 0 and len(denied) == len({(f["rule"], f["location"]["line"]) for f in worst}), denied)
    rules = {f["rule"] for f in shop["findings"] if f["severity"] in ("high", "critical") and f["element"]["name"] == "Web"}
    line = "  web: {class: Server, name: Web,"
    comment = f"  # tmrs: exclude[{', '.join(sorted(rules))}] we like it so\n"
    silent = report(binary, model__yaml=SHOP.replace(line, comment + line))
    denied = asked(silent, "deny")
    check("opa", "a comment excludes nothing severe", len(rules) > 0 and len(denied) == len(rules), denied)
    finish()


main()
