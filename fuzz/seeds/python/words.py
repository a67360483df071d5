from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, Server
import json, os

tm = TM("Words", description=f"{1 + 2:>{4}} of {'x' * 3!r}")
names = [n.strip().title() for n in "ann, bob ,cy".split(",") if n]
zones = {key: Boundary(key.upper()) for key in ("in", "out")}
for at, name in enumerate(sorted(set(names)), start=1):
    actor = Actor("%s %02d" % (name, at))
    actor.inBoundary = zones["out"] if at % 2 else zones["in"]
store = Datastore("Store {0}".format(len(names)))
store.controls.isEncryptedAtRest = not False and (1 < 2 < 3)


def connect(a, b, *rest, label="to", **more):
    flow = Dataflow(a, b, f"{a.name} {label} {b.name}")
    for key, value in more.items():
        setattr(flow, key, value)
    return flow


if __name__ == "__main__":
    connect(actor, store, label="writes", protocol="HTTPS", dstPort=443)
    tm.process()
