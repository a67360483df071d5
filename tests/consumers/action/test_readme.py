"""The README, executed: each block of code has a test here, and a block without one fails."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import runner
import workplace as w
import yaml
from wheel import wheel

TEXT = (w.ROOT / "README.md").read_text()
OWN_RULE = {"SID": "OWN1", "target": ["Server"], "description": "Own", "severity": "High", "condition": "target.inScope is False"}


def blocks():
    """(heading, language, code) of every block of code."""
    heading, found = "", []
    for match in re.finditer(r"(?m)^## (.*)$|^```(\w*)\n((?:.*\n)*?)```$", TEXT):
        if match[1]:
            heading = match[1]
        else:
            found.append((heading, match[2], match[3]))
    return found


def block(heading, language, number=0):
    return [code for h, lang, code in blocks() if (h, lang) == (heading, language)][number]


def commands(heading, number=0):
    """The lines of a block of commands, without their comments."""
    lines = [re.sub(r"\s+#.*", "", line) for line in block(heading, "sh", number).splitlines()]
    return [line for line in lines if line]


class Readme(unittest.TestCase):
    def setUp(self):
        holder = w.temporary()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        self.path = f"{self.tools}:{os.environ['PATH']}"

    def run_line(self, line, folder, allowed=(0, 1), **env):
        env = {**os.environ, "PATH": self.path, "NO_COLOR": "1", **env}
        done = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True)
        self.assertIn(done.returncode, allowed, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def has_program(self):
        (self.tools / "tmrs").symlink_to(w.BINARY)

    def test_every_block_has_a_test(self):
        known = {
            ("Try it", "sh"): 2, ("Try it", "text"): 1, ("Install", "sh"): 2, ("In your repository", "sh"): 1,
            ("In CI", "yaml"): 2, ("Writing models", "yaml"): 2,
        }  # fmt: skip
        counted = {}
        for heading, language, _ in blocks():
            counted[heading, language] = counted.get((heading, language), 0) + 1
        self.assertEqual(counted, known)

    def test_try_it(self):
        """.ci/run executes both commands as they stand; here is what the first one prints."""
        ci = (w.ROOT / ".ci/run").read_text()
        for name, number in [("run", 0), ("test", 1)]:
            self.assertIn(f"<!-- command: {name} -->\n```sh\n{block('Try it', 'sh', number)}", TEXT)
            self.assertIn(f"readme_command {name}", ci)
        (line,) = commands("Try it")
        arguments = line.split(" -- ")[1]
        printed = subprocess.run([w.BINARY, *arguments.split()], cwd=w.ROOT, capture_output=True, text=True).stdout
        at = 0
        for line in block("Try it", "text").splitlines():
            if not line.strip() or line.strip().startswith("…"):
                continue
            at = printed.find(line, at)
            self.assertGreaterEqual(at, 0, f"not printed, or not there: {line}")

    def test_install(self):
        """Line by line, from packages made of this program instead of the registries' ones."""
        version = w.VERSION
        packages, npm = self.folder / "packages", self.folder / "npm"
        packages.mkdir()
        wheel(packages, version, "manylinux2014_x86_64", w.BINARY)
        program = self.folder / "program"
        program.mkdir()
        shutil.copy(w.BINARY, program / "tmrs")
        packer = [w.ROOT / "npm/build", program, "x86_64-unknown-linux-gnu", npm]
        subprocess.run(packer, check=True, capture_output=True)
        project = self.folder / "project"
        project.mkdir()
        (project / "tm.py").write_text(w.THREATENED)
        from_files = "npm install --silent --offline --no-audit --no-fund --omit=optional --prefix . ../npm/*.tgz"
        self.run_line(from_files, project, allowed=[0])
        self.assertEqual(commands("Install"), ["cargo install --locked --path ."])
        cargo, pip, npx = commands("Install", 1)
        self.assertEqual(cargo, "cargo install --locked tmrs-cli")
        manifest = (w.ROOT / "Cargo.toml").read_text()
        self.assertIn('name = "tmrs-cli"\n', manifest)
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        self.path = f"{self.folder / 'venv/bin'}:{self.path}"
        self.run_line(pip, project, allowed=[0], PIP_NO_INDEX="1", PIP_FIND_LINKS=str(packages))
        installed = self.run_line("tmrs check", project, allowed=[1])
        self.assertEqual(self.run_line(npx, project, allowed=[1], npm_config_offline="true"), installed)

    def test_in_your_repository(self):
        self.has_program()
        repo = self.folder / "repo"
        w.repository(repo, {
            "services/pay/tm.py": w.THREATENED, "security/threats.json": json.dumps([OWN_RULE]),
            "compose.yaml": "name: shop\nservices:\n  web: {image: nginx, ports: [\"80:80\"]}\n",
        })  # fmt: skip
        lines = commands("In your repository")
        self.assertGreaterEqual(len(lines), 6)
        for line in lines:
            self.run_line(line, repo)
        for name in ["tmrs-baseline.json", "tmrs.sarif", "tmrs.json"]:
            self.assertTrue((repo / name).is_file(), name)
        self.run_line("tmrs check", repo, allowed=[0])

    def test_a_model_in_yaml_and_the_answer_to_a_finding(self):
        self.has_program()
        model, answer = block("Writing models", "yaml", 0), block("Writing models", "yaml", 1)
        ((rule, said),) = yaml.safe_load(answer)["responses"].items()
        answered = model.replace("flows:\n", f"{answer}flows:\n")
        for text, status in [(model, "new"), (answered, said.split(":")[0])]:
            repo = w.repository(self.folder / status, {"threat-model.yaml": text})
            report = json.loads(self.run_line("tmrs check --format json", repo))
            self.assertEqual(report["notices"], [])
            found = [f["status"] for f in report["findings"] if f["rule"] == rule and f["element"]["name"] == "Web server"]
            self.assertEqual(found, [status])
        for command in re.findall(r"`(tmrs (?:describe|schema|rules)[^`]*)`", TEXT):
            self.run_line(command.replace("CLASS", "Server"), self.folder, allowed=[0])

    def test_before_a_commit(self):
        """The block as it stands, with this repository in place of GitHub's."""
        self.has_program()
        config = yaml.safe_load(block("In CI", "yaml", 1))
        (source,) = config["repos"]
        self.assertEqual((source["repo"], source["rev"]), ("https://github.com/tmrs-dev/tmrs", f"v{w.VERSION}"))
        offered = {hook["id"] for hook in yaml.safe_load((w.ROOT / ".pre-commit-hooks.yaml").read_text())}
        self.assertLessEqual({hook["id"] for hook in source["hooks"]}, offered)
        hooks = w.repository(self.folder / "hooks", {".pre-commit-hooks.yaml": (w.ROOT / ".pre-commit-hooks.yaml").read_text()})
        text = block("In CI", "yaml", 1).replace(source["repo"], str(hooks)).replace(source["rev"], w.git(hooks, "rev-parse", "HEAD"))
        repo = w.repository(self.folder / "repo", {".pre-commit-config.yaml": text.replace("id: tmrs #", "id: tmrs-system #")})
        home = {"HOME": str(self.folder), "PRE_COMMIT_HOME": str(self.folder / "pre-commit")}
        (repo / "tm.py").write_text(w.THREATENED)
        w.git(repo, "add", "-A")
        self.assertIn("AC01", self.run_line("pre-commit run", repo, allowed=[1], **home))


class InCi(runner.Runner):
    """The workflow in the README, and the shipped ones, in a real runner."""

    def job(self, workflow):
        """The outcome of its job on a push of a model with threats."""
        repo = w.repository(self.folder / "repo", {"tm.py": w.THREATENED})
        path = self.folder / "workflow.yml"
        path.write_text(workflow)
        (self.folder / "event.json").write_text(json.dumps({"before": "0" * 40}))
        lines, done = self.start(repo, "push", path)
        self.assertTrue(any(line.get("jobResult") for line in lines), done.stdout[-3000:] + done.stderr[-1000:])
        annotated = [line for line in lines if line.get("command") == "error" and line["kvPairs"].get("file") == "tm.py"]
        return {line["jobResult"] for line in lines if "jobResult" in line}, annotated

    def test_the_workflow_of_the_readme(self):
        said = yaml.safe_load(block("In CI", "yaml", 0))
        self.assertEqual(set(said), {"permissions", "steps"})
        result, annotated = self.job(json.dumps({"on": "push", "jobs": {"threats": {"runs-on": "ubuntu-latest", **said}}}))
        self.assertEqual(result, {"failure"})
        self.assertTrue(annotated)

    def test_the_shipped_workflow(self):
        result, annotated = self.job((w.ROOT / "examples/ci/github/tmrs.yml").read_text())
        self.assertEqual(result, {"failure"})
        self.assertTrue(annotated)


if __name__ == "__main__":
    unittest.main()
