"""A travel agency where two kinds of data look alike to pytm.

Difference: pytm takes Data with the same name, description, format and
classification for one, and so forgets that the second "Booking" holds a password.
We tell data apart by identity.
"""

from pytm import TM, Actor, Data, Dataflow, Lifetime, Server

tm = TM("Travel agency", description="Books journeys")

traveller = Actor("Traveller")
agency = Server("Agency")
airline = Server("Airline")

seat = Data("Booking")
login = Data("Booking", isCredentials=True, credentialsLife=Lifetime.HARDCODED)

both = Dataflow(traveller, agency, "Book", data=[seat, login])
onward = Dataflow(agency, airline, "Pass on", data=seat)
onward.data.add(login)

tm.process()
