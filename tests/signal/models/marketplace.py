#!/usr/bin/env python3
"""A marketplace: sellers list goods, customers buy them, a provider takes the money."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lambda, Lifetime, Server, TLSVersion)

tm = TM("Marketplace")
tm.description = "Sellers list goods, customers order them, a payment provider takes the money."
tm.isOrdered = True

internet = Boundary("Internet")
edge = Boundary("Edge")
cluster = Boundary("Kubernetes cluster")
storage = Boundary("Managed data services")

customer = Actor("Customer", inBoundary=internet)
seller = Actor("Seller", inBoundary=internet)
support = Actor("Support staff", inBoundary=internet, isAdmin=True)

cdn = Server("CDN", inBoundary=edge, protocol="HTTPS", port=443)
cdn.isProxy = True
cdn.minTLSVersion = TLSVersion.TLSv12
cdn.controls.filtersTraffic = True

gateway = Server("API gateway", inBoundary=cluster, protocol="HTTPS", port=8443)
gateway.controls.authenticatesSource = True
gateway.controls.rateLimits = True
gateway.usesJWT = True
gateway.controls.verifiesTokens = True

storefront = Server("Storefront", inBoundary=cluster, protocol="HTTPS")
storefront.usesSessionTokens = True
storefront.controls.authenticatesSource = True
storefront.controls.encodesOutput = True
storefront.controls.implementsCSRFToken = True
storefront.controls.usesStrongSessionIdentifiers = True
storefront.controls.validatesInput = True

orders = Server("Order service", inBoundary=cluster, protocol="gRPC")
orders.implementsAPI = True
orders.controls.authenticatesSource = True
orders.controls.authorizesSource = True
orders.controls.checksObjectOwnership = True
orders.controls.validatesInput = True
orders.controls.usesParameterizedInput = True

catalogue = Server("Catalogue service", inBoundary=cluster, protocol="gRPC")
catalogue.implementsAPI = True
catalogue.controls.authenticatesSource = True

thumbnails = Lambda("Thumbnail maker", inBoundary=cluster)
thumbnails.environment = "Production"

admin = Server("Admin console", inBoundary=cluster, protocol="HTTPS")
admin.usesOIDC = True
admin.controls.authenticatesSource = True
admin.controls.usesMFA = True
admin.controls.hasAccessControl = True
admin.controls.verifiesTokens = True

psp = ExternalEntity("Payment provider", inBoundary=internet)
carrier = ExternalEntity("Parcel carrier", inBoundary=internet)

order_db = Datastore("Order database", inBoundary=storage, type=DatastoreType.SQL)
order_db.storesPII = True
order_db.controls.isEncryptedAtRest = True
order_db.controls.authenticatesSource = True
order_db.controls.hasAccessControl = True

index = Datastore("Search index", inBoundary=storage)
index.isSQL = False
index.controls.authenticatesSource = True

pictures = Datastore("Picture bucket", inBoundary=storage, type=DatastoreType.AWS_S3)
pictures.isSQL = False

events = Datastore("Order topic (Kafka)", inBoundary=storage)
events.isSQL = False

order = Data("Order", classification=Classification.SENSITIVE, isPII=True, isStored=True)
offer = Data("Offer", classification=Classification.PUBLIC, isStored=True)
picture = Data("Picture", classification=Classification.PUBLIC, isStored=True)
login = Data("E-mail and password", classification=Classification.SECRET, isCredentials=True,
             credentialsLife=Lifetime.MANUAL)
session = Data("Session cookie", classification=Classification.SENSITIVE, isCredentials=True,
               credentialsLife=Lifetime.SHORT)
charge = Data("Charge", classification=Classification.SENSITIVE)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


browse = tls(Dataflow(customer, cdn, "Browse and order", data=[login, order]))
forward = tls(Dataflow(cdn, storefront, "Forward shop requests", data=[login, order]))
shown = tls(Dataflow(storefront, cdn, "Pages", data=[session, offer], responseTo=forward))
tls(Dataflow(cdn, customer, "Pages to the browser", data=[session, offer], responseTo=browse))
tls(Dataflow(seller, gateway, "Manage offers", data=[login, offer]))
tls(Dataflow(gateway, catalogue, "Change offers", data=offer), "gRPC over TLS")
tls(Dataflow(storefront, catalogue, "Look up offers", data=offer), "gRPC over TLS")
tls(Dataflow(storefront, orders, "Place order", data=order), "gRPC over TLS")
tls(Dataflow(orders, psp, "Charge", data=charge))
tls(Dataflow(psp, gateway, "Payment webhook", data=charge))
tls(Dataflow(gateway, orders, "Payment result", data=charge), "gRPC over TLS")
tls(Dataflow(orders, order_db, "Store order", data=order), "PostgreSQL")
tls(Dataflow(orders, events, "Publish order", data=order), "Kafka")
tls(Dataflow(events, thumbnails, "Wake", data=offer), "Kafka")
tls(Dataflow(catalogue, index, "Index offers", data=offer))
tls(Dataflow(gateway, pictures, "Upload pictures", data=picture))
tls(Dataflow(thumbnails, pictures, "Write thumbnails", data=picture))
tls(Dataflow(orders, carrier, "Book parcel", data=order))
tls(Dataflow(support, admin, "Look after orders", data=login))
tls(Dataflow(admin, order_db, "Read and correct orders", data=order), "PostgreSQL")

if __name__ == "__main__":
    tm.process()
