"""A blood laboratory: how data gets onto flows, and how far it travels.

Exercises: a flow gains its source's data, also beside its own; `carriedBy` puts
data onto flows; data on sinks stays there; `processedBy`; data given as one
object, list, set, tuple, generator; data reassigned; `hasDataLeaks` with what was
gained.
"""

from pytm import TM, Actor, Classification, Data, Dataflow, Datastore, Process, Server

tm = TM("Laboratory", description="Samples in, results out")

sample = Data("Sample id", classification=Classification.PUBLIC)
result = Data("Result", classification=Classification.SENSITIVE, isPII=True)
order = Data("Order", format="XML")
badge = Data("Badge", isCredentials=True)

doctor = Actor("Doctor", data=[order], maxClassification=Classification.TOP_SECRET)
analyser = Process("Analyser", data=result)
analyser.maxClassification = Classification.SENSITIVE
hub = Server("Hub", maxClassification=Classification.SENSITIVE)
hub.data = (badge, sample)
archive = Datastore("Archive", data={sample})
viewer = Process("Viewer", data=[Data("View", format="JSON")])

request = Dataflow(doctor, hub, "Request")
prepare = Dataflow(hub, analyser, "Prepare", data=sample)
prepare.maxClassification = Classification.SENSITIVE
analysed = Dataflow(analyser, hub, "Analysed")
analysed.maxClassification = Classification.RESTRICTED
keep = Dataflow(hub, archive, "Keep", data=(d for d in [sample, order]))
show = Dataflow(archive, doctor, "Show", isResponse=True)
look = Dataflow(viewer, archive, "Look")
look.data = order
look.data = [sample]
answer = Dataflow(archive, viewer, "Found", responseTo=look)

label = Data("Label", carriedBy=[prepare, keep], format="XML", isStored=True)
alarm = Data("Alarm", classification=Classification.TOP_SECRET)
alarm.carriedBy = [show]
alarm.processedBy = [archive]

tm.process()
