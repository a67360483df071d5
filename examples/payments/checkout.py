#!/usr/bin/env python3
"""Threat model of the checkout: from the basket to an authorised payment."""

from pytm import TM, Actor, Assumption, Classification, Dataflow, ExternalEntity, TLSVersion

from common import CARD_ZONE, INTERNET, boundaries, card_data, postgres, service, service_token

tm = TM(
    "Checkout",
    description="Takes a card number in the shop and asks the bank for the money.",
    isOrdered=True,
    assumptions=[Assumption("Sessions live in the shop, not here", exclude=["AC11", "AC16", "AC17"])],
)

zones = boundaries()
cards = card_data()
token = service_token()

shopper = Actor("Shopper", inBoundary=zones[INTERNET])
shopper.maxClassification = Classification.SECRET
bank = ExternalEntity("Bank", inBoundary=zones[INTERNET])
bank.maxClassification = Classification.SECRET
page = service("Payment page", zones[CARD_ZONE], usesSessionTokens=True)
page.maxClassification = Classification.SECRET
page.minTLSVersion = TLSVersion.TLSv12
payments = postgres("Payments", zones[CARD_ZONE])

pay = Dataflow(shopper, page, "Pay", data=cards, tlsVersion=TLSVersion.TLSv13)
authorise = Dataflow(page, bank, "Authorise", data=[cards, token])
authorise.protocol = "HTTPS"
authorise.controls.isEncrypted = True
authorised = Dataflow(bank, page, "Authorised", responseTo=authorise)
book = Dataflow(page, payments, "Book", data=cards)
receipt = Dataflow(page, shopper, "Receipt", responseTo=pay)

for flow in (pay, authorise, book):
    flow.maxClassification = Classification.SECRET

if __name__ == "__main__":
    tm.process()
