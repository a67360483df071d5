"""A flower shop that lists threats in its own words.

Difference: pytm keeps `threats` and does nothing with it. We report each as a
declared threat.
"""

from pytm import TM, Actor, Dataflow, Datastore, Server

tm = TM("Flower shop", description="Sells bouquets")

buyer = Actor("Buyer")
shop = Server("Shop")
stock = Datastore("Stock")

buy = Dataflow(buyer, shop, "Buy")
buy.threats = ["Card fraud", "Stolen session"]
query = Dataflow(shop, stock, "Query")
query.threats = ["SQL Injection"]
query.controls.usesParameterizedInput = True

tm.process()
