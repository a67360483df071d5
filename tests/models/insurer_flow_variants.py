"""The insurer's flows, in every combination that their conditions look at.

Exercises: encryption, authentication, revocation, integrity of the ends, TLS,
VPN, protocol and scope combined in nested loops; personal, stored, secret and
credential data on requests and responses.
"""

from itertools import product

from pytm import TM, Classification, Data, Dataflow, Datastore, Lifetime, Server, TLSVersion

tm = TM("Insurer, flows", description="What each property of a flow is worth")

safe = Server("Safe source", maxClassification=Classification.SECRET)
safe.controls.providesIntegrity = True
plain = Server("Plain source", inScope=False)
target = Datastore("Target", minTLSVersion=TLSVersion.TLSv12)
target.maxClassification = Classification.SECRET
target.controls.providesIntegrity = True

number = 0
for source, encrypted, authenticates, revokes, version in product(
    (safe, plain), (True, False), (True, False), (True, False), (TLSVersion.TLSv11, TLSVersion.TLSv12)
):
    number += 1
    flow = Dataflow(source, target, f"Variant {number}")
    flow.controls.isEncrypted = encrypted
    flow.controls.authenticatesDestination = authenticates
    flow.controls.checksDestinationRevocation = revokes
    flow.tlsVersion = version
    flow.maxClassification = Classification.SECRET

for protocol in ["HTTP", "HTTPS"]:
    for vpn in (True, False):
        for scheme, authorizes in ((True, True), (True, False), (False, True)):
            number += 1
            flow = Dataflow(plain, target, f"Variant {number}", protocol=protocol, usesVPN=vpn)
            flow.controls.implementsAuthenticationScheme = scheme
            flow.controls.authorizesSource = authorizes
            flow.controls.sanitizesInput = vpn
            flow.usesSessionTokens = scheme

kinds = [
    {"isPII": True},
    {"isPII": True, "isStored": True, "isDestEncryptedAtRest": True},
    {"isPII": True, "isStored": True, "isSourceEncryptedAtRest": True},
    {"classification": Classification.TOP_SECRET},
    {"classification": Classification.SECRET, "format": "XML"},
    {"isCredentials": True, "credentialsLife": Lifetime.AUTO},
    {"credentialsLife": Lifetime.MANUAL, "isStored": True},
]
for index, kind in enumerate(kinds):
    for encrypted in (True, False):
        data = Data(f"Data {index} {'sealed' if encrypted else 'open'}", **kind)
        there = Dataflow(safe, target, f"Send {data.name.lower()}", data=data)
        there.maxClassification = Classification.SECRET
        there.controls.isEncrypted = encrypted
        back = Dataflow(target, safe, f"Return {data.name.lower()}", data=data, responseTo=there)
        back.controls.isEncrypted = encrypted

tm.process()
