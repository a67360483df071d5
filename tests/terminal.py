"""Drives a program in a pseudo-terminal.

usage: terminal.py STEPS PROGRAM ARGUMENT…
STEPS is a JSON list of [what to wait for, what to type]; an empty text to type
closes the input (Ctrl-D), "KILL" kills the program. Prints the transcript; exits
with the program's status.
"""

import json
import os
import pty
import select
import signal
import sys
import time

steps, arguments = json.loads(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(arguments[0], arguments)
transcript, seen, deadline = b"", 0, time.monotonic() + 60
while True:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            break
        transcript += part
    if steps and (at := transcript.find(steps[0][0].encode(), seen)) >= 0:
        seen = at + len(steps[0][0].encode())
        typed = steps.pop(0)[1]
        if typed == "KILL":
            os.kill(child, signal.SIGKILL)
        else:
            os.write(terminal, typed.encode() if typed else b"\x04")
    if time.monotonic() > deadline:
        os.kill(child, signal.SIGKILL)
        sys.stdout.write(transcript.decode(errors="replace"))
        sys.exit(f"waited in vain for {steps[:1]}")
sys.stdout.write(transcript.decode(errors="replace"))
_, status = os.waitpid(child, 0)
if steps:
    sys.exit(f"never asked: {steps[0][0]}")
sys.exit(abs(os.waitstatus_to_exitcode(status)))
