#!/usr/bin/env python3
"""A project planner for companies: their people log in through their own identity provider."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Server, Process, TLSVersion)

tm = TM("Project planner")
tm.description = "Multi-tenant planner with single sign-on, exports and an API for integrations."

internet = Boundary("Internet", trust="UNTRUSTED")
vpc = Boundary("Production VPC", trust="INTERNAL")
private = Boundary("Private subnets", inBoundary=vpc, trust="RESTRICTED")
tenants = Boundary("Customers' identity providers", trust="PARTNER")
support_net = Boundary("Support office", trust="INTERNAL")

member = Actor("Member of a tenant", inBoundary=internet)
tenant_admin = Actor("Tenant administrator", inBoundary=internet)
support = Actor("Support engineer", inBoundary=support_net, isAdmin=True)

alb = Server("Application load balancer", inBoundary=vpc, protocol="HTTPS", port=443)
alb.controls.isHardened = True
alb.controls.rateLimits = True

web = Server("Planner", inBoundary=private, protocol="HTTPS")
web.description = "Rails application"
web.isMultiTenant = True
web.usesOIDC = True
web.usesSessionTokens = True
web.acceptsFileUploads = True
web.controls.authenticatesSource = True
web.controls.authorizesSource = True
web.controls.checksObjectOwnership = True
web.controls.isolatesTenants = True
web.controls.usesParameterizedInput = True
web.controls.encodesOutput = True
web.controls.implementsCSRFToken = True
web.controls.disablesiFrames = True
web.controls.usesStrongSessionIdentifiers = True
web.controls.verifySessionIdentifiers = True
web.controls.restrictsRedirects = True
web.controls.usesPKCE = True
web.controls.verifiesTokens = True
web.controls.scansFiles = True
web.controls.validatesContentType = True
web.controls.logsSecurityEvents = True
web.controls.scansDependencies = True
web.controls.handlesResourceConsumption = True

api = Server("Public API", inBoundary=private, protocol="HTTPS")
api.implementsAPI = True
api.isMultiTenant = True
api.usesJWT = True
api.controls.authenticatesSource = True
api.controls.authorizesSource = True
api.controls.checksObjectOwnership = True
api.controls.isolatesTenants = True
api.controls.verifiesTokens = True
api.controls.rateLimits = True
api.controls.usesParameterizedInput = True
api.controls.limitsAcceptedFields = True
api.controls.limitsReturnedFields = True

worker = Process("Export worker", inBoundary=private)
worker.codeType = "Managed"
worker.controls.usesParameterizedInput = True
worker.controls.implementsPOLP = True
worker.controls.isolatesTenants = True

hooks = Lambda("Webhook dispatcher", inBoundary=private)
hooks.description = "Sends changes to addresses that tenant administrators enter"
hooks.fetchesURLs = True
hooks.controls.filtersEgress = True
hooks.controls.implementsPOLP = True

backoffice = Server("Back office", inBoundary=private, protocol="HTTPS")
backoffice.isAdminInterface = True
backoffice.usesOIDC = True
backoffice.controls.authenticatesSource = True
backoffice.controls.authorizesSource = True
backoffice.controls.usesMFA = True
backoffice.controls.restrictsRedirects = True
backoffice.controls.encodesOutput = True
backoffice.controls.implementsCSRFToken = True
backoffice.controls.usesParameterizedInput = True
backoffice.controls.logsSecurityEvents = True

db = Datastore("Planner database", inBoundary=private, type=DatastoreType.SQL)
db.storesPII = True
db.isMultiTenant = True
db.controls.isolatesTenants = True
db.controls.authenticatesSource = True
db.controls.authorizesSource = True
db.controls.isEncryptedAtRest = True
db.controls.hasBackups = True

files = Datastore("Attachments", inBoundary=private, type=DatastoreType.AWS_S3)
files.isSQL = False
files.isMultiTenant = True
files.controls.authenticatesSource = True
files.controls.authorizesSource = True
files.controls.isEncryptedAtRest = True

jobs = Datastore("Job queue", inBoundary=private)
jobs.isSQL = False
jobs.kind = "QUEUE"
jobs.controls.authenticatesSource = True
jobs.controls.authorizesSource = True

idp = ExternalEntity("Tenant's identity provider", inBoundary=tenants)
integration = ExternalEntity("Integration of a tenant", inBoundary=internet)
receiver = ExternalEntity("Webhook receiver", inBoundary=internet)

plan = Data("Project data", classification=Classification.SENSITIVE, isStored=True)
person = Data("Member profile", classification=Classification.RESTRICTED, isPII=True, isStored=True)
session = Data("Session cookie", classification=Classification.SECRET, isCredentials=True,
               credentialsLife=Lifetime.SHORT)
idtoken = Data("ID token", classification=Classification.SENSITIVE, isCredentials=True, isPII=True,
               credentialsLife=Lifetime.SHORT)
apikey = Data("API token", classification=Classification.SECRET, isCredentials=True,
              credentialsLife=Lifetime.SHORT)
attachment = Data("Attachment", classification=Classification.SENSITIVE, isStored=True)
change = Data("Change event", classification=Classification.SENSITIVE)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


tls(Dataflow(member, alb, "Plan", data=[session, plan]))
tls(Dataflow(tenant_admin, alb, "Manage members", data=[session, person]))
tls(Dataflow(alb, web, "Forward to planner", data=[session, plan, person]))
tls(Dataflow(integration, alb, "API calls", data=[apikey, plan]))
tls(Dataflow(alb, api, "Forward to API", data=[apikey, plan]))
tls(Dataflow(web, idp, "Redeem code", data=[idtoken]))
tls(Dataflow(member, web, "Upload attachment", data=[attachment, session]))
tls(Dataflow(web, db, "Queries", data=[plan, person]), "PostgreSQL")
tls(Dataflow(api, db, "API queries", data=[plan]), "PostgreSQL")
tls(Dataflow(web, files, "Store attachments", data=[attachment]))
tls(Dataflow(web, jobs, "Enqueue export", data=[plan]))
tls(Dataflow(jobs, worker, "Export jobs", data=[plan]))
tls(Dataflow(worker, db, "Read for export", data=[plan]), "PostgreSQL")
tls(Dataflow(worker, files, "Store export", data=[plan]))
tls(Dataflow(jobs, hooks, "Changes", data=[change]))
tls(Dataflow(hooks, receiver, "Call webhook", data=[change]))
tls(Dataflow(support, backoffice, "Help tenants", data=[person]))
tls(Dataflow(backoffice, db, "Look up tenants", data=[person]), "PostgreSQL")

if __name__ == "__main__":
    tm.process()
