"""A notary's office: TLS versions on flows and what servers ask for.

Exercises: `minTLSVersion` of the sink against `tlsVersion` of each flow, below,
equal and above; a server's inputs without responses; versions reassigned.
"""

from pytm import TM, Actor, Controls, Dataflow, Datastore, Server, TLSVersion

tm = TM("Notary", description="Signs and stores deeds")

client = Actor("Client", controls=Controls(authenticatesDestination=True, checksDestinationRevocation=True))
office = Server("Office", minTLSVersion=TLSVersion.TLSv12)
office.controls.isEncrypted = True
office.controls.authenticatesDestination = True
office.controls.checksDestinationRevocation = True
court = Server("Court", minTLSVersion=TLSVersion.TLSv13)
court.controls = Controls(isEncrypted=True, implementsAuthenticationScheme=True, authorizesSource=True)
registry = Server("Registry", minTLSVersion=TLSVersion.SSLv3)
safe = Datastore("Safe", minTLSVersion=TLSVersion.TLSv11)
safe.controls.isEncrypted = True

for version in (TLSVersion.NONE, TLSVersion.TLSv11, TLSVersion.TLSv12, TLSVersion.TLSv13):
    flow = Dataflow(client, office, f"Sign with {version.name}")
    flow.tlsVersion = version

file = Dataflow(office, court, "File", tlsVersion=TLSVersion.TLSv12)
ruling = Dataflow(court, office, "Ruling", responseTo=file)
ruling.tlsVersion = TLSVersion.SSLv2
enter = Dataflow(office, registry, "Enter")
enter.tlsVersion = TLSVersion.SSLv1
enter.tlsVersion = TLSVersion.TLSv10
store = Dataflow(office, safe, "Store", tlsVersion=TLSVersion.TLSv11)

tm.process()
