"""An observatory that judges itself by its own threat file.

Exercises: `threatsFile` given to the constructor and folded from `os.path` calls;
methods that conditions may call (`oneOf inside crosses enters exits
checkTLSVersion hasDataLeaks`), on nested boundaries; DEPRECATED threats; targets
given as one name or several; ids of the usual catalogue used again.
"""

import os
from os.path import dirname, join

from pytm import TM, Actor, Assumption, Boundary, Classification, Data, Dataflow, Datastore, Finding, Server, TLSVersion

HERE = os.path.abspath(os.path.dirname(__file__))

tm = TM(
    "Observatory",
    description="Points telescopes, keeps pictures",
    threatsFile=os.path.join(HERE, "threats", "observatory.json"),
)
tm.assumptions = [Assumption("Nobody reads the weather", exclude=["OBS05"])]
assert tm.threatsFile == join(dirname(__file__), "threats", os.path.basename("x/observatory.json"))

mountain = Boundary("Mountain")
dome = Boundary("Dome", inBoundary=mountain)
campus = Boundary("Campus")

astronomer = Actor("Astronomer", inBoundary=campus)
visitor = Actor("Visitor")
telescope = Server("Telescope", inBoundary=dome, minTLSVersion=TLSVersion.TLSv12)
telescope.maxClassification = Classification.RESTRICTED
weather = Server("Weather mast", inBoundary=mountain)
web = Server("Web site")
pictures = Datastore("Pictures", inBoundary=mountain)
pictures.overrides = [Finding(threat_id="OBS02", response="accepted")]

picture = Data("Picture", classification=Classification.SENSITIVE)
target = Data("Target list", format="CSV")

point = Dataflow(astronomer, telescope, "Point", data=target)
point.tlsVersion = TLSVersion.TLSv13
tour = Dataflow(visitor, telescope, "Watch live")
tour.tlsVersion = TLSVersion.TLSv10
wind = Dataflow(weather, telescope, "Wind")
wind.tlsVersion = TLSVersion.TLSv12
save = Dataflow(telescope, pictures, "Save", data=picture)
publish = Dataflow(pictures, web, "Publish", data=picture)
press = Dataflow(web, visitor, "Show")
inside = Dataflow(weather, pictures, "Weather log")

tm.process()
