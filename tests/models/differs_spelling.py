"""A bowling alley, with attributes in the wrong case.

Difference: pytm keeps `has_physical_access` or `usescache` as attributes that
nobody reads. We take a name that differs only in case and underscores for the one
that is meant.
"""

from pytm import TM, Actor, Dataflow, ExternalEntity, Server

tm = TM("Bowling alley", description="Lanes and shoes")

player = Actor("Player", is_admin=True)
lane = ExternalEntity("Lane", has_physical_access=True)
desk = Server("Desk", usescache=True)
desk.uses_session_tokens = True

roll = Dataflow(player, lane, "Roll")
score = Dataflow(lane, desk, "Score")
score.usesVpn = True
score.Protocol = "HTTPS"
score.controls.isEncrypted = True

tm.process()
