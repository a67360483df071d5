"""A secrets manager: credentials and how long they live.

Exercises: every Lifetime; a lifetime makes data credentials, credentials
without one have UNKNOWN; declared NONE and declared False stay; data carried
only by responses is left alone; sinks out of scope.
"""

from pytm import TM, Actor, Data, Dataflow, Lifetime, Server

tm = TM("Secrets manager", description="Hands out credentials to services")

operator = Actor("Operator", isAdmin=True)
manager = Server("Secrets manager", protocol="HTTPS")
manager.controls.isEncrypted = True
client = Server("Service")
outside = Server("Partner", inScope=False)

for life in Lifetime:
    secret = Data(f"Secret, {life.name.lower()}", credentialsLife=life)
    Dataflow(operator, manager, f"Deposit {life.value}", data=secret)

without_life = Data("Password", isCredentials=True)
declared_none = Data("Badge", isCredentials=True, credentialsLife=Lifetime.NONE)
declared_false = Data("Public key", isCredentials=False, credentialsLife=Lifetime.LONG)
only_back = Data("Lease", credentialsLife=Lifetime.HARDCODED)
lonely = Data("Root key", isCredentials=True, credentialsLife=Lifetime.HARDCODED)

Dataflow(client, manager, "Log in", data=[without_life])
Dataflow(client, manager, "Show the badge", data=[declared_none])
Dataflow(client, manager, "Show the public key", data=[declared_false])
ask = Dataflow(client, manager, "Ask for a lease")
Dataflow(manager, client, "Lease", data=only_back, responseTo=ask)
Dataflow(manager, outside, "Share", data=lonely)

tm.process()
