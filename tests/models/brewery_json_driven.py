"""A brewery, whose vessels and wiring stand in a JSON file.

Exercises: `json.load` of a file of the repository, `json.loads` of a literal,
`Path.read_text`, `pytm.loads` not needed: the model is built here in loops.
"""

import json
from pathlib import Path

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Process, Server

KINDS = {"server": Server, "process": Process, "store": Datastore, "sensor": ExternalEntity}

here = Path(__file__).parent
with open(here / "data" / "brewery.json") as file:
    plant = json.load(file)
labels = json.loads('{"beer": ["Lager", "Stout"], "strong": null, "cold": true}')
extra = json.loads((here / "data" / "brewery_extra.json").read_text(encoding="utf-8"))

tm = TM(plant["name"], description=plant.get("description", "none"))

boundaries = {}
for item in plant["boundaries"]:
    parent = boundaries.get(item.get("inside"))
    boundaries[item["name"]] = Boundary(item["name"], inBoundary=parent)

elements = {"brewer": Actor("Brewer")}
for key, item in {**plant["vessels"], **extra}.items():
    element = KINDS[item["kind"]](item["name"])
    element.inBoundary = boundaries[item["in"]]
    for attribute, value in item.get("attributes", {}).items():
        setattr(element, attribute, value)
    for control in item.get("controls", []):
        setattr(element.controls, control, True)
    elements[key] = element

for source, sink, name in plant["pipes"]:
    flow = Dataflow(elements[source], elements[sink], name)
    if name.lower() in ("recipe", "mash"):
        flow.data = Data(f"{name} sheet", format=labels["beer"][0][:3].upper())
    flow.usesVPN = labels["cold"] and labels["strong"] is None

tm.process()
