"""A warehouse: shelves, robots, pickers, kept in Python collections.

Exercises: methods of lists, dicts and sets; starred unpacking; nested
containers; subscripts assigned; slices; `in`; `sorted`, `reversed`, sets joined;
a list changed after it was handed over (which changes nothing).
"""

from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, Finding, Process, Server

tm = TM("Warehouse", description="Robots fetch, people pack")

floor = Boundary("Floor")
elements = {}
elements["control"] = Server("Robot control", inBoundary=floor, protocol="HTTP")
elements.update(stock=Datastore("Stock"), orders=Datastore("Orders", isShared=True))
elements.update({"pack": Process("Packing station", inBoundary=floor)})
elements.setdefault("stock", Datastore("Stock"))
elements.setdefault("label", Process("Label printer"))

people = ["Picker", "Packer"]
people.append("Driver")
people.extend(["Guard"] + ["Cleaner"])
people.insert(0, "Manager")
people.remove("Cleaner")
last = people.pop()
people.reverse()
people.sort(key=len)

goods = Data("Goods list", format="XML", classification=Classification.RESTRICTED)
address = Data("Address", isPII=True, classification=Classification.SENSITIVE)
every = {goods} | {address}
few = every - {address}
both = frozenset(every) & {goods, address}

first, *middle, end = people
actors = {name: Actor(name) for name in [first, *middle, end, last]}
for name in sorted(actors, reverse=True):
    Dataflow(actors[name], elements["control"], name + " signs in")

steps = [("control", "stock"), ("stock", "pack"), ("pack", "label")]
steps[2] = ("pack", "orders")
steps += [("pack", "label")]
for position, (a, b) in list(enumerate(steps))[::-1]:
    flow = Dataflow(elements[a], elements.get(b), f"Step {position}")
    flow.data = [few, every, both, ()][position]

known = elements.get("missing") or elements.pop("label", None)
if known in elements.values() or "label" in elements:
    raise ValueError("the label printer was taken out")

matrix = {"high": [["control"], ["pack"]]}
for row in matrix["high"]:
    for key in row:
        elements[key].controls.isHardened = True

overrides = [Finding(threat_id="DS03", response="accepted")]
elements["control"].overrides = overrides
overrides.append(Finding(threat_id="LLM02", response="accepted"))
carried = [goods]
late = Dataflow(actors["Guard"], elements["orders"], "Night check", data=carried)
carried.append(address)
late.data.add(Data("Round", isPII=True))

keys = {**{"port": 8080}, "OS": "Debian"}
Server("Door", **keys, inBoundary=floor)
Data("Weights", carriedBy=[late])

tm.process()
