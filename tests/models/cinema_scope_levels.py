"""A cinema: what is out of scope, and what that does to flows.

Exercises: `inScope=False` on a source, a sink, a flow, a boundary, a store;
rules that ask whether source or sink are in scope; `levels` on elements and
flows, shared and disjoint; `sourceFiles`, attributes of our own; statements after
`process()`, which come too late.
"""

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Lifetime, Server, Process

tm = TM("Cinema", description="Tickets and projectors")

foyer = Boundary("Foyer", inScope=False)
booth = Boundary("Booth", levels=[1])

guest = Actor("Guest", inBoundary=foyer, inScope=False)
till = Server("Till", inBoundary=foyer, levels=[0, 1])
till.controls.isEncrypted = True
till.sourceFiles = ["till/main.py"]
projector = Process("Projector", inBoundary=booth, levels=1)
studio = ExternalEntity("Film studio", hasPhysicalAccess=True)
studio.inScope = False
films = Datastore("Films", inBoundary=booth, levels={1, 2})
films.owner = "Projection team"

key = Data("Film key", isCredentials=True, credentialsLife=Lifetime.HARDCODED)

buy = Dataflow(guest, till, "Buy", data=key)
refund = Dataflow(till, guest, "Refund", data=key)
deliver = Dataflow(studio, films, "Deliver", data=key)
deliver.controls.isEncrypted = True
play = Dataflow(films, projector, "Play", levels=[2])
report = Dataflow(till, studio, "Report", data=key, inScope=False)
monthly = Dataflow(till, studio, "Monthly report", data=key)
start = Dataflow(till, projector, "Start")

tm.process()

films.isShared = True
Server("Popcorn machine")
