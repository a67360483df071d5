"""A newsroom: overrides that flows inherit from their ends.

Exercises: a flow without overrides takes the sink's, then the source's for ids
not there yet; an inherited override changes a finding that holds and never
forces one; a flow's own overrides keep the inherited ones away.
"""

from pytm import TM, Actor, Dataflow, Datastore, Finding, Server

tm = TM("Newsroom", description="Reporters file, editors publish")

reporter = Actor("Reporter")
reporter.overrides = [
    Finding(threat_id="DE01", response="accepted by the newsroom", severity="Low"),
    Finding(threat_id="DE03", response="transferred to the VPN provider"),
]

cms = Server(
    "CMS",
    overrides=[
        Finding(threat_id="DE01", response="mitigated by TLS at the proxy", cvss="5.9"),
        Finding(threat_id="INP05", response="false positive", severity="Medium"),
        Finding(threat_id="DO03", response="avoided"),
    ],
)
archive = Datastore("Archive")

# Takes DE01 from the sink and DE03 from the source. DO03 is not forced: no XML.
file_story = Dataflow(reporter, cms, "File a story")

# Its own list stands alone.
breaking = Dataflow(reporter, cms, "Breaking news")
breaking.overrides = [Finding(threat_id="DE03", response="accepted: hotel networks")]

# An empty list said here keeps everything away, too.
draft = Dataflow(reporter, cms, "Draft", overrides=[])

# Takes all of the source's.
store = Dataflow(cms, archive, "Store")

# A response inherits as well: the sink is the reporter here.
proof = Dataflow(cms, reporter, "Proof", responseTo=file_story)

tm.process()
