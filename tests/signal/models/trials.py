#!/usr/bin/env python3
"""Clinical trials: sites enter data of trial subjects, wearables send measurements, statisticians get extracts."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Process, Server, TLSVersion)

tm = TM("Trial data capture")
tm.description = "Electronic data capture for clinical trials with wearables and a randomisation service."
tm.isOrdered = True

internet = Boundary("Internet")
sites = Boundary("Hospital sites")
azure = Boundary("Azure subscription")
vnet = Boundary("Virtual network", inBoundary=azure)
sas = Boundary("Statistics environment")
cro = Boundary("Contract research organisation")
cro.trust = "PARTNER"
vnet.trust = "INTERNAL"
sas.trust = "INTERNAL"


class WebService(Server):
    pass


class AzureSQL(Datastore):
    pass


nurse = Actor("Study nurse", inBoundary=sites)
subject = Actor("Trial subject", inBoundary=internet)
monitor = Actor("Monitor", inBoundary=cro)
statistician = Actor("Statistician", inBoundary=sas)
admin = Actor("Trial administrator", inBoundary=internet, isAdmin=True)

watch = Process("Wearable", inBoundary=internet)
watch.isFieldDevice = True
watch.description = "Wrist device, pairs with the phone"
phone = Process("Subject's phone app", inBoundary=internet)
phone.controls.usesCodeSigning = True

front = Server("Application Gateway", inBoundary=azure, protocol="HTTPS", port=443)
front.isProxy = True
front.isInternetFacing = True
front.controls.filtersTraffic = True

edc = WebService("Case report forms", inBoundary=vnet)
edc.usesOIDC = True
edc.usesSessionTokens = True
edc.controls.authenticatesSource = True
edc.controls.authorizesSource = True
edc.controls.usesMFA = True
edc.controls.verifiesTokens = True
edc.controls.usesPKCE = True
edc.controls.encodesOutput = True
edc.controls.implementsCSRFToken = True
edc.controls.usesParameterizedInput = True
edc.controls.logsSecurityEvents = True

device_api = WebService("Device API", inBoundary=vnet)
device_api.implementsAPI = True
device_api.controls.authenticatesSource = True
device_api.controls.validatesInput = True
device_api.controls.usesUniqueCredentials = True

random = WebService("Randomisation service", inBoundary=vnet)
random.implementsAPI = True
random.isBusinessCritical = True
random.description = "Assigns subjects to arms; who knows the list breaks the blinding"
random.controls.authenticatesSource = True
random.controls.authorizesSource = True
random.controls.usesParameterizedInput = True

b2c = ExternalEntity("Entra ID", inBoundary=azure)
labs = ExternalEntity("Central laboratory", inBoundary=cro)

lab_import = Lambda("Lab import", inBoundary=vnet)
lab_import.description = "Timer function; fetches HL7 result files from the laboratory's SFTP server"
lab_import.controls.usesParameterizedInput = True
export = Process("Extract job", inBoundary=vnet)
export.codeType = "Managed"
export.description = "Weekly, pseudonymises and writes SAS files"
export.controls.minimisesData = True

sql = AzureSQL("Trial database", inBoundary=vnet, type=DatastoreType.SQL)
sql.storesPII = True
sql.storesSensitiveData = True
sql.controls.authenticatesSource = True
sql.controls.authorizesSource = True
sql.controls.isEncryptedAtRest = True
sql.controls.hasBackups = True
rand_db = AzureSQL("Randomisation list", inBoundary=vnet, type=DatastoreType.SQL)
rand_db.storesSensitiveData = True
rand_db.controls.authenticatesSource = True
rand_db.controls.isEncryptedAtRest = True
telemetry = Datastore("Event Hub", inBoundary=vnet)
telemetry.isSQL = False
telemetry.controls.authenticatesSource = True
worker = Process("Measurement processor", inBoundary=vnet)
worker.codeType = "Managed"
worker.controls.usesParameterizedInput = True
blob = Datastore("Extracts container", inBoundary=sas)
blob.isSQL = False
blob.controls.authenticatesSource = True
blob.controls.authorizesSource = True
vault = Datastore("Key Vault", inBoundary=vnet)
vault.isSQL = False
vault.controls.authenticatesSource = True

crf = Data("Case report", classification=Classification.SENSITIVE, isPII=True, isStored=True)
crf.isSpecialCategory = True
measure = Data("Measurement", classification=Classification.SENSITIVE, isPII=True, isStored=True)
measure.isSpecialCategory = True
arm = Data("Treatment arm", classification=Classification.SECRET, isStored=True)
result = Data("Lab result", classification=Classification.SENSITIVE, isPII=True, isStored=True, format="HL7")
extract = Data("Pseudonymised extract", classification=Classification.SENSITIVE, isStored=True)
extract.isPseudonymised = True
token = Data("Access token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
device_token = Data("Device token", classification=Classification.SECRET, isCredentials=True,
                    credentialsLife=Lifetime.LONG)
sftp_key = Data("SFTP key", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.LONG)


def https(a, b, name, data):
    f = Dataflow(a, b, name)
    f.protocol = "HTTPS"
    f.tlsVersion = TLSVersion.TLSv12
    f.data = data
    return f


def tds(a, b, name, data):
    f = https(a, b, name, data)
    f.protocol = "TDS"
    return f


https(nurse, front, "Enter case reports", [crf, token])
https(monitor, front, "Review case reports", [crf, token])
https(admin, front, "Set up trials", [crf, token])
https(front, edc, "Pass on forms", [crf, token])
https(edc, b2c, "Redeem code", [token])
Dataflow(watch, phone, "Heart rate", protocol="Bluetooth LE", data=[measure])
Dataflow(subject, phone, "Answer questionnaire", data=[measure])
https(phone, front, "Send measurements", [measure, device_token])
https(front, device_api, "Pass on measurements", [measure, device_token])
https(device_api, telemetry, "Publish measurements", [measure])
https(telemetry, worker, "Read measurements", [measure])
tds(worker, sql, "Store measurements", [measure])
tds(edc, sql, "Store case reports", [crf])
https(edc, random, "Randomise subject", [arm, token])
tds(random, rand_db, "Next arm", [arm])
Dataflow(lab_import, labs, "Fetch results", protocol="SFTP", data=[sftp_key, result])
https(lab_import, vault, "Read SFTP key", [sftp_key])
tds(lab_import, sql, "Store results", [result])
tds(export, sql, "Read case reports", [crf])
https(export, blob, "Write extract", [extract])
https(statistician, blob, "Read extract", [extract])

if __name__ == "__main__":
    tm.process()
