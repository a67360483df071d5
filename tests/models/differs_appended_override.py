"""A ski lift whose flows get overrides by `append`.

Difference: pytm 1.4.0 does not notice that something was appended to a flow's
overrides and replaces the list with what its ends say. We count it as said.
"""

from pytm import TM, Actor, Dataflow, Finding, Server

tm = TM("Ski lift", description="Passes and gates")

skier = Actor("Skier")
gate = Server("Gate")
gate.overrides.append(Finding(threat_id="DE01", response="accepted"))

scan = Dataflow(skier, gate, "Scan the pass")
scan.overrides.append(Finding(threat_id="DO03", response="accepted"))

tm.process()
