#!/usr/bin/env python3
"""Mobile banking: an app, a gateway, accounts and payments, push notifications."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lifetime, Server, Process, TLSVersion)

tm = TM("Mobile banking")
tm.description = "Customers see accounts and make transfers in an app, and confirm them there."

internet = Boundary("Internet")
internet.trust = "UNTRUSTED"
dmz = Boundary("DMZ")
dmz.trust = "INTERNAL"
core = Boundary("Core network")
core.trust = "RESTRICTED"
office = Boundary("Back office")
office.trust = "INTERNAL"

customer = Actor("Customer", inBoundary=internet)
clerk = Actor("Fraud clerk", inBoundary=office)
operator = Actor("Platform operator", inBoundary=office, isAdmin=True)

app = Process("Banking app", inBoundary=internet)
app.description = "Native app for iOS and Android; keeps its refresh token in the key chain"
app.codeType = "Managed"
app.controls.authenticatesSource = True
app.controls.authenticatesDestination = True
app.controls.authenticationScheme = "Device PIN or biometrics"
app.controls.usesCodeSigning = True

gateway = Server("API gateway", inBoundary=dmz, protocol="HTTPS", port=443)
gateway.isProxy = True
gateway.isInternetFacing = True
gateway.controls.rateLimits = True
gateway.controls.filtersTraffic = True
gateway.controls.isHardened = True
gateway.controls.implementsStrictHTTPValidation = True
gateway.controls.handlesResourceConsumption = True

idp = Server("Identity service", inBoundary=dmz, protocol="HTTPS")
idp.description = "OpenID provider for the app; passwords and device keys"
idp.usesPasswords = True
idp.controls.usesMFA = True
idp.controls.rateLimits = True
idp.controls.hashesPasswords = True
idp.controls.hidesAccountExistence = True
idp.controls.restrictsRedirects = True
idp.controls.usesPKCE = True
idp.controls.protectsRecovery = True
idp.controls.logsSecurityEvents = True
idp.controls.usesParameterizedInput = True
idp.controls.authorizesSource = True

accounts = Server("Accounts service", inBoundary=core, protocol="HTTPS")
accounts.implementsAPI = True
accounts.usesJWT = True
accounts.controls.authenticatesSource = True
accounts.controls.authorizesSource = True
accounts.controls.checksObjectOwnership = True
accounts.controls.verifiesTokens = True
accounts.controls.validatesInput = True
accounts.controls.usesParameterizedInput = True
accounts.controls.logsSecurityEvents = True

payments = Server("Payments service", inBoundary=core, protocol="HTTPS")
payments.implementsAPI = True
payments.usesJWT = True
payments.isBusinessCritical = True
payments.controls.authenticatesSource = True
payments.controls.authorizesSource = True
payments.controls.checksObjectOwnership = True
payments.controls.verifiesTokens = True
payments.controls.validatesInput = True
payments.controls.usesParameterizedInput = True
payments.controls.implementsNonce = True
payments.controls.requiresApproval = True

push = Process("Push sender", inBoundary=core)
push.codeType = "Managed"
push.description = "Tells customers that a transfer waits for their confirmation"
push.holdsSecrets = True
push.controls.usesSecretStore = True

fraud = Server("Fraud console", inBoundary=office, protocol="HTTPS")
fraud.usesSAML = True
fraud.usesSessionTokens = True
fraud.controls.authenticatesSource = True
fraud.controls.authorizesSource = True
fraud.controls.usesMFA = True
fraud.controls.encodesOutput = True
fraud.controls.implementsCSRFToken = True
fraud.controls.usesStrongSessionIdentifiers = True

ledger = Datastore("Ledger", inBoundary=core, type=DatastoreType.SQL)
ledger.storesPII = True
ledger.storesSensitiveData = True
ledger.controls.authenticatesSource = True
ledger.controls.authorizesSource = True
ledger.controls.isEncryptedAtRest = True
ledger.controls.hasBackups = True
ledger.controls.providesIntegrity = True

logins = Datastore("Logins", inBoundary=core, type=DatastoreType.SQL)
logins.storesSensitiveData = True
logins.controls.authenticatesSource = True
logins.controls.authorizesSource = True
logins.controls.isEncryptedAtRest = True

events = Datastore("Payment events", inBoundary=core)
events.isSQL = False
events.kind = "QUEUE"
events.controls.authenticatesSource = True
events.controls.isEncryptedAtRest = True

fcm = ExternalEntity("Push service of Google and Apple", inBoundary=internet)
sepa = ExternalEntity("SEPA clearing", inBoundary=internet)

password = Data("Password", classification=Classification.SECRET, isCredentials=True, isPassword=True,
                credentialsLife=Lifetime.MANUAL)
token = Data("Access token", classification=Classification.SECRET, isCredentials=True,
             credentialsLife=Lifetime.SHORT)
balance = Data("Balances and movements", classification=Classification.SENSITIVE, isPII=True, isStored=True)
transfer = Data("Transfer order", classification=Classification.SENSITIVE, isPII=True, isStored=True)
transfer.isIntegrityCritical = True
notice = Data("Push notice", classification=Classification.RESTRICTED,
              description="Says that something waits, and not what")
devicetoken = Data("Push token", classification=Classification.RESTRICTED, isStored=True)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


use = Dataflow(customer, app, "Use the app", data=[password, transfer])
use.protocol = "in-process"
tls(Dataflow(app, gateway, "Log in", data=[password]))
tls(Dataflow(gateway, idp, "Pass on login", data=[password]))
call = tls(Dataflow(app, gateway, "Call the bank", data=[token, transfer]))
see = tls(Dataflow(gateway, accounts, "Ask for accounts", data=[token]))
tls(Dataflow(accounts, gateway, "Balances", data=[balance], responseTo=see))
tls(Dataflow(gateway, app, "Balances to the app", data=[balance], responseTo=call))
tls(Dataflow(gateway, payments, "Order a transfer", data=[token, transfer]))
tls(Dataflow(idp, logins, "Check the login", data=[password]), "PostgreSQL")
tls(Dataflow(accounts, ledger, "Read the ledger", data=[balance]), "PostgreSQL")
tls(Dataflow(payments, ledger, "Book", data=[transfer]), "PostgreSQL")
tls(Dataflow(payments, events, "Tell of a transfer", data=[notice]), "Kafka")
tls(Dataflow(events, push, "Waiting transfers", data=[notice]), "Kafka")
tls(Dataflow(push, fcm, "Push", data=[notice, devicetoken]))
Dataflow(fcm, app, "Notify", data=[notice], protocol="HTTPS", tlsVersion=TLSVersion.TLSv12)
sent = tls(Dataflow(payments, sepa, "Clear", data=[transfer]), "SFTP")
tls(Dataflow(sepa, payments, "Booked and returned", data=[transfer]))
tls(Dataflow(clerk, fraud, "Review alerts", data=[transfer]))
tls(Dataflow(fraud, payments, "Release or block", data=[transfer]))
ssh = Dataflow(operator, payments, "Operate", protocol="SSH")

if __name__ == "__main__":
    tm.process()
