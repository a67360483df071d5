"""Weather stations that report twice: duplicates are left out of drawings.

Exercises: `onDuplicates=Action.IGNORE`; what counts as a duplicate (same ends,
all else but name, note, order equal); both keep their findings. (pytm 1.4.0
breaks off when flows that it compares carry data or have responses, so these have
none.)
"""

from pytm import TM, Action, Boundary, Data, Dataflow, Datastore, ExternalEntity, Server

tm = TM("Weather", description="Collects weather reports")
tm.onDuplicates = Action.IGNORE

field = Boundary("Field")
station = ExternalEntity("Station", inBoundary=field, hasPhysicalAccess=True)
collector = Server("Collector", protocol="HTTPS", port=443)
store = Datastore("Store")
report = Data("Report", format="XML")

radio = Dataflow(station, collector, "Report by radio")
wire = Dataflow(station, collector, "Report by wire", note="same thing", order=2)
sealed = Dataflow(station, collector, "Sealed report")
sealed.controls.isEncrypted = True
other = Dataflow(station, collector, "Other port", dstPort=8443)
Dataflow(collector, store, "Save", data=report)
Dataflow(store, collector, "Load", data=report)

if tm.onDuplicates == Action.IGNORE:
    tm.process()
