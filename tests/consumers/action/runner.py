"""The whole action in a real runner (act, on this host): how a workflow is run, and what came of it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import workplace as w

UPLOAD = w.ACTION["runs"]["steps"][1]["uses"]
NAME, COMMIT = UPLOAD.split("@")
# Stands in for GitHub's action, which cannot upload from here: upload.py says how.
STAND_IN = """name: stand-in
inputs: {sarif_file: {}, token: {}, checkout_path: {default: "${{ github.workspace }}"}}
runs:
  using: composite
  steps:
    - shell: bash
      run: python3 "$WHERE/upload.py"
      env:
        SARIF: "${{ inputs.sarif_file }}"
        CHECKOUT: "${{ inputs.checkout_path }}"
        WHERE: "${{ github.action_path }}"
"""
UPLOAD_SCRIPT = (pathlib.Path(__file__).parent / "upload.py").read_text()
# Stand in for GitHub's artifacts, which are a service: a folder.
KEEP = """name: keep
inputs: {name: {}, path: {}, if-no-files-found: {}}
runs:
  using: composite
  steps: [{shell: bash, run: 'cp "$FILE" "$STORE/"', env: {FILE: "${{ inputs.path }}"}}]
"""
GET = """name: get
inputs: {pattern: {}, path: {}, merge-multiple: {}}
runs:
  using: composite
  steps: [{shell: bash, run: 'mkdir -p "$FOLDER" && cp "$STORE"/* "$FOLDER"', env: {FOLDER: "${{ inputs.path }}"}}]
"""
# Where nobody answers: no test asks GitHub itself.
NOWHERE = "http://127.0.0.1:9"
REUSABLE = (w.ROOT / ".github/workflows/tmrs.yml").read_text()


def pinned(action):
    """How the reusable workflow names an action, with its revision."""
    return re.search(rf"uses: ({action}@[^ \n]+)", REUSABLE)[1]


def step(name, tolerated=True, env=None, **given):
    inputs = {key.replace("_", "-"): value for key, value in given.items()}
    return {"id": name, "uses": "tmrs-dev/tmrs@v0", "continue-on-error": tolerated, "with": inputs, "env": env or {}}


def checkout(origin, ref, depth=1):
    """What actions/checkout does with that fetch-depth; the runner's stand-in copies the files alone."""
    deep = f"--depth={depth}" if depth else ""
    fetch = f"git fetch -q {deep} origin {ref} && git checkout -q -f --detach FETCH_HEAD"
    return {"run": f"rm -rf .git && git init -q . && git remote add origin '{origin.as_uri()}' && {fetch}"}


class Runner(unittest.TestCase):
    # What act is started by, and the program that it runs: another user needs both.
    starter, program = ["act"], w.BINARY
    # What stands in for GitHub's API; a step's own environment cannot say so.
    api = NOWHERE

    def setUp(self):
        holder = w.temporary()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        action = self.folder / "action"
        action.mkdir()
        shutil.copy(w.ROOT / "action.yml", action)
        shutil.copytree(w.ROOT / "action", action / "action")
        shutil.copytree(w.ROOT / "setup", action / "setup")
        w.repository(action, {})
        w.repository(self.folder / "codeql", {"upload-sarif/action.yml": STAND_IN, "upload-sarif/upload.py": UPLOAD_SCRIPT})

    def uploaded(self):
        """The SARIF file that was uploaded, and what the upload saw."""
        return [json.loads((self.folder / name).read_text()) for name in ["uploaded.sarif", "uploaded.json"]]

    def serve(self, answer):
        """A service until the test ends: its address, and what it was asked."""
        service = w.server(answer)
        self.addCleanup(service.__exit__, None, None, None)
        return service.__enter__()

    def act(self, repo, event_name, event, steps):
        """Runs a workflow of these steps; gives what the runner saw of each, and the job's outcome."""
        told = {"id": "told", "if": "always()", "run": 'printf "told:%s\\n" "$(tr -d "\\n" <<<"$STEPS")"'}
        told["env"] = {"STEPS": "${{ toJSON(steps) }}"}
        job = {"runs-on": "ubuntu-latest", "steps": [{"uses": "actions/checkout@v5"}, *steps, told]}
        workflow = self.folder / "workflow.yml"
        workflow.write_text(json.dumps({"on": event_name, "jobs": {"job": job}}))
        (self.folder / "event.json").write_text(json.dumps(event))
        lines, done = self.start(repo, event_name, workflow)
        told = [line["msg"] for line in lines if line.get("msg", "").startswith("told:")]
        self.assertTrue(told, done.stdout[-4000:] + done.stderr[-2000:])
        return done.returncode, json.loads(told[0].removeprefix("told:")), lines

    def start(self, repo, event_name, workflow):
        command = [*self.starter, event_name, "-P", "ubuntu-latest=-self-hosted", "--pull=false", "--json"]
        command += ["-W", str(workflow), "-e", str(self.folder / "event.json")]
        version = f"tmrs-dev/tmrs@v{w.VERSION}"
        for name, folder in [
            ("tmrs-dev/tmrs@v0", "action"),
            (version, "action"),
            (version.replace("@", "/setup@"), "action"),
            (f"github/codeql-action@{COMMIT}", "codeql"),
            (pinned("actions/upload-artifact"), "keep"),
            (pinned("actions/download-artifact"), "get"),
        ]:
            command += ["--local-repository", f"{name}={self.folder / folder}"]
        for name, value in [
            ("TMRS_BIN", self.program),
            ("UPLOADED", self.folder / "uploaded.sarif"),
            ("STORE", self.folder / "store"),
            ("GITHUB_API_URL", self.api),
            ("GITHUB_GRAPHQL_URL", f"{self.api}/graphql"),
        ]:
            command += ["--env", f"{name}={value}"]
        env = {**os.environ, "HOME": str(self.folder)}
        done = subprocess.run(command, cwd=repo, env=env, capture_output=True, text=True, timeout=300)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done


def of(lines, name):
    """What the runner saw of one step."""
    return [line for line in lines if name in (line.get("stepID") or [])]


def summaries(lines):
    return [line["content"] for line in lines if line.get("command") == "summary"]


def outcome(said):
    return said["outcome"], said["outputs"].get("exit-code")
