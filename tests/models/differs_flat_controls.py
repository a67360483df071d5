"""A swimming pool, with controls spelled as in old pytm.

Difference: pytm 1.x keeps `server.isHardened` as an attribute that nobody reads.
We read it as `server.controls.isHardened`, and `authenticatedWith` as
`controls.authenticatesSource`.
"""

from pytm import TM, Actor, Dataflow, Datastore, Process, Server

tm = TM("Swimming pool", description="Season tickets")

swimmer = Actor("Swimmer")
till = Server("Till")
till.isHardened = True
till.hasAccessControl = True
till.authenticatedWith = True
members = Datastore("Members")
members.authorizesSource = True
members.hasAccessControl = True
turnstile = Process("Turnstile", implementsPOLP=True)
turnstile.tracksExecutionFlow = True

enter = Dataflow(swimmer, till, "Buy a ticket")
enter.isEncrypted = True
enter.authenticatesDestination = True
enter.checksDestinationRevocation = True
Dataflow(till, members, "Look up")
Dataflow(till, turnstile, "Open")

tm.process()
