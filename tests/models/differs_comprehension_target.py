"""A vineyard whose threat file uses `target` inside a comprehension.

Difference: in pytm the body of a comprehension cannot see `target`; the NameError
is taken for "no finding". We let it be seen, so these rules work.
"""

import os

from pytm import TM, Actor, Classification, Data, Dataflow, Server

tm = TM("Vineyard", description="Wine by mail")
tm.threatsFile = os.path.dirname(__file__) + "/threats/vineyard.json"

buyer = Actor("Buyer")
cellar = Server("Cellar", maxClassification=Classification.PUBLIC)
press = Server("Press", protocol="HTTP")

address = Data("Address", classification=Classification.RESTRICTED)
Dataflow(buyer, cellar, "Order wine", data=address)
Dataflow(cellar, press, "Ask for more")

tm.process()
