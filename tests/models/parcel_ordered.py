"""Parcel tracking, numbered by the model.

Exercises: `isOrdered` with some flows numbered by hand, ties in `order` (kept
in declaration order), responses in between; who comes first decides what stored
data takes over.
"""

from pytm import TM, Actor, Data, Dataflow, Datastore, Server

tm = TM("Parcel tracking", description="Where is my parcel", isOrdered=True)

sender = Actor("Sender")
hub = Server("Hub")
hub.controls.isEncryptedAtRest = True
labels = Datastore("Labels")
photos = Datastore("Photos")
photos.controls.isEncryptedAtRest = True

address = Data("Address", isPII=True, isStored=True)
photo = Data("Photo", isPII=True, isStored=True)

late = Dataflow(hub, photos, "Store the address, late", data=address, order=7)
late.controls.isEncrypted = True
early = Dataflow(sender, hub, "Register")
first = Dataflow(hub, labels, "Store the address", data=address)
first.controls.isEncrypted = True
back = Dataflow(labels, hub, "Label", isResponse=True, data=address)
back.controls.isEncrypted = True
tie_a = Dataflow(hub, labels, "Photo to the labels", data=photo, order=3)
tie_a.controls.isEncrypted = True
tie_b = Dataflow(hub, photos, "Photo to the photos", data=photo, order=3)
tie_b.controls.isEncrypted = True

tm.process()
