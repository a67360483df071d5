"""The same insurer after its security programme: every control is in place.

Exercises: every class with all boolean controls set by name from a list; flows
that are encrypted, authenticated, over VPN and TLS 1.3; data in safe hands. What
still holds here holds by design (XML, interfaces, physical access).
"""

from pytm import *
from pytm import Asset  # `import *` leaves this one out

CONTROLS = """
    authenticatesDestination authenticatesSource authorizesSource
    checksDestinationRevocation checksInputBounds definesConnectionTimeout disablesDTD
    disablesiFrames encodesHeaders encodesOutput encryptsCookies encryptsSessionData
    handlesCrashes handlesInterruptions handlesResourceConsumption hasAccessControl
    implementsAuthenticationScheme implementsCSRFToken implementsNonce implementsPOLP
    implementsServerSideValidation implementsStrictHTTPValidation invokesScriptFilters
    isEncrypted isEncryptedAtRest isHardened isResilient providesConfidentiality
    providesIntegrity sanitizesInput tracksExecutionFlow usesCodeSigning usesMFA
    usesParameterizedInput usesSecureFunctions usesStrongSessionIdentifiers usesVPN
    validatesContentType validatesHeaders validatesInput verifySessionIdentifiers
""".split()


def protected(element):
    for control in CONTROLS:
        setattr(element.controls, control, True)
    element.controls.usesEncryptionAlgorithm = "AES"
    element.controls.authenticationScheme = "OpenID Connect"
    element.maxClassification = Classification.TOP_SECRET
    return element


tm = TM("Insurer, after", description="Sells policies and settles claims")

branch = Boundary("Branch office")
centre = Boundary("Computing centre")

customer = protected(Actor("Customer", inBoundary=branch))
kiosk = protected(ExternalEntity("Kiosk", inBoundary=branch))
scanner = protected(Asset("Scanner", inBoundary=branch))
portal = protected(Server("Portal", inBoundary=centre, protocol="HTTPS", usesSessionTokens=True))
portal.usesVPN = True
portal.usesXMLParser = True
policies = protected(Server("Policy service", inBoundary=centre, protocol="SOAP", usesXMLParser=True))
pages = protected(Process("Page renderer", allowsClientSideScripting=True, implementsAPI=True))
pages.usesEnvironmentVariables = True
pages.data = [Data("Quote", format="JSON")]
workers = protected(SetOfProcesses("Claim workers"))
nightly = protected(Lambda("Nightly export", usesEnvironmentVariables=True))
claims = protected(Datastore("Claims", inBoundary=centre, storesPII=True, type=DatastoreType.SQL))
assistant = protected(LLM("Claims assistant", hasContentFiltering=True, processesPersonalData=True))
assistant.hasAgentCapabilities = assistant.hasAccessToSensitiveSystems = True
assistant.hasFineTuning = assistant.executesCode = assistant.hasRAG = True
clerk = protected(Agent("Digital clerk", usesExternalTools=True, validatesToolLaunchConfig=True))

claim = Data("Claim", classification=Classification.SECRET, isPII=True)
token = Data("Token", isCredentials=True, credentialsLife=Lifetime.SHORT)

steps = [
    (customer, portal, "Apply"),
    (kiosk, portal, "Apply at the kiosk"),
    (scanner, portal, "Scan"),
    (portal, policies, "Look up"),
    (portal, pages, "Render"),
    (pages, workers, "Queue"),
    (workers, claims, "Write"),
    (nightly, claims, "Export"),
    (workers, assistant, "Ask"),
    (assistant, clerk, "Instruct"),
]
for source, sink, name in steps:
    flow = protected(Dataflow(source, sink, name, data=[claim, token]))
    flow.protocol = "HTTPS"
    flow.usesVPN = True
    flow.tlsVersion = TLSVersion.TLSv13

tm.process()
