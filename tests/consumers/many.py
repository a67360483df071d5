"""A report with many findings from a small one: many.py SMALL LARGE COUNT"""
import copy
import json
import sys

small, large, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
report = json.load(open(small, encoding="utf-8"))
template = report["findings"][0]
severities = ["info", "low", "medium", "high", "critical"]
rules = [rule for rule in report["rules"] if rule["layer"] != "declared"]
findings = []
for n in range(count):
    finding = copy.deepcopy(template)
    rule = rules[n % len(rules)]
    finding.update(
        fingerprint=f"{n:032x}",
        severity=severities[n * 5 // count],
        status=["new", "baselined"][n % 2],
        evidence=["declared", "declared", "assumed"][n % 3],
        rule=rule["id"],
        title=rule["title"],
        elementId=1000 + n % 60,
    )
    finding["element"]["name"] = f"web {n % 60}"
    findings.append(finding)
report["findings"] = findings
summary = report["summary"]
count_of = lambda key, value: sum(f[key] == value for f in findings)
summary["findings"] = count
summary["byStatus"] = {status: count_of("status", status) for status in summary["byStatus"]}
summary["bySeverity"] = {s: count_of("severity", s) for s in summary["bySeverity"]}
summary["newBySeverity"] = {
    s: sum(f["severity"] == s and f["status"] == "new" for f in findings) for s in summary["newBySeverity"]
}
summary["residual"] = 0
for finding in findings:
    finding["failing"] = finding["status"] == "new" and finding["severity"] in ("high", "critical")
failing = [f["fingerprint"] for f in findings if f["failing"]]
summary["gate"].update(passed=not failing, failing=len(failing), fingerprints=failing)
summary.update(verdict="failed" if failing else "passed", exit=int(bool(failing)))
json.dump(report, open(large, "w", encoding="utf-8"), ensure_ascii=False)
