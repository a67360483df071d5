"""A tram operator's timetable service, written with pytm's flow helpers.

Exercises: `pytm.flows.req_reply` with and without a name for the reply, `reply`
with and without attributes, tuples unpacked and subscripted, replies of replies,
defaults that responses take over.
"""

from pytm import TM, Actor, Boundary, Data, Datastore, Dataflow, Server
from pytm.flows import reply, req_reply

tm = TM("Timetables", description="Tells when the next tram comes")

street = Boundary("Street")
operator = Boundary("Operator")

rider = Actor("Rider", inBoundary=street)
sign = Server("Stop sign", inBoundary=street, protocol="HTTP", port=80)
api = Server("Timetable API", inBoundary=operator, protocol="HTTPS", port=443)
api.controls.isEncrypted = True
trips = Datastore("Trips", inBoundary=operator, protocol="MySQL", port=3306)

position = Data("Position", isPII=True)

ask, tell = req_reply(rider, api, "Next tram")
query = req_reply(api, trips, req_name="Query trips", reply_name="Trips found")
query[0].usesVPN = True
query[1].controls.isEncrypted = True

show = Dataflow(sign, api, "Refresh")
_, shown = reply(show)
shown.data = position

locate = Dataflow(rider, sign, "Locate me", data=position)
reply(locate, name="You are here", data=position, dstPort=4000)

for number in range(2):
    request, response = req_reply(sign, trips, f"Direct query {number}")
    response.protocol = "Telnet"

tm.process()
