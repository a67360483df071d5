#!/usr/bin/env python3
"""A fitness app: phones talk to a GraphQL gateway, friends share routes, a coach sees heart rates."""
from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType, ExternalEntity, Server, TLSVersion

tm = TM("Fitness app")
tm.description = "A mobile app with a GraphQL gateway over two services, pictures in a bucket and push messages."

internet = Boundary("Internet")
cloud = Boundary("Cloud account")

runner = Actor("Runner", inBoundary=internet)
coach = Actor("Coach", inBoundary=internet)
push = ExternalEntity("Push service", inBoundary=internet)

gateway = Server("GraphQL gateway", inBoundary=cloud)
gateway.implementsAPI = True
gateway.isInternetFacing = True
gateway.usesJWT = True
gateway.controls.authenticatesSource = True
gateway.controls.verifiesTokens = True
gateway.controls.isHardened = True

activities = Server("Activity service", inBoundary=cloud)
activities.implementsAPI = True
activities.controls.usesParameterizedInput = True
activities.controls.validatesInput = True

media = Server("Picture service", inBoundary=cloud)
media.description = "Takes pictures, or fetches them from an address that the runner gives"
media.acceptsFileUploads = True
media.fetchesURLs = True
media.controls.authenticatesSource = True

db = Datastore("Activity database", inBoundary=cloud)
db.type = DatastoreType.SQL
db.isSQL = True
db.storesPII = True
db.controls.authenticatesSource = True
db.controls.isEncryptedAtRest = True

bucket = Datastore("Picture bucket", inBoundary=cloud)
bucket.type = DatastoreType.AWS_S3
bucket.isSQL = False
bucket.controls.authenticatesSource = True

heart = Data("Heart rate and route", classification=Classification.SENSITIVE, isPII=True, isStored=True)
heart.isSpecialCategory = True
token = Data("Access token", classification=Classification.SECRET, isCredentials=True)
picture = Data("Picture", classification=Classification.RESTRICTED, isPII=True, isStored=True)
note = Data("Push text", classification=Classification.RESTRICTED, isPII=True)

sync = Dataflow(runner, gateway, "GraphQL mutation", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[heart, token])
query = Dataflow(coach, gateway, "GraphQL query", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[token])
found = Dataflow(gateway, coach, "Query result", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, responseTo=query, data=[heart])
upload = Dataflow(runner, media, "Upload picture", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[picture, token])
resolve = Dataflow(gateway, activities, "Resolve activities", protocol="HTTP", data=[heart])
save = Dataflow(activities, db, "Save activity", protocol="PostgreSQL", tlsVersion=TLSVersion.TLSv12, data=[heart])
keep = Dataflow(media, bucket, "Keep picture", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[picture])
notify = Dataflow(activities, push, "Push message", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[note])

if __name__ == "__main__":
    tm.process()
