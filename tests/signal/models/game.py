#!/usr/bin/env python3
# Threat model of Gridfall (turn-based mobile game), v0.3
from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, ExternalEntity, Lambda, Server, Classification

tm = TM("Gridfall backend")
tm.description = "Matchmaking, game sessions, inventory and purchases for a mobile game"
tm.isOrdered = True

internet = Boundary("Internet")
gcp = Boundary("Google Cloud project")
studio = Boundary("Studio")

player = Actor("Player")
player.inBoundary = internet
moderator = Actor("Community moderator")
moderator.inBoundary = studio

client = Server("Game client")
client.inBoundary = internet
client.isClient = True
client.description = "Unity, on the player's phone"

stores = ExternalEntity("App Store / Google Play")
stores.inBoundary = internet
playfab = ExternalEntity("Analytics service")
playfab.inBoundary = internet

gw = Server("API")
gw.inBoundary = gcp
gw.description = "Go on Cloud Run: profiles, inventory, friends, shop"
gw.implementsAPI = True
gw.usesJWT = True
gw.controls.authenticatesSource = True
gw.controls.verifiesTokens = True
gw.controls.validatesInput = True

match = Server("Match server")
match.inBoundary = gcp
match.description = "C++, authoritative game state, one process for each match"
match.isMemoryUnsafe = True
match.controls.authenticatesSource = True
match.controls.implementsServerSideValidation = True

chat = Server("Chat")
chat.inBoundary = gcp
chat.controls.authenticatesSource = True

receipts = Lambda("Receipt check")
receipts.inBoundary = gcp
receipts.description = "Asks the store whether a purchase is genuine, then credits the coins"

mod = Server("Moderation panel")
mod.inBoundary = gcp
mod.isAdminInterface = True
mod.usesOIDC = True
mod.controls.authenticatesSource = True

firestore = Datastore("Firestore")
firestore.inBoundary = gcp
firestore.isSQL = False
firestore.storesPII = True
firestore.controls.isEncryptedAtRest = True
firestore.controls.authenticatesSource = True

redis = Datastore("Redis")
redis.inBoundary = gcp
redis.isSQL = False
redis.description = "Queue of waiting players and leader boards"

chatlog = Datastore("Chat log")
chatlog.inBoundary = gcp
chatlog.isSQL = False
chatlog.storesPII = True

profile = Data("Profile", classification=Classification.RESTRICTED, isPII=True, isStored=True)
jwt = Data("Player token", classification=Classification.SECRET, isCredentials=True)
move = Data("Move", classification=Classification.PUBLIC)
receipt = Data("Purchase receipt", classification=Classification.RESTRICTED)
coins = Data("Coin balance", classification=Classification.RESTRICTED, isStored=True)
message = Data("Chat message", classification=Classification.RESTRICTED, isPII=True, isStored=True)
report = Data("Report of a player", classification=Classification.RESTRICTED, isPII=True)
telemetry = Data("Telemetry", classification=Classification.RESTRICTED)
rank = Data("Rank", classification=Classification.PUBLIC, isStored=True)

Dataflow(player, client, "Plays")
f = Dataflow(client, gw, "API calls")
f.protocol = "HTTPS"
f.data = [profile, jwt]
f = Dataflow(client, match, "Moves")
f.protocol = "UDP"
f.data = [move, jwt]
f = Dataflow(match, client, "Game state")
f.protocol = "UDP"
f.data = move
f = Dataflow(client, chat, "Say something")
f.protocol = "WSS"
f.data = [message, jwt]
f = Dataflow(client, stores, "Buy coins")
f.protocol = "HTTPS"
f = Dataflow(client, receipts, "Hand in receipt")
f.protocol = "HTTPS"
f.data = [receipt, jwt]
f = Dataflow(receipts, stores, "Check receipt")
f.protocol = "HTTPS"
f.data = receipt
f = Dataflow(receipts, firestore, "Credit coins")
f.protocol = "gRPC"
f.data = coins
f = Dataflow(gw, firestore, "Load and save profile")
f.protocol = "gRPC"
f.data = [profile, coins]
f = Dataflow(gw, redis, "Queue for a match")
f.protocol = "Redis"
f.data = rank
f = Dataflow(match, redis, "Report result")
f.protocol = "Redis"
f.data = rank
f = Dataflow(chat, chatlog, "Log messages")
f.data = message
f = Dataflow(moderator, mod, "Review reports and ban")
f.protocol = "HTTPS"
f.data = report
f = Dataflow(mod, chatlog, "Read chat log")
f.data = message
f = Dataflow(mod, firestore, "Ban player")
f.protocol = "gRPC"
f.data = profile
f = Dataflow(gw, playfab, "Send telemetry")
f.protocol = "HTTPS"
f.data = telemetry

if __name__ == "__main__":
    tm.process()
