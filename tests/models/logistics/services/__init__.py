from pytm import Datastore, Server

from .. import zone
from ..settings import PORT as _port

__all__ = ["yard", "plan"]

yard = Server("Yard", inBoundary=zone("Harbour"), port=_port)
yard.controls.isHardened = True
plan = Datastore("Stowage plan", inBoundary=zone("Office"))
hidden = "not exported"
