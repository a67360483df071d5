"""What the threat models of the payments team share. No model by itself."""

from pytm import Boundary, Classification, Controls, Data, Datastore, DatastoreType, Lifetime, Server

INTERNET = "Internet"
CARD_ZONE = "Card zone"
OFFICE = "Office network"


def boundaries():
    """The team's three zones, by name. The card zone lies in the office network."""
    zones = {name: Boundary(name) for name in (INTERNET, OFFICE, CARD_ZONE)}
    zones[CARD_ZONE].inBoundary = zones[OFFICE]
    return zones


def baseline(**more):
    """The controls that every machine of ours gets when it is installed."""
    return Controls(
        isHardened=True,
        isEncrypted=True,
        hasAccessControl=True,
        authorizesSource=True,
        handlesResourceConsumption=True,
        **more,
    )


def service(name, zone, **attributes):
    """A web service as our template makes it."""
    settings = {"protocol": "HTTPS", "port": 443, "OS": "Debian 12", **attributes}
    return Server(
        name,
        inBoundary=zone,
        maxClassification=Classification.SENSITIVE,
        controls=baseline(validatesInput=True, authenticatesDestination=True),
        **settings,
    )


def postgres(name, zone, encrypted=True):
    """One of our PostgreSQL clusters."""
    store = Datastore(
        name,
        inBoundary=zone,
        type=DatastoreType.SQL,
        protocol="PostgreSQL",
        port=5432,
        maxClassification=Classification.SECRET,
        controls=baseline(isEncryptedAtRest=encrypted),
    )
    return store


def card_data():
    """A card number, as it comes from the payment page."""
    return Data("Card data", classification=Classification.SECRET, isPII=True, isStored=True)


def service_token():
    return Data(
        "Service token",
        classification=Classification.SENSITIVE,
        isCredentials=True,
        credentialsLife=Lifetime.SHORT,
    )
