"""A post office; most objects are made where they are used.

Exercises: constructors inside arguments, flows bound to no name, reassignment of
a name (both elements stay) and of an attribute (the last value wins), `Controls`
objects in several places, chained and tuple assignment, swaps.
"""

from pytm import TM, Actor, Boundary, Classification, Controls, Data, Dataflow, Datastore, Lambda, Server

tm = TM(name="Post office", description="Letters and parcels")

Dataflow(
    Actor("Sender", inBoundary=Boundary("Street")),
    Server("Counter", controls=Controls(isHardened=True, validatesInput=True)),
    "Hand in",
    data=Data("Letter", isPII=True, classification=Classification.RESTRICTED),
    controls=Controls(isEncrypted=True),
)

machine = Server("Sorting machine")
sorter = machine
machine = Server("Sorting machine 2")
machine.protocol = "HTTP"
machine.protocol = "SOAP"
sorter.protocol = machine.OS = "OPC"

machine.controls = Controls(sanitizesInput=True)
machine.controls.validatesInput = True
sorter.controls.isHardened = True
sorter.controls = Controls()

first, second = sorter, machine
first, second = second, first
first.usesCache = True
(a, b), [c, d] = (first, second), ["One", "Two"]
Dataflow(a, b, c + " pass").controls.isEncrypted = True
Dataflow(b, a, d + " pass").usesVPN = True
x = y = Lambda("Postage")
x.implementsAPI = True
y.environment = "Production"
Dataflow(x, Datastore("Stamps", isShared=True), "Count")
Dataflow(sink=x, name="Weigh", source=Actor("Clerk"))
Dataflow(source=sorter, sink=y, name="Price", data=[Data("Weight"), Data("Size", format="XML")])

tm.process()
