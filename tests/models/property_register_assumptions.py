"""A property register: assumptions on the model and on elements.

Exercises: assumptions as strings, as objects, with and without `exclude`, the
same rule excluded twice, ids that no rule has, lists, sets and tuples, an
assumption shared by elements, `tm.assumptions` assigned later.
"""

from pytm import TM, Actor, Assumption, Dataflow, Datastore, Process, Server

tm = TM("Property register", description="Who owns what")
tm.assumptions = [
    "Notaries know each other",
    Assumption("One data centre", exclude=["DO02", "NO99"]),
    Assumption(name="Nothing is excluded", exclude=set()),
]

parameterised = Assumption(
    "All queries are parameterised", exclude={"INP05", "INP09"}, description="Checked by a linter"
)
no_xml = Assumption("No XML anywhere", ("INP19", "INP21", "INP22"))

notary = Actor("Notary", assumptions=[Assumption("Sworn in")])

front = Server("Front desk", assumptions=[parameterised, no_xml])
back = Server("Back office")
back.assumptions = [parameterised]
back.assumptions += [Assumption("Flooding is handled upstream", exclude=["DO01", "DO02"])]
batch = Process("Nightly batch")
deeds = Datastore("Deeds")
deeds.assumptions = []

file_deed = Dataflow(notary, front, "File a deed")
file_deed.assumptions = [
    Assumption("Signed", exclude=["AC05"]),
    Assumption("Signed twice", exclude=["AC05", "CR06"]),
]
Dataflow(front, back, "Hand over", assumptions=[Assumption("Same rack", exclude=["DE03"])])
Dataflow(back, deeds, "Record")
Dataflow(batch, deeds, "Check")

tm.process()
