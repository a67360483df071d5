"""Boundaries, each made once however often it is asked for."""

from pytm import Boundary

HARBOUR = Boundary("Harbour")
_zones = {"Harbour": HARBOUR}


def zone(name):
    if name not in _zones:
        _zones[name] = Boundary(name)
    return _zones[name]
