#!/usr/bin/env python3
"""Threat model of the comment service.

Visitors write comments in HTML or Markdown below articles. A web server checks and
stores them in a MySQL database; a function in the cloud empties the database of
old comments four times a day.
"""

from pytm import (
    TM,
    Actor,
    Assumption,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    DatastoreType,
    Finding,
    Lambda,
    Lifetime,
    Server,
)

tm = TM("Comments", description="Comments below articles, and how they get lost again")
tm.isOrdered = True

visitors = Boundary("Visitors and web server")
backend = Boundary("Web server and database")

visitor = Actor("Visitor", inBoundary=visitors)
visitor.description = "Anybody; comments need no account"

web = Server(
    "Comment server",
    description="Takes comments, shows them below articles",
    OS="Ubuntu 24.04",
    protocol="HTTP",
    port=80,
)
web.controls.isHardened = True
web.controls.validatesInput = True
web.controls.sanitizesInput = False
web.controls.encodesOutput = True
web.controls.authorizesSource = False

comments_db = Datastore(
    "Comment database",
    inBoundary=backend,
    description="Run by the database team, who model it themselves",
    OS="Rocky Linux 9",
    type=DatastoreType.SQL,
    protocol="MySQL",
    port=3306,
    inScope=False,
    maxClassification=Classification.RESTRICTED,
)

cleaner = Lambda("Comment cleaner", inBoundary=backend)
cleaner.description = "Deletes comments that are older than a year, every six hours"
cleaner.environment = "Production"
cleaner.usesEnvironmentVariables = True
cleaner.controls.hasAccessControl = True
cleaner.overrides = [
    Finding(threat_id="DS02", response="mitigated by a wrapper without switches"),
]

comment = Data(
    "Comment",
    description="Text in HTML or Markdown, with the name that the visitor chose",
    classification=Classification.PUBLIC,
    isPII=True,
    isStored=True,
)
acknowledgement = Data("Acknowledgement", format="JSON", classification=Classification.PUBLIC)
db_password = Data(
    "Database password",
    classification=Classification.SENSITIVE,
    isCredentials=True,
    credentialsLife=Lifetime.HARDCODED,
)

clean = Dataflow(cleaner, comments_db, "Delete old comments")
clean.data = db_password
clean.assumptions = [Assumption("Same subnet", exclude=["DE03"])]

write = Dataflow(visitor, web, "Write a comment", data=comment)

insert = Dataflow(web, comments_db, "Insert the comment")
insert.data = comment
insert.controls.isEncrypted = True
insert.note = "The statement is put together from text"

inserted = Dataflow(comments_db, web, "Inserted", isResponse=True)
inserted.data = "Number of rows and warnings"

saved = Dataflow(web, visitor, "Saved", isResponse=True)
saved.data = acknowledgement

tm.process()
