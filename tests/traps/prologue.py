from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, Process, Server

tm = TM("Shop")
internet = Boundary("Internet")
user = Actor("User", inBoundary=internet)
web = Server("Web")
db = Datastore("DB")
Dataflow(user, web, "Request")


def hidden(name="Hidden"):
    return Server(name)


def harden():
    web.controls.isHardened = True


