"""Repositories, events and services that the tests of the action share."""

import contextlib
import hashlib
import http.server
import io
import json
import os
import pathlib
import re
import subprocess
import tarfile
import tempfile
import threading

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ["TMRS_UNDER_TEST"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())

VERSION = (ROOT / "action/version.txt").read_text().strip()
ARCHIVE = f"tmrs-{VERSION}-x86_64-unknown-linux-gnu.tar.gz"

CLEAN = (ROOT / "examples/hardened/threat-model.yaml").read_text()
THREATENED = (ROOT / "examples/comments/tm.py").read_text()
# One server that nothing protects: it has threats from its first line.
BARE = """tmrs: 1
name: %s
elements:
  reader: {class: Actor, name: Reader}
  web: {class: Server, name: %s web, protocol: HTTP}
data:
  pages: {name: Pages}
flows:
  read: {source: reader, sink: web, name: Reads, data: [pages], protocol: HTTP}
"""


def temporary():
    """A folder that other users may look into, removed with its holder."""
    folder = tempfile.TemporaryDirectory(prefix="tmrs-action-")
    os.chmod(folder.name, 0o755)
    return folder


def release_archive():
    """An archive of the program under test as a release has it, and its checksum."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.add(BINARY, f"{ARCHIVE.removesuffix('.tar.gz')}/tmrs")
    return content.getvalue(), hashlib.sha256(content.getvalue()).hexdigest()


def git(repo, *arguments):
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *settings, *arguments], cwd=repo, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(folder, files):
    """A repository with one commit."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, files)
    return folder


def commit(repo, files):
    for name, text in files.items():
        path = repo / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", "change")
    return git(repo, "rev-parse", "HEAD")


class PullRequest:
    """A pull request as a runner sees it: a clone of depth 1 of the merge commit."""

    def __init__(self, folder, base, change):
        folder = pathlib.Path(folder)
        work = repository(folder / "work", base)
        commit(work, {"README": "more history"})
        git(work, "checkout", "-q", "-b", "feature")
        self.head = commit(work, change)
        git(work, "checkout", "-q", "main")
        self.base = commit(work, {"README": "the base moved on"})
        git(work, "merge", "-q", "--no-ff", "-m", "merge", "feature")
        self.merge = git(work, "rev-parse", "HEAD")
        git(work, "update-ref", "refs/pull/1/merge", self.merge)
        git(work, "reset", "-q", "--hard", self.base)
        self.origin = work
        self.clone = self.clone_of(folder / "clone", "refs/pull/1/merge")

    def clone_of(self, folder, ref, depth=1):
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        git(folder, "remote", "add", "origin", self.origin.as_uri())
        git(folder, "fetch", "-q", f"--depth={depth}", "origin", ref)
        git(folder, "checkout", "-q", "--detach", "FETCH_HEAD")
        return folder

    def event(self):
        return {"pull_request": {"number": 1, "base": {"sha": self.base}, "head": {"sha": self.head}}}


class Outcome:
    """What a run of the action's script left."""

    def __init__(self, status, log, folder):
        self.status, self.log = status, log
        self.summary = (folder / "summary").read_text()
        self.outputs = {}
        lines = iter((folder / "output").read_text().splitlines())
        for line in lines:
            name, end = line.split("<<", 1)
            value = []
            while (line := next(lines)) != end:
                value.append(line)
            self.outputs[name] = "\n".join(value)

    @property
    def exit(self):
        return self.outputs.get("exit-code")

    def report(self):
        return json.loads(pathlib.Path(self.outputs["json-file"]).read_text())

    def commands(self):
        """Workflow commands that a runner would obey."""
        stopped, obeyed = None, []
        for line in self.log.splitlines():
            if stopped is not None:
                if line == f"::{stopped}::":
                    stopped = None
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif line.lstrip().startswith("::"):
                obeyed.append(line)
            elif "##[" in line:
                obeyed.append(line)
        assert stopped is None, "commands stayed stopped"
        return obeyed


def value_of(text, inputs, event):
    """The value of an `env:` entry of action.yml."""

    def one(match):
        at = match.group(1).strip().split(".")
        if at[0] == "inputs":
            return inputs[at[1]]
        assert at[:2] == ["github", "event"], at
        here = event
        for name in at[2:]:
            here = here.get(name, "") if isinstance(here, dict) else ""
        return str(here)

    return re.sub(r"\$\{\{(.*?)\}\}", one, text)


def run_script(repo, event_name="workflow_dispatch", event=None, environment=None, user=None, **given):
    """Runs action/run.sh as the action's first step does."""
    inputs = {name: said.get("default", "") for name, said in ACTION["inputs"].items()}
    inputs["token"] = ""
    inputs.update({name.replace("_", "-"): value for name, value in given.items()})
    assert set(inputs) == set(ACTION["inputs"]), "an input that action.yml has not"
    with temporary() as folder:
        pass
    folder = pathlib.Path(folder)
    folder.mkdir()
    for name in ["output", "summary"]:
        (folder / name).touch()
    if user:
        for path in [folder, *folder.iterdir()]:
            os.chown(path, user, user)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_EVENT_NAME": event_name,
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "RUNNER_TEMP": str(folder),
        "TMRS_BIN": BINARY,
    }
    step = ACTION["runs"]["steps"][0]
    env.update({name: value_of(text, inputs, event or {}) for name, text in step["env"].items()})
    env.update(environment or {})
    done = subprocess.run(
        ["bash", "-c", step["run"]], cwd=repo, env=env, user=user, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Outcome(done.returncode, done.stdout.decode(), folder)


@contextlib.contextmanager
def server(answer):
    """A service on the loopback interface; `answer(method, path, body)` gives status and bytes."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((self.command, self.path, body, self.headers.get("Authorization")))
            status, content = answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any

        def log_message(self, *_):
            pass

    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{service.server_port}", asked
    finally:
        service.shutdown()
        service.server_close()
