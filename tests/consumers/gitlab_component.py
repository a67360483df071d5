"""The GitLab component: its inputs, GitLab's schema of what it becomes, and its job, run.

    python3 tests/consumers/gitlab_component.py TMRS

What a run leaves is what GitLab shows: nothing where nothing was judged, never an empty list
of what was open before.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

from checks import check, finish

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "templates/tmrs.yml").read_text(encoding="utf-8")
REPORTS = {"codequality": "gl-code-quality-report.json", "sast": "gl-sast-report.json"}
MODEL = """\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web, controls: {sanitizesInput: false}}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP}
"""


def pipeline(**given):
    """The second document with the inputs put in, as GitLab does it before it reads it as YAML."""
    head, body = TEMPLATE.split("\n---\n")
    inputs = yaml.safe_load(head)["spec"]["inputs"]
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", body))
    check("gitlab component", "every input is used, and no other", used == set(inputs), used ^ set(inputs))
    for name, said in inputs.items():
        check("gitlab component", f"{name} has a default and a line", {"default", "description"} <= set(said))
    values = {name: said["default"] for name, said in inputs.items()} | given
    for name, value in values.items():
        body = body.replace(f"$[[ inputs.{name} ]]", value)
    return yaml.safe_load(body)


def git(folder, *arguments):
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def run(job, folder, binary, **variables):
    """The job's script, with the program in the image; its status and the reports that it left."""
    env = {**os.environ, "PATH": f"{binary.parent}:{os.environ['PATH']}", "NO_COLOR": "1", **variables}
    done = subprocess.run(
        ["sh", "-ec", "\n".join([*job["before_script"], *job["script"]])],
        cwd=folder, env=env, capture_output=True, text=True,
    )
    left = {}
    for kind, name in REPORTS.items():
        path = folder / name
        left[kind] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return done, left


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    whole = pipeline()
    with tempfile.TemporaryDirectory() as name:
        filled = pathlib.Path(name) / ".gitlab-ci.yml"
        filled.write_text(yaml.safe_dump(whole), encoding="utf-8")
        schema = [pathlib.Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci"]
        fits = subprocess.run([*schema, filled], capture_output=True, text=True)
    check("gitlab component", "fits GitLab's schema of a pipeline", fits.returncode == 0, fits.stdout + fits.stderr)
    named = pipeline(job="models", stage="security", arguments="--fail-on info", paths="threats")
    check("gitlab component", "takes the inputs", list(named) == ["models"] and named["models"]["stage"] == "security")
    job = whole["threats"]
    check("gitlab component", "hands over what it writes",
          all(job["artifacts"]["reports"][kind] == name for kind, name in REPORTS.items())
          and job["artifacts"]["when"] == "always")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "threats").mkdir()
        model = folder / "threats/model.yaml"
        model.write_text(MODEL, encoding="utf-8")
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "first")
        base = git(folder, "rev-parse", "HEAD")
        done, left = run(job, folder, binary)
        before = len(left["codequality"])
        check("gitlab component", "the default branch shows what is open", done.returncode == 1 and before > 0, done)
        done, left = run(job, folder, binary, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        check("gitlab component", "a merge request that adds nothing passes", done.returncode == 0, done.stderr)
        check("gitlab component", "and shows nothing as fixed", len(left["codequality"]) == before, left)
        done, _ = run(named["models"], folder, binary, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        check("gitlab component", "paths and arguments reach the program", done.returncode == 0, done.stderr)
        broken = {
            "a configuration that does not read": ("tmrs.yaml", "fail-on: maybe\n", 2),
            "a model that does not read": ("threats/model.yaml", MODEL.replace("sink: web", "sink: nowhere"), 3),
            "no model": ("threats/model.yaml", "name: Shop\n", 4),
        }
        for what, (path, text, status) in broken.items():
            old = (folder / path).read_text(encoding="utf-8") if (folder / path).exists() else None
            (folder / path).write_text(text, encoding="utf-8")
            git(folder, "add", "-A")
            done, left = run(job, folder, binary)
            check("gitlab component", f"{what}: exit status {status}", done.returncode == status, done)
            quality, sast = left["codequality"], left["sast"]
            check("gitlab component", f"{what}: code quality is absent or says so",
                  quality is None or any(issue["check_name"].startswith("tmrs/") for issue in quality), quality)
            check("gitlab component", f"{what}: the security report is absent or a failure",
                  sast is None or sast["scan"]["status"] == "failure", sast)
            (folder / path).unlink() if old is None else (folder / path).write_text(old, encoding="utf-8")
    finish()


main()
