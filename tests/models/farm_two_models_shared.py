"""Two models in one file without a reset: the second holds the first one, too.

Exercises: a second TM that includes the elements of the first, a model's name
used twice in a file, elements declared between the two.
"""

from pytm import TM, Actor, Dataflow, Datastore, Lambda, Server

farm = TM("Farm", description="Milking robots")
farmer = Actor("Farmer")
robot = Server("Milking robot", protocol="HTTP")
yields = Datastore("Yields")
Dataflow(farmer, robot, "Start")
Dataflow(robot, yields, "Litres")
farm.process()

dairy = TM("Dairy", description="Collects milk")
tanker = Actor("Tanker driver")
planner = Lambda("Route planner", environment="Production")
Dataflow(tanker, planner, "Position")
Dataflow(planner, yields, "Read the yields")
dairy.process()
