"""A radio station whose machines share their settings.

Exercises: one `Controls` object for several elements (a change shows on all), a
copy of a reference, element lists changed in a loop, attributes read back and
used for others.
"""

from pytm import TM, Actor, Boundary, Controls, Dataflow, Datastore, Process, Server

tm = TM("Radio station", description="Plays music, reads news")

studio = Boundary("Studio")
baseline = Controls(isHardened=True, hasAccessControl=True)

playout = Server("Playout", inBoundary=studio, controls=baseline)
editor = Process("News editor", inBoundary=playout.inBoundary, controls=baseline)
stream = Server("Stream")
stream.controls = playout.controls
archive = Datastore("Archive", controls=Controls(**{"isEncrypted": True, "implementsPOLP": True}))

# All three that share it validate their input from here on.
stream.controls.validatesInput = True
editor.controls.implementsPOLP = archive.controls.implementsPOLP

alone = Server("Guest desk", port=stream.port, protocol=archive.protocol or "HTTP")
alone.controls.isHardened = not playout.controls.isHardened
alone.usesCache = alone.controls.isHardened is False and archive.isSQL

listener = Actor("Listener")
machines = [playout, stream, alone]
same = machines
same.append(editor)
for machine in machines:
    machine.OS = machine.OS or "Debian"
    Dataflow(listener, machine, f"Call {machine.name} ({len(machines)})")
Dataflow(playout, archive, "Log")

tm.process()
