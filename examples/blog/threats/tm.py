#!/usr/bin/env python3
"""Threat model of our blog.

Readers see posts and leave nothing behind; editors sign in and write. One web
server renders pages and the editing area, one PostgreSQL database keeps posts,
editors and sessions. Everything runs at one hosting provider behind its firewall.

    python tm.py --dfd | dot -Tpng -o blog.png
    tmrs check examples/blog
"""

from pytm import (
    TM,
    Action,
    Actor,
    Assumption,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    DatastoreType,
    Finding,
    Lifetime,
    Server,
    TLSVersion,
)

tm = TM("Blog")
tm.description = "A public blog with an editing area for its three authors."
tm.isOrdered = True
tm.mergeResponses = True
tm.onDuplicates = Action.NO_ACTION
tm.assumptions = [
    Assumption(
        "The provider's firewall drops floods",
        exclude=["DO01", "DO02"],
        description="Rate limits are part of the hosting contract",
    ),
]

# Where things are

internet = Boundary("Internet", description="Anybody")
hosting = Boundary("Hosting provider", description="Our account at the provider")
private_network = Boundary("Private network", inBoundary=hosting)
private_network.description = "Reachable only from our own machines"

# Who and what takes part

reader = Actor("Reader", inBoundary=internet)
reader.description = "Reads posts without signing in"
reader.maxClassification = Classification.PUBLIC

editor = Actor("Editor", inBoundary=internet, isAdmin=True)
editor.description = "Writes, publishes and deletes posts"
editor.maxClassification = Classification.SENSITIVE

web = Server("Web server", inBoundary=hosting)
web.description = "Renders pages, serves the editing area"
web.OS = "Debian 12"
web.protocol = "HTTPS"
web.port = 443
web.usesSessionTokens = True
web.usesCache = True
web.maxClassification = Classification.SENSITIVE
web.minTLSVersion = TLSVersion.TLSv12
web.sourceFiles = ["../app/server.py", "../app/templates/"]
web.controls.isHardened = True
web.controls.isEncrypted = True
web.controls.encodesOutput = True
web.controls.validatesInput = True
web.controls.sanitizesInput = False
web.controls.hasAccessControl = True
web.controls.authorizesSource = True
web.controls.usesStrongSessionIdentifiers = True
web.controls.implementsAuthenticationScheme = True
web.controls.authenticationScheme = "Password and one-time code"
web.overrides = [
    Finding(
        threat_id="DS05",
        response="accepted: the cache holds public pages only",
        cvss="2.6",
    ),
]

database = Datastore("Database", inBoundary=private_network)
database.description = "Posts, editors and sessions"
database.type = DatastoreType.SQL
database.isSQL = True
database.protocol = "PostgreSQL"
database.port = 5432
database.storesPII = True
database.hasWriteAccess = True
database.maxClassification = Classification.SENSITIVE
database.controls.isEncryptedAtRest = True
database.controls.hasAccessControl = True
database.controls.authorizesSource = True
database.controls.implementsPOLP = False

# What travels

post = Data("Post", classification=Classification.PUBLIC)
draft = Data("Draft", description="A post not yet published", classification=Classification.RESTRICTED)
login = Data(
    "Editor's login",
    classification=Classification.SENSITIVE,
    isCredentials=True,
    isPII=True,
    credentialsLife=Lifetime.MANUAL,
)
statement = Data("SQL statement", classification=Classification.RESTRICTED)

read = Dataflow(reader, web, "Read a post")
read.tlsVersion = TLSVersion.TLSv12
read.note = "Plain HTTP is redirected"

page = Dataflow(web, reader, "Page", responseTo=read)
page.data = post
page.tlsVersion = TLSVersion.TLSv12

sign_in = Dataflow(editor, web, "Sign in", data=login)
sign_in.tlsVersion = TLSVersion.TLSv13
sign_in.maxClassification = Classification.SENSITIVE

write = Dataflow(editor, web, "Write a post", data=[draft, post])
write.tlsVersion = TLSVersion.TLSv13
write.usesSessionTokens = True
write.maxClassification = Classification.RESTRICTED

query = Dataflow(web, database, "Query and save", data=[statement, draft])
query.maxClassification = Classification.RESTRICTED
query.controls.isEncrypted = False
query.controls.usesParameterizedInput = True
query.assumptions = [
    Assumption("The private network has no other tenants", exclude=["DE03"]),
]

rows = Dataflow(database, web, "Rows", responseTo=query)
rows.data = [post, draft]
rows.maxClassification = Classification.RESTRICTED

if __name__ == "__main__":
    tm.process()
