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


def findings_of(title, message, findings):
    """The findings that an annotation speaks of."""
    block = re.fullmatch(r"Not described yet: (.*)", title)
    if block:
        rules, _, more = message.splitlines()[-1].partition(" and ")
        own = [f for f in findings if name(f) == block[1] and f["evidence"] == "assumed"]
        named = [f for f in own if f["rule"] in rules.split(", ")]
        return own if more == f"{len(own) - len(named)} more" else named
    return [f for f in findings if title == f"{f['rule']} {f['title']} ({f['severity']})" and message.startswith(f["message"])]


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
    """Every new finding is in exactly one annotation, and each says what the report says."""
    wanted = [f for f in report["findings"] if f["status"] in ("new", "unreviewed")]
    mitigations = {rule["id"]: rule["mitigation"] for rule in report["rules"]}
    spoken = []
    for command, properties, message in annotations:
        title = properties["title"]
        if title.startswith("This change accepts "):
            settled = [f for f in report["findings"] if f["settledByChange"]]
            accepted(test, command, properties, message, settled)
            continue
        test.assertNotRegex(message, "^… and [0-9]+ more", "not every finding is annotated: take a smaller model")
        own = findings_of(title, message, wanted)
        test.assertTrue(own, (title, message))
        test.assertEqual(properties, {**place(own[0]), "title": title})
        test.assertEqual(command, level(own), title)
        if title.startswith("Not described yet: "):
            count = f"{len(own)} threat{'s' if len(own) > 1 else ''} possible"
            test.assertRegex(message, f"^{re.escape(name(own[0]))}: {count}[,.]")
        else:
            test.assertEqual(len(own), 1, title)
            test.assertEqual(message, f"{own[0]['why']}\n{mitigations[own[0]['rule']]}")
        spoken += own
    fingerprints = [sorted(f["fingerprint"] for f in some) for some in (spoken, wanted)]
    test.assertEqual(*fingerprints)
