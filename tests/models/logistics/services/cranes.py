from pytm import Data, Process

from ..settings import CRANES

PAPERS = Data("Papers", isPII=True, format="XML")


def crane(number, of=CRANES):
    """One of the cranes; only the last runs unmanaged code."""
    made = Process(f"Crane {number + 1} of {of}")
    made.codeType = "Unmanaged" if number + 1 == of else "Managed"
    made.controls.checksInputBounds = made.codeType == "Managed"
    return made
