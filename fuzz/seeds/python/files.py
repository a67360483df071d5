from shared import tm, zone, make
from pytm import *
import json
from pathlib import Path
tm.threatsFile = "threats.json"
for one in json.loads(Path(__file__).parent.joinpath("data.json").read_text()):
    Server(**one, inBoundary=zone)
make("x")
tm.process()
%%% shared.py
from pytm import TM, Boundary, Actor
tm = TM("Files")
zone = Boundary("Zone")
make = lambda name: Actor(name * 2)
%%% data.json
[{"name": "one", "port": 1}, {"name": "two"}]
%%% threats.json
[{"SID": "A1", "target": ["Server"], "description": "d", "details": "", "Likelihood Of Attack": "High", "severity": "High", "condition": "target.port == 1", "prerequisites": "", "mitigations": "", "example": "", "references": ""}]
