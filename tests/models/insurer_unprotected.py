"""An insurer before its security programme: one element of every class, no control.

Exercises: every element class of pytm with the attributes that threats ask for,
and none of the controls that would answer them.
"""

from pytm import (
    LLM,
    TM,
    Actor,
    Agent,
    Asset,
    Boundary,
    Classification,
    Data,
    Dataflow,
    Datastore,
    DatastoreType,
    Element,
    ExternalEntity,
    Lambda,
    Lifetime,
    Process,
    Server,
    SetOfProcesses,
    TLSVersion,
)

tm = TM("Insurer, before", description="Sells policies and settles claims")

branch = Boundary("Branch office")
centre = Boundary("Computing centre")

customer = Actor("Customer", inBoundary=branch)
kiosk = ExternalEntity("Kiosk", inBoundary=branch, hasPhysicalAccess=True)
paper = Element("Paper file", inBoundary=branch)
scanner = Asset("Scanner", inBoundary=branch, handlesResources=True, OS="VxWorks")

portal = Server(
    "Portal",
    inBoundary=centre,
    protocol="HTTP",
    port=80,
    usesSessionTokens=True,
    usesCache=True,
    usesXMLParser=True,
    minTLSVersion=TLSVersion.TLSv13,
)
policies = Server("Policy service", inBoundary=centre, protocol="SOAP", port=8080)
post = Server("Post room", inBoundary=centre, protocol="SMTP", port=25)
pages = Process(
    "Page renderer",
    inBoundary=centre,
    allowsClientSideScripting=True,
    usesEnvironmentVariables=True,
    implementsAPI=True,
    implementsCommunicationProtocol=True,
    environment="Production",
    data=[Data("Quote", format="JSON")],
)
workers = SetOfProcesses("Claim workers", inBoundary=centre, allowsClientSideScripting=True)
workers.environment = "Production"
workers.implementsAPI = True
nightly = Lambda("Nightly export", usesEnvironmentVariables=True, implementsAPI=True)
nightly.environment = "Production"
claims = Datastore(
    "Claims",
    inBoundary=centre,
    type=DatastoreType.LDAP,
    isSQL=False,
    isShared=True,
    onRDS=True,
    hasWriteAccess=True,
    storesPII=True,
    storesLogData=True,
    storesSensitiveData=True,
)
assistant = LLM(
    "Claims assistant",
    processesPersonalData=True,
    retainsUserData=True,
    hasAgentCapabilities=True,
    hasAccessToSensitiveSystems=True,
    executesCode=True,
    hasRAG=True,
    hasFineTuning=True,
)
clerk = Agent("Digital clerk", usesExternalTools=True)

claim = Data("Claim", format="XML", classification=Classification.SECRET, isPII=True, isStored=True)
password = Data("Password", isCredentials=True, credentialsLife=Lifetime.HARDCODED)

apply = Dataflow(customer, portal, "Apply", data=[claim, password])
apply.protocol = "HTTP"
apply.usesSessionTokens = True
Dataflow(kiosk, portal, "Apply at the kiosk", data=claim, protocol="HTTP")
Dataflow(scanner, portal, "Scan", data=claim)
Dataflow(paper, scanner, "Lay on the glass")
Dataflow(portal, policies, "Look up", data=claim)
Dataflow(portal, pages, "Render")
Dataflow(pages, workers, "Queue", data=password)
Dataflow(workers, claims, "Write", data=claim)
Dataflow(nightly, claims, "Export", data=claim)
Dataflow(portal, post, "Send letters")
Dataflow(workers, assistant, "Ask", data=claim)
Dataflow(assistant, clerk, "Instruct")
Dataflow(clerk, claims, "Change", data=password)

tm.process()
