"""What every model of the harbour shares."""

from .settings import PORT
from .zones import HARBOUR, zone
from pytm import Server


def gate(name):
    """A gate with a reader, inside the harbour."""
    return Server(name, inBoundary=HARBOUR, port=PORT, protocol="HTTPS")
