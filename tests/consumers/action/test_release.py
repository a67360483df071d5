"""A release on this machine: scripts/release, and the steps of release.yml that need no other."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import unittest
import zipfile

import workplace as w
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from wheel import wheel

WORKFLOW = yaml.safe_load((w.ROOT / ".github/workflows/release.yml").read_text())
RUNNERS = [(os_, arch) for os_ in ("Linux", "macOS") for arch in ("X64", "ARM64")] + [("Windows", "X64")]
# Stands in for GitHub's program: it writes down what it is asked, and takes the files.
GH = """#!/bin/sh
printf '%s\\n' "$*" >>"$GH_ASKED"
"""


# What maturin calls the wheels of the targets.
WHEELS = [
    "manylinux2014_x86_64.manylinux_2_17_x86_64",
    "manylinux2014_aarch64.manylinux_2_17_aarch64",
    "musllinux_1_2_x86_64",
    "musllinux_1_2_aarch64",
    "macosx_10_12_x86_64",
    "macosx_11_0_arm64",
    "win_amd64",
]


class Release(unittest.TestCase):
    def setUp(self):
        holder = w.temporary()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.copy = self.folder / "repo"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=w.ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (w.ROOT / name).is_file() and not name.startswith(("rules/", "tests/")):
                (self.copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(w.ROOT / name, self.copy / name)

    def script(self, name, *arguments, status=0):
        done = subprocess.run(
            [self.copy / "scripts" / name, *arguments], cwd=self.copy, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    @classmethod
    def setUpClass(cls):
        """An archive and a wheel for every target, all of the program under test."""
        holder = w.temporary()
        cls.addClassCleanup(holder.cleanup)
        program, cls.built = pathlib.Path(holder.name, "program"), pathlib.Path(holder.name, "dist")
        program.mkdir()
        shutil.copy(w.BINARY, program / "tmrs")
        version = (w.ROOT / "action/version.txt").read_text().strip()
        targets = subprocess.run([w.ROOT / "scripts/release", "targets"], check=True, capture_output=True, text=True)
        for target, tag in zip(targets.stdout.split(), WHEELS, strict=True):
            subprocess.run([w.ROOT / "scripts/archive", program, target, cls.built], check=True, capture_output=True)
            wheel(cls.built, version, tag, w.BINARY)

    def archives(self):
        return shutil.copytree(self.built, self.folder / "dist")

    def test_everything_that_names_a_version_moves_together(self):
        self.script("release", "check")
        for version in ["9.8.7", "10.0.0-rc.1"]:
            self.script("release", "version", version)
            self.script("release", "check", version)
            self.assertIn("was expected", self.script("release", "check", "9.8.6", status=1))
            found = subprocess.run(
                ["cargo", "metadata", "--locked", "--offline", "--no-deps", "--format-version=1"],
                cwd=self.copy, check=True, capture_output=True, text=True,
            )  # fmt: skip
            self.assertEqual(json.loads(found.stdout)["packages"][0]["version"], version)
            old = re.compile(r"tmrs[^\s]*(@v|==|-v)0\.1\.0")
            left = [p for p in self.copy.rglob("*") if p.suffix in (".md", ".yml", ".json") and old.search(p.read_text())]
            self.assertEqual(left, [])
        changelog = (self.copy / "CHANGELOG.md").read_text()
        self.assertLess(changelog.index("## [Unreleased]"), changelog.index("## [10.0.0-rc.1] - 20"))
        self.script("release", "version", "1.x", status=1)

    def test_what_is_built_is_what_the_action_and_the_packages_ask_for(self):
        targets = self.script("release", "targets").split()
        matrix = WORKFLOW["jobs"]["build"]["strategy"]["matrix"]["include"]
        self.assertEqual(sorted(targets), sorted(each["target"] for each in matrix))
        packed = set()
        for target in targets:
            script = (self.copy / "npm/build").read_text().split("program=tmrs")[0]
            done = subprocess.run(
                ["bash", "-euc", script + 'echo "tmrs-cli-$name"', "npm/build", ".", target, "out"],
                cwd=self.copy, check=True, capture_output=True, text=True,
            )  # fmt: skip
            packed.add(done.stdout.strip())
        asked = json.loads((self.copy / "npm/tmrs/package.json").read_text())["optionalDependencies"]
        self.assertEqual(packed, set(asked))
        binstall = tomllib.loads((self.copy / "Cargo.toml").read_text())["package"]["metadata"]["binstall"]
        self.assertTrue(binstall["pkg-url"].endswith("/v{ version }/tmrs-{ version }-{ target }.tar.gz"))
        self.assertEqual(binstall["bin-dir"], "tmrs-{ version }-{ target }/{ bin }{ binary-ext }")

    def test_the_action_of_a_release_fetches_its_archive_on_every_runner(self):
        dist = self.archives()
        self.script("release", "checksums", str(dist))

        def answer(_method, path, _body):
            file = dist / path.rsplit("/", 1)[1]
            return (200, file.read_bytes()) if file.is_file() else (404, b"")

        with w.server(answer) as (url, asked):
            for system, machine in RUNNERS:
                with self.subTest(f"{system} {machine}"):
                    self.setup_action(system, machine, url)
        self.assertEqual(len({path for _, path, *_ in asked}), len(RUNNERS))
        # And the archive of another build of the same version is not used.
        spoilt = next(dist.glob("*-x86_64-unknown-linux-gnu.tar.gz"))
        spoilt.write_bytes(spoilt.read_bytes() + b"x")
        with w.server(answer) as (url, _):
            self.assertIn("it was not used", self.setup_action("Linux", "X64", url, status=2))

    def test_pip_takes_the_wheel_of_a_release_only_with_its_checksum(self):
        dist = self.archives()
        self.script("release", "checksums", str(dist))
        environment = self.folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        tools = subprocess.run(
            [environment / "bin/pip", "install", "--quiet", "maturin>=1.9,<2"], capture_output=True, text=True
        )
        self.assertEqual(tools.returncode, 0, tools.stderr)
        # Without cargo: nothing is built.
        env = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": str(self.folder)}

        def install(content):
            with w.server(lambda *_: (200, content(dist / asked_name)) if content else (404, b"")) as (url, asked):
                done = subprocess.run(
                    [environment / "bin/pip", "install", "--no-build-isolation", "--force-reinstall", "."],
                    cwd=self.copy, env={**env, "TMRS_DOWNLOAD_URL": url}, capture_output=True, text=True,
                )  # fmt: skip
            self.assertEqual([path for _, path, *_ in asked], [f"/{asked_name}"], done.stdout + done.stderr)
            return done

        asked_name = next(dist.glob("*manylinux*_x86_64.whl")).name
        spoilt = install(lambda file: file.read_bytes() + b"x")
        self.assertNotEqual(spoilt.returncode, 0)
        self.assertIn("it was not used", spoilt.stdout + spoilt.stderr)
        self.assertEqual(install(pathlib.Path.read_bytes).returncode, 0)
        installed = (environment / "bin/tmrs").read_bytes()
        self.assertEqual(installed, pathlib.Path(w.BINARY).read_bytes())

    def setup_action(self, system, machine, url, status=0):
        temp = pathlib.Path(self.folder / f"runner-{system}-{machine}-{status}")
        temp.mkdir()
        env = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(temp), "RUNNER_OS": system, "RUNNER_ARCH": machine}
        env.update(IN_VERSION="default", IN_SHA256="default", IN_DOWNLOAD_URL=url, GITHUB_PATH=str(temp / "path"))
        done = subprocess.run(["bash", self.copy / "action/setup.sh"], env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_package_managers_are_told_the_archives_and_checksums_of_the_release(self):
        dist = self.archives()
        self.script("release", "checksums", str(dist))
        sums = self.copy / "action/checksums.txt"
        self.script("manifests", str(sums), str(dist))
        known = dict(reversed(line.split("  ")) for line in sums.read_text().splitlines() if line[0] != "#")
        formula = (dist / "tmrs.rb").read_text()
        pairs = re.findall(r'url "[^"]*/([^"/]+)"\s+sha256 "([0-9a-f]+)"', formula)
        self.assertEqual(len(pairs), 4)
        scoop = json.loads((dist / "tmrs.scoop.json").read_text())["architecture"]["64bit"]
        pairs.append((scoop["url"].rsplit("/", 1)[1], scoop["hash"]))
        for name, digest in pairs:
            self.assertEqual(known[name], digest)
        aqua = json.loads((dist / "aqua-registry.yaml").read_text())["packages"][0]
        systems = {"windows": ["amd64"], "linux": ["amd64", "arm64"], "darwin": ["amd64", "arm64"]}
        for system, machines in systems.items():
            for machine in machines:
                name = aqua["asset"].replace("{{trimV .Version}}", (self.copy / "action/version.txt").read_text().strip())
                name = name.replace("{{.Arch}}", aqua["replacements"][machine])
                name = name.replace("{{.OS}}", aqua["replacements"][system])
                self.assertIn(name, known)
        winget = {path.name: yaml.safe_load(path.read_text()) for path in dist.glob("tmrs-dev.tmrs*.yaml")}
        self.assertEqual({each["ManifestType"] for each in winget.values()}, {"version", "installer", "defaultLocale"})
        version = (self.copy / "action/version.txt").read_text().strip()
        for each in winget.values():
            self.assertRegex(each["PackageIdentifier"], r"^[^.\s/]{1,32}\.[^.\s/]{1,32}$")
            self.assertEqual((each["PackageVersion"], each["ManifestVersion"]), (version, "1.6.0"))
        self.assertLessEqual(
            {"PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"},
            set(winget["tmrs-dev.tmrs.locale.en-US.yaml"]),
        )
        installer = winget["tmrs-dev.tmrs.installer.yaml"]
        self.assertEqual((installer["InstallerType"], installer["NestedInstallerType"]), ("zip", "portable"))
        only = installer["Installers"][0]
        zipped = only["InstallerUrl"].rsplit("/", 1)[1]
        self.assertEqual(known[zipped].upper(), only["InstallerSha256"])
        # The program lies in the archive where the manifest says; here it has no ending.
        with zipfile.ZipFile(dist / zipped) as archive:
            inside = installer["NestedInstallerFiles"][0]["RelativeFilePath"].replace("\\", "/")
            self.assertIn(inside.removesuffix(".exe"), archive.namelist())
        sums.write_text("")
        self.assertIn("not built yet", self.script("manifests", str(sums), str(dist), status=1))

    def test_asdf_installs_a_release_only_with_its_checksum(self):
        dist = self.archives()
        origin = self.folder / "origin.git"
        w.git(self.folder, "init", "-q", "--bare", str(origin))
        w.git(self.copy, "init", "-q", "-b", "main")
        w.git(self.copy, "add", "bin")
        w.git(self.copy, "commit", "-q", "-m", "all")
        w.git(self.copy, "remote", "add", "origin", str(origin))
        for tag in ["v0.10.0", "v0.9.0", "v0.1.0", "nightly"]:
            w.git(self.copy, "tag", tag)
        w.git(self.copy, "push", "-q", "origin", "main", "--tags")
        self.assertEqual(self.script("../bin/list-all"), "0.1.0 0.9.0 0.10.0\n")

        version = (self.copy / "action/version.txt").read_text().strip()
        env = {"PATH": os.environ["PATH"], "ASDF_INSTALL_VERSION": version}
        for each in ("DOWNLOAD", "INSTALL"):
            env[f"ASDF_{each}_PATH"] = str(self.folder / each)
        (self.folder / "DOWNLOAD").mkdir()

        def run(name, url=""):
            return subprocess.run(
                [self.copy / "bin" / name], env={**env, "TMRS_DOWNLOAD_URL": url}, capture_output=True, text=True
            )

        sums = "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in dist.glob("*.tar.gz"))
        answers = lambda path: sums.encode() if path.endswith("SHA256SUMS") else (dist / path[1:]).read_bytes()
        with w.server(lambda _, path, __: (200, answers(path) + (b"" if path.endswith("SUMS") else b"x"))) as (url, _):
            spoilt = run("download", url)
        self.assertEqual(spoilt.returncode, 1)
        self.assertIn("it was not used", spoilt.stderr)
        self.assertFalse((self.folder / "DOWNLOAD/tmrs").exists())
        with w.server(lambda _, path, __: (200, answers(path))) as (url, _):
            self.assertEqual(run("download", url).returncode, 0)
        done = run("install")
        self.assertEqual(done.stdout, f"tmrs {version}\n", done.stderr)
        installed = (self.folder / "INSTALL/bin/tmrs").read_bytes()
        self.assertEqual(installed, pathlib.Path(w.BINARY).read_bytes())

    def test_no_checksums_are_written_when_an_archive_is_missing(self):
        dist = self.archives()
        before = (self.copy / "action/checksums.txt").read_text()
        next(dist.glob("*win_amd64.whl")).rename(dist / "wheel")
        self.assertIn("6 wheels for 7", self.script("release", "checksums", str(dist), status=1))
        next(dist.glob("*apple*")).unlink()
        self.assertIn("apple-darwin", self.script("release", "checksums", str(dist), status=1))
        self.assertEqual((self.copy / "action/checksums.txt").read_text(), before)

    def test_the_draft_holds_everything_and_tags_the_commit_that_knows_the_checksums(self):
        self.script("release", "version", (self.copy / "action/version.txt").read_text().strip())
        self.archives().rename(self.copy / "dist")
        w.git(self.copy, "init", "-q", "-b", "main")
        w.git(self.copy, "add", "-A", "--", ":!dist")
        w.git(self.copy, "commit", "-q", "-m", "all")
        origin = self.folder / "origin.git"
        w.git(self.folder, "init", "-q", "--bare", str(origin))
        w.git(self.copy, "remote", "add", "origin", str(origin))
        w.git(self.copy, "push", "-q", "origin", "main")
        tools, asked = self.folder / "tools", self.folder / "asked"
        tools.mkdir()
        (tools / "gh").write_text(GH)
        (tools / "gh").chmod(0o755)
        temp = self.folder / "temp"
        temp.mkdir()
        env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(temp)}
        env.update(RUNNER_TEMP=str(temp), GH_ASKED=str(asked), GH_TOKEN="x")
        runs = [step["run"] for step in WORKFLOW["jobs"]["draft"]["steps"] if "run" in step]
        for run in runs:
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", run], cwd=self.copy, env=env, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        version = (self.copy / "action/version.txt").read_text().strip()
        tagged = w.git(origin, "rev-parse", f"release-{version}")
        self.assertEqual(w.git(origin, "diff", "--name-only", "main", tagged), "action/checksums.txt")
        created = asked.read_text().splitlines()[-1]
        self.assertIn(f"release create v{version} --draft --target {tagged} ", created)
        released = {word.removeprefix("dist/") for word in created.split() if word.startswith("dist/")}
        self.assertEqual(released, {path.name for path in (self.copy / "dist").iterdir()})
        self.assertLessEqual({"SHA256SUMS", "tmrs.cdx.json", "tmrs.rb", "tmrs.scoop.json", "aqua-registry.yaml", "tmrs-dev.tmrs.yaml"}, released)
        self.assertIn(f"tmrs-{version}-image.tar", released)
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=self.copy / "dist", check=True)
        known = (self.copy / "action/checksums.txt").read_text().splitlines()
        summed = (self.copy / "dist/SHA256SUMS").read_text().splitlines()
        self.assertLessEqual({line for line in known if line[0] != "#"}, set(summed))

    def test_the_bill_of_materials_is_valid_and_complete(self):
        text = self.script("sbom")
        self.assertIsNone(JsonStrictValidator(SchemaVersion.V1_5).validate_str(text))
        pinned = tomllib.loads((self.copy / "Cargo.lock").read_text())["package"]
        self.assertEqual(len(json.loads(text)["components"]), len(pinned) - 1)


if __name__ == "__main__":
    unittest.main()
