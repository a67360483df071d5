"""A clinic's appointment system, described by tables of attributes.

Exercises: `setattr getattr hasattr isinstance type len min max sorted sum abs
round str int bool list dict tuple set`, `getattr` with a default, controls set by
name, enums looked up by name, compared and iterated.
"""

from pytm import (
    TM,
    Actor,
    Asset,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    DatastoreType,
    Lambda,
    Process,
    Server,
    TLSVersion,
)

tm = TM("Appointments", description="Patients book, doctors see a calendar")
clinic = Boundary("Clinic")

TABLE = [
    ("Calendar", Server, {"protocol": "HTTPS", "usesSessionTokens": True}, ["validatesInput"]),
    ("Reminders", Lambda, {"environment": "Production"}, []),
    ("Visits", Datastore, {"storesPII": True}, ["hasAccessControl", "authorizesSource"]),
    ("Import", Process, {"codeType": "Managed"}, ["usesSecureFunctions", "implementsPOLP"]),
]

made = {}
for name, kind, attributes, controls in TABLE:
    element = kind(name)
    for attribute in sorted(attributes):
        if hasattr(element, attribute):
            setattr(element, attribute, attributes[attribute])
    for control in controls:
        setattr(element.controls, control, True)
    if not hasattr(element, "isSQL"):
        setattr(element, "inBoundary", clinic)
    made[name] = element

patient = Actor("Patient")
level = min(Classification.SECRET, Classification.RESTRICTED, key=lambda c: c.value)
notes = Data("Notes", classification=level, isPII=True)

for element in made.values():
    if isinstance(element, Datastore):
        element.type = getattr(DatastoreType, "SQL")
        element.maxClassification = Classification["PUBLIC"]
    elif isinstance(element, (Lambda, Process)):
        element.usesEnvironmentVariables = True
    elif isinstance(element, Asset) and type(element) is Server:
        element.minTLSVersion = max(v for v in TLSVersion if v < TLSVersion.TLSv13)

if Classification.SECRET > Classification.PUBLIC and level != Classification.UNKNOWN:
    made["Calendar"].maxClassification = Classification.SENSITIVE
if level is Classification.RESTRICTED and level in (Classification.RESTRICTED,):
    patient.maxClassification = level

calendar = made["Calendar"]
calendar.port = sum([400, 40, 3])
book = Dataflow(patient, calendar, "Book", data=notes)
book.tlsVersion = list(TLSVersion)[-1]
book.maxClassification = level
book.order = len(made) - 3
remind = Dataflow(calendar, made["Reminders"], "Remind")
remind.dstPort = getattr(calendar, "alternativePort", 0) or round(abs(-9000.4))
Dataflow(calendar, made["Visits"], "Save", data=tuple({notes}))
Dataflow(made["Import"], made["Visits"], str(int("3") + bool(len([1]))) + " imports")

tm.process()
