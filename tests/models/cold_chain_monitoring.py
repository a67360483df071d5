#!/usr/bin/env python3
"""Cold chain monitoring: loggers in lorries and cold stores report temperatures.

Exercises: `for` over literals, bound lists, `.items()`, `enumerate`, `zip`,
`range`, nested loops, `break`, `continue`, `else`, tuple targets, f-strings.
"""

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Process, Server

tm = TM("Cold chain monitoring", description="Temperatures from dispatch to shelf")

ZONES = {
    "Lorries": ("GSM", 2),
    "Cold stores": ("LoRa", 3),
    "Shops": ("Wi-Fi", 1),
}

readings = Data("Temperature readings", format="JSON")

ingest = Server("Ingest API", port=443, protocol="HTTPS")
for control in ("validatesInput", "checksInputBounds", "isHardened"):
    setattr(ingest.controls, control, True)

history = Datastore("Reading history")
history.isSQL = False

boundaries = []
gateways = {}
for zone, (radio, count) in ZONES.items():
    boundary = Boundary(zone)
    boundaries.append(boundary)
    gateway = ExternalEntity(f"{zone} gateway", inBoundary=boundary)
    gateway.hasPhysicalAccess = zone != "Shops"
    gateways[zone] = gateway
    for number in range(1, count + 1):
        logger = ExternalEntity(f"{zone} logger {number}")
        logger.inBoundary = boundary
        logger.hasPhysicalAccess = True
        uplink = Dataflow(logger, gateway, f"{radio} uplink {number}")
        uplink.protocol = radio
        uplink.data = readings

for index, gateway in enumerate(gateways.values(), start=1):
    report = Dataflow(gateway, ingest, "Report %d" % index)
    report.order = index
    if index == 1:
        continue
    report.controls.isEncrypted = True

stages = ["Clean", "Compare", "Alert"]
previous = ingest
for stage, code in zip(stages, ["Managed", "Managed", "Unmanaged"]):
    step = Process(stage, codeType=code)
    step.implementsAPI = stage == "Alert"
    Dataflow(previous, step, "Readings to " + stage.lower())
    previous = step

for name in ["Driver", "Store manager", "Inspector"]:
    person = Actor(name)
    alert = Dataflow(previous, person, "Alert to " + name)
    if name == "Store manager":
        break
else:
    raise RuntimeError("nobody is alerted")

for offset in range(10, 0, -5):
    Dataflow(ingest, history, f"Write batch {offset:02d}", data=[readings])

for boundary, note in zip(boundaries, range(len(boundaries))):
    boundary.description = f"zone {note}"

tm.process()
