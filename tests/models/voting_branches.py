"""A club's online elections, described for several installations.

Exercises: `if/elif/else`, `try/except/else/finally` bodies, `"--x" in sys.argv`,
`os.environ.get` with a default, `os.getenv`, argument parsing and logging that
never touch the model, `with`, `assert`, conditional imports, enums compared.
"""

import argparse
import logging
import os
import sys

try:
    from pytm import TM, Action, Actor, Boundary, Data, Dataflow, Datastore, Lifetime, Server
except ImportError:
    print("please install pytm")
    raise

try:
    import colour_of_the_day
except ImportError:
    colour_of_the_day = None

logging.basicConfig(level=logging.WARNING)
log = logging.getLogger(__name__)

SITE = os.environ.get("CLUB_ELECTION_SITE", "main")
REGION = os.getenv("CLUB_ELECTION_REGION", "north")

tm = TM("Elections")
tm.description = "Members vote on the board"

hall = Boundary("Club house" if SITE == "main" else "Tent")
member = Actor("Member")
booth = Server("Polling server", inBoundary=hall)

if "--public" in sys.argv:
    booth.usesVPN = True
    Server("Public results")
elif SITE == "main" and REGION.startswith("n"):
    booth.usesSessionTokens = True
    box = Datastore("Ballot box", inBoundary=hall)
    box.controls.isEncryptedAtRest = True
else:
    box = Datastore("Paper box")

if len(sys.argv) > 1:
    booth.protocol = "HTTP"

try:
    seats = int("7")
    ballot = Data("Ballot", isPII=True, isStored=True)
except ValueError:
    ballot = Data("Broken ballot")
else:
    ballot.isCredentials = seats > 5
finally:
    log.debug("ballot is made")

try:
    {}["no such list"]
    Server("Never made")
except KeyError as error:
    log.info("as expected: %s", error)
    Dataflow(member, booth, "Ask for the list")

vote = Dataflow(member, booth, "Vote", data=ballot)
count = Dataflow(booth, box, "Count", data=ballot)
count.controls.isEncrypted = colour_of_the_day is None

if ballot.credentialsLife == Lifetime.NONE and ballot.isCredentials:
    count.note = "the life is unknown"
if tm.onDuplicates is Action.NO_ACTION:
    Dataflow(booth, member, "Receipt", responseTo=vote)

with open(os.devnull, "w") as sink:
    print("drawn elsewhere", file=sink)

parser = argparse.ArgumentParser(add_help=False)
parser.add_argument("--verbose", action="store_true")
options, _ = parser.parse_known_args()
assert tm.name, "a model has a name"

tm.process()
