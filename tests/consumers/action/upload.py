"""Stands in for GitHub's upload-sarif, which cannot upload from here.

Does what that action does before it uploads: computes the fingerprint of each alert's line from
the files in CHECKOUT, warns where the alert has another one, and asks git there for the commit
and, for a merge commit, for its first parent. Keeps the file as UPLOADED and what it saw beside
it, then fails: the gate must not depend on it.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.parse

BLOCK, BASE, WORD = 100, 37, 1 << 64


def line_hashes(text):
    """The fingerprint of each line: a rolling hash of its next 100 characters that are no blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    characters, starts, at_start = [], [], True
    for character in text + "\uffff":
        if character in " \t":
            continue
        if at_start:
            starts.append(len(characters))
        at_start = character == "\n"
        characters += [ord(character)]
    seen, hashes = {}, []
    for start in starts:
        window = characters[start : start + BLOCK]
        value = 0
        for character in window + [0] * (BLOCK - len(window)):
            value = (value * BASE + character) % WORD
        seen[value] = seen.get(value, 0) + 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def warnings(sarif, checkout):
    """One for each alert whose fingerprint is not that of its line."""
    files = {}
    for run in sarif["runs"]:
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            path = checkout / urllib.parse.unquote(place["artifactLocation"]["uri"])
            if not path.is_file():
                continue
            if path not in files:
                files[path] = line_hashes(path.read_bytes().decode("utf-8", "replace"))
            line = place["region"]["startLine"]
            own, expected = result["partialFingerprints"]["primaryLocationLineHash"], files[path][line - 1]
            if own != expected:
                yield f"{path.name} line {line}: {own} is not {expected}"


def git(checkout, *arguments):
    done = subprocess.run(["git", *arguments], cwd=checkout, capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else []


def main():
    sarif, checkout, kept = (pathlib.Path(os.environ[name]) for name in ["SARIF", "CHECKOUT", "UPLOADED"])
    shutil.copy(sarif, kept)
    parents = [line.split()[1] for line in git(checkout, "show", "-s", "--format=raw", "HEAD") if line.startswith("parent ")]
    seen = {
        "warnings": list(warnings(json.loads(sarif.read_text()), checkout)),
        "commit": "".join(git(checkout, "rev-parse", "HEAD")),
        "base": parents[0] if len(parents) == 2 else None,
    }
    kept.with_suffix(".json").write_text(json.dumps(seen))
    return 1


if __name__ == "__main__":
    sys.exit(main())
