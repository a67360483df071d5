"""The whole action in a real runner (act, on this host): outcomes, outputs, annotations."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import annotations
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
REUSABLE = (w.ROOT / ".github/workflows/tmrs.yml").read_text()


def pinned(action):
    """How the reusable workflow names an action, with its revision."""
    return re.search(rf"uses: ({action}@[^ \n]+)", REUSABLE)[1]


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
        shutil.copytree(w.ROOT / "setup", action / "setup")
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
        lines, done = self.start(repo, event_name, workflow)
        told = [line["msg"] for line in lines if line.get("msg", "").startswith("told:")]
        self.assertTrue(told, done.stdout[-4000:] + done.stderr[-2000:])
        return done.returncode, json.loads(told[0].removeprefix("told:")), lines

    def start(self, repo, event_name, workflow):
        command = ["act", event_name, "-P", "ubuntu-latest=-self-hosted", "--pull=false", "--json"]
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
            ("TMRS_BIN", w.BINARY), ("UPLOADED", self.folder / "uploaded.sarif"), ("STORE", self.folder / "store")
        ]:  # fmt: skip
            command += ["--env", f"{name}={value}"]
        env = {**os.environ, "HOME": str(self.folder)}
        done = subprocess.run(command, cwd=repo, env=env, capture_output=True, text=True, timeout=300)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done

    def whole(self, parts, **given):
        """Runs the reusable workflow; gives what its last job came to, and the summary."""
        repo = self.folder / "organisation"
        if not repo.exists():
            w.repository(self.folder / "keep", {"action.yml": KEEP})
            w.repository(self.folder / "get", {"action.yml": GET})
            files = {".github/workflows/tmrs.yml": REUSABLE, "no/README": "", "good a/tm.yaml": w.CLEAN}
            w.repository(repo, {**files, "bad/tm.py": w.THREATENED, "broken/tm.yaml": "tmrs: 1\nname: [\n"})
        store = self.folder / "store"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        job = {"uses": "./.github/workflows/tmrs.yml", "with": {"paths": json.dumps(parts), "upload-sarif": "false", **given}}
        workflow = self.folder / "caller.yml"
        workflow.write_text(json.dumps({"on": "push", "jobs": {"threats": job}}))
        (self.folder / "event.json").write_text(json.dumps({"before": "0" * 40}))
        lines, done = self.start(repo, "push", workflow)
        results = {line["job"].rsplit("/")[-1].strip(): line["jobResult"] for line in lines if "jobResult" in line}
        self.assertIn("Threat models", results, done.stdout[-4000:] + done.stderr[-2000:])
        return results["Threat models"], [line["content"] for line in lines if line.get("command") == "summary"][-1]

    def test_the_reusable_workflow_joins_its_parts_under_one_gate(self):
        for parts, result, words in [
            (["good a"], "success", ["1 model", "good a/tm.yaml"]),
            (["no", "good a"], "success", ["1 model", "good a/tm.yaml"]),
            (["good a", "bad"], "failure", ["2 models", "good a/tm.yaml", "bad/tm.py", "AC01", "new"]),
            (["good a", "broken"], "failure", ["could not be judged completely", "broken/tm.yaml"]),
        ]:
            with self.subTest(parts):
                came_to, summary = self.whole(parts)
                self.assertEqual(came_to, result, summary)
                for word in words:
                    self.assertIn(word, summary)
        self.assertEqual(self.whole(["no"], **{"allow-no-models": "false"})[0], "failure")

    def test_a_push(self):
        files = {"good/tm.yaml": w.CLEAN, "bad/tm.py": w.THREATENED, "broken/tm.yaml": "tmrs: 1\nname: [\n", "nothing/x": ""}
        repo = w.repository(self.folder / "repo", files)
        known = [w.BINARY, "baseline", "update", "bad", "--baseline", "known.json"]
        subprocess.run(known, cwd=repo, check=True, capture_output=True)
        w.commit(repo, {})
        quiet = {"GITHUB_API_URL": "http://127.0.0.1:9"}
        released = {"TMRS_BIN": "", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_TOOL_CACHE": str(self.folder / "tools")}
        kept = str(self.folder / "kept.json")
        hostile = "x y\"'$(touch HIT)`touch HIT`;touch HIT|\n::error::hit\n##[error]hit\ny"
        archive, digest = w.release_archive()
        service = w.server(lambda *_: (200, archive))
        url, asked = service.__enter__()
        self.addCleanup(service.__exit__, None, None, None)
        status, steps, lines = self.act(
            repo,
            "push",
            {"before": "0" * 40},
            [
                step("passing", tolerated=False, paths="good", upload_sarif="false"),
                step("failing", paths="bad", upload_sarif="true"),
                {"run": 'cp "$REPORT" "$KEPT"', "env": {"REPORT": "${{ steps.failing.outputs.json-file }}", "KEPT": kept}},
                step("baseline", paths="bad", baseline="known.json"),
                step("unreadable", paths="broken", upload_sarif="true"),
                step("tampered", env=released, sha256="0" * 64, download_url=url),
                step("fetched", env=released, paths="good", sha256=digest, download_url=url),
                step("cached", env=released, paths="good", sha256=digest, download_url="http://127.0.0.1:9"),
                *(step(f"hostile-{name}", env=quiet, **{name: hostile}) for name in w.ACTION["inputs"]),
                step("none", paths="nothing"),
                step("without-token", paths="good", token=""),
            ],
        )
        self.assertEqual(status, 0)
        outcomes = {name: (said["outcome"], said["outputs"].get("exit-code")) for name, said in steps.items()}
        self.assertEqual(outcomes["passing"], ("success", "0"))
        self.assertEqual(outcomes["failing"], ("failure", "1"))
        self.assertEqual(outcomes["none"], ("failure", "4"))
        self.assertEqual(outcomes["without-token"], ("success", "0"))
        for name in w.ACTION["inputs"]:
            # Refused, or understood and ended by the broken model: never a success.
            self.assertEqual(outcomes[f"hostile-{name}"][0], "failure", name)
            self.assertIn(outcomes[f"hostile-{name}"][1], ("", "2", "3", None), name)
        self.assertFalse(list(self.folder.rglob("HIT")))
        self.assertFalse([line for line in lines if line.get("command") in annotations.LEVELS and line["arg"] == "hit"])
        self.assertTrue((self.folder / "uploaded.sarif").is_file(), "nothing was uploaded")
        self.assertEqual((outcomes["fetched"], outcomes["cached"]), (("success", "0"), ("success", "0")))
        self.assertEqual(len(asked), 2, "one for the tampered archive, one for the good one, none for the cached one")

        self.assertEqual(outcomes["tampered"], ("failure", ""))
        self.assertTrue(any("it was not used" in line.get("arg", "") for line in lines), "the archive was refused by another reason")
        self.assertEqual(steps["unreadable"]["outputs"]["exit-code"], "3")
        self.assertEqual((outcomes["baseline"], steps["baseline"]["outputs"]["new"]), (("success", "0"), "0"))
        self.assertGreater(int(steps["baseline"]["outputs"]["open"]), 0)

        # Annotations as the runner parsed them are the findings of the report, and so are
        # outputs and summary.
        report = json.loads((self.folder / "kept.json").read_text())
        own = [line for line in lines if "failing" in (line.get("stepID") or [])]
        annotations.compare(self, annotations.parsed(own), report)
        new = [f for f in report["findings"] if f["status"] == "new"]
        self.assertEqual(steps["failing"]["outputs"]["new"], str(len(new)))
        self.assertEqual(steps["failing"]["outputs"]["open"], str(len(new)))
        self.assertEqual(steps["failing"]["outputs"]["accepted"], str(report["summary"]["byStatus"]["accepted"]))
        (summary,) = [line["content"] for line in own if line.get("command") == "summary"]
        self.assertIn(f"{len(new)} new", summary)
        for finding in new:
            self.assertIn(finding["rule"], summary)
        uploaded = json.loads((self.folder / "uploaded.sarif").read_text())
        self.assertEqual(len(uploaded["runs"][0]["results"]), len(new))

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
