"""The whole action in a real runner (act, on this host): outcomes, outputs, annotations."""

import json
import os
import shutil
import subprocess
import unittest

import annotations
import upload
import workplace as w
from runner import GET, KEEP, NOWHERE, REUSABLE, Runner, checkout, of, outcome, step, summaries

BROKEN = "tmrs: 1\nname: [\n"


class Events(Runner):
    def test_a_push(self):
        odd = "a \"b\" '$(touch HIT-path)`touch HIT-path`;c"
        files = {"good/tm.yaml": w.CLEAN, "bad/tm.py": w.THREATENED, "broken/tm.yaml": BROKEN, "nothing/x": ""}
        files |= {f"{odd}/tm.yaml": w.CLEAN, "-c/tm.yaml": w.CLEAN.replace("name:", "name: C", 1)}
        repo = w.repository(self.folder / "repo", files)
        known = [w.BINARY, "baseline", "update", "bad", "--baseline", "known.json"]
        subprocess.run(known, cwd=repo, check=True, capture_output=True)
        w.commit(repo, {})
        released = {"TMRS_BIN": "", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_TOOL_CACHE": str(self.folder / "tools")}
        kept = str(self.folder / "kept.json")
        hostile = "x y\"'$(touch HIT)`touch HIT`;touch HIT|\n::error::hit\n##[error]hit\ny"
        archive, digest = w.release_archive()
        url, asked = self.serve(lambda *_: (200, archive))
        status, steps, lines = self.act(
            repo,
            "push",
            {"before": "0" * 40},
            [
                step("passing", tolerated=False, paths="good", upload_sarif="false"),
                step("failing", paths="bad", upload_sarif="true"),
                {"run": 'cp "$REPORT" "$KEPT"', "env": {"REPORT": "${{ steps.failing.outputs.json-file }}", "KEPT": kept}},
                step("silent", paths="bad", annotations="false", summary="false"),
                step("baseline", paths="bad", baseline="known.json"),
                step("unreadable", paths="broken", upload_sarif="true"),
                step("tampered", env=released, sha256="0" * 64, download_url=url),
                step("fetched", env=released, paths="good", sha256=digest, download_url=url),
                step("cached", env=released, paths="good", sha256=digest, download_url=NOWHERE),
                *(step(f"hostile-{name}", **{name: hostile}) for name in w.ACTION["inputs"]),
                step("understood", paths=f"{odd}\n\n-c/tm.yaml\n", rules="", baseline="", category=odd, sarif=f"{odd}/out.sarif"),
                {"id": "hits", "run": f"""test -s "$ODD" && ! find . "$RUNNER_TEMP" '{self.folder}' -name 'HIT*' | grep .""",
                 "env": {"ODD": f"{odd}/out.sarif"}, "continue-on-error": True},
                step("none", paths="nothing"),
                step("none-allowed", paths="nothing", allow_no_models="true"),
                step("without-token", paths="good", token=""),
            ],
        )  # fmt: skip
        self.assertEqual(status, 0)
        outcomes = {name: outcome(said) for name, said in steps.items()}
        self.assertEqual(outcomes["passing"], ("success", "0"))
        self.assertEqual(outcomes["failing"], ("failure", "1"))
        self.assertEqual(outcomes["none"], ("failure", "4"))
        self.assertEqual(outcomes["none-allowed"], ("success", "0"))
        self.assertEqual(outcomes["without-token"], ("success", "0"))
        for name in w.ACTION["inputs"]:
            # Refused, or understood and ended by the broken model: never a success.
            self.assertEqual(outcomes[f"hostile-{name}"][0], "failure", name)
            self.assertIn(outcomes[f"hostile-{name}"][1], ("", "2", "3", None), name)
        self.assertEqual(outcomes["understood"], ("success", "0"), of(lines, "understood"))
        self.assertEqual(outcomes["hits"][0], "success", of(lines, "hits"))
        self.assertFalse([line for line in lines if line.get("command") in annotations.LEVELS and line["arg"] == "hit"])
        self.assertTrue((self.folder / "uploaded.sarif").is_file(), "nothing was uploaded")
        self.assertEqual((outcomes["fetched"], outcomes["cached"]), (("success", "0"), ("success", "0")))
        self.assertEqual(len(asked), 2, "one for the tampered archive, one for the good one, none for the cached one")

        self.assertEqual(outcomes["tampered"], ("failure", ""))
        self.assertTrue(any("it was not used" in line.get("arg", "") for line in lines), "the archive was refused by another reason")
        self.assertEqual(steps["unreadable"]["outputs"]["exit-code"], "3")
        self.assertEqual((outcomes["baseline"], steps["baseline"]["outputs"]["new"]), (("success", "0"), "0"))
        self.assertGreater(int(steps["baseline"]["outputs"]["open"]), 0)
        self.assertEqual((outcomes["silent"], steps["silent"]["outputs"]["new"]), (("failure", "1"), steps["failing"]["outputs"]["new"]))
        self.assertEqual((annotations.parsed(of(lines, "silent")), summaries(of(lines, "silent"))), ([], []))

        # Annotations as the runner parsed them are the findings of the report, and so are
        # outputs and summary.
        report = json.loads((self.folder / "kept.json").read_text())
        own = of(lines, "failing")
        annotations.compare(self, annotations.parsed(own), report)
        new = [f for f in report["findings"] if f["status"] == "new"]
        self.assertEqual(steps["failing"]["outputs"]["new"], str(len(new)))
        self.assertEqual(steps["failing"]["outputs"]["open"], str(len(new)))
        self.assertEqual(steps["failing"]["outputs"]["accepted"], str(report["summary"]["byStatus"]["accepted"]))
        (summary,) = summaries(own)
        self.assertIn(f"{len(new)} new", summary)
        for finding in new:
            if finding["failing"]:
                self.assertIn(finding["rule"], summary)
        uploaded, seen = self.uploaded()
        self.assertEqual(len(uploaded["runs"][0]["results"]), annotations.alerts(new))
        self.assertEqual((seen["warnings"], seen["commit"]), ([], w.git(repo, "rev-parse", "HEAD")))
        # The same upload with the workspace as its checkout warns of every alert.
        self.assertEqual(len(list(upload.warnings(uploaded, repo))), annotations.alerts(new))

    def test_a_pull_request_with_and_without_a_token(self):
        old = w.BARE % ("Old", "Old")
        change = {"new.yaml": w.BARE % ("New", "New"), "old.yaml": old.replace("HTTP}", "HTTP, controls: {isHardened: true}}", 1)}
        pull = w.PullRequest(self.folder, {"old.yaml": old}, change)
        kept = str(self.folder / "kept.json")

        def answer(method, path, _):
            if "graphql" in path:
                return 200, b'{"data":{"viewer":{"login":"github-actions[bot]"}}}'
            return (201, b"{}") if method == "POST" else (200, b"[]")

        url, asked = self.serve(answer)
        self.api = url
        _, steps, lines = self.act(
            pull.clone,
            "pull_request",
            pull.event(),
            [
                checkout(pull.origin, "refs/pull/1/merge"),
                step("adds", token="a-token", comment="true"),
                {"run": 'cp "$REPORT" "$KEPT"', "env": {"REPORT": "${{ steps.adds.outputs.json-file }}", "KEPT": kept}},
                step("old", paths="old.yaml", upload_sarif="false"),
                step("without", token="", comment="true"),
            ],
        )
        log = "\n".join(line.get("msg", "") for line in lines)
        self.assertEqual(outcome(steps["adds"]), ("failure", "1"), log)
        self.assertEqual((steps["old"]["outcome"], steps["old"]["outputs"]["new"]), ("success", "0"))
        report = json.loads((self.folder / "kept.json").read_text())
        annotations.compare(self, annotations.parsed(of(lines, "adds")), report)
        new = [f for f in report["findings"] if f["status"] == "new"]
        outputs = steps["adds"]["outputs"]
        self.assertEqual(outputs["new"], str(len(new)))
        self.assertEqual({f["location"]["path"] for f in new}, {"new.yaml"})
        self.assertGreater(len(report["fixed"]), 0)
        self.assertEqual(outputs["fixed"], str(len(report["fixed"])))
        self.assertGreater(int(outputs["open"]), len(new))

        # With the token code scanning is asked about and used, and the comment is written.
        _, seen = self.uploaded()
        self.assertEqual(seen, {"warnings": [], "commit": pull.merge, "base": pull.base})
        self.assertEqual({said for *_, said in asked}, {"Bearer a-token"})
        self.assertEqual(sum("code-scanning" in path for _, path, *_ in asked), 1)
        written = [(path, json.loads(body)["body"]) for method, path, body, _ in asked if method == "POST" and "graphql" not in path]
        ((path, body),) = written
        self.assertRegex(path, "^/repos/.+/issues/1/comments$")
        for finding in new:
            if finding["failing"]:
                self.assertIn(finding["rule"], body)
        # Without one nothing is asked (what was asked is counted above), and the rest is the same.
        parsed = {name: annotations.parsed(of(lines, name)) for name in ("adds", "without")}
        refusal = [a for a in parsed["without"] if "needs a token" in a[2]]
        self.assertEqual(len(refusal), 1)
        self.assertEqual([a for a in parsed["without"] if a not in refusal], parsed["adds"])
        self.assertEqual(summaries(of(lines, "without")), summaries(of(lines, "adds")))
        counted = ["new", "open", "fixed", "accepted", "exit-code"]
        self.assertEqual([steps["without"]["outputs"][c] for c in counted], [outputs[c] for c in counted])

    def test_a_merge_group(self):
        pull = w.PullRequest(self.folder, {"old.yaml": w.BARE % ("Old", "Old")}, {"new.yaml": w.BARE % ("New", "New")})
        event = {"merge_group": {"base_sha": pull.base}}
        here = checkout(pull.origin, "refs/pull/1/merge")
        _, steps, lines = self.act(pull.clone, "merge_group", event, [here, step("adds"), step("old", paths="old.yaml")])
        self.assertEqual(outcome(steps["adds"]), ("failure", "1"), of(lines, "adds"))
        self.assertEqual(outcome(steps["old"]), ("success", "0"), of(lines, "old"))


# How the workspace is closed, and opened again so that the runner can tidy up.
CLOSED = {
    "permissions": ('chmod -R a-w "$GITHUB_WORKSPACE"', 'chmod -R u+w "$GITHUB_WORKSPACE"'),
    "mount": (
        'mount --bind "$GITHUB_WORKSPACE" "$GITHUB_WORKSPACE" && mount -o remount,bind,ro "$GITHUB_WORKSPACE"',
        'umount -l "$GITHUB_WORKSPACE"',
    ),
}
TRIED = """cd "$GITHUB_WORKSPACE"
if find . \\( -type d -o -type f \\) -writable | grep . || touch probe; then exit 1; fi"""
# Everything that would change if anything were written or only begun.
LISTING = """{ find . -printf '%p %y %m %s %i %T@ %C@\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum"""


class ReadOnly(Runner):
    """A workspace that cannot be written to, beside the same one while it could be."""

    def with_closed(self, way):
        close, open_again = CLOSED[way]
        files = {"good/tm.yaml": w.CLEAN, "bad/old.yaml": w.BARE % ("Old", "Old"), "broken/tm.yaml": BROKEN, "nothing/x": ""}
        repo = w.repository(self.folder / "repo", files)
        known = [w.BINARY, "baseline", "update", "bad", "--baseline", "known.json"]
        subprocess.run(known, cwd=repo, check=True, capture_output=True)
        before = w.commit(repo, {})
        w.commit(repo, {"bad/tm.py": w.THREATENED})
        cases = {
            "passing": {"paths": "good", "upload_sarif": "false"},
            "failing": {"paths": "bad", "upload_sarif": "true"},
            "known": {"paths": "bad/old.yaml", "since": "", "baseline": "known.json"},
            "unreadable": {"paths": "broken"},
            "none": {"paths": "nothing"},
        }
        keep = 'cp "$REPORT" "$KEPT"'
        kept = {"REPORT": "${{ steps.closed-failing.outputs.json-file }}", "KEPT": str(self.folder / "kept.json")}
        listed = f'echo "listing=$({LISTING})" >>"$GITHUB_OUTPUT"'
        steps = [
            checkout(repo, "main", depth=0),
            *(step(f"open-{name}", **given) for name, given in cases.items()),
            {"id": "close", "run": f"{close}\n{TRIED}"},
            {"id": "before", "run": listed},
            *(step(f"closed-{name}", **given) for name, given in cases.items()),
            {"run": keep, "env": kept},
            step("into", paths="good", sarif="out.sarif"),
            {"id": "after", "run": listed},
            {"if": "always()", "run": open_again},
        ]
        if self.starter[0] == "setpriv":
            subprocess.run(["chown", "-R", "65534:65534", self.folder], check=True)
        status, steps, lines = self.act(repo, "push", {"before": before}, steps)
        self.assertEqual(status, 0, "\n".join(line.get("msg", "") for line in lines))
        self.held_against(cases, steps, lines)

    def held_against(self, cases, steps, lines):
        expected = {"passing": "0", "failing": "1", "known": "0", "unreadable": "3", "none": "4"}
        for name in cases:
            seen = []
            for kind in ("open", "closed"):
                own, said = of(lines, f"{kind}-{name}"), steps[f"{kind}-{name}"]
                outputs = {key: value for key, value in said["outputs"].items() if not key.endswith(("-file", "-path"))}
                seen.append((said["outcome"], outputs, annotations.parsed(own), summaries(own)))
            with self.subTest(name):
                self.assertEqual(seen[1], seen[0])
                self.assertEqual(seen[1][1]["exit-code"], expected[name])
                self.assertEqual(len(seen[1][3]), 1, "no summary")
        report = json.loads((self.folder / "kept.json").read_text())
        annotations.compare(self, annotations.parsed(of(lines, "closed-failing")), report)
        self.assertEqual({f["location"]["path"] for f in report["findings"] if f["status"] == "new"}, {"bad/tm.py"})
        self.assertTrue((self.folder / "uploaded.sarif").is_file())
        self.assertEqual(outcome(steps["into"]), ("failure", "2"))
        self.assertTrue(steps["before"]["outputs"]["listing"])
        self.assertEqual(steps["after"]["outputs"], steps["before"]["outputs"], "something was written")

    def test_a_workspace_whose_permissions_let_nobody_write(self):
        """They bind everyone but root, so the whole runner is somebody else's then."""
        for name in ["act", w.BINARY]:
            shutil.copy(shutil.which(name), self.folder)
        self.program = self.folder / os.path.basename(w.BINARY)
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
        self.starter = [*become, str(self.folder / "act")]
        self.with_closed("permissions")

    def test_a_workspace_on_a_read_only_mount(self):
        mounts = ["unshare", "-m", "sh", "-c", "mount --bind / / && mount -o remount,bind,ro /"]
        if os.getuid() != 0 or subprocess.run(mounts, capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here; the permissions alone made the workspace read-only")
        self.starter = ["unshare", "-m", "act"]
        self.with_closed("mount")


class Reusable(Runner):
    """The reusable workflow."""

    def whole(self, parts, **given):
        """Runs the workflow; gives what its last job came to, and the summary."""
        repo = self.folder / "organisation"
        if not repo.exists():
            w.repository(self.folder / "keep", {"action.yml": KEEP})
            w.repository(self.folder / "get", {"action.yml": GET})
            files = {".github/workflows/tmrs.yml": REUSABLE, "no/README": "", "good a/tm.yaml": w.CLEAN}
            w.repository(repo, {**files, "bad/tm.py": w.THREATENED, "broken/tm.yaml": BROKEN})
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
        return results["Threat models"], summaries(lines)[-1]

    def test_its_parts_are_joined_under_one_gate(self):
        for parts, result, words in [
            (["good a"], "success", ["1 model"]),
            (["no", "good a"], "success", ["1 model"]),
            (["good a", "bad"], "failure", ["2 models", "bad/tm.py", "AC01", "new"]),
            (["good a", "broken"], "failure", ["not everything could be read and judged", "broken/tm.yaml"]),
        ]:
            with self.subTest(parts):
                came_to, summary = self.whole(parts)
                self.assertEqual(came_to, result, summary)
                for word in words:
                    self.assertIn(word, summary)
        self.assertEqual(self.whole(["no"], **{"allow-no-models": "false"})[0], "failure")


if __name__ == "__main__":
    unittest.main()
