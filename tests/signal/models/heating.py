#!/usr/bin/env python3
"""Heating controllers in homes: telemetry over MQTT, an app, updates over the air."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  Lambda, Lifetime, Process, Server, TLSVersion)

tm = TM("Heating controllers")
tm.description = "200,000 controllers report temperatures, take set points and install signed updates."

home = Boundary("Home", trust="UNTRUSTED")
internet = Boundary("Internet", trust="UNTRUSTED")
cloud = Boundary("Cloud", trust="INTERNAL")
data_zone = Boundary("Data", inBoundary=cloud, trust="RESTRICTED")
factory = Boundary("Factory", trust="PARTNER")
office = Boundary("Office", trust="INTERNAL")

resident = Actor("Resident", inBoundary=internet)
installer = Actor("Installer", inBoundary=home)
release_manager = Actor("Release manager", inBoundary=office, isAdmin=True)

controller = Process("Heating controller", inBoundary=home)
controller.codeType = "Unmanaged"
controller.isFieldDevice = True
controller.receivesUpdates = True
controller.controls.authenticatesSource = True
controller.controls.authenticatesDestination = True
controller.controls.usesCodeSigning = True
controller.controls.usesSecureBoot = True
controller.controls.usesUniqueCredentials = True
controller.controls.usesHardwareKeys = True
controller.controls.disablesDebugPorts = True
controller.controls.isHardened = True

broker = Server("MQTT broker", inBoundary=cloud, protocol="MQTT")
broker.isInternetFacing = True
broker.controls.authenticatesSource = True
broker.controls.authorizesSource = True
broker.controls.rateLimits = True
broker.controls.isHardened = True

telemetry = Lambda("Telemetry function", inBoundary=cloud)
telemetry.usesCloudIdentity = True
telemetry.controls.implementsPOLP = True
telemetry.controls.validatesInput = True
telemetry.controls.usesWorkloadIdentity = True

app_api = Server("App API", inBoundary=cloud, protocol="HTTPS")
app_api.implementsAPI = True
app_api.usesJWT = True
app_api.isInternetFacing = True
app_api.controls.authenticatesSource = True
app_api.controls.authorizesSource = True
app_api.controls.checksObjectOwnership = True
app_api.controls.verifiesTokens = True
app_api.controls.rateLimits = True
app_api.controls.validatesInput = True
app_api.controls.usesParameterizedInput = True

releases = Server("Release console", inBoundary=office, protocol="HTTPS")
releases.isAdminInterface = True
releases.usesOIDC = True
releases.controls.authenticatesSource = True
releases.controls.authorizesSource = True
releases.controls.usesMFA = True
releases.controls.restrictsRedirects = True
releases.controls.encodesOutput = True
releases.controls.implementsCSRFToken = True
releases.controls.requiresApproval = True
releases.controls.logsSecurityEvents = True

cdn = Server("Update CDN", inBoundary=cloud, protocol="HTTPS")
cdn.isProxy = True
cdn.isPublic = True
cdn.controls.rateLimits = True

firmware = Datastore("Firmware bucket", inBoundary=data_zone, type=DatastoreType.AWS_S3)
firmware.isSQL = False
firmware.controls.providesIntegrity = True
firmware.controls.authenticatesSource = True
firmware.controls.authorizesSource = True

series = Datastore("Time series", inBoundary=data_zone)
series.isSQL = False
series.kind = "DOCUMENT"
series.storesPII = True
series.controls.authenticatesSource = True
series.controls.authorizesSource = True
series.controls.isEncryptedAtRest = True

homes = Datastore("Homes and devices", inBoundary=data_zone, type=DatastoreType.SQL)
homes.storesPII = True
homes.controls.authenticatesSource = True
homes.controls.authorizesSource = True
homes.controls.isEncryptedAtRest = True
homes.controls.hasBackups = True

provisioning = Server("Provisioning service", inBoundary=factory, protocol="HTTPS")
provisioning.description = "Gives each controller its certificate on the line"
provisioning.holdsSecrets = True
provisioning.controls.authenticatesSource = True
provisioning.controls.authorizesSource = True
provisioning.controls.usesHardwareKeys = True

reading = Data("Temperature reading", classification=Classification.RESTRICTED, isPII=True, isStored=True)
setpoint = Data("Set point", classification=Classification.RESTRICTED, isIntegrityCritical=True)
image = Data("Firmware image", classification=Classification.PUBLIC, isIntegrityCritical=True, isStored=True)
certificate = Data("Device certificate request", classification=Classification.RESTRICTED)
token = Data("Access token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
profile = Data("Household", classification=Classification.SENSITIVE, isPII=True, isStored=True)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv12
    return flow


tls(Dataflow(controller, broker, "Report temperatures", data=[reading]), "MQTT")
tls(Dataflow(broker, controller, "Set points", data=[setpoint]), "MQTT")
tls(Dataflow(broker, telemetry, "Readings", data=[reading]))
tls(Dataflow(telemetry, series, "Keep readings", data=[reading]))
tls(Dataflow(resident, app_api, "Use the app", data=[token, setpoint, profile]))
tls(Dataflow(app_api, homes, "Keep homes", data=[profile]), "PostgreSQL")
tls(Dataflow(app_api, series, "Read history", data=[reading]))
tls(Dataflow(app_api, broker, "Send set point", data=[setpoint]), "MQTT")
tls(Dataflow(release_manager, releases, "Release firmware", data=[image]))
tls(Dataflow(releases, firmware, "Publish image", data=[image]))
ask = tls(Dataflow(controller, cdn, "Ask for update"))
tls(Dataflow(cdn, controller, "Update", data=[image], responseTo=ask))
fetch = tls(Dataflow(cdn, firmware, "Fetch image"))
tls(Dataflow(firmware, cdn, "Image", data=[image], responseTo=fetch))
tls(Dataflow(controller, provisioning, "Enrol", data=[certificate]))
pair = Dataflow(installer, controller, "Commission over Bluetooth", data=[setpoint])
pair.protocol = "BLE"

if __name__ == "__main__":
    tm.process()
