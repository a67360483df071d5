"""Annotations as a runner parsed them, held against the findings of the JSON report."""

import re

LEVELS = ("error", "warning", "notice")
SEVERITIES = ["info", "low", "medium", "high", "critical"]


def parsed(lines):
    """What act says of the annotations that it obeyed: command, properties, message."""
    return [(line["command"], line["kvPairs"], line["arg"]) for line in lines if line.get("command") in LEVELS]


def place(finding):
    at = finding["location"]
    said = {"file": at["path"], "line": str(at["line"]), "endLine": str(at["endLine"])}
    if at["line"] == at["endLine"]:
        said.update(col=str(at["column"]), endColumn=str(at["endColumn"]))
    return said


def name(finding):
    element = finding["element"]
    words = f"{element['class']} “{element['name']}”"
    if finding["source"]:
        words += f" ({finding['source']} → {finding['sink']})"
    return words


def level(findings):
    """The level of the worst of them."""
    worst = max(SEVERITIES.index(finding["severity"]) for finding in findings)
    if all(finding.get("advisory") for finding in findings):
        return "warning" if worst > SEVERITIES.index("low") else "notice"
    if any(finding["failing"] for finding in findings):
        return "error"
    return "warning" if worst > SEVERITIES.index("low") else "notice"


def of_a_thing_to_do(message, findings):
    """The findings that a thing to do settles, and how many it says that it does; nothing of another annotation."""
    head, *lines = message.splitlines()
    counted = re.search(r"(?:” settles|Settles) ([0-9]+) threats?[,:]", head)
    if not counted:
        return [], 0
    own = []
    for line in lines:
        threat = re.fullmatch(rf"(× )?({'|'.join(SEVERITIES)}) (.*)", line)
        for f in findings if threat else []:
            rules, title, elements = threat[3].partition(f" {f['title']}")
            fits = title and f["rule"] in rules.split(", ") and f["severity"] == threat[2] and f["failing"] == bool(threat[1])
            # Whose it is stands with the threat, or in front where all are of one element.
            if fits and (name(f) in elements if elements else head.startswith(f"{name(f)}: ")):
                own.append(f)
    return own, int(counted[1])


def thing_to_do(test, message, own, count):
    """It tells as many as it says, why the declared ones hold, and lines that the report has."""
    test.assertNotRegex(message, "(?m)^(×|[a-z]+) .* and [0-9]+ more$|^… and [0-9]+ more threat", "not every threat is listed: take a smaller model")
    test.assertEqual(len(own), count, message)
    for finding in own:
        if finding["evidence"] == "declared":
            test.assertIn(finding["why"], message)
    answers = [answer for f in own for answers in f["deciding"] for answer in answers]
    lines = {answer["line"] for answer in answers if answer["line"]}
    _, asked, written = message.partition("\n→ ")
    if asked and " where “" not in written:
        _, _, written = written.partition(":")
        test.assertTrue(written, message)
        for line in written.strip().splitlines():
            test.assertTrue(line.strip() in lines or line.startswith("  … and "), (line, lines))


def findings_of(title, message, findings):
    """The findings that an annotation of what weakens the check speaks of."""
    return [f for f in findings if title == f"{f['rule']} {f['title']} ({f['severity']})" and message.startswith(f["why"])]


def accepted(test, command, properties, message, settled):
    """One warning tells what the change itself settles: each finding, worst first, at the place of the worst."""
    first, *lines = message.splitlines()
    counted = "1 finding" if len(settled) == 1 else f"{len(settled)} findings"
    test.assertEqual(first, f"Without what this change adds to settle them, {counted} would be new.")
    test.assertNotRegex(lines[-1], "^… and [0-9]+ more", "not every finding is listed: take a smaller model")
    wanted = sorted((f["severity"], f["rule"], f["title"], name(f)) for f in settled)
    listed = [f"{severity} {rule} {title}: {element}" for severity, rule, title, element in wanted]
    test.assertEqual(sorted(lines), sorted(listed))
    ranks = [SEVERITIES.index(line.split(" ")[0]) for line in lines]
    test.assertEqual(ranks, sorted(ranks, reverse=True))
    worst = [place(f) for f in settled if f["severity"] == SEVERITIES[ranks[0]]]
    test.assertIn({key: properties[key] for key in properties if key != "title"}, worst)
    test.assertEqual(command, "warning")


def compare(test, annotations, report):
    """Every new finding is in one annotation at most, and each says what the report says.

    GitHub shows ten annotations of a level. Where nine are told the tenth counts those that are not, and only there may
    findings be missing.
    """
    wanted = [f for f in report["findings"] if f["status"] in ("new", "unreviewed")]
    mitigations = {rule["id"]: rule["mitigation"] for rule in report["rules"]}
    spoken, left = [], {}
    for command, properties, message in annotations:
        title = properties["title"]
        if title.startswith("This change accepts "):
            settled = [f for f in report["findings"] if f["settledByChange"]]
            accepted(test, command, properties, message, settled)
            continue
        more = re.match("… and ([0-9]+) more", message)
        if more:
            left[command] = int(more[1])
            continue
        own, count = of_a_thing_to_do(message, wanted)
        if count:
            thing_to_do(test, message, own, count)
        else:
            own = findings_of(title, message, wanted)
            test.assertEqual(len(own), 1, (title, message))
            test.assertTrue(message.endswith(mitigations[own[0]["rule"]]), message)
        test.assertEqual(command, level(own), title)
        told = {**properties}
        del told["title"]
        test.assertIn(told, [place(f) for f in own if level([f]) == command])
        spoken += own
    for command, count in left.items():
        test.assertEqual(len([a for a in annotations if a[0] == command]), 10, command)
    told = [f["fingerprint"] for f in spoken]
    test.assertEqual(len(told), len(set(told)), "a finding is told twice")
    missing = [f for f in wanted if f["fingerprint"] not in told]
    # What is not told is no worse than what its annotations would be.
    test.assertLessEqual({LEVELS.index(level([f])) >= min(map(LEVELS.index, left), default=3) for f in missing}, {True}, missing)
    # Beside findings the rest may be notices, and what the change accepts.
    others = len(report["notices"]) + any(f["settledByChange"] for f in report["findings"])
    test.assertGreaterEqual(len(missing) + others, sum(left.values()), report["summary"])


def alerts(findings):
    """How many alerts code scanning shows: one a declared finding, one an element that is not described."""
    is_open = [f for f in findings if f["status"] in ("new", "unreviewed")]
    declared = [f for f in is_open if f["evidence"] == "declared"]
    assumed = {(f["model"], f["modelName"], f["elementId"]) for f in is_open if f["evidence"] != "declared"}
    return len(declared) + len(assumed)
