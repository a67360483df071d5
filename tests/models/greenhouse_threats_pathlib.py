"""A greenhouse with a threat file that uses the whole condition language.

Exercises: `tm.threatsFile` assigned later and folded from `pathlib` (`/`,
`.parent`, `.joinpath`, `.with_name`, `.resolve`, `str`); conditions with
arithmetic, comparisons, membership, conditionals, comprehensions, slices, the
allowed functions, missing severity, target and condition, an empty condition,
errors while evaluating (no attribute, None, empty `min`, index, zero division,
order of unlike types), short circuits in front of them.
"""

from pathlib import Path

from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType, Lifetime, Process, Server, TLSVersion

tm = TM("Greenhouse", description="Waters tomatoes")
folder = Path(__file__).resolve().parent
catalogue = folder.joinpath("threats") / "none.json"
tm.threatsFile = str(catalogue.with_name("greenhouse" + catalogue.suffix))

bed = Boundary("Bed")
gardener = Actor("Gardener", isAdmin=True, port=10)
pump = Process("Pump", inBoundary=bed, codeType="Managed", port=4)
pump.controls.usesEncryptionAlgorithm = "AES"
panel = Server("Panel", inBoundary=bed, port=8080, protocol="HTTP", OS="Linux 6.1")
panel.controls.validatesInput = True
log = Datastore("Log", type=DatastoreType.SQL, maxClassification=Classification.RESTRICTED)
soil = Server("Soil sensors", inScope=True, levels={0, 2})

moisture = Data("Moisture", classification=Classification.PUBLIC, format="JSON")
code = Data("Valve code", classification=Classification.SECRET, credentialsLife=Lifetime.LONG)

water = Dataflow(gardener, panel, "Water", data=[code, moisture], order=1)
run = Dataflow(panel, pump, "Run", order=2, tlsVersion=TLSVersion.TLSv11)
note = Dataflow(panel, log, "Note", data=moisture, order=3, srcPort=5000)
measure = Dataflow(soil, panel, "Measure", order=4, data=moisture)
ack = Dataflow(panel, soil, "Thanks", isResponse=True, order=5)

tm.process()
