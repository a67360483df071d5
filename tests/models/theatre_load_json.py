"""A theatre, modelled in JSON and read by `pytm.load`.

Exercises: `pytm.load` of a file of the repository, all its sections, elements
added to what was loaded.
"""

import os

import pytm

HERE = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(HERE, "data", "theatre.json"), encoding="utf-8") as file:
    tm = pytm.load(file)

usher = pytm.Actor("Usher")
doors = pytm.Process("Door counter", environment="Production")
pytm.Dataflow(usher, doors, "Count heads")

tm.isOrdered = True
tm.process()
