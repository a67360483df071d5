"""A ticket shop: every way in which a response finds its request.

Exercises: `responseTo` in the constructor and by assignment, `response` from
the request's side, `isResponse` matched to the only flow the other way, two
responses to one request, a response with two candidates (stays unmatched), one
with none, defaults of a response (protocol, port, encryption of its source).
"""

from pytm import TM, Actor, Data, Dataflow, Datastore, Server

tm = TM("Ticket shop", description="Sells seats")

visitor = Actor("Visitor")
box_office = Server("Box office", protocol="HTTPS", port=443)
box_office.controls.isEncrypted = True
seats = Datastore("Seats", protocol="MySQL", port=3306)
seats.controls.isEncrypted = False
printer = Server("Printer", protocol="LPR", port=515)
mailer = Server("Mailer", protocol="SMTP", port=25)
mailer.controls.isEncrypted = True

plan = Data("Seat plan", isPII=False)
name_and_address = Data("Name and address", isPII=True)

# Said on the response, in its constructor.
search = Dataflow(visitor, box_office, "Search")
results = Dataflow(box_office, visitor, "Results", responseTo=search)

# Said on the response, later.
lock_seat = Dataflow(box_office, seats, "Lock a seat")
locked = Dataflow(seats, box_office, "Seat locked", data=plan)
locked.responseTo = lock_seat

# Said on the request.
job = Dataflow(box_office, printer, "Print job", data=name_and_address)
done = Dataflow(printer, box_office, "Printed", data=name_and_address)
job.response = done

# Found: the only flow that runs the other way. Both answers belong to it.
send = Dataflow(box_office, mailer, "Send tickets")
queued = Dataflow(mailer, box_office, "Queued", isResponse=True)
delivered = Dataflow(mailer, box_office, "Delivered", isResponse=True, data=name_and_address)

# Two candidates: it is a response, but to nothing in particular.
browse = Dataflow(visitor, mailer, "Subscribe")
leave = Dataflow(visitor, mailer, "Unsubscribe")
confirm = Dataflow(mailer, visitor, "Confirm", isResponse=True)
confirm.protocol = "IMAP"

# No candidate at all.
stray = Dataflow(printer, visitor, "Slip", isResponse=True)
stray.srcPort = 9100

tm.process()
