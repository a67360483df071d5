"""action/run.sh in every situation: events, inputs, tokens, archives."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import annotations
import workplace as w

HOSTILE = "a b\"'`touch HIT`$(touch HIT);touch HIT|&\n::error title=hit::hit\n##[error]hit\n-x"


class Script(unittest.TestCase):
    def setUp(self):
        holder = w.temporary()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def repo(self, files):
        return w.repository(self.folder / "repo", files)


class Gate(Script):
    def test_a_clean_model_passes(self):
        done = w.run_script(self.repo({"tm.yaml": w.CLEAN}))
        self.assertEqual((done.status, done.exit, done.outputs["new"]), (0, "0", "0"), done.log)
        self.assertIn("tmrs", done.summary)

    def test_a_model_with_threats_fails_and_every_output_says_the_same(self):
        done = w.run_script(self.repo({"tm.py": w.THREATENED}))
        self.assertEqual((done.status, done.exit), (0, "1"), done.log)
        report = done.report()
        self.assertEqual(done.outputs["new"], str(report["summary"]["byStatus"]["new"]))
        self.assertEqual(done.outputs["open"], done.outputs["new"])
        self.assertTrue(any(c.startswith("::error file=tm.py,") for c in done.commands()), done.log)
        sarif = json.loads(pathlib.Path(done.outputs["sarif-file"]).read_text())
        self.assertEqual(len(sarif["runs"][0]["results"]), annotations.alerts(report["findings"]))

    def test_without_annotations_and_summary_nothing_is_annotated(self):
        done = w.run_script(self.repo({"tm.py": w.THREATENED}), annotations="false", summary="false")
        self.assertEqual((done.exit, done.summary), ("1", ""))
        self.assertFalse([c for c in done.commands() if c.startswith(("::error", "::warning", "::notice"))])

    def test_no_model_is_said_unless_it_is_allowed(self):
        repo = self.repo({"README": "nothing"})
        self.assertEqual(w.run_script(repo).exit, "4")
        self.assertEqual(w.run_script(repo, allow_no_models="true").exit, "0")

    def test_no_model_may_be_allowed_unless_one_was_removed(self):
        base = {"tm.yaml": w.CLEAN, "README": ""}
        removed = w.PullRequest(self.folder / "removed", base, {"tm.yaml": None})
        done = w.run_script(removed.clone, "pull_request", removed.event(), allow_no_models="unless-removed")
        self.assertEqual((done.status, done.exit), (0, "4"), done.log)
        self.assertIn("the last model was removed", done.log)
        done = w.run_script(removed.clone, "pull_request", removed.event(), allow_no_models="true")
        self.assertEqual(done.exit, "0", done.log)
        never = w.PullRequest(self.folder / "never", {"README": ""}, {"doc.md": "words"})
        done = w.run_script(never.clone, "pull_request", never.event(), allow_no_models="unless-removed")
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)
        self.assertTrue(done.report())
        moved = w.PullRequest(self.folder / "moved", base, {"tm.yaml": None, "model/tm.yaml": w.CLEAN})
        done = w.run_script(moved.clone, "pull_request", moved.event(), allow_no_models="unless-removed")
        self.assertEqual(done.exit, "0", done.log)

    def test_an_unreadable_model_uploads_nothing(self):
        done = w.run_script(self.repo({"tm.yaml": "tmrs: 1\nname: [\n"}), upload_sarif="true")
        self.assertEqual((done.exit, done.outputs["upload"]), ("3", "false"), done.log)

    def test_the_baseline_is_used_unless_it_is_empty(self):
        repo = self.repo({"tm.py": w.THREATENED})
        subprocess.run([w.BINARY, "baseline", "update"], cwd=repo, check=True, capture_output=True)
        done = w.run_script(repo)
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)
        self.assertGreater(int(done.outputs["open"]), 0)
        self.assertEqual(w.run_script(repo, baseline="").exit, "1")

    def test_a_workspace_that_cannot_be_written_is_enough(self):
        if os.getuid() != 0:
            self.skipTest("only root can become somebody else")
        binary = shutil.copy(w.BINARY, self.folder / "tmrs")
        repo = self.repo({"tm.py": w.THREATENED})
        trusted = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        done = w.run_script(repo, user=65534, environment={"TMRS_BIN": str(binary), **trusted})
        self.assertEqual((done.status, done.exit), (0, "1"), done.log)


class Inputs(Script):
    def test_nothing_in_an_input_is_executed_or_obeyed(self):
        repo = self.repo({"tm.yaml": w.CLEAN})
        before = w.git(repo, "status", "--porcelain")
        for name in w.ACTION["inputs"]:
            with self.subTest(name):
                done = w.run_script(repo, "pull_request" if name == "token" else "push", **{name.replace("-", "_"): HOSTILE})
                self.assertNotIn("HIT", [p.name for p in repo.rglob("*")])
                hits = [c for c in done.commands() if c.startswith("::error title=hit") or not c.startswith("::")]
                self.assertFalse(hits, done.log)
                if name == "sarif":
                    (repo / HOSTILE).unlink()
                    self.assertEqual(done.outputs["sarif-file"], str(repo / HOSTILE))
                self.assertLessEqual(set(done.outputs), set(w.ACTION["outputs"]) | {"upload"})
        self.assertEqual(w.git(repo, "status", "--porcelain"), before)

    def test_an_empty_value_is_not_the_default(self):
        repo = self.repo({"tm.yaml": w.CLEAN})
        for name in ["paths", "config", "policy", "fail-on", "evidence", "entry", "strict", "annotations", "category"]:
            with self.subTest(name):
                done = w.run_script(repo, **{name.replace("-", "_"): ""})
                self.assertEqual(done.status, 2)
                self.assertIn(f"input {name} is", done.log)

    def test_every_line_of_paths_is_a_path_with_its_spaces(self):
        repo = self.repo({"a b/tm.yaml": w.CLEAN, "-c/tm.yaml": w.CLEAN.replace("name:", "name: C", 1), "d.py": w.THREATENED})
        done = w.run_script(repo, paths="a b\n\n-c/tm.yaml\n")
        self.assertEqual((done.exit, done.report()["summary"]["models"]), ("0", 2), done.log)


class Events(Script):
    def pull_request(self, change):
        base = {"old.yaml": w.BARE % ("Old", "Old"), "README": ""}
        return w.PullRequest(self.folder, base, change)

    def test_a_pull_request_answers_for_what_it_adds_only(self):
        innocent = self.pull_request({"doc.md": "words"})
        done = w.run_script(innocent.clone, "pull_request", innocent.event())
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)
        self.assertIn(innocent.base, done.log)

    def test_a_pull_request_that_adds_a_threat_fails(self):
        guilty = self.pull_request({"new.yaml": w.BARE % ("New", "New")})
        done = w.run_script(guilty.clone, "pull_request", guilty.event())
        self.assertEqual(done.exit, "1", done.log)
        new = {f["model"] for f in done.report()["findings"] if f["status"] == "new"}
        self.assertEqual(len(new), 1)
        self.assertNotEqual(w.run_script(guilty.clone, "pull_request", guilty.event(), since="").outputs["new"], done.outputs["new"])

    def test_the_head_of_a_pull_request_is_enough(self):
        pull = self.pull_request({"doc.md": "words"})
        w.git(pull.origin, "update-ref", "refs/pull/1/head", pull.head)
        clone = pull.clone_of(self.folder / "head", "refs/pull/1/head")
        done = w.run_script(clone, "pull_request", pull.event())
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)

    def test_a_base_that_cannot_be_fetched_is_an_error(self):
        pull = self.pull_request({"doc.md": "words"})
        w.git(pull.clone, "remote", "set-url", "origin", "file:///nowhere")
        done = w.run_script(pull.clone, "pull_request", pull.event())
        self.assertEqual((done.status, done.exit), (2, None), done.log)
        self.assertIn("fetch-depth: 0", done.log)

    def test_a_push_is_compared_with_what_was_there_before(self):
        pull = self.pull_request({"doc.md": "words"})
        done = w.run_script(pull.clone, "push", {"before": pull.base})
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)
        for before in ["0" * 40, "1" * 40, ""]:
            with self.subTest(before):
                self.assertEqual(w.run_script(pull.clone, "push", {"before": before}).exit, "1")

    def test_a_merge_group_is_compared_with_its_base(self):
        pull = self.pull_request({"doc.md": "words"})
        done = w.run_script(pull.clone, "merge_group", {"merge_group": {"base_sha": pull.base}})
        self.assertEqual((done.exit, done.outputs["new"]), ("0", "0"), done.log)

    def test_events_of_strangers_judge_nothing_but_the_base(self):
        pull = self.pull_request({"doc.md": "words"})
        base = pull.clone_of(self.folder / "base", "main")
        target = {"GITHUB_SHA": pull.base}
        for event in ["pull_request_target", "workflow_run", "issue_comment", "discussion_comment", "check_run"]:
            with self.subTest(event):
                done = w.run_script(pull.clone, event, pull.event(), target)
                self.assertEqual((done.status, done.exit), (2, None), done.log)
                self.assertIn(f"{event} with another commit", done.log)
                done = w.run_script(base, event, pull.event(), target)
                self.assertEqual((done.status, done.exit), (0, "1"), done.log)
        laid = {
            "a changed model": {"old.yaml": w.CLEAN},
            "a new model": {"models/new.yaml": w.CLEAN},
            "a folder that ignores itself": {"x/.gitignore": "*\n", "x/new.yaml": w.CLEAN},
            "a configuration": {"tmrs.yaml": "fail-on: critical\n"},
        }
        for what, files in laid.items():
            for event in ["workflow_run", "issue_comment", "pull_request_target"]:
                with self.subTest(f"{what}, {event}"):
                    for name, text in files.items():
                        (base / name).parent.mkdir(exist_ok=True)
                        (base / name).write_text(text)
                    done = w.run_script(base, event, pull.event(), target)
                    w.git(base, "clean", "-qffdx")
                    w.git(base, "reset", "-q", "--hard")
                    self.assertEqual((done.status, done.exit), (2, None), done.log)
                    self.assertIn(f"{event} with files laid over", done.log)

        # An index that was laid over as well says that nothing changed.
        w.git(base, "update-index", "--assume-unchanged", "old.yaml")
        (base / "old.yaml").write_text(w.CLEAN)
        done = w.run_script(base, "workflow_run", pull.event(), target)
        self.assertIn("workflow_run with files laid over", done.log)

    def test_the_token_is_in_no_environment_but_that_of_the_fetch(self):
        pull = self.pull_request({"doc.md": "words"})
        w.git(pull.clone, "remote", "set-url", "origin", "file:///nowhere")
        tools, seen = self.folder / "tools", self.folder / "seen"
        tools.mkdir()
        secret = "ghs_notforyou"
        said = "dump() { { echo \"== ${0##*/} $1 $2 $3\"; env; } >>'%s'; }\ndump \"$@\"\n" % seen
        for name in ["git", "tmrs"]:
            real = shutil.which("git") if name == "git" else w.BINARY
            (tools / name).write_text(f"#!/bin/bash\n{said}exec {real} \"$@\"\n")
            (tools / name).chmod(0o755)
        environment = {
            "PATH": f"{tools}:{os.environ['PATH']}", "TMRS_BIN": str(tools / "tmrs"),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.abbrev", "GIT_CONFIG_VALUE_0": "11",
        }  # fmt: skip
        event = pull.event()
        event["before"] = "1" * 40
        done = w.run_script(pull.clone, "push", event, environment, token=secret)
        self.assertEqual(done.exit, "1", done.log)
        coded = base64.b64encode(f"x-access-token:{secret}".encode()).decode()
        calls = seen.read_text().split("== ")[1:]
        self.assertTrue(any(call.startswith("tmrs") for call in calls))
        with_token = [call for call in calls if coded in call or secret in call]
        self.assertTrue(with_token)
        for call in with_token:
            self.assertTrue(call.startswith("git fetch"), call)
            self.assertIn("GIT_CONFIG_COUNT=2\n", call)
        for call in calls:
            self.assertIn("GIT_CONFIG_VALUE_0=11\n", call, "what the caller said is gone")

    def test_pull_request_target_with_the_head_checked_out_is_refused(self):
        pull = self.pull_request({"doc.md": "words"})
        target = {"GITHUB_SHA": pull.base}
        done = w.run_script(pull.clone, "pull_request_target", pull.event(), target)
        self.assertEqual(done.status, 2)
        self.assertIn("pull_request_target", done.log)
        base = pull.clone_of(self.folder / "base", "main")
        self.assertEqual(w.run_script(base, "pull_request_target", pull.event(), target).status, 0)


class Api(Script):
    """What is asked of GitHub; a service on this machine answers."""

    MARK = "<!-- tmrs:"

    def with_api(self, model, answer, **inputs):
        repo = self.repo({"tm.py": model}) if not (self.folder / "repo").exists() else self.folder / "repo"
        with w.server(answer) as (url, asked):
            event = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}
            environment = {"GITHUB_API_URL": url}
            done = w.run_script(repo, "workflow_dispatch", event, environment, token="a-token", **inputs)
        self.assertTrue(all(said == "Bearer a-token" for *_, said in asked))
        return done, asked

    def comments(self, existing, status=201):
        def answer(method, path, _):
            if path == "/graphql":
                return 200, json.dumps({"data": {"viewer": {"login": "github-actions[bot]"}}}).encode()
            if "code-scanning" in path:
                return 403, b"{}"
            if method == "GET":
                return 200, json.dumps(existing).encode()
            return status, b"{}"

        return answer

    def written(self, asked):
        return [(m, p, json.loads(b)["body"]) for m, p, b, _ in asked if m in ("POST", "PATCH") and "graphql" not in p]

    def test_a_comment_is_created_once_and_then_updated_in_place(self):
        done, asked = self.with_api(w.THREATENED, self.comments([]), comment="true")
        ((method, path, body),) = self.written(asked)
        self.assertEqual((method, path, done.exit), ("POST", "/repos/owner/name/issues/7/comments", "1"))
        self.assertTrue(body.startswith(self.MARK))
        forged = {"id": 1, "user": {"login": "stranger"}, "body": body}
        other = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "<!-- tmrs:other -->\nx"}
        own = {"id": 3, "user": {"login": "github-actions[bot]"}, "body": body.replace("\n", "\r\n")}
        _, asked = self.with_api(w.THREATENED, self.comments([forged, other, own]), comment="true")
        ((method, path, _),) = self.written(asked)
        self.assertEqual((method, path), ("PATCH", "/repos/owner/name/issues/comments/3"))

    def test_a_token_that_may_not_comment_changes_nothing_of_the_result(self):
        done, _ = self.with_api(w.THREATENED, self.comments([], status=403), comment="true")
        self.assertEqual((done.status, done.exit), (0, "1"))
        self.assertIn("pull-requests: write", done.log)

    def reviewed(self, patch, posted=(), status=200, login="github-actions[bot]"):
        """What is asked of a service that shows the pull request's model with this diff."""
        def answer(method, path, _):
            if path == "/graphql":
                return 200, json.dumps({"data": {"viewer": {"login": "github-actions[bot]"}}}).encode()
            if "code-scanning" in path:
                return 403, b"{}"
            if "/files" in path:
                return 200, json.dumps([{"filename": "tm.py", "patch": patch}]).encode()
            if method == "GET":
                return 200, json.dumps([{"user": {"login": login}, "body": body} for body in posted]).encode()
            return status, b"{}"

        done, asked = self.with_api(w.THREATENED, answer, suggestions="true")
        reviews = [json.loads(b) for m, p, b, _ in asked if m == "POST" and p.endswith("/pulls/7/reviews")]
        return done, reviews

    def test_an_answer_is_suggested_once_and_only_on_lines_of_the_diff(self):
        lines = w.THREATENED.splitlines()
        whole = "\n".join([f"@@ -0,0 +1,{len(lines)} @@", *(f"+{line}" for line in lines)])
        done, (review,) = self.reviewed(whole)
        self.assertEqual(done.exit, "1")
        self.assertEqual(review["event"], "COMMENT")
        comments = review["comments"]
        self.assertTrue(1 < len(comments) <= 10, len(comments))
        for comment in comments:
            before = lines[comment.get("start_line", comment["line"]) - 1:comment["line"]]
            suggestion = comment["body"].split("```suggestion\n")[1].split("\n```")[0].split("\n")
            self.assertTrue(set(before) < set(suggestion) or len(before) == len(suggestion), comment)
            self.assertIn("Commit this only if", comment["body"])

        # What was posted is not posted again; what somebody else wrote is nothing that was posted.
        bodies = [comment["body"] for comment in comments]
        _, reviews = self.reviewed(whole, bodies)
        again = {comment["body"] for review in reviews for comment in review["comments"]}
        self.assertFalse(again & set(bodies))
        _, (review,) = self.reviewed(whole, bodies, login="stranger")
        self.assertEqual(review["comments"], comments)

        # Other lines, or the same as they are not here, get none.
        for diff in ["", "@@ -1,1 +1,1 @@\n+x", whole.replace("\n+", "\n+ ")]:
            _, reviews = self.reviewed(diff)
            self.assertEqual(reviews, [], diff)

    def test_a_token_that_may_not_review_changes_nothing_of_the_result(self):
        lines = w.THREATENED.splitlines()
        whole = "\n".join([f"@@ -0,0 +1,{len(lines)} @@", *(f"+{line}" for line in lines)])
        done, _ = self.reviewed(whole, status=403)
        self.assertEqual((done.status, done.exit), (0, "1"))
        self.assertIn("suggestions: GitHub answered with status 403", done.log)

    def test_code_scanning_is_used_where_it_is_on(self):
        for status, body, upload in [
            (200, b"[]", "true"),
            (404, b'{"message":"no analysis found"}', "true"),
            (404, b'{"message":"Not Found"}', "false"),
            (403, b"{}", "false"),
        ]:
            with self.subTest(body):
                done, _ = self.with_api(w.THREATENED, lambda *_: (status, body))
                self.assertEqual((done.exit, done.outputs["upload"]), ("1", upload))


class Archives(Script):
    def run_with(self, content, checksum, url=None, cache=None, **inputs):
        repo = self.folder / "repo"
        repo = repo if repo.exists() else self.repo({"tm.yaml": w.CLEAN})
        machine = {"TMRS_BIN": "", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}
        machine["RUNNER_TOOL_CACHE"] = cache or str(self.folder / "cache")
        with w.server(lambda *_: (200, content) if content else (404, b"")) as (own, asked):
            done = w.run_script(repo, environment=machine, sha256=checksum, download_url=url or own, **inputs)
        return done, [path for _, path, *_ in asked]

    def test_an_archive_is_used_only_with_its_checksum_and_then_from_the_cache(self):
        content, checksum = w.release_archive()
        done, _ = self.run_with(content[:-1] + b"x", checksum)
        self.assertEqual(done.status, 2)
        self.assertIn("it was not used", done.log)
        done, asked = self.run_with(content, checksum)
        self.assertEqual((done.status, done.exit, asked), (0, "0", [f"/{w.ARCHIVE}"]), done.log)
        done, asked = self.run_with(None, checksum)
        self.assertEqual((done.status, done.exit, asked), (0, "0", []), done.log)
        cached = next((self.folder / "cache").rglob("*.tar.gz"))
        cached.write_bytes(b"spoilt")
        self.assertEqual(self.run_with(None, checksum)[0].status, 2)

    def test_the_name_of_a_drive_is_no_machine_to_fetch_from(self):
        content, checksum = w.release_archive()
        for given, asked in [(content, [f"/{w.ARCHIVE}"]), (None, [])]:
            done, was_asked = self.run_with(given, checksum, cache="C:/cache")
            self.assertEqual((done.status, done.exit, was_asked), (0, "0", asked), done.log)

    def test_a_mirror_is_asked_by_https_alone(self):
        for url in ["http://mirror.example", "http://127.0.0.1:80@mirror.example", "http://localhost.example:1", "ftp://x"]:
            with self.subTest(url):
                done, asked = self.run_with(b"", "0" * 64, url=url)
                self.assertEqual((done.status, asked), (2, []))
                self.assertIn("no https address", done.log)

    def test_another_version_needs_a_checksum(self):
        done, asked = self.run_with(b"", "default", version="99.0.0")
        self.assertEqual((done.status, asked), (2, []))
        self.assertIn("sha256", done.log)

    def test_an_action_without_a_release_says_what_to_do(self):
        if any(line[0] != "#" for line in (w.ROOT / "action/checksums.txt").read_text().splitlines()):
            self.skipTest("this version is released")
        done, asked = self.run_with(b"", "default")
        self.assertEqual((done.status, asked), (2, []))
        self.assertIn("TMRS_BIN", done.log)


if __name__ == "__main__":
    unittest.main()
