#!/usr/bin/env python3
"""Invoices without servers: functions behind an API gateway, a webhook of the accounting service, a queue."""
from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType, ExternalEntity, Lambda, Server, TLSVersion

tm = TM("Invoice functions")
tm.description = "Customers upload invoices, a function reads them, another books them, webhooks bring payments."

internet = Boundary("Internet")
account = Boundary("AWS account")

customer = Actor("Customer", inBoundary=internet)
accounting = ExternalEntity("Accounting service", inBoundary=internet)

api = Server("API gateway", inBoundary=account)
api.isProxy = True
api.isInternetFacing = True
api.controls.rateLimits = True
api.controls.isHardened = True

upload = Lambda("Upload function", inBoundary=account)
upload.acceptsFileUploads = True
upload.usesJWT = True
upload.onAWS = True
upload.controls.authenticatesSource = True
upload.controls.verifiesTokens = True

webhook = Lambda("Webhook function", inBoundary=account)
webhook.onAWS = True
webhook.receivesWebhooks = True

booker = Lambda("Booking function", inBoundary=account)
booker.onAWS = True
booker.usesEnvironmentVariables = True
booker.holdsSecrets = True

files = Datastore("Invoice bucket", inBoundary=account)
files.type = DatastoreType.AWS_S3
files.isSQL = False
files.storesPII = True
files.controls.authenticatesSource = True
files.controls.isEncryptedAtRest = True

jobs = Datastore("Job queue", inBoundary=account)
jobs.kind = "QUEUE"
jobs.isSQL = False
jobs.controls.authenticatesSource = True

table = Datastore("Invoice table", inBoundary=account)
table.isSQL = False
table.storesPII = True
table.controls.authenticatesSource = True

invoice = Data("Invoice", classification=Classification.SENSITIVE, isPII=True, isStored=True)
paid = Data("Payment notice", classification=Classification.SENSITIVE)
job = Data("Job", classification=Classification.RESTRICTED)

send = Dataflow(customer, api, "Upload invoice", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])
passed = Dataflow(api, upload, "Invoke upload", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])
call = Dataflow(accounting, api, "Payment webhook", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[paid])
called = Dataflow(api, webhook, "Invoke webhook", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[paid])
store = Dataflow(upload, files, "Store invoice", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])
queue = Dataflow(upload, jobs, "Queue job", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[job])
work = Dataflow(jobs, booker, "Take job", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[job])
read = Dataflow(booker, files, "Read invoice", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])
book = Dataflow(booker, table, "Book invoice", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])
mark = Dataflow(webhook, table, "Mark as paid", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[paid])
sync = Dataflow(booker, accounting, "Send to accounting", protocol="HTTPS", tlsVersion=TLSVersion.TLSv12, data=[invoice])

if __name__ == "__main__":
    tm.process()
