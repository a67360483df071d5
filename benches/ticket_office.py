"""A ticket office, described as far as most teams describe theirs: of the size of pytm's
own sample (13 elements, 11 flows). `scripts/bench-check` reads it.
"""

from pytm import (
    TM,
    Actor,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    ExternalEntity,
    Lambda,
    Process,
    Server,
)

tm = TM("Ticket office", description="Sells seats, sends tickets, pays the venues")
tm.isOrdered = True
tm.mergeResponses = True

internet = Boundary("Internet")
cluster = Boundary("Cluster")
back_office = Boundary("Back office")

visitor = Actor("Visitor", inBoundary=internet)
clerk = Actor("Clerk", inBoundary=back_office)
bank = ExternalEntity("Payment provider", inBoundary=internet)
venue = ExternalEntity("Venue", inBoundary=internet)

shop = Server("Shop", inBoundary=cluster, OS="Debian", port=443, protocol="HTTPS")
shop.controls.isHardened = True
shop.controls.sanitizesInput = True
shop.controls.encodesOutput = True
shop.controls.authenticatesSource = False

seats = Server("Seat service", inBoundary=cluster, OS="Debian")
seats.controls.isHardened = True
seats.controls.hasAccessControl = True

gate = Server("Gate", OS="Alpine", protocol="HTTPS")
gate.controls.authenticatesDestination = True

desk = Server("Desk", inBoundary=back_office, OS="Windows")
desk.controls.authenticatesSource = True

monthly = Process("Monthly run", inBoundary=back_office, codeType="Python")
monthly.controls.isHardened = True

mailer = Lambda("Ticket mailer", inBoundary=cluster)
mailer.controls.hasAccessControl = True

orders = Datastore("Orders", inBoundary=cluster, OS="Debian", isSQL=True, storesPII=True)
orders.controls.isHardened = True
orders.maxClassification = Classification.RESTRICTED

plan = Datastore("Seat plan", inBoundary=cluster, isSQL=False)
plan.maxClassification = Classification.PUBLIC

payouts = Datastore("Payouts", inBoundary=back_office, isSQL=True, storesSensitiveData=True)
payouts.controls.isEncryptedAtRest = True
payouts.maxClassification = Classification.SECRET

order = Data("Order", classification=Classification.RESTRICTED, isPII=True)
card = Data("Card token", classification=Classification.SECRET)
choice = Data("Choice of seats", classification=Classification.PUBLIC)

buy = Dataflow(visitor, shop, "Buys", protocol="HTTPS", dstPort=443, data=order)
buy.controls.isEncrypted = True
pay = Dataflow(shop, bank, "Charges", protocol="HTTPS", dstPort=443, data=card)
pay.controls.isEncrypted = True
Dataflow(shop, seats, "Reserves", protocol="HTTP", dstPort=8080, data=choice)
Dataflow(seats, plan, "Marks as taken", protocol="Redis", dstPort=6379, data=choice)
Dataflow(shop, orders, "Files the order", protocol="MySQL", dstPort=3306, data=order)
Dataflow(gate, seats, "Lets in", protocol="HTTPS", dstPort=443, data=choice)
Dataflow(mailer, orders, "Fetches what is to be sent", protocol="MySQL", dstPort=3306, data=order)
Dataflow(mailer, visitor, "Sends the ticket", protocol="SMTP", dstPort=25, data=order)
Dataflow(clerk, desk, "Settles", protocol="HTTPS", dstPort=443, data=order)
Dataflow(desk, payouts, "Books", protocol="MySQL", dstPort=3306, data=card)
Dataflow(monthly, venue, "Pays out", protocol="SFTP", dstPort=22, data=card)

if __name__ == "__main__":
    tm.process()
