#!/usr/bin/env python
# parking garages: number plate cameras, barriers, pay stations, an app. Written with the garage team, 2 hours.
from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Process, Server, Classification

tm = TM("Parking garages")
tm.description = "Cameras read plates, barriers open, drivers pay at stations or in an app"

garage = Boundary("Garage")
internet = Boundary("Internet")
cloud = Boundary("Cloud")
control = Boundary("Control room")

driver = Actor("Driver", inBoundary=garage)
app_user = Actor("App user", inBoundary=internet)
guard = Actor("Guard", inBoundary=control)
service = Actor("Service technician", inBoundary=garage, isAdmin=True)

camera = Process("Plate camera", inBoundary=garage)
camera.isFieldDevice = True
camera.receivesUpdates = True

controller = Server("Garage controller", inBoundary=garage)
controller.description = "Industrial PC, decides offline, syncs with the cloud"
controller.isFieldDevice = True
controller.OS = "Windows 10 IoT"

barrier = ExternalEntity("Barrier", inBoundary=garage)
barrier.hasPhysicalAccess = True

station = Process("Pay station", inBoundary=garage)
station.isFieldDevice = True
station.takesPayments = True

terminal = ExternalEntity("Card terminal", inBoundary=garage)
acquirer = ExternalEntity("Acquirer", inBoundary=internet)

mobile = Process("Parking app", inBoundary=internet)

backend = Server("Backend", inBoundary=cloud)
backend.implementsAPI = True
backend.usesJWT = True
backend.controls.authenticatesSource = True
backend.controls.verifiesTokens = True
backend.controls.usesParameterizedInput = True

console = Server("Control room console", inBoundary=control)
console.usesPasswords = True
console.controls.authenticatesSource = True

stays = Datastore("Stays", inBoundary=cloud)
stays.storesPII = True
stays.controls.authenticatesSource = True
stays.controls.isEncryptedAtRest = True

images = Datastore("Plate images", inBoundary=cloud)
images.isSQL = False
images.storesPII = True

localdb = Datastore("Local database", inBoundary=garage)
localdb.storesPII = True

plate = Data("Plate", classification=Classification.SENSITIVE, isPII=True, isStored=True)
image = Data("Plate image", classification=Classification.SENSITIVE, isPII=True, isStored=True)
opening = Data("Open command", classification=Classification.RESTRICTED)
fare = Data("Fare", classification=Classification.RESTRICTED, isStored=True)
card = Data("Card data", classification=Classification.SECRET)
token = Data("App token", classification=Classification.SECRET, isCredentials=True)
pin = Data("Operator password", classification=Classification.SECRET, isCredentials=True, isPassword=True)

Dataflow(camera, controller, "Plate seen", protocol="RTSP", data=[plate, image])
Dataflow(controller, barrier, "Open", protocol="Modbus TCP", data=[opening])
Dataflow(controller, localdb, "Keep stays", data=[plate, fare])
Dataflow(driver, station, "Pay", data=[fare])
Dataflow(station, terminal, "Take card", protocol="USB", data=[fare])
Dataflow(terminal, acquirer, "Authorise", protocol="TLS", data=[card])
Dataflow(station, controller, "Ask for fare", protocol="HTTP", data=[plate, fare])
Dataflow(controller, backend, "Sync stays", protocol="HTTPS", data=[plate, image, fare])
Dataflow(app_user, mobile, "Use app")
Dataflow(mobile, backend, "Pay by app", protocol="HTTPS", data=[plate, fare, token])
Dataflow(backend, stays, "Store stays", protocol="PostgreSQL", data=[plate, fare])
Dataflow(backend, images, "Store images", protocol="HTTPS", data=[image])
Dataflow(guard, console, "Watch and open", protocol="HTTPS", data=[opening, pin])
Dataflow(console, controller, "Remote open", protocol="HTTP", data=[opening])
Dataflow(service, controller, "Maintain", protocol="RDP", data=[pin])

if __name__ == "__main__":
    tm.process()
