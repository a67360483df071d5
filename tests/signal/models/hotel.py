#!/usr/bin/env python3
"""A hotel chain: bookings from portals, property systems in hotels, door locks, guest wifi, loyalty points."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lifetime, Process, Server, TLSVersion)

tm = TM("Hotel chain")
tm.description = "Reservations from the web and from portals, check-in, mobile keys, loyalty programme."
tm.isOrdered = True

internet = Boundary("Internet")
hq = Boundary("Central data centre")
hq.trust = "INTERNAL"
hq_data = Boundary("Central databases", inBoundary=hq)
hq_data.trust = "RESTRICTED"
hotel = Boundary("Hotel network")
hotel.trust = "INTERNAL"
guest_wifi = Boundary("Guest wifi")
guest_wifi.trust = "UNTRUSTED"

guest = Actor("Guest", inBoundary=internet)
reception = Actor("Receptionist", inBoundary=hotel)
revenue = Actor("Revenue manager", inBoundary=hq)
sysadmin = Actor("Hotel IT support", inBoundary=hq, isAdmin=True)

ota = ExternalEntity("Booking portals", inBoundary=internet)
psp = ExternalEntity("Payment gateway", inBoundary=internet)
lockvendor = ExternalEntity("Lock vendor's cloud", inBoundary=internet)

app = Process("Guest app", inBoundary=internet)
app.codeType = "Managed"

web = Server("Booking website", inBoundary=hq, protocol="HTTPS")
web.usesPasswords = True
web.usesSessionTokens = True
web.isInternetFacing = True
web.controls.authenticatesSource = True
web.controls.hashesPasswords = True
web.controls.rateLimits = True
web.controls.encodesOutput = True
web.controls.implementsCSRFToken = True
web.controls.usesStrongSessionIdentifiers = True

crs = Server("Central reservation system", inBoundary=hq, protocol="HTTPS")
crs.implementsAPI = True
crs.isBusinessCritical = True
crs.controls.authenticatesSource = True
crs.controls.authorizesSource = True
crs.controls.usesParameterizedInput = True
crs.controls.validatesInput = True

channel = Server("Channel manager", inBoundary=hq, protocol="HTTPS")
channel.description = "Gives rates to portals and takes their bookings (OTA XML)"
channel.implementsAPI = True
channel.usesXMLParser = True
channel.controls.authenticatesSource = True
channel.controls.authenticationScheme = "User name and password for each portal"

pms = Server("Property management system", inBoundary=hotel)
pms.description = "Oracle Opera on a server in the hotel"
pms.OS = "Windows Server 2016"
pms.usesPasswords = True
pms.controls.authenticatesSource = True
pms.controls.authorizesSource = True

encoder = Process("Key card encoder", inBoundary=hotel)
encoder.codeType = "Unmanaged"

keys = Server("Mobile key service", inBoundary=hq, protocol="HTTPS")
keys.implementsAPI = True
keys.usesJWT = True
keys.controls.authenticatesSource = True
keys.controls.verifiesTokens = True

lock = Process("Door lock", inBoundary=hotel)
lock.isFieldDevice = True
lock.controls.usesUniqueCredentials = True

portal = Server("Wifi captive portal", inBoundary=guest_wifi)
portal.description = "Guests log in with name and room number"

loyalty = Server("Loyalty service", inBoundary=hq, protocol="HTTPS")
loyalty.implementsAPI = True
loyalty.usesJWT = True
loyalty.controls.authenticatesSource = True
loyalty.controls.verifiesTokens = True
loyalty.controls.checksObjectOwnership = True
loyalty.controls.usesParameterizedInput = True

bi = Server("Tableau", inBoundary=hq, protocol="HTTPS")
bi.usesSAML = True
bi.controls.authenticatesSource = True
bi.controls.authorizesSource = True

crs_db = Datastore("Reservations", inBoundary=hq_data, type=DatastoreType.SQL)
crs_db.isSQL = True
crs_db.storesPII = True
crs_db.controls.authenticatesSource = True
crs_db.controls.authorizesSource = True
crs_db.controls.isEncryptedAtRest = True
crs_db.controls.hasBackups = True
points = Datastore("Loyalty accounts", inBoundary=hq_data, type=DatastoreType.SQL)
points.storesPII = True
points.controls.authenticatesSource = True
points.controls.authorizesSource = True
points.controls.isEncryptedAtRest = True
pms_db = Datastore("Hotel database", inBoundary=hotel, type=DatastoreType.SQL)
pms_db.storesPII = True
warehouse = Datastore("Data warehouse", inBoundary=hq_data, type=DatastoreType.SQL)
warehouse.controls.authenticatesSource = True
warehouse.controls.isEncryptedAtRest = True

booking = Data("Booking", classification=Classification.SENSITIVE, isPII=True, isStored=True)
card = Data("Card number", classification=Classification.SECRET)
pay_token = Data("Payment token", classification=Classification.SENSITIVE)
passport = Data("Passport copy", classification=Classification.SENSITIVE, isPII=True, isStored=True)
login = Data("Guest password", classification=Classification.SECRET, isCredentials=True, isPassword=True)
jwt = Data("Guest token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
portal_login = Data("Portal password", classification=Classification.SECRET, isCredentials=True,
                    credentialsLife=Lifetime.LONG)
staff_login = Data("Staff password", classification=Classification.SECRET, isCredentials=True, isPassword=True)
mobile_key = Data("Mobile key", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
card_key = Data("Card key", classification=Classification.SECRET, isCredentials=True)
rate = Data("Rates", classification=Classification.RESTRICTED)
point = Data("Points", classification=Classification.RESTRICTED, isPII=True, isStored=True)
figures = Data("Figures", classification=Classification.RESTRICTED, isStored=True)
room = Data("Name and room", classification=Classification.RESTRICTED, isPII=True)


def flow(source, sink, name, data, protocol="HTTPS", tls=TLSVersion.TLSv12):
    f = Dataflow(source, sink, name, data=data, protocol=protocol)
    f.tlsVersion = tls
    return f


flow(guest, web, "Book a room", [booking, login])
flow(web, psp, "Take payment", [pay_token])
flow(web, crs, "Reserve", [booking])
flow(guest, app, "Use the app", [booking], protocol="in-process")
flow(app, keys, "Fetch mobile key", [jwt, mobile_key])
flow(app, loyalty, "See points", [jwt, point])
Dataflow(app, lock, "Open door", protocol="Bluetooth LE", data=[mobile_key])
flow(keys, lockvendor, "Order key", [mobile_key, booking])
flow(ota, channel, "Send bookings", [booking, card, portal_login])
flow(channel, ota, "Push rates", [rate])
flow(channel, crs, "Forward bookings", [booking])
flow(crs, crs_db, "Store bookings", [booking], "Oracle Net over TLS")
flow(crs, pms, "Send arrivals", [booking])
flow(crs, loyalty, "Credit points", [point])
flow(loyalty, points, "Read and write points", [point], "PostgreSQL")
Dataflow(reception, pms, "Check in", protocol="HTTP", data=[booking, passport, staff_login])
Dataflow(pms, pms_db, "Read and write", protocol="Oracle Net", data=[booking, passport])
Dataflow(pms, encoder, "Make key card", protocol="TCP", data=[card_key])
Dataflow(guest, portal, "Log in to wifi", protocol="HTTP", data=[room])
Dataflow(portal, pms, "Check room", protocol="HTTP", data=[room])
flow(crs_db, warehouse, "Nightly copy", [figures], "Oracle Net over TLS")
flow(revenue, bi, "Look at figures", [figures])
flow(bi, warehouse, "Query", [figures], "Oracle Net over TLS")
Dataflow(sysadmin, pms, "Maintain", protocol="RDP", data=[staff_login])

if __name__ == "__main__":
    tm.process()
