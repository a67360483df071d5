"""Transfers in a bank: what a flow takes over from its ends, and what it keeps.

Exercises: protocol, port, encryption from the sink; authentication and
revocation checks from the source; values said on the flow that win over both,
also when they equal a default; ends without protocol (actor, boundary, element).
"""

from pytm import TM, Actor, Asset, Boundary, Dataflow, Datastore, Element, Server, TLSVersion

tm = TM("Transfers", description="Moves money between accounts")

teller = Actor("Teller", protocol="HTTP", port=8081)
teller.controls.authenticatesDestination = True
teller.controls.checksDestinationRevocation = True

clerk = Actor("Clerk")

core = Server("Core banking", protocol="HTTPS", port=443)
core.controls.isEncrypted = True
core.controls.authenticatesDestination = True

accounts = Datastore("Accounts", protocol="HTTP", port=80)
accounts.controls.isEncrypted = False

branch = Boundary("Branch", description="The whole branch as one end of a flow")
cabinet = Element("Paper cabinet")
terminal = Asset("Terminal", protocol="HTTP")
terminal.controls.providesIntegrity = True

# All from the ends: HTTPS, encrypted, authenticated, revocation checked.
from_teller = Dataflow(teller, core, "Transfer order")

# The clerk checks nothing: interception is possible although it is encrypted.
from_clerk = Dataflow(clerk, core, "Transfer order by clerk")

# Said here, against the sink.
plain = Dataflow(teller, core, "Plain order")
plain.protocol = "HTTP"
plain.controls.isEncrypted = False

# Said here, equal to the default: still what was said.
declared_default = Dataflow(core, accounts, "Lookup")
declared_default.protocol = ""
declared_default.dstPort = -1
declared_default.controls.authenticatesDestination = False

# Said here, for the better.
sealed = Dataflow(core, accounts, "Sealed booking", protocol="HTTPS")
sealed.controls.isEncrypted = True
sealed.controls.checksDestinationRevocation = True
sealed.usesVPN = True
sealed.tlsVersion = TLSVersion.TLSv13

# Ends that know no protocol.
to_cabinet = Dataflow(clerk, cabinet, "File away")
to_branch = Dataflow(core, branch, "Notice", protocol="HTTP")
from_terminal = Dataflow(terminal, core, "Card inserted")
to_terminal = Dataflow(core, terminal, "Screen")
to_teller = Dataflow(core, teller, "Voucher", isResponse=False)

tm.process()
