"""A build system: forge, scheduler, runners, caches, a signing service.

Exercises: functions with defaults, keywords, `*args`, `**kwargs`, keyword-only
parameters, early returns, tuple returns, closures, `nonlocal`, lambdas,
functions as values, recursion, starred calls.
"""

from pytm import TM, Actor, Boundary, Controls, Data, Dataflow, Datastore, Lifetime, Process, Server, SetOfProcesses

tm = TM("Build system", "Builds, tests and signs what developers push")

office = Boundary("Office")
cluster = Boundary("Build cluster")


def server(name, boundary=cluster, *, port=443, protocol="HTTPS", **attributes):
    """A server with the settings that all of ours share."""
    made = Server(name, inBoundary=boundary, port=port, protocol=protocol, **attributes)
    made.controls.isEncrypted = port == 443
    return made


def connect(source, sink, *names, data=()):
    flows = []
    for name in names:
        flows.append(Dataflow(source, sink, name, data=list(data)))
    return flows


def counter(prefix):
    count = 0

    def following():
        nonlocal count
        count += 1
        return f"{prefix} {count}"

    return following


def harden(element, controls=("isHardened", "hasAccessControl")):
    if element is None:
        return None
    for control in controls:
        setattr(element.controls, control, True)
    return element


def pair(name):
    runner = Process(f"{name} runner", inBoundary=cluster, usesEnvironmentVariables=True)
    cache = Datastore(f"{name} cache", inBoundary=cluster, isShared=True, isSQL=False)
    return runner, cache


def chain(elements):
    """Connect each element with the next one."""
    if len(elements) < 2:
        return 0
    first, second, *rest = elements
    Dataflow(first, second, f"{first.name} to {second.name}")
    return 1 + chain([second, *rest])


is_trusted = lambda name: name.startswith("Release")  # noqa: E731
describe = lambda kind, where="cluster": "%s in the %s" % (kind, where)  # noqa: E731

developer = Actor("Developer", inBoundary=office)
forge = harden(server("Forge", office, usesSessionTokens=True, description=describe("forge", "office")))
scheduler = server("Scheduler", port=8080, protocol="HTTP", description=describe("scheduler"))
signer = harden(server("Signing service"), ["usesCodeSigning", "providesIntegrity", "authenticatesSource"])

token = Data("Deploy token", isCredentials=True, credentialsLife=Lifetime.LONG)
source = Data("Source code")

push, review = connect(developer, forge, "Push", "Review", data=[source])
(trigger,) = connect(forge, scheduler, "Trigger")

next_job = counter("Job")
for runner, cache in (pair(name) for name in ("Pull request", "Release")):
    if is_trusted(runner.name):
        Dataflow(runner, signer, "Sign", data=token)
        runner.controls.implementsPOLP = True
    chain([scheduler, runner, cache])
    Dataflow(scheduler, runner, next_job(), data=source)

workers = SetOfProcesses("Test workers", inBoundary=cluster)
arguments = [scheduler, workers, next_job()]
options = {"protocol": "gRPC", "controls": Controls(isEncrypted=True)}
Dataflow(*arguments, **options)

apply = {"harden": harden, "leave": lambda element: element}
apply["harden"](workers, controls=["hasAccessControl"])
apply["leave"](scheduler)
assert harden(None) is None

tm.process()
