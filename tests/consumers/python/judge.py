"""Judges tmrs by real Python and pytm on generated models: judge.py TMRS [options]

Every model turns on one construct of Python: its elements depend on what the
construct does. tmrs must find the elements and findings of real pytm, or refuse
the model with an error that has a line. Anything else is wrong, and printed.

Of what tmrs reads pytm is asked twice, the second time as on another machine
(`oracle.py`): a model of which it makes something else there has no answer, so tmrs
has to refuse it.

Options: --seed N, --only TEXT (kinds that contain it), --keep FOLDER (the models stay
there), --summary FILE (a line for each wrong model), --show N (wrong models printed).
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import attributes
import details
import files
import grammar
import imports
import kept
import objects
import programs
import pytm
import values
import worlds

HERE = pathlib.Path(__file__).resolve().parent
THREATS = pathlib.Path(pytm.__file__).parent / "threatlib" / "threats.json"
CHUNK = 250
LEAST = 3000


def generate(seed):
    """All models of a seed."""
    yield from grammar.build(seed, 4)
    yield from values.build(seed, 2)
    yield from programs.build(seed, 600)
    yield from files.build(seed, 2)
    yield from details.build(seed, 2)
    yield from attributes.build(seed, 1)
    yield from objects.build(seed, 1)
    yield from imports.build(seed, 2)
    yield from kept.build(seed, 1)
    yield from worlds.build(seed, 600)


def write(models, root):
    """Writes each model into a folder of its own; gives the folders."""
    folders = []
    for number, model in enumerate(models):
        folder = root / f"m{number:05d}"
        for name, text in model.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        folders.append(folder)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "add", "-A", "-f"], check=True)
    return folders


def ask_pytm(folders, work, elsewhere=False):
    """The answers of real pytm, by as many processes as there are cores."""
    cores = os.cpu_count() or 1
    shares = [folders[start::cores] for start in range(cores)]
    running = []
    for number, share in enumerate(shares):
        asked, given = work / f"asked-{number}.json", work / f"given-{number}.json"
        asked.write_text(json.dumps([str(folder) for folder in share]))
        command = [sys.executable, "-B", str(HERE / "oracle.py"), str(asked), str(given)]
        environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "1", "HOME": str(work), "USER": "here", "TZ": "UTC", "LANG": "C.UTF-8"}
        if elsewhere:
            command.append("--elsewhere")
            environment = {"PATH": f"/nowhere:{environment['PATH']}", "PYTHONHASHSEED": "2", "HOME": str(work.parent), "USER": "elsewhere", "TZ": "Asia/Kathmandu", "MORE": "1"}
        running.append((share, given, subprocess.Popen(command, env=environment)))
    answers = {}
    for share, given, process in running:
        if process.wait() != 0:
            sys.exit("the process that runs pytm failed")
        answers.update(zip(share, json.loads(given.read_text())))
    return answers


def ask_elsewhere(folders, root, work):
    """The answers of real pytm on another machine: another folder, user, time zone and clock."""
    copies = work / "another" / "place"
    for folder in folders:
        shutil.copytree(folder, copies / folder.name)
    answers = ask_pytm([copies / folder.name for folder in folders], work, elsewhere=True)
    return {folder: answers[copies / folder.name] for folder in folders}


def ask_tmrs(tmrs, root, folders):
    """What tmrs says of each folder: {"elements", "findings"} or {"refused": message}."""
    answers = {}
    for start in range(0, len(folders), CHUNK):
        chunk = folders[start:start + CHUNK]
        names = [f"{folder.name}/tm.py" for folder in chunk]
        run = subprocess.run([tmrs, "check", *names, "--format", "json", "--no-baseline", "--no-default-rules", "--rules", str(THREATS)], cwd=root, capture_output=True)
        if run.returncode not in (0, 1, 3):
            sys.exit(f"tmrs exits {run.returncode}: {run.stderr.decode()[-600:]}")
        report = json.loads(run.stdout)
        of = {name: {"elements": [], "findings": []} for name in names}
        for each in report["models"]:
            answer = of.get(each["path"])
            if answer is not None:
                graph = each["graph"]
                answer["elements"] += [[e["class"], e["name"]] for e in graph["elements"]] + [["Dataflow", e["name"]] for e in graph["flows"]] + [["Boundary", b["name"]] for b in graph["boundaries"]]
                answer["seen"] = True
        for finding in report["findings"]:
            if finding["status"] not in ("excluded", "out-of-scope") and not finding["rule"].startswith("DECLARED"):
                element = finding["element"]
                of[finding["model"]]["findings"].append([finding["rule"], element["class"], element["name"], finding["source"], finding["sink"]])
        for notice in report["notices"]:
            place = notice["location"]
            if notice["severity"] != "error":
                continue
            if not place or not place.get("line"):
                sys.exit(f"an error without a line: {notice}")
            folder = place["path"].split("/")[0]
            of[f"{folder}/tm.py"].setdefault("refused", f"{place['path']}:{place['line']}: {notice['message']}")
        if run.returncode == 3 and not any("refused" in answer for answer in of.values()):
            sys.exit("tmrs exits 3 and names no error")
        for folder, name in zip(chunk, names):
            answers[folder] = of[name]
    return answers


def verdict(truth, other, said):
    """equal, refused, or wrong with what differs."""
    if "refused" in said:
        return "refused", ""
    if truth != other:
        return "wrong", "the answer depends on the machine, tmrs reads it"
    if "stopped" in truth:
        return "wrong", f"Python stops with {truth['stopped']}, tmrs reads on"
    if "seen" not in said:
        return "wrong", "tmrs sees no model"
    for part in ("elements", "findings"):
        have, want = collections.Counter(map(json.dumps, said[part])), collections.Counter(map(json.dumps, truth[part]))
        if have != want:
            lost, added = list((want - have).elements()), list((have - want).elements())
            return "wrong", f"{part}: pytm alone {', '.join(lost[:4]) or '-'}; tmrs alone {', '.join(added[:4]) or '-'}"
    return "equal", ""


def same_alone(tmrs, root, folders, said):
    """A run of one file says what the run of many said of it: a sample is asked again."""
    for folder in folders[:: max(1, len(folders) // 12)]:
        alone = subprocess.run([tmrs, "check", "tm.py", "--format", "json", "--no-baseline", "--no-default-rules", "--rules", str(THREATS)], cwd=folder, capture_output=True)
        refused = alone.returncode == 3
        if refused != ("refused" in said[folder]):
            sys.exit(f"{folder.name}: alone exit {alone.returncode}, among others {said[folder].get('refused', 'read')}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tmrs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep")
    parser.add_argument("--summary")
    parser.add_argument("--show", type=int, default=12)
    options = parser.parse_args()
    tmrs = os.path.abspath(options.tmrs)
    begun = time.monotonic()
    models = [model for model in generate(options.seed) if options.only in model.kind]
    print(f"{len(models)} models of {len({m.kind for m in models})} kinds, written in {time.monotonic() - begun:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch)
        root = pathlib.Path(options.keep).resolve() if options.keep else work / "models"
        root.mkdir(parents=True, exist_ok=True)
        folders = write(models, root)
        begun = time.monotonic()
        said = ask_tmrs(tmrs, root, folders)
        same_alone(tmrs, root, folders, said)
        print(f"tmrs read them in {time.monotonic() - begun:.0f} s", flush=True)
        begun = time.monotonic()
        # What is refused is right whatever pytm makes of it.
        read = [folder for folder in folders if "refused" not in said[folder]]
        other = ask_elsewhere(read, root, work)
        truth = ask_pytm(read, work)
        print(f"pytm ran the {len(read)} that were read, twice, in {time.monotonic() - begun:.0f} s", flush=True)

    counts = collections.Counter()
    wrong = []
    for model, folder in zip(models, folders):
        what, why = verdict(truth.get(folder), other.get(folder), said[folder])
        counts[what] += 1
        if what == "wrong":
            wrong.append((model, folder, why))
    if options.summary:
        with open(options.summary, "w") as out:
            for model, folder, why in wrong:
                out.write(f"{model.kind}\t{folder.name}\t{why}\n")
    for model, folder, why in wrong[: options.show]:
        print(f"\nWRONG {model.kind} ({folder.name}): {why}")
        for name, text in model.files.items():
            print("\n".join(f"    {name}: {line}" for line in text.splitlines()))
    failed = bool(wrong)
    if not options.only:
        if len(models) < LEAST:
            print(f"only {len(models)} models: at least {LEAST} are wanted")
            failed = True
        if counts["equal"] * 3 < len(models):
            print("fewer than a third are equal: the subset is of little use")
            failed = True
    print(f"\n{len(models)} models: {counts['equal']} equal, {counts['refused']} refused, {counts['wrong']} wrong")
    sys.exit(failed)


if __name__ == "__main__":
    main()
