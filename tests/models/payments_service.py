"""A card payments service: shop, payment page, ledger, acquirer.

Exercises: plain statements. Positional and keyword arguments, attributes set
one by one, `x.controls.a = v`, controls given to the constructor, data with
classifications, explicit order.
"""

from pytm import (
    TM,
    Actor,
    Boundary,
    Classification,
    Controls,
    Data,
    Dataflow,
    Datastore,
    DatastoreType,
    ExternalEntity,
    Lifetime,
    Server,
    TLSVersion,
)

tm = TM("Card payments")
tm.description = "Takes card payments for small shops and settles them nightly."

internet = Boundary("Internet")
cardholder_zone = Boundary("Cardholder data environment")
cardholder_zone.description = "Everything that sees a full card number"

shopper = Actor("Shopper", inBoundary=internet)
shopper.maxClassification = Classification.SECRET

payment_page = Server("Payment page", inBoundary=cardholder_zone)
payment_page.OS = "Alpine Linux"
payment_page.port = 443
payment_page.protocol = "HTTPS"
payment_page.usesSessionTokens = True
payment_page.maxClassification = Classification.SECRET
payment_page.minTLSVersion = TLSVersion.TLSv12
payment_page.controls.isHardened = True
payment_page.controls.isEncrypted = True
payment_page.controls.validatesInput = True
payment_page.controls.sanitizesInput = True
payment_page.controls.encodesOutput = True
payment_page.controls.hasAccessControl = False
payment_page.controls.implementsNonce = True

ledger = Datastore(
    "Ledger",
    inBoundary=cardholder_zone,
    type=DatastoreType.SQL,
    isSQL=True,
    port=5432,
    protocol="PostgreSQL",
    storesPII=True,
    maxClassification=Classification.SENSITIVE,
    controls=Controls(
        isEncryptedAtRest=True,
        isEncrypted=True,
        hasAccessControl=True,
        authorizesSource=True,
        usesEncryptionAlgorithm="AES",
    ),
)

acquirer = ExternalEntity("Acquiring bank", inBoundary=internet)
acquirer.hasPhysicalAccess = False
acquirer.maxClassification = Classification.TOP_SECRET

card = Data(
    "Card number",
    description="Number, expiry date and verification code",
    classification=Classification.SECRET,
    isPII=True,
)
receipt = Data("Receipt", classification=Classification.PUBLIC)
api_key = Data(
    name="Acquirer key",
    classification=Classification.SECRET,
    isCredentials=True,
    credentialsLife=Lifetime.MANUAL,
)

pay = Dataflow(shopper, payment_page, "Pay by card")
pay.protocol = "HTTPS"
pay.dstPort = 443
pay.tlsVersion = TLSVersion.TLSv13
pay.data = card
pay.order = 1

book = Dataflow(payment_page, ledger, "Book the payment")
book.data = [card, receipt]
book.order = 3
book.note = "Masked before it is written"

authorise = Dataflow(payment_page, acquirer, "Authorise", order=2)
authorise.data = {card, api_key}
authorise.usesVPN = True
authorise.controls.isEncrypted = True
authorise.controls.authenticatesDestination = True
authorise.controls.checksDestinationRevocation = True

show_receipt = Dataflow(payment_page, shopper, "Show the receipt", order=4)
show_receipt.isResponse = True
show_receipt.data = (receipt,)

tm.process()
