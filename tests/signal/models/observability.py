#!/usr/bin/env python3
"""Logs as a service: customers ship their logs, search them, and are alerted."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Process, Server, TLSVersion)

tm = TM("Log service")
tm.description = "Customers ship logs through an agent, search them in a browser, and get alerts by webhook."

internet = Boundary("Internet")
customer_site = Boundary("Customer site", inBoundary=internet)
vpc = Boundary("VPC")
private = Boundary("Private subnets", inBoundary=vpc)

user = Actor("Customer's engineer", inBoundary=internet)
support = Actor("Support engineer", inBoundary=internet, isAdmin=True)

shipper = Process("Log shipper", inBoundary=customer_site)
shipper.description = "Open source, in Rust; customers install it on their hosts"
shipper.codeType = "Managed"
shipper.receivesUpdates = True

alb = Server("Application load balancer", inBoundary=vpc, protocol="HTTPS", port=443)

ingest = Server("Ingest API", inBoundary=private)
ingest.implementsAPI = True
ingest.isMultiTenant = True
ingest.controls.authenticatesSource = True
ingest.controls.authenticationScheme = "API key"
ingest.controls.rateLimits = True
ingest.controls.validatesInput = True

ui = Server("Search UI", inBoundary=private)
ui.usesSAML = True
ui.usesOIDC = True
ui.usesSessionTokens = True
ui.isMultiTenant = True
ui.controls.authenticatesSource = True
ui.controls.authorizesSource = True
ui.controls.verifiesTokens = True
ui.controls.usesPKCE = True
ui.controls.usesMFA = True
ui.controls.usesStrongSessionIdentifiers = True
ui.controls.implementsCSRFToken = True

query = Server("Query service", inBoundary=private)
query.implementsAPI = True
query.isMultiTenant = True
query.controls.authenticatesSource = True
query.controls.isolatesTenants = True
query.controls.usesParameterizedInput = True
query.controls.handlesResourceConsumption = True

processor = Process("Processor", inBoundary=private)
processor.codeType = "Managed"
processor.description = "Parses lines, runs the customers' extraction expressions"
processor.evaluatesInput = True

alerter = Process("Alerter", inBoundary=private)
alerter.codeType = "Managed"
alerter.fetchesURLs = True
alerter.description = "Runs saved searches and calls the webhook that the customer entered"

backoffice = Server("Back office", inBoundary=private)
backoffice.description = "Support looks at accounts and acts as a customer"
backoffice.isAdminInterface = True
backoffice.usesOIDC = True
backoffice.controls.authenticatesSource = True
backoffice.controls.usesMFA = True
backoffice.controls.verifiesTokens = True
backoffice.controls.usesPKCE = True

billing = Lambda("Billing", inBoundary=private)
billing.onAWS = True
stripe = ExternalEntity("Stripe", inBoundary=internet)
endpoint = ExternalEntity("Customer's webhook", inBoundary=internet)

kafka = Datastore("Kafka", inBoundary=private)
kafka.isSQL = False
kafka.isMultiTenant = True
kafka.controls.authenticatesSource = True

clickhouse = Datastore("ClickHouse", inBoundary=private, type=DatastoreType.SQL)
clickhouse.isMultiTenant = True
clickhouse.controls.authenticatesSource = True
clickhouse.controls.isEncryptedAtRest = True

accounts = Datastore("Accounts", inBoundary=private, type=DatastoreType.SQL)
accounts.onRDS = True
accounts.storesPII = True
accounts.controls.authenticatesSource = True
accounts.controls.hasAccessControl = True
accounts.controls.isEncryptedAtRest = True
accounts.controls.hasBackups = True

archive = Datastore("Archive bucket", inBoundary=vpc, type=DatastoreType.AWS_S3)
archive.isSQL = False
archive.controls.isEncryptedAtRest = False

lines = Data("Log lines", classification=Classification.SENSITIVE, isStored=True)
key = Data("API key", classification=Classification.SECRET, isCredentials=True, credentialsLife=Lifetime.LONG)
cookie = Data("Session cookie", classification=Classification.SECRET, isCredentials=True,
              credentialsLife=Lifetime.SHORT)
search = Data("Search", classification=Classification.RESTRICTED)
account = Data("Account", classification=Classification.SENSITIVE, isPII=True, isStored=True)
alert = Data("Alert", classification=Classification.SENSITIVE)
payment = Data("Payment event", classification=Classification.RESTRICTED, isIntegrityCritical=True)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv12
    return flow


tls(Dataflow(shipper, alb, "Ship logs", data=[lines, key]))
tls(Dataflow(alb, ingest, "Forward logs", data=[lines, key]))
tls(Dataflow(ingest, accounts, "Look up key", data=[key]), "PostgreSQL")
Dataflow(ingest, kafka, "Publish lines", data=[lines], protocol="Kafka")
Dataflow(kafka, processor, "Consume lines", data=[lines], protocol="Kafka")
Dataflow(processor, clickhouse, "Insert lines", data=[lines], protocol="ClickHouse native")
tls(Dataflow(processor, archive, "Archive lines", data=[lines]))
tls(Dataflow(user, alb, "Search logs", data=[search, cookie]))
tls(Dataflow(alb, ui, "Forward searches", data=[search, cookie]))
tls(Dataflow(ui, query, "Run search", data=[search]), "gRPC over TLS")
Dataflow(query, clickhouse, "Query lines", data=[lines], protocol="HTTP")
tls(Dataflow(ui, accounts, "Read and change account", data=[account]), "PostgreSQL")
tls(Dataflow(alerter, query, "Run saved searches", data=[search]), "gRPC over TLS")
tls(Dataflow(alerter, endpoint, "Call webhook", data=[alert]))
tls(Dataflow(support, backoffice, "Look after customers", data=[cookie]))
tls(Dataflow(backoffice, accounts, "Read and change accounts", data=[account]), "PostgreSQL")
tls(Dataflow(stripe, billing, "Payment webhook", data=[payment]))
tls(Dataflow(billing, accounts, "Mark as paid", data=[payment]), "PostgreSQL")

if __name__ == "__main__":
    tm.process()
