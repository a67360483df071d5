THREATS = [{"SID": "B1", "target": ["Datastore"], "description": 'd', "severity": "Medium", "condition": "target.isSQL", "details": """x
y""", "example": '', "mitigations": '', "references": ''}]
