"""A lighthouse, judged without what no flow touches.

Difference: with `ignoreUnused` pytm keeps the boundaries around a boundary but
drops the innermost one, and with it the finding that its override forces. We keep
every boundary around an end of a flow.
"""

from pytm import TM, Actor, Boundary, Dataflow, Finding, Server

tm = TM("Lighthouse", description="Lamp and horn", ignoreUnused=True)

island = Boundary("Island", overrides=[Finding(threat_id="HA02", response="accepted")])
tower = Boundary("Tower", inBoundary=island)
tower.overrides = [Finding(threat_id="HA02", response="transferred")]

keeper = Actor("Keeper")
lamp = Server("Lamp", inBoundary=tower)
Dataflow(keeper, lamp, "Switch on")

tm.process()
