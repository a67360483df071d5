"""The whole action in a real runner (act, on this host): outcomes, outputs, annotations."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

import workplace as w

UPLOAD = w.ACTION["runs"]["steps"][1]["uses"]
NAME, COMMIT = UPLOAD.split("@")
# Stands in for GitHub's action, which cannot upload from here: it keeps the file, then
# fails, for the gate must not depend on it.
STAND_IN = """name: stand-in
inputs: {sarif_file: {}, token: {}}
runs:
  using: composite
  steps:
    - shell: bash
      run: cp "$FILE" "$UPLOADED" && exit 1
      env: {FILE: "${{ inputs.sarif_file }}"}
"""


def step(name, tolerated=True, env=None, **given):
    inputs = {key.replace("_", "-"): value for key, value in given.items()}
    return {"id": name, "uses": "tmrs-dev/tmrs@v0", "continue-on-error": tolerated, "with": inputs, "env": env or {}}


class Runner(unittest.TestCase):
    def setUp(self):
        holder = w.temporary()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        action = self.folder / "action"
        action.mkdir()
        shutil.copy(w.ROOT / "action.yml", action)
        shutil.copytree(w.ROOT / "action", action / "action")
        w.repository(action, {})
        w.repository(self.folder / "codeql", {"upload-sarif/action.yml": STAND_IN})

    def act(self, repo, event_name, event, steps):
        """Runs a workflow of these steps; gives what the runner saw of each, and the job's outcome."""
        told = {"id": "told", "if": "always()", "run": 'printf "told:%s\\n" "$(tr -d "\\n" <<<"$STEPS")"'}
        told["env"] = {"STEPS": "${{ toJSON(steps) }}"}
        job = {"runs-on": "ubuntu-latest", "steps": [{"uses": "actions/checkout@v5"}, *steps, told]}
        workflow = self.folder / "workflow.yml"
        workflow.write_text(json.dumps({"on": event_name, "jobs": {"job": job}}))
        (self.folder / "event.json").write_text(json.dumps(event))
        command = ["act", event_name, "-P", "ubuntu-latest=-self-hosted", "--pull=false", "--json"]
        command += ["-W", str(workflow), "-e", str(self.folder / "event.json")]
        command += ["--local-repository", f"tmrs-dev/tmrs@v0={self.folder / 'action'}"]
        command += ["--local-repository", f"github/codeql-action@{COMMIT}={self.folder / 'codeql'}"]
        command += ["--env", f"TMRS_BIN={w.BINARY}", "--env", f"UPLOADED={self.folder / 'uploaded.sarif'}"]
        env = {**os.environ, "HOME": str(self.folder)}
        done = subprocess.run(command, cwd=repo, env=env, capture_output=True, text=True, timeout=300)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        told = [line["msg"] for line in lines if line.get("msg", "").startswith("told:")]
        self.assertTrue(told, done.stdout[-4000:] + done.stderr[-2000:])
        return done.returncode, json.loads(told[0].removeprefix("told:")), lines

    def test_a_push(self):
        repo = w.repository(self.folder / "repo", {"good/tm.yaml": w.CLEAN, "bad/tm.py": w.THREATENED})
        hostile = "x\"'$(touch HIT)`touch HIT`\ny"
        status, steps, lines = self.act(
            repo,
            "push",
            {"before": "0" * 40},
            [
                step("passing", tolerated=False, paths="good", upload_sarif="false"),
                step("failing", paths="bad", upload_sarif="true"),
                step("hostile", paths=hostile, category=hostile, exclude=hostile),
                step("none", paths=".github", allow_no_models="false"),
            ],
        )
        self.assertEqual(status, 0)
        outcomes = {name: (said["outcome"], said["outputs"].get("exit-code")) for name, said in steps.items()}
        self.assertEqual(outcomes["passing"], ("success", "0"))
        self.assertEqual(outcomes["failing"], ("failure", "1"))
        self.assertEqual(outcomes["hostile"][0], "failure")
        self.assertEqual(outcomes["none"][0], "failure")
        self.assertFalse(list(repo.rglob("HIT")))
        self.assertTrue((self.folder / "uploaded.sarif").is_file(), "nothing was uploaded")

        # Annotations as the runner parsed them are the findings of the report.
        told = subprocess.run(
            [w.BINARY, "check", "bad", "--format", "github"], cwd=repo, capture_output=True, text=True
        ).stdout
        expected = sorted(line.split("::")[1].split(" ")[0] for line in told.splitlines() if line.startswith("::"))
        parsed = sorted(
            line["command"]
            for line in lines
            if line.get("command") in ("error", "warning", "notice") and line.get("kvPairs", {}).get("file") == "bad/tm.py"
        )
        anywhere = [word for word in expected if word]
        self.assertTrue(parsed)
        counted = [line for line in told.splitlines() if line.startswith("::") and "file=bad/tm.py" in line]
        self.assertEqual(len(parsed), len(counted), (parsed, anywhere))

    def test_a_pull_request(self):
        pull = w.PullRequest(self.folder, {"old.yaml": w.BARE % ("Old", "Old")}, {"new.yaml": w.BARE % ("New", "New")})
        # What actions/checkout does; the runner's stand-in copies the files alone.
        checkout = f"rm -rf .git && git init -q . && git remote add origin '{pull.origin.as_uri()}'"
        checkout += " && git fetch -q --depth=1 origin refs/pull/1/merge && git checkout -q -f --detach FETCH_HEAD"
        _, steps, lines = self.act(
            pull.clone,
            "pull_request",
            pull.event(),
            [{"run": checkout}, step("adds"), step("old", paths="old.yaml")],
        )
        log = "\n".join(line.get("msg", "") for line in lines)
        adds = steps["adds"]
        self.assertEqual((adds["outcome"], adds["outputs"].get("exit-code")), ("failure", "1"), log)
        self.assertEqual((steps["old"]["outcome"], steps["old"]["outputs"]["new"]), ("success", "0"))


if __name__ == "__main__":
    unittest.main()
