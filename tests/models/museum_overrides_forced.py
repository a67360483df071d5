"""A museum's ticket gates: overrides that force findings.

Exercises: an element's own override makes a finding although the condition is
false, even one of a rule for another class; a flow's own override whose id an
end also overrides forces nothing; forced findings obey assumptions.
"""

from pytm import (
    TM,
    Assumption,
    Boundary,
    Controls,
    Dataflow,
    Datastore,
    ExternalEntity,
    Finding,
    Server,
)

tm = TM("Ticket gates", description="Lets visitors in")

hall = Boundary("Hall")
hall.overrides = [Finding(threat_id="HA04", response="accepted")]

gate = ExternalEntity("Gate", inBoundary=hall, hasPhysicalAccess=False)
gate.overrides = [
    Finding(threat_id="HA02", severity="High", response="**Accepted**: guarded by staff"),
    Finding(threat_id="LLM01", cvss="9.1 (AV:N/AC:L)"),
]

office = Server("Office server", controls=Controls(isHardened=True))
office.overrides = [
    Finding(threat_id="DS03", response="mitigated"),
    Finding(threat_id="DS05", description="Cached tickets", severity="Low"),
    Finding(threat_id="NONE99", response="accepted"),
]
office.assumptions = [Assumption("No cache is kept", exclude=["DS05"])]

register = Datastore("Register", overrides=[Finding(threat_id="DO03", response="transferred")])

# DO03 and DO04 do not hold, there is no XML. DO04 is forced; DO03 is not, for
# the register overrides it, too.
sell = Dataflow(gate, register, "Sell")
sell.overrides = [
    Finding(threat_id="DO03", response="accepted"),
    Finding(threat_id="DO04", response="accepted"),
    Finding(threat_id="CR06", response="accepted", severity="Very Low"),
]

count = Dataflow(gate, office, "Count")
count.overrides = [Finding(threat_id="AC24", severity="Very High")]

tm.process()
