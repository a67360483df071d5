from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, Server

tm = TM("Shop")
internet = Boundary("Internet")
internet.trust = "UNTRUSTED"
cloud = Boundary("Cloud")

card = Data("Card number", classification=Classification.SECRET)
card.isIntegrityCritical = True

customer = Actor("Customer", inBoundary=internet)

web = Server("Web shop", inBoundary=cloud)
web.allowsClientSideScripting = True
web.isInternetFacing = True

orders = Datastore("Orders", inBoundary=cloud, isSQL=True)
orders.kind = "RELATIONAL"
orders.storesSensitiveData = True
orders.controls.isEncryptedAtRest = True

order = Dataflow(customer, web, "Order", protocol="HTTPS", data=card)
order.controls.isEncrypted = True

keep = Dataflow(web, orders, "Keep", data=card)
keep.controls.isEncrypted = True

if __name__ == "__main__":
    tm.process()
