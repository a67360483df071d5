"""A container harbour, put together from a package beside this file.

Exercises: a package of the repository, relative imports in it, names re-exported
by `__init__`, `import package.module`, `from package import *` with `__all__`,
constants, factories and elements that live in modules, a module imported twice.
"""

from pytm import TM, Actor, Dataflow

import logistics.services.cranes
import logistics.settings as settings
from logistics import HARBOUR, gate, zone
from logistics.services import *
from logistics.services.cranes import crane as make_crane

tm = TM(settings.TITLE, description=settings.describe("containers"))

lorry_driver = Actor("Lorry driver", inBoundary=zone("Road"))
entry = gate("North gate")
cranes = [make_crane(number) for number in range(settings.CRANES)]

Dataflow(lorry_driver, entry, "Show papers", data=logistics.services.cranes.PAPERS)
Dataflow(entry, yard, "Let in")
for crane in cranes:
    Dataflow(yard, crane, f"Lift with {crane.name.lower()}")
    crane.inBoundary = HARBOUR
Dataflow(yard, plan, "Look up a slot")

tm.process()
