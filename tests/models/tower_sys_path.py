"""Lifts and doors of an office tower, with helpers from a folder on sys.path.

Exercises: `sys.path.insert` and `sys.path.append` with `os.path` and `pathlib`,
`from module import *`, an alias for a module, a class from another module.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
sys.path.append(str(Path(__file__).parent / "lib"))

import tower_blocks as blocks  # noqa: E402
from tower_blocks import *  # noqa: E402, F403
from pytm import TM, Actor, Dataflow, ExternalEntity  # noqa: E402

tm = TM(OFFICE, description="Who may go where")  # noqa: F405

ground = Floor(0)  # noqa: F405
top = blocks.Floor(number=20)

tenant = Actor("Tenant")
doors = ground.server("Door controller", protocol="HTTP")
lifts = top.server("Lift controller", usesCache=True)
reader = ExternalEntity("Badge reader", inBoundary=ground.boundary, hasPhysicalAccess=True)

Dataflow(tenant, reader, "Hold the badge")
Dataflow(reader, doors, "Badge number")
Dataflow(doors, lifts, "Call a lift")

if "_private" in globals():
    raise NameError("_private came along")

tm.process()
