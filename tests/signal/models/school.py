#!/usr/bin/env python3
"""A learning platform: teachers set work, students hand it in, programs are graded by running them."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, DatastoreType,
                  ExternalEntity, Lifetime, Process, Server, TLSVersion)

tm = TM("Learning platform")
tm.description = "Courses, hand-ins and marks of several schools; programming exercises are run and graded."
tm.isOrdered = True

internet = Boundary("Internet")
campus = Boundary("School networks")
web_tier = Boundary("Web tier")
grading = Boundary("Grading cluster")
data_tier = Boundary("Data tier")

student = Actor("Student", inBoundary=internet)
teacher = Actor("Teacher", inBoundary=internet)
parent = Actor("Parent", inBoundary=internet)
school_admin = Actor("School administrator", inBoundary=campus, isAdmin=True)

nginx = Server("nginx", inBoundary=web_tier, protocol="HTTPS", port=443)
nginx.isProxy = True
nginx.controls.isHardened = True
nginx.controls.rateLimits = True
nginx.controls.implementsStrictHTTPValidation = True

lms = Server("Learning platform", inBoundary=web_tier, protocol="HTTPS", port=8000)
lms.description = "Django application; courses, hand-ins, marks, discussion"
lms.isMultiTenant = True
lms.acceptsFileUploads = True
lms.usesSessionTokens = True
lms.usesPasswords = True
lms.controls.authenticatesSource = True
lms.controls.hashesPasswords = True
lms.controls.usesParameterizedInput = True
lms.controls.encodesOutput = True
lms.controls.implementsCSRFToken = True
lms.controls.disablesiFrames = True
lms.controls.usesStrongSessionIdentifiers = True
lms.controls.validatesInput = True
lms.controls.authorizesSource = True

lti = Server("LTI endpoint", inBoundary=web_tier, protocol="HTTPS")
lti.description = "Publishers' exercises start here and report scores back"
lti.implementsAPI = True
lti.usesJWT = True
lti.controls.verifiesTokens = True
lti.controls.authenticatesSource = True

admin = Server("School administration", inBoundary=web_tier, protocol="HTTPS")
admin.isAdminInterface = True
admin.usesSAML = True
admin.usesXMLParser = True
admin.controls.authenticatesSource = True
admin.controls.authorizesSource = True
admin.controls.logsSecurityEvents = True

publisher = ExternalEntity("Publisher", inBoundary=internet)
sis = ExternalEntity("Student information system", inBoundary=campus)
mail = ExternalEntity("Mail provider", inBoundary=internet)

grader = Process("Grader", inBoundary=grading)
grader.description = "Runs what students hand in against tests"
grader.codeType = "Managed"
grader.runsUserCode = True
grader.runsInContainer = True

roster = Process("Roster import", inBoundary=web_tier)
roster.codeType = "Managed"
roster.description = "Nightly, takes CSV files of classes and guardians"

db = Datastore("PostgreSQL", inBoundary=data_tier, type=DatastoreType.SQL)
db.storesPII = True
db.controls.authenticatesSource = True
db.controls.isEncryptedAtRest = True
db.controls.hasAccessControl = True
db.controls.hasBackups = True

sessions = Datastore("Redis", inBoundary=data_tier)
sessions.isSQL = False
sessions.description = "Sessions and the queue of grading jobs"

handins = Datastore("Hand-ins", inBoundary=data_tier, type=DatastoreType.AWS_S3)
handins.isSQL = False
handins.controls.isEncryptedAtRest = True
handins.controls.authenticatesSource = True

drop = Datastore("SFTP drop", inBoundary=web_tier, type=DatastoreType.FILE_SYSTEM)
drop.isSQL = False
drop.isShared = True
drop.storesPII = True

work = Data("Hand-in", classification=Classification.RESTRICTED, isPII=True, isStored=True)
mark = Data("Mark", classification=Classification.SENSITIVE, isPII=True, isStored=True)
password = Data("Password", classification=Classification.SECRET, isCredentials=True,
                credentialsLife=Lifetime.MANUAL)
cookie = Data("Session cookie", classification=Classification.SECRET, isCredentials=True,
              credentialsLife=Lifetime.SHORT)
classes = Data("Class list with guardians", classification=Classification.SENSITIVE, isPII=True, isStored=True)
assertion = Data("SAML assertion", classification=Classification.SENSITIVE, isCredentials=True,
                 credentialsLife=Lifetime.SHORT, format="XML")
score = Data("Score", classification=Classification.SENSITIVE, isPII=True)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


login = tls(Dataflow(student, nginx, "Log in and hand in", data=[password, work]))
passed = tls(Dataflow(nginx, lms, "Pass on", data=[password, work]))
page = tls(Dataflow(lms, nginx, "Pages", data=[cookie, mark], responseTo=passed))
tls(Dataflow(nginx, student, "Pages to students", data=[cookie, mark], responseTo=login))
tls(Dataflow(teacher, nginx, "Set work and give marks", data=[password, mark]))
tls(Dataflow(parent, nginx, "See marks", data=[password]))
tls(Dataflow(school_admin, admin, "Administer accounts and classes", data=[assertion]))
tls(Dataflow(lms, publisher, "Launch exercise", data=[score]))
tls(Dataflow(publisher, lti, "Report score", data=[score]))
tls(Dataflow(lti, db, "Keep score", data=[score]), "PostgreSQL")
tls(Dataflow(lms, db, "Read and write courses", data=[mark, classes, password]), "PostgreSQL")
tls(Dataflow(admin, db, "Change accounts", data=[classes]), "PostgreSQL")
Dataflow(lms, sessions, "Keep sessions and jobs", data=[cookie], protocol="Redis")
tls(Dataflow(lms, handins, "Store hand-ins", data=[work]))
Dataflow(grader, sessions, "Take jobs", protocol="Redis")
tls(Dataflow(grader, handins, "Fetch hand-ins", data=[work]))
tls(Dataflow(grader, lms, "Report results", data=[mark]))
Dataflow(sis, drop, "Put class lists", data=[classes], protocol="SFTP")
Dataflow(roster, drop, "Collect class lists", data=[classes], protocol="SFTP")
tls(Dataflow(roster, db, "Import classes", data=[classes]), "PostgreSQL")
tls(Dataflow(lms, mail, "Notify parents", data=[mark]), "SMTP")

if __name__ == "__main__":
    tm.process()
