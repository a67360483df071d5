"""Building blocks for models that find this folder through sys.path."""

from pytm import Boundary, Controls, Server

OFFICE = "Office tower"


class Floor:
    def __init__(self, number):
        self.boundary = Boundary(f"Floor {number}")

    def server(self, name, **attributes):
        return Server(name, inBoundary=self.boundary, controls=Controls(isHardened=True), **attributes)


def _private():
    raise RuntimeError("star imports leave this out")
