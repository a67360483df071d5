"""A hospital's patient portal: nested networks, patient records, assumptions.

Exercises: boundaries nested three deep, global assumptions of the TM, an
element's own assumptions, `maxClassification`, data leaks, element and flow
out of scope.
"""

from pytm import (
    TM,
    Actor,
    Assumption,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    Server,
)

tm = TM(
    "Patient portal",
    description="Patients read letters and book visits; staff keep the records.",
    assumptions=[
        Assumption("Servers are patched weekly", exclude=["DS03", "HA03"]),
        Assumption("Staff are trained yearly"),
        Assumption(
            "The proxy drops oversized requests",
            exclude={"DO01", "DO02"},
            description="Measured in the spring load test",
        ),
    ],
)

campus = Boundary("Campus")
server_room = Boundary("Server room", inBoundary=campus)
records_net = Boundary("Records network", inBoundary=server_room)
home = Boundary("Home")

patient = Actor("Patient", inBoundary=home)
nurse = Actor("Nurse", inBoundary=campus, maxClassification=Classification.SENSITIVE)
administrator = Actor("Administrator", isAdmin=True, inBoundary=server_room)

portal = Server("Portal", inBoundary=server_room)
portal.maxClassification = Classification.RESTRICTED
portal.assumptions = [
    Assumption("Output goes through one template engine", exclude={"SC02", "SC04", "DS04"}),
]

records = Datastore("Patient records", inBoundary=records_net)
records.maxClassification = Classification.SECRET
records.storesPII = True
records.storesSensitiveData = True
records.controls.isEncryptedAtRest = True
records.controls.hasAccessControl = True
records.controls.authorizesSource = True
records.assumptions.append(Assumption("Log is append only", exclude=["DE04"]))

insurer = Server("Insurer", inScope=False)

letter = Data("Letter", classification=Classification.RESTRICTED, isPII=True)
history = Data("History", classification=Classification.SENSITIVE, isPII=True, isStored=True)
opening_hours = Data("Opening hours", classification=Classification.PUBLIC)

read_letter = Dataflow(patient, portal, "Read a letter", data=opening_hours)
letter_back = Dataflow(portal, patient, "The letter", data=letter, isResponse=True)
fetch = Dataflow(portal, records, "Fetch history")
fetch_back = Dataflow(records, portal, "History", data=[history], responseTo=fetch)
treat = Dataflow(nurse, records, "Write history", data=[history, letter])
treat.maxClassification = Classification.TOP_SECRET
maintain = Dataflow(administrator, records, "Maintain")
maintain.inScope = False
bill = Dataflow(portal, insurer, "Bill", data=letter)
bill.assumptions = [Assumption("Leased line", exclude=["DE01", "DE03", "CR08"])]

tm.process()
