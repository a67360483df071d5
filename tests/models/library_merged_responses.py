"""A lending library, drawn with requests and answers as one arrow.

Exercises: `mergeResponses` (drawing only; findings of both stay), responses,
`levels` given as number, list and set, levels that the ends share.
"""

from pytm import TM, Actor, Dataflow, Datastore, Server

tm = TM("Lending library", description="Lends books", mergeResponses=True, isOrdered=True)

reader = Actor("Reader", levels=[0, 1])
desk = Server("Desk", levels={1, 2})
catalogue = Datastore("Catalogue", levels=2)
vault = Datastore("Vault")
vault.levels = {3}

ask = Dataflow(reader, desk, "Ask")
answer = Dataflow(desk, reader, "Answer", isResponse=True)
look_up = Dataflow(desk, catalogue, "Look up")
hit = Dataflow(catalogue, desk, "Hit", responseTo=look_up)
fetch = Dataflow(desk, vault, "Fetch")
fixed = Dataflow(reader, desk, "Suggest", levels={0})

tm.process()
