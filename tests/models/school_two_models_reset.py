"""Two models in one file, kept apart by `TM.reset()`.

Exercises: several models, `TM.reset()`, names used again in the second model,
a helper that builds each.
"""

from pytm import TM, Actor, Boundary, Dataflow, Datastore, Server


def build(name, users, hardened):
    tm = TM(name, description=f"{name} of a school")
    grounds = Boundary("School grounds")
    server = Server("Server", inBoundary=grounds)
    server.controls.isHardened = hardened
    data = Datastore("Database", inBoundary=grounds)
    for user in users:
        Dataflow(Actor(user), server, f"{user} reads")
    Dataflow(server, data, "Query")
    return tm


timetable = build("Timetable", ["Pupil", "Teacher", "Parent"], hardened=False)
timetable.process()

TM.reset()

marks = build("Marks", ["Teacher"], hardened=True)
extra = Datastore("Paper copies", isSQL=False, isShared=True)
marks.process()
