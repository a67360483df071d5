"""The insurer's review: machines that lack exactly one control each.

Exercises: every `or` and `and` of the conditions on servers, processes, stores
and functions, one control at a time; attributes that only matter beside a gap;
dict comprehensions as keyword arguments.
"""

from pytm import TM, Controls, Data, Datastore, Lambda, Process, Server

CONTROLS = (
    "authenticatesSource authorizesSource checksInputBounds definesConnectionTimeout "
    "disablesDTD disablesiFrames encodesHeaders encodesOutput encryptsCookies "
    "encryptsSessionData handlesResourceConsumption hasAccessControl "
    "implementsAuthenticationScheme implementsCSRFToken implementsNonce implementsPOLP "
    "implementsServerSideValidation implementsStrictHTTPValidation invokesScriptFilters "
    "isHardened isResilient providesIntegrity sanitizesInput usesCodeSigning usesMFA "
    "usesParameterizedInput usesSecureFunctions usesStrongSessionIdentifiers "
    "validatesContentType validatesHeaders validatesInput verifySessionIdentifiers"
).split(" ")

tm = TM("Insurer, review", description="What does each control hold up?")
sheet = Data("Sheet", format="JSON")


def all_but(*missing):
    return Controls(
        usesEncryptionAlgorithm="RSA",
        **{control: control not in missing for control in CONTROLS},
    )


for gap in CONTROLS:
    Server(
        f"Server without {gap}",
        controls=all_but(gap),
        protocol="HTTP",
        usesSessionTokens=True,
        usesVPN=True,
        usesXMLParser=True,
    )
    Process(
        f"Process without {gap}",
        controls=all_but(gap),
        usesEnvironmentVariables=True,
        allowsClientSideScripting=True,
        implementsAPI=True,
        data=[sheet],
    )
    if gap in ("hasAccessControl", "authorizesSource", "implementsPOLP", "validatesInput"):
        Datastore(f"Store without {gap}", controls=all_but(gap))
    if gap in ("sanitizesInput", "validatesInput", "checksInputBounds", "handlesResourceConsumption"):
        Lambda(f"Function without {gap}", controls=all_but(gap), implementsAPI=True)

pairs = [
    ("validatesInput", "sanitizesInput"),
    ("checksInputBounds", "validatesInput"),
    ("hasAccessControl", "validatesInput"),
    ("implementsStrictHTTPValidation", "encodesHeaders"),
    ("implementsServerSideValidation", "authorizesSource"),
    ("usesParameterizedInput", "sanitizesInput"),
    ("definesConnectionTimeout", "usesMFA"),
    ("definesConnectionTimeout", "encryptsCookies"),
    ("implementsPOLP", "validatesInput"),
]
for one, other in pairs:
    name = f"without {one} and {other}"
    Server(f"Server {name}", controls=all_but(one, other), protocol="SOAP")
    Process(f"Process {name}", controls=all_but(one, other))
    Lambda(f"Function {name}", controls=all_but(one, other), usesEnvironmentVariables=True)

tm.process()
