"""GitLab Code Quality and SAST: the fields that GitLab documents, and unique fingerprints."""
import json

import jsonschema

from checks import check, files, finish, report

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
for file in files("gitlab"):
    issues = json.loads(file.read_text(encoding="utf-8"))
    errors = [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(issues)]
    check("gitlab", f"{file.name} fits", not errors, errors[:3])
    found = [f for f in report(file)["findings"] if f["status"] in ("new", "unreviewed", "baselined")]
    prints = {issue["fingerprint"] for issue in issues}
    judged = [issue for issue in issues if not issue["check_name"].startswith("tmrs/")]
    check("gitlab", f"{file.name}: every open finding, each its own",
          len(judged) == len(found) and len(prints) == len(issues))
    whole = report(file)["summary"]["verdict"] in ("passed", "failed")
    check("gitlab", f"{file.name}: what was not judged is there", whole == (len(judged) == len(issues)))

text = lambda longest: {"type": "string", "minLength": 1, "maxLength": longest}
place = {
    "type": "object",
    "required": ["file", "start_line", "end_line"],
    "properties": {"file": text(4096), "start_line": {"type": "integer", "minimum": 1}},
}
TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {"vendor": {"type": "object", "required": ["name"]}},
}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
# As documented at docs.gitlab.com/development/integrations/secure.
SAST = {
    "type": "object",
    "required": ["version", "scan", "vulnerabilities"],
    "properties": {
        "version": {"type": "string", "pattern": r"^15\.\d+\.\d+$"},
        "scan": {
            "type": "object",
            "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
            "properties": {
                "analyzer": TOOL,
                "scanner": TOOL,
                "start_time": MOMENT,
                "end_time": MOMENT,
                "status": {"enum": ["success", "failure"]},
                "type": {"const": "sast"},
                "messages": {"type": "array", "items": {
                    "type": "object",
                    "required": ["level", "value"],
                    "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": text(10**6)},
                }},
            },
        },
        "vulnerabilities": {"type": "array", "items": {
            "type": "object",
            "required": ["id", "identifiers", "location"],
            "properties": {
                "id": text(10**6),
                "name": {"type": "string", "maxLength": 255},
                "description": {"type": "string", "maxLength": 1048576},
                "solution": {"type": "string", "maxLength": 7000},
                "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                "location": place,
                "identifiers": {"type": "array", "minItems": 1, "maxItems": 20, "items": {
                    "type": "object",
                    "required": ["type", "name", "value"],
                    "properties": {"type": text(255), "name": text(255), "value": text(255),
                                   "url": {"type": "string", "pattern": "^(https?|ftp)://.+"}},
                }},
            },
        }},
    },
}
for file in files("gitlab-sast"):
    sast = json.loads(file.read_text(encoding="utf-8"))
    errors = [error.message for error in jsonschema.Draft7Validator(SAST).iter_errors(sast)]
    check("gitlab-sast", f"{file.name} fits", not errors, errors[:3])
    found = [f for f in report(file)["findings"] if f["status"] in ("new", "unreviewed", "baselined")]
    ids = [v["id"] for v in sast["vulnerabilities"]]
    judged = [v for v in sast["vulnerabilities"] if not v["name"].startswith("Not judged")]
    check("gitlab-sast", f"{file.name}: every open finding, each its own",
          len(judged) == len(found) and len(set(ids)) == len(ids))
    whole = report(file)["summary"]["verdict"] in ("passed", "failed")
    check("gitlab-sast", f"{file.name}: what was not judged is there", whole == (len(judged) == len(ids)))
finish()
