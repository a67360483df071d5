"""A bakery's web shop; what matters is how names come into this file.

Exercises: `from pytm.pytm import …`, `import pytm`, `import pytm.pytm as alias`,
`from pytm import A as B`, `from pytm import *` beside them, imports inside a
function, unused imports, a name bound to a class and called.
"""

import collections  # noqa: F401
import datetime
import json, re  # noqa: E401, F401

import pytm
import pytm.pytm as core
from pytm import *
from pytm import Boundary as Zone, Classification as Level
from pytm.pytm import TM as ThreatModel, Actor, Server as Machine
from pytm.enums import TLSVersion as Tls
from pytm import flows as wiring
from pytm.flows import reply as answer_to

Store = pytm.Datastore
Flow = core.Dataflow

model = ThreatModel("Bakery shop")
model.description = "Sells bread over the web"

town = Zone("Town")
buyer = Actor("Buyer", inBoundary=town)
shop = Machine("Shop", minTLSVersion=Tls.TLSv12)
recipes = Store("Recipes", maxClassification=Level.SENSITIVE)
oven = Process("Oven control")
baker = pytm.Actor("Baker")


def deliveries():
    from pytm import ExternalEntity, Lambda as Function

    van = ExternalEntity("Van", hasPhysicalAccess=True)
    return van, Function("Route")


van, route = deliveries()
order = Flow(buyer, shop, "Order")
order_back = answer_to(order, name="Confirmation")[1]
read, read_back = wiring.req_reply(shop, recipes, "Read a recipe")
bake = core.Dataflow(shop, oven, "Bake")
drive = Dataflow(route, van, "Drive")
plan = pytm.Dataflow(source=baker, sink=oven, name="Plan the night")

today = datetime.date.today()
print(f"modelled on {today:%Y-%m-%d}")

model.process()
