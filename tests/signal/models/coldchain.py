#!/usr/bin/env python3
"""Cold chain: trackers in trailers report temperature and place, shippers and customs look at them."""
import argparse

from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lifetime, Process, Server, TLSVersion)

tm = TM("Cold chain tracking")
tm.description = """Trackers in refrigerated trailers report temperature and position over MQTT.
Dispatchers see trailers on a map, shippers get alarms and certificates, and a haulier's
telematics provider delivers positions of foreign trailers."""
tm.isOrdered = True
tm.mergeResponses = True

# ---------------------------------------------------------------- zones
road = Boundary("On the road", trust="UNTRUSTED")
internet = Boundary("Internet", trust="UNTRUSTED")
ingress_zone = Boundary("Ingress subnet", trust="INTERNAL")
services_zone = Boundary("Services subnet", trust="INTERNAL")
data_zone = Boundary("Data subnet", inBoundary=services_zone, trust="RESTRICTED")
dispatch_office = Boundary("Dispatch office", trust="INTERNAL")


class Microservice(Server):
    """What every service of ours has from the platform template."""

    def __init__(self, name, **kwargs):
        super().__init__(name, inBoundary=services_zone, **kwargs)
        self.protocol = "HTTPS"
        self.port = 8443
        self.OS = "Distroless"
        self.runsInContainer = True
        self.implementsAPI = True
        self.usesEnvironmentVariables = False
        self.controls.authenticatesSource = True
        self.controls.validatesInput = True
        self.controls.usesParameterizedInput = True
        self.controls.isHardened = True
        self.controls.hidesErrorDetails = True


class Postgres(Datastore):
    """A managed PostgreSQL: TLS only, own user for each service, encrypted disks, snapshots."""

    def __init__(self, name, **kwargs):
        super().__init__(name, inBoundary=data_zone, type=DatastoreType.SQL, **kwargs)
        self.isSQL = True
        self.port = 5432
        self.protocol = "PostgreSQL"
        self.controls.isEncryptedAtRest = True
        self.controls.authenticatesSource = True
        self.controls.authorizesSource = True
        self.controls.hasBackups = True


class TLSFlow(Dataflow):
    def __init__(self, source, sink, name, **kwargs):
        super().__init__(source, sink, name, **kwargs)
        self.tlsVersion = TLSVersion.TLSv13
        if not self.protocol:
            self.protocol = "HTTPS"


# ---------------------------------------------------------------- data
reading = Data("Temperature reading", classification=Classification.RESTRICTED, format="CBOR")
reading.isIntegrityCritical = True
reading.isStored = True
position = Data("Trailer position", classification=Classification.SENSITIVE, isStored=True)
position.description = "Where the trailer is; tells what drivers do all day"
position.isPII = True
driver_login = Data("User name and password", classification=Classification.SECRET, isPII=True,
                    isCredentials=True, credentialsLife=Lifetime.MANUAL)
access_token = Data("Access token", classification=Classification.SECRET, isCredentials=True,
                    credentialsLife=Lifetime.SHORT)
device_cert = Data("Tracker certificate", classification=Classification.SECRET, isCredentials=True,
                   credentialsLife=Lifetime.LONG)
setpoint = Data("Set point", classification=Classification.RESTRICTED)
setpoint.isIntegrityCritical = True
certificate = Data("Temperature certificate", classification=Classification.RESTRICTED, format="PDF", isStored=True)
certificate.isIntegrityCritical = True
alarm = Data("Alarm", classification=Classification.RESTRICTED)
firmware = Data("Tracker firmware", classification=Classification.RESTRICTED, isStored=True)
telematics_key = Data("API key of the telematics provider", classification=Classification.SECRET,
                      isCredentials=True, credentialsLife=Lifetime.LONG)

# ---------------------------------------------------------------- people and others
driver = Actor("Driver", inBoundary=road)
dispatcher = Actor("Dispatcher", inBoundary=dispatch_office)
shipper = Actor("Shipper", inBoundary=internet)
platform_engineer = Actor("Platform engineer", inBoundary=internet, isAdmin=True)
telematics = ExternalEntity("Telematics provider", inBoundary=internet)
sms = ExternalEntity("SMS gateway", inBoundary=internet)

# ---------------------------------------------------------------- on the trailer
tracker = Process("Tracker", inBoundary=road)
tracker.description = "Battery device with LTE modem; reads the refrigeration unit over CAN"
tracker.isFieldDevice = True
tracker.codeType = "Unmanaged"
tracker.receivesUpdates = True
tracker.controls.usesCodeSigning = True
tracker.controls.usesUniqueCredentials = True
tracker.controls.authenticatesDestination = True

fridge = ExternalEntity("Refrigeration unit", inBoundary=road)
fridge.hasPhysicalAccess = True

# ---------------------------------------------------------------- cloud
broker = Server("MQTT broker", inBoundary=ingress_zone, protocol="MQTTS", port=8883)
broker.description = "EMQX; devices log in with their certificate and may only publish below their own topic"
broker.isInternetFacing = True
broker.controls.authenticatesSource = True
broker.controls.authenticationScheme = "mTLS"
broker.controls.authorizesSource = True
broker.controls.isHardened = True

lb = Server("Load balancer", inBoundary=ingress_zone, protocol="HTTPS", port=443)
lb.isProxy = True
lb.controls.filtersTraffic = True
lb.controls.rateLimits = True
lb.controls.isHardened = True

keycloak = Server("Keycloak", inBoundary=services_zone, protocol="HTTPS", port=8443)
keycloak.usesPasswords = True
keycloak.isIdentityProvider = True
keycloak.controls.hashesPasswords = True
keycloak.controls.rateLimits = True
keycloak.controls.usesMFA = True

ingest = Process("Ingest worker", inBoundary=services_zone)
ingest.codeType = "Managed"
ingest.runsInContainer = True
ingest.controls.validatesInput = True
ingest.controls.usesParameterizedInput = True
ingest.controls.isHardened = True

fleet = Microservice("Fleet service")
fleet.usesJWT = True
fleet.controls.verifiesTokens = True
fleet.controls.authorizesSource = True

certs = Microservice("Certificate service")
certs.description = "Makes a PDF of the readings of a transport, signed"
certs.usesJWT = True
certs.controls.verifiesTokens = True
certs.controls.authorizesSource = True
certs.controls.checksObjectOwnership = True

alarms = Microservice("Alarm service")
alarms.usesJWT = True
alarms.controls.verifiesTokens = True
alarms.controls.authorizesSource = True
alarms.controls.checksObjectOwnership = True

importer = Microservice("Position import")
importer.description = "Takes positions that the telematics provider posts"
importer.receivesWebhooks = True
importer.controls.authenticationScheme = "API key"

portal = Server("Customer portal", inBoundary=services_zone, protocol="HTTPS", port=8443)
portal.description = "React pages and the backend for them"
portal.usesOIDC = True
portal.usesSessionTokens = True
portal.runsInContainer = True
portal.controls.authenticatesSource = True
portal.controls.authorizesSource = True
portal.controls.usesPKCE = True
portal.controls.encodesOutput = True
portal.controls.usesStrongSessionIdentifiers = True
portal.controls.isHardened = True

updates = Server("Update server", inBoundary=ingress_zone, protocol="HTTPS", port=443)
updates.controls.authenticatesSource = True
updates.controls.authenticationScheme = "mTLS"

fleet_db = Postgres("Fleet database")
fleet_db.storesPII = True
timescale = Postgres("Readings (TimescaleDB)")
users_db = Postgres("Keycloak database")
users_db.storesPII = True
users_db.storesSensitiveData = True
firmware_bucket = Datastore("Firmware bucket", inBoundary=data_zone, type=DatastoreType.AWS_S3, isSQL=False)
firmware_bucket.controls.isEncryptedAtRest = True
firmware_bucket.controls.authenticatesSource = True
certificate_bucket = Datastore("Certificate bucket", inBoundary=data_zone, type=DatastoreType.AWS_S3, isSQL=False)
certificate_bucket.controls.isEncryptedAtRest = True
certificate_bucket.controls.authenticatesSource = True

# ---------------------------------------------------------------- flows
Dataflow(fridge, tracker, "CAN readings", protocol="CAN", data=[reading])
Dataflow(tracker, fridge, "CAN set point", protocol="CAN", data=[setpoint])
publish = TLSFlow(tracker, broker, "Publish readings", protocol="MQTTS", data=[reading, position, device_cert])
TLSFlow(broker, tracker, "Set point to tracker", protocol="MQTTS", data=[setpoint])
TLSFlow(broker, ingest, "Subscribe to readings", protocol="MQTTS", data=[reading, position])
TLSFlow(ingest, timescale, "Insert readings", protocol="PostgreSQL", data=[reading])
TLSFlow(ingest, fleet_db, "Update positions", protocol="PostgreSQL", data=[position])
TLSFlow(ingest, alarms, "Out of range", data=[alarm])
TLSFlow(alarms, sms, "Text the shipper", data=[alarm])

TLSFlow(dispatcher, lb, "Look after trailers", data=[access_token, setpoint])
TLSFlow(shipper, lb, "Follow a transport", data=[access_token])
TLSFlow(driver, lb, "Log in", data=[driver_login])
TLSFlow(lb, keycloak, "Pass on logins", data=[driver_login])
TLSFlow(keycloak, users_db, "Read users", protocol="PostgreSQL", data=[driver_login])
TLSFlow(lb, portal, "Pass on to portal", data=[access_token])
TLSFlow(portal, keycloak, "Redeem code", data=[access_token])
ask = TLSFlow(portal, fleet, "Ask for trailers", data=[access_token])
TLSFlow(fleet, portal, "Trailers", data=[position], responseTo=ask)
TLSFlow(fleet, fleet_db, "Read trailers", protocol="PostgreSQL", data=[position])
TLSFlow(fleet, broker, "Command set point", protocol="MQTTS", data=[setpoint])
TLSFlow(portal, certs, "Ask for a certificate", data=[access_token])
TLSFlow(certs, timescale, "Read readings", protocol="PostgreSQL", data=[reading])
TLSFlow(certs, certificate_bucket, "Keep certificate", data=[certificate])
TLSFlow(telematics, lb, "Post positions", data=[position, telematics_key])
TLSFlow(lb, importer, "Pass on positions", data=[position, telematics_key])
TLSFlow(importer, fleet_db, "Store positions", protocol="PostgreSQL", data=[position])
TLSFlow(tracker, updates, "Ask for firmware", data=[device_cert])
TLSFlow(updates, firmware_bucket, "Read firmware", data=[firmware])
Dataflow(platform_engineer, updates, "Upload firmware", protocol="SSH", data=[firmware])

if __name__ == "__main__":
    tm.process()
