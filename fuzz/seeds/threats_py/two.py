from pytm import Threat
threats = [
    Threat(SID="A1", target=(Server,), description="One", severity="High", condition=lambda target: target.port == 80),
    Threat(**{"SID": "A2", "target": ["Dataflow"], "condition": "target.isEncrypted is False", "mitigations": "m" "n"}),
]
