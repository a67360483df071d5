"""An energy supplier: meters per street, made by comprehensions.

Exercises: list, dict and set comprehensions, nested ones, conditions, generator
expressions, generator functions with `yield` and `yield from`, `next`, `any`,
`all`, `sum`, `map`, `filter`, unpacking in comprehensions.
"""

from pytm import TM, Boundary, Data, Dataflow, Datastore, ExternalEntity, Lambda, Server

tm = TM("Energy supplier", description="Reads meters, bills customers")

STREETS = {"Main Street": 2, "Hill Road": 3, "Canal": 0}

boundaries = {street: Boundary(street) for street in STREETS}
meters = [
    ExternalEntity(f"{street} {number + 1}", inBoundary=boundaries[street])
    for street, count in STREETS.items()
    for number in range(count)
    if number != 1
]
for meter in meters:
    meter.hasPhysicalAccess = all(word not in meter.name for word in ("Canal", "Hill"))

head_end = Server("Head end", protocol="SOAP")
reading = Data("Reading", format="XML", isPII=True)
[Dataflow(meter, head_end, f"Reading of {meter.name}", data=reading) for meter in meters]


def tariffs():
    yield "Day"
    yield "Night"
    yield from ("Feed-in", "Heat pump")


def billing(names):
    for name in names:
        if name == "Heat pump":
            return
        yield Lambda(f"{name} billing", implementsAPI=name != "Night")


stores = {Datastore(name) for name in ["Bills"]}
(bills,) = stores
functions = list(billing(tariffs()))
for function in functions:
    Dataflow(head_end, function, f"Values for {function.name}")
    Dataflow(function, bills, f"Bills of {function.name}")

total = sum(count for count in STREETS.values())
head_end.usesCache = any(count > 2 for count in STREETS.values())
head_end.port = max(map(lambda count: 8000 + count, STREETS.values()))
first = next(iter(functions))
first.environment = "Production" if total == 5 else "Test"
empty = next((street for street, count in STREETS.items() if count == 0), None)
boundaries[empty].description = "no meters yet"
quiet = list(filter(lambda meter: not meter.hasPhysicalAccess, meters))
for meter in quiet[:1]:
    meter.inScope = False
grid = [[row * column for column in range(2)] for row in range(2)]
if grid != [[0, 0], [0, 1]]:
    raise AssertionError

tm.process()
