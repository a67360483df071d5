"""A taxi fleet, declared as dataclasses and enums first.

Exercises: `@dataclass` with defaults, `field(default_factory=…)`, methods and
`__post_init__`, frozen ones; Enum classes with values, members looked up by name
and value, iterated and compared; `IntEnum`; `NamedTuple`; type hints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple, Optional

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, Process, Server


class Zone(Enum):
    STREET = "Street"
    DEPOT = "Depot"
    CLOUD = "Cloud"


class Trust(IntEnum):
    LOW = 1
    HIGH = 3


class Wire(NamedTuple):
    source: str
    sink: str
    label: str
    encrypted: bool = False


@dataclass(frozen=True)
class Port:
    number: int = 443
    protocol: str = "HTTPS"


@dataclass
class Service:
    name: str
    zone: Zone
    port: Port = Port()
    trust: Trust = Trust.LOW
    controls: list[str] = field(default_factory=list)
    element: Optional[Server] = None

    def __post_init__(self):
        if self.trust >= Trust.HIGH:
            self.controls.append("isHardened")

    def build(self, boundaries: dict[Zone, Boundary]) -> Server:
        self.element = Server(self.name, inBoundary=boundaries[self.zone])
        self.element.port = self.port.number
        self.element.protocol = self.port.protocol
        for control in self.controls:
            setattr(self.element.controls, control, True)
        return self.element


tm = TM("Taxi fleet", description="Hails, routes, bills")
boundaries = {zone: Boundary(zone.value) for zone in Zone}

services = [
    Service("Dispatch", Zone.CLOUD, trust=Trust.HIGH),
    Service("Depot door", Zone.DEPOT, Port(8080, "HTTP"), controls=["hasAccessControl"]),
    Service(name="Payments", zone=Zone("Cloud"), port=Port(protocol="SOAP"), trust=Trust(3)),
]
elements: dict[str, object] = {service.name: service.build(boundaries) for service in services}
elements["Rider"] = Actor("Rider", inBoundary=boundaries[Zone["STREET"]])
elements["Meter"] = Process("Meter", inBoundary=boundaries[Zone.STREET], environment="Production")
elements["Trips"] = Datastore("Trips")

position = Data("Position", isPII=True)
wires = [
    Wire("Rider", "Dispatch", "Hail", encrypted=True),
    Wire("Meter", "Payments", "Fare"),
    Wire("Dispatch", "Trips", "Record"),
    Wire("Depot door", "Dispatch", "Opened"),
]
for wire in wires:
    flow = Dataflow(elements[wire.source], elements[wire.sink], wire.label)
    flow.controls.isEncrypted = wire.encrypted
    source, sink, *_ = wire
    if Zone.STREET.value in (elements[source].inBoundary or boundaries[Zone.CLOUD]).name:
        flow.data = [position]

if Zone.STREET != Zone.DEPOT and Zone.CLOUD.name == "CLOUD":
    elements["Trips"].isShared = True

tm.process()
