#!/usr/bin/env python3
"""The backend of a bank's app: payments are scored for fraud and signed in a hardware module."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Process, Server, TLSVersion)

tm = TM("Mobile bank")
tm.description = "Customers see accounts and pay from a phone; payments are scored and sent to the clearing house."

internet = Boundary("Internet")
edge = Boundary("Edge")
platform = Boundary("Kubernetes platform")
data_tier = Boundary("Data tier")
vault = Boundary("Key room")
clearing_net = Boundary("Clearing network")
office = Boundary("Head office")

customer = Actor("Customer", inBoundary=internet)
analyst = Actor("Fraud analyst", inBoundary=office)
operator = Actor("Platform operator", inBoundary=office, isAdmin=True)

app = Process("Mobile app", inBoundary=internet)
app.codeType = "Managed"

cdn = Server("CDN", inBoundary=edge, protocol="HTTPS", port=443)
waf = Server("WAF", inBoundary=edge, protocol="HTTPS", port=443)
waf.isProxy = True
waf.controls.filtersTraffic = True
waf.controls.detectsAutomation = True

gateway = Server("API gateway", inBoundary=platform, protocol="HTTPS", port=8443)
gateway.usesJWT = True
gateway.controls.authenticatesSource = True
gateway.controls.verifiesTokens = True
gateway.controls.rateLimits = True
gateway.controls.validatesInput = True

auth = Server("Authentication service", inBoundary=platform, protocol="HTTPS")
auth.usesPasswords = True
auth.controls.authenticatesSource = True
auth.controls.usesMFA = True
auth.controls.hashesPasswords = True
auth.controls.rateLimits = True

accounts = Server("Accounts service", inBoundary=platform, protocol="HTTPS")
accounts.implementsAPI = True
accounts.controls.authenticatesSource = True
accounts.controls.authorizesSource = True
accounts.controls.checksObjectOwnership = True
accounts.controls.usesParameterizedInput = True

payments = Server("Payments service", inBoundary=platform, protocol="HTTPS")
payments.implementsAPI = True
payments.isBusinessCritical = True
payments.controls.authenticatesSource = True
payments.controls.authorizesSource = True
payments.controls.usesParameterizedInput = True
payments.controls.validatesInput = True

scorer = Process("Fraud scorer", inBoundary=platform)
scorer.codeType = "Managed"
scorer.description = "Gradient boosted trees, loaded from the model registry at start"

trainer = Process("Model trainer", inBoundary=platform)
trainer.codeType = "Managed"
trainer.deserializesObjects = True
trainer.description = "Nightly, on what analysts decided"

cases = Server("Case desk", inBoundary=platform, protocol="HTTPS")
cases.usesSAML = True
cases.usesSessionTokens = True
cases.controls.authenticatesSource = True
cases.controls.authorizesSource = True
cases.controls.verifiesTokens = True
cases.controls.encodesOutput = True

sender = Process("Clearing connector", inBoundary=platform)
sender.codeType = "Managed"
sender.controls.implementsPOLP = True

signer = Server("HSM", inBoundary=vault, protocol="PKCS#11 over TLS")
signer.description = "Signs payment orders; keys never leave it"
signer.controls.authenticatesSource = True
signer.controls.authorizesSource = True
signer.controls.usesHardwareKeys = True
signer.controls.detectsTampering = True

console = Server("Operations console", inBoundary=platform, protocol="HTTPS")
console.isAdminInterface = True
console.usesOIDC = True
console.controls.authenticatesSource = True
console.controls.authorizesSource = True
console.controls.usesMFA = True
console.controls.verifiesTokens = True
console.controls.restrictsRedirects = True
console.controls.encodesOutput = True
console.controls.implementsCSRFToken = True

push = ExternalEntity("Push provider", inBoundary=internet)
bureau = ExternalEntity("Credit bureau", inBoundary=internet)
clearing = ExternalEntity("Clearing house", inBoundary=clearing_net)

kafka = Datastore("Kafka", inBoundary=data_tier)
kafka.isSQL = False
kafka.controls.authenticatesSource = True
kafka.controls.authorizesSource = True

ledger = Datastore("Ledger", inBoundary=data_tier, type=DatastoreType.SQL)
ledger.storesPII = True
ledger.isBusinessCritical = True
ledger.controls.authenticatesSource = True
ledger.controls.authorizesSource = True
ledger.controls.isEncryptedAtRest = True
ledger.controls.hasBackups = True

identities = Datastore("Customer identities", inBoundary=data_tier, type=DatastoreType.SQL)
identities.storesPII = True
identities.controls.authenticatesSource = True
identities.controls.authorizesSource = True
identities.controls.isEncryptedAtRest = True

sessions = Datastore("Token cache (Redis)", inBoundary=data_tier)
sessions.isSQL = False
sessions.isEphemeral = True

features = Datastore("Feature store", inBoundary=data_tier)
features.isSQL = False
features.controls.authenticatesSource = True
features.controls.isEncryptedAtRest = True

registry = Datastore("Model registry", inBoundary=data_tier, type=DatastoreType.AWS_S3)
registry.isSQL = False
registry.controls.authenticatesSource = True

password = Data("Password", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.MANUAL)
token = Data("Access token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
balance = Data("Balances", classification=Classification.SENSITIVE, isPII=True, isStored=True)
order = Data("Payment order", classification=Classification.SENSITIVE, isPII=True, isStored=True)
event = Data("Payment event", classification=Classification.SENSITIVE, isPII=True, isStored=True)
feature = Data("Features", classification=Classification.SENSITIVE, isPII=True, isStored=True)
model = Data("Fraud model", classification=Classification.RESTRICTED, isStored=True)
signature = Data("Signed order", classification=Classification.SENSITIVE)
verdict = Data("Verdict", classification=Classification.RESTRICTED, isStored=True)
push_key = Data("Push key", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.HARDCODED)
setting = Data("Limits", classification=Classification.RESTRICTED)
asset = Data("App assets", classification=Classification.PUBLIC)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


Dataflow(customer, app, "Use the app", data=[password, order])
tls(Dataflow(app, cdn, "Load assets", data=[asset]))
tls(Dataflow(app, waf, "Call the bank", data=[token, order]))
tls(Dataflow(waf, gateway, "Pass on calls", data=[token, order]))
tls(Dataflow(app, auth, "Log in", data=[password]))
tls(Dataflow(gateway, accounts, "Show accounts", data=[token, balance]))
tls(Dataflow(gateway, payments, "Pay", data=[token, order]))
tls(Dataflow(auth, identities, "Check password", data=[password]), "PostgreSQL")
Dataflow(auth, sessions, "Keep token", data=[token], protocol="Redis")
Dataflow(gateway, sessions, "Look up token", data=[token], protocol="Redis")
tls(Dataflow(accounts, ledger, "Read balances", data=[balance]), "PostgreSQL")
tls(Dataflow(payments, ledger, "Book payment", data=[order]), "PostgreSQL")
tls(Dataflow(payments, scorer, "Score payment", data=[order]), "gRPC over TLS")
tls(Dataflow(payments, kafka, "Publish payment", data=[event]), "Kafka over TLS")
tls(Dataflow(kafka, sender, "Take payment", data=[event]), "Kafka over TLS")
tls(Dataflow(sender, signer, "Sign order", data=[order]), "PKCS#11 over TLS")
tls(Dataflow(sender, clearing, "Send to clearing", data=[signature]), "ISO 20022 over TLS")
tls(Dataflow(scorer, features, "Read features", data=[feature]))
tls(Dataflow(scorer, registry, "Load model", data=[model]))
tls(Dataflow(scorer, bureau, "Ask for a rating", data=[feature]))
tls(Dataflow(trainer, features, "Read training data", data=[feature]))
tls(Dataflow(trainer, registry, "Publish model", data=[model]))
tls(Dataflow(analyst, cases, "Decide cases", data=[verdict]))
tls(Dataflow(cases, features, "Write verdicts", data=[verdict]))
tls(Dataflow(payments, push, "Notify customer", data=[push_key, order]))
tls(Dataflow(operator, console, "Operate", data=[setting]))
tls(Dataflow(console, payments, "Change limits", data=[setting]))
tls(Dataflow(clearing, gateway, "Status callback", data=[signature]))

if __name__ == "__main__":
    tm.process()
