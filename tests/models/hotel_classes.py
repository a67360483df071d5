"""A hotel chain: each house is an object that builds its own elements.

Exercises: classes with `__init__`, methods, properties, class attributes, static
and class methods, inheritance with `super()`, methods that return tuples,
`__str__`, chained calls.
"""

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Server


class House:
    """One hotel with a reception, a booking server and room locks."""

    protocol = "HTTPS"
    count = 0

    def __init__(self, town, rooms=2):
        self.town = town
        self.rooms = rooms
        self.boundary = Boundary(f"Hotel {town}")
        self.booking = Server(f"Booking {town}", inBoundary=self.boundary, protocol=self.protocol)
        self.locks = []
        House.count += 1

    @property
    def number_of_doors(self):
        return self.rooms * 2

    @staticmethod
    def guest(name="Guest"):
        return Actor(name)

    @classmethod
    def in_town(cls, town):
        return cls(town, rooms=1)

    def add_locks(self):
        for number in range(self.rooms):
            lock = ExternalEntity(f"Lock {number + 1} in {self.town}", inBoundary=self.boundary)
            lock.hasPhysicalAccess = self.number_of_doors > 2
            self.locks.append(lock)
            Dataflow(self.booking, lock, f"Code for room {number + 1}")
        return self

    def ends(self):
        return self.booking, self.locks[0]

    def __str__(self):
        return "hotel in " + self.town


class Palace(House):
    protocol = "HTTP"

    def __init__(self, town):
        super().__init__(town, rooms=3)
        self.booking.controls.isHardened = True
        self.wine = Datastore(f"Wine list of the {self}", inBoundary=self.boundary, isSQL=False)

    def add_locks(self):
        super().add_locks()
        Dataflow(self.booking, self.wine, "Order wine")
        return self


tm = TM("Hotel chain", description="Bookings and door locks")
houses = [House("Bern").add_locks(), House.in_town("Basel").add_locks(), Palace("Chur").add_locks()]

guest = House.guest()
register = Datastore("Guest register", storesPII=True)
passport = Data("Passport", isPII=True)

for house in houses:
    server, lock = house.ends()
    Dataflow(guest, server, f"Book in {house.town}", data=passport)
    Dataflow(lock, server, "Opened", data=[])
    Dataflow(server, register, f"Guests of the {house}", data=passport)

register.controls.isEncrypted = House.count == 3
tm.process()
