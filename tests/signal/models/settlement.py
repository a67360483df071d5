#!/usr/bin/env python3
"""Post-trade back office: trades from the front office, confirmations, settlement files with the custodian."""
from pytm import (TM, Actor, Assumption, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lifetime, Process, Server, SetOfProcesses, TLSVersion)

tm = TM("Settlement back office")
tm.description = ("Captures trades, confirms them with counterparties over FIX, and exchanges settlement "
                  "files with the custodian over SFTP. On premises.")
tm.isOrdered = True

world = Boundary("Internet")
extranet = Boundary("Counterparty extranet")
extranet.trust = "PARTNER"
dmz = Boundary("DMZ")
dmz.trust = "INTERNAL"
dmz.controls.filtersTraffic = True
floor = Boundary("Trading floor LAN")
floor.trust = "INTERNAL"
core = Boundary("Back office servers")
core.trust = "RESTRICTED"
core.controls.filtersTraffic = True

operations = Actor("Operations clerk", inBoundary=floor)
supervisor = Actor("Operations supervisor", inBoundary=floor)
dba = Actor("Database administrator", inBoundary=floor, isAdmin=True)
custodian = ExternalEntity("Custodian bank", inBoundary=extranet)
counterparty = ExternalEntity("Counterparty FIX engine", inBoundary=extranet)
regulator = ExternalEntity("Trade repository", inBoundary=world)

front = ExternalEntity("Front office system", inBoundary=floor)

fix = Server("FIX gateway", inBoundary=dmz)
fix.description = "QuickFIX; sessions with eight counterparties over leased lines"
fix.controls.authenticatesSource = True
fix.controls.authenticationScheme = "Mutual TLS, CompID"
fix.controls.validatesInput = True
fix.controls.isHardened = True

sftp = Server("SFTP server", inBoundary=dmz)
sftp.description = "OpenSSH, chrooted; the custodian puts statements and fetches instructions"
sftp.controls.authenticatesSource = True
sftp.controls.authorizesSource = True
sftp.controls.authenticationScheme = "SSH keys"
sftp.controls.isHardened = True

capture = Server("Trade capture", inBoundary=core, protocol="HTTPS")
capture.implementsAPI = True
capture.controls.authenticatesSource = True
capture.controls.authorizesSource = True
capture.controls.validatesInput = True
capture.controls.usesParameterizedInput = True

matching = Process("Matching engine", inBoundary=core)
matching.codeType = "Managed"
matching.isBusinessCritical = True
matching.controls.usesParameterizedInput = True

batch = SetOfProcesses("Settlement batch", inBoundary=core)
batch.description = "Control-M jobs: make instruction files at 17:00, load statements at 06:00"
batch.controls.usesParameterizedInput = True
batch.controls.implementsPOLP = True

gui = Server("Operations console", inBoundary=core, protocol="HTTPS")
gui.description = "Clerks repair trades, release payments with four eyes"
gui.usesSessionTokens = True
gui.controls.authenticatesSource = True
gui.controls.authenticationScheme = "Kerberos"
gui.controls.authorizesSource = True
gui.controls.requiresApproval = True
gui.controls.usesParameterizedInput = True
gui.controls.encodesOutput = True
gui.controls.implementsCSRFToken = True
gui.controls.logsSecurityEvents = True

reporter = Process("Regulatory reporting", inBoundary=core)
reporter.codeType = "Managed"

mq = Datastore("IBM MQ", inBoundary=core)
mq.isSQL = False
mq.controls.authenticatesSource = True
mq.controls.authorizesSource = True

oracle = Datastore("Trade database", inBoundary=core, type=DatastoreType.SQL)
oracle.isSQL = True
oracle.isBusinessCritical = True
oracle.storesSensitiveData = True
oracle.controls.authenticatesSource = True
oracle.controls.authorizesSource = True
oracle.controls.isEncryptedAtRest = True
oracle.controls.hasBackups = True

share = Datastore("Settlement file share", inBoundary=core)
share.isSQL = False
share.description = "NFS mount between batch and SFTP server"

trade = Data("Trade", classification=Classification.SENSITIVE, isStored=True)
trade.isIntegrityCritical = True
confirmation = Data("Confirmation", classification=Classification.SENSITIVE, format="FIX")
instruction = Data("Settlement instruction", classification=Classification.SENSITIVE, isStored=True, format="CSV")
instruction.isIntegrityCritical = True
statement = Data("Custody statement", classification=Classification.SENSITIVE, isStored=True, format="MT535")
release = Data("Release of a payment", classification=Classification.SENSITIVE)
release.isIntegrityCritical = True
ticket = Data("Kerberos ticket", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
dbapw = Data("DBA password", classification=Classification.SECRET, isCredentials=True, isPassword=True,
             credentialsLife=Lifetime.MANUAL)
filing = Data("Transaction report", classification=Classification.SENSITIVE, format="XML")


def secure(flow, protocol, version=TLSVersion.TLSv12):
    flow.protocol = protocol
    flow.tlsVersion = version
    return flow


secure(Dataflow(front, capture, "Book trade", data=[trade]), "HTTPS")
secure(Dataflow(capture, oracle, "Insert trade", data=[trade]), "Oracle Net over TLS")
secure(Dataflow(capture, mq, "Announce trade", data=[trade]), "IBM MQ over TLS")
secure(Dataflow(mq, matching, "Trades to match", data=[trade]), "IBM MQ over TLS")
secure(Dataflow(counterparty, fix, "Affirm", data=[confirmation]), "FIX over TLS")
secure(Dataflow(fix, counterparty, "Confirm", data=[confirmation]), "FIX over TLS")
Dataflow(fix, mq, "Affirmations", data=[confirmation], protocol="IBM MQ")
secure(Dataflow(matching, oracle, "Match trade", data=[trade]), "Oracle Net over TLS")
secure(Dataflow(batch, oracle, "Read trades due", data=[trade]), "Oracle Net over TLS")
Dataflow(batch, share, "Write instruction file", data=[instruction], protocol="NFS")
Dataflow(sftp, share, "Read and write files", data=[instruction, statement], protocol="NFS")
Dataflow(custodian, sftp, "Fetch instructions", data=[instruction], protocol="SFTP")
Dataflow(custodian, sftp, "Put statements", data=[statement], protocol="SFTP")
Dataflow(share, batch, "Load statements", data=[statement], protocol="NFS")
secure(Dataflow(operations, gui, "Repair trades", data=[trade, ticket]), "HTTPS", TLSVersion.TLSv13)
secure(Dataflow(supervisor, gui, "Release payments", data=[release, ticket]), "HTTPS", TLSVersion.TLSv13)
secure(Dataflow(gui, oracle, "Change trades", data=[trade, release]), "Oracle Net over TLS")
Dataflow(dba, oracle, "Administer database", data=[dbapw], protocol="Oracle Net")
secure(Dataflow(reporter, oracle, "Read trades", data=[trade]), "Oracle Net over TLS")
secure(Dataflow(reporter, regulator, "File report", data=[filing]), "HTTPS")

if __name__ == "__main__":
    tm.process()
