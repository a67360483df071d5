"""GitLab Code Quality: the fields that GitLab documents, and unique fingerprints."""
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
finish()
