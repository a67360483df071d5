#!/usr/bin/env python3
"""Electronic signatures as a service: tenants send documents, signers sign them, systems are told by webhook."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Process, Server, TLSVersion)

tm = TM("Signature service")
tm.description = "Tenants upload contracts, signers get a link by mail, signed contracts are archived for ten years."
tm.mergeResponses = True

internet = Boundary("Internet")
tenant_net = Boundary("Tenant networks")
tenant_net.trust = "PARTNER"
aws = Boundary("AWS account")
aws.trust = "INTERNAL"
eks = Boundary("EKS cluster", inBoundary=aws)
data_tier = Boundary("Data tier", inBoundary=aws)
data_tier.trust = "RESTRICTED"
corp = Boundary("Company office")
corp.trust = "INTERNAL"


class Pod(Server):
    def __init__(self, name, **kw):
        super().__init__(name, **kw)
        self.inBoundary = eks
        self.protocol = "HTTPS"
        self.runsInContainer = True
        self.isMultiTenant = True
        self.controls.usesWorkloadIdentity = True
        self.controls.isHardened = True
        self.controls.logsSecurityEvents = True


signer = Actor("Signer", inBoundary=internet)
sender = Actor("Contract manager of a tenant", inBoundary=tenant_net)
support = Actor("Support agent", inBoundary=corp, isAdmin=True)
tenant_app = ExternalEntity("Tenant's application", inBoundary=tenant_net)
tenant_idp = ExternalEntity("Tenant's identity provider", inBoundary=tenant_net)
hook = ExternalEntity("Tenant's webhook endpoint", inBoundary=tenant_net)
qtsp = ExternalEntity("Trust service provider", inBoundary=internet)
qtsp.controls.isVetted = True
mailer = ExternalEntity("Mail delivery service", inBoundary=internet)
mailer.controls.isVetted = True

cdn = Server("CloudFront", inBoundary=aws, protocol="HTTPS", port=443)
cdn.isProxy = True
cdn.controls.filtersTraffic = True
cdn.controls.rateLimits = True

web = Pod("Web application")
web.description = "Where contract managers prepare documents and see their state"
web.usesSAML = True
web.usesSessionTokens = True
web.acceptsFileUploads = True
web.controls.authenticatesSource = True
web.controls.authorizesSource = True
web.controls.isolatesTenants = True
web.controls.verifiesTokens = True
web.controls.encodesOutput = True
web.controls.implementsCSRFToken = True
web.controls.usesStrongSessionIdentifiers = True
web.controls.checksObjectOwnership = True

signing = Pod("Signing pages")
signing.description = "Signers come with a one-time link from a mail, and confirm with a code by text message"
signing.usesSessionTokens = True
signing.controls.authenticatesSource = True
signing.controls.authenticationScheme = "Link and one-time code"
signing.controls.encodesOutput = True
signing.controls.usesStrongSessionIdentifiers = True

api = Pod("Public API")
api.implementsAPI = True
api.usesOIDC = True
api.usesJWT = True
api.controls.authenticatesSource = True
api.controls.authorizesSource = True
api.controls.verifiesTokens = True
api.controls.isolatesTenants = True
api.controls.rateLimits = True
api.controls.validatesInput = True

scim = Pod("SCIM endpoint")
scim.description = "Tenants' identity providers create and disable users"
scim.implementsAPI = True
scim.controls.authenticatesSource = True
scim.controls.authenticationScheme = "Bearer token for each tenant"

envelopes = Pod("Envelope service")
envelopes.implementsAPI = True
envelopes.controls.authenticatesSource = True
envelopes.controls.authenticationScheme = "mTLS in the mesh"
envelopes.controls.authorizesSource = True
envelopes.controls.isolatesTenants = True
envelopes.controls.usesParameterizedInput = True

render = Process("PDF renderer", inBoundary=eks)
render.description = "LibreOffice in a sandbox makes PDF of what tenants upload"
render.codeType = "Unmanaged"
render.runsInContainer = True
render.controls.sandboxesExecution = True
render.controls.filtersEgress = True

dispatcher = Lambda("Webhook dispatcher", inBoundary=aws)
dispatcher.onAWS = True
dispatcher.description = "Posts events to the address that a tenant entered, with an HMAC"
dispatcher.fetchesURLs = True

backstage = Server("Support console", inBoundary=eks, protocol="HTTPS")
backstage.isAdminInterface = True
backstage.usesOIDC = True
backstage.controls.authenticatesSource = True
backstage.controls.authorizesSource = True
backstage.controls.usesMFA = True
backstage.controls.verifiesTokens = True
backstage.controls.restrictsRedirects = True
backstage.controls.encodesOutput = True
backstage.controls.implementsCSRFToken = True
backstage.controls.usesPKCE = True
backstage.controls.logsSecurityEvents = True

db = Datastore("Aurora", inBoundary=data_tier, type=DatastoreType.SQL)
db.isSQL = True
db.storesPII = True
db.isMultiTenant = True
db.controls.authenticatesSource = True
db.controls.authorizesSource = True
db.controls.isEncryptedAtRest = True
db.controls.hasBackups = True
db.controls.isolatesTenants = True

documents = Datastore("Document bucket", inBoundary=data_tier, type=DatastoreType.AWS_S3)
documents.isSQL = False
documents.storesSensitiveData = True
documents.isMultiTenant = True
documents.controls.authenticatesSource = True
documents.controls.authorizesSource = True
documents.controls.isEncryptedAtRest = True
documents.controls.keepsImmutableCopies = True

events = Datastore("Event queue", inBoundary=data_tier)
events.isSQL = False
events.kind = "QUEUE"
events.controls.authenticatesSource = True
events.controls.authorizesSource = True
events.controls.isEncryptedAtRest = True

keys = Datastore("KMS", inBoundary=data_tier)
keys.isSQL = False
keys.kind = "SECRETS"
keys.controls.usesHardwareKeys = True

contract = Data("Contract", classification=Classification.SENSITIVE, isPII=True, isStored=True)
user = Data("User of a tenant", classification=Classification.RESTRICTED, isPII=True, isStored=True)
link = Data("Signing link", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.AUTO)
otp = Data("One-time code", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
session = Data("Session cookie", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
api_token = Data("API token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
scim_token = Data("SCIM token", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.LONG)
saml = Data("SAML assertion", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.SHORT)
digest = Data("Document digest", classification=Classification.RESTRICTED, isIntegrityCritical=True)
event = Data("Envelope event", classification=Classification.RESTRICTED, isPII=True)


def tls(source, sink, name, data, protocol="HTTPS", **kw):
    return Dataflow(source, sink, name, data=data, protocol=protocol, tlsVersion=TLSVersion.TLSv12, **kw)


tls(sender, cdn, "Prepare documents", [contract, session])
tls(cdn, web, "Pass on to application", [contract, session])
tls(tenant_idp, web, "Log in by SAML", [saml])
tls(signer, cdn, "Open link and sign", [link, otp])
tls(cdn, signing, "Pass on signer", [link, otp])
tls(tenant_app, api, "Create envelopes", [contract, api_token])
tls(tenant_idp, scim, "Provision users", [user, scim_token])
tls(web, envelopes, "Prepare envelope", [contract])
tls(api, envelopes, "Create envelope", [contract])
tls(signing, envelopes, "Sign", [contract, otp])
tls(scim, db, "Write users", [user], "PostgreSQL")
tls(envelopes, db, "Keep envelopes", [contract, user], "PostgreSQL")
tls(envelopes, documents, "Keep documents", [contract])
tls(web, render, "Render upload", [contract])
tls(render, documents, "Save PDF", [contract])
tls(envelopes, qtsp, "Seal document", [digest])
tls(envelopes, keys, "Decrypt data key", [digest])
tls(envelopes, events, "Publish event", [event])
tls(events, dispatcher, "Take event", [event])
tls(dispatcher, hook, "Post event", [event])
tls(envelopes, mailer, "Mail the link", [link])
tls(support, backstage, "Help tenants", [session])
tls(backstage, db, "Look up envelopes", [contract], "PostgreSQL")

if __name__ == "__main__":
    tm.process()
