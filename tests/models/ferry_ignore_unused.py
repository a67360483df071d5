"""A ferry line: only what flows touch is judged.

Exercises: `ignoreUnused` drops elements without a flow and keeps flows, their
ends and the boundaries around those; elements out of scope that a flow uses.
"""

from pytm import TM, Actor, Boundary, Dataflow, Datastore, Finding, Lambda, Process, Server

tm = TM("Ferry bookings", description="Sells crossings", ignoreUnused=True)

port = Boundary("Port")
port.overrides = [Finding(threat_id="HA02", response="accepted")]
quay = Boundary("Quay", inBoundary=port)
empty = Boundary("Old harbour")
empty.overrides = [Finding(threat_id="HA04", response="accepted")]

passenger = Actor("Passenger")
booking = Server("Booking", inBoundary=quay)
manifests = Datastore("Manifests", inBoundary=quay, isShared=True)
customs = Server("Customs", inScope=False)

forgotten = Server("Forgotten server", inBoundary=empty)
spare = Process("Spare process")
idle = Lambda("Idle function", implementsAPI=True)

Dataflow(passenger, booking, "Book")
Dataflow(booking, manifests, "Write")
Dataflow(booking, customs, "Report")

tm.process()
