#!/usr/bin/env python3
"""A build platform of a company: pull requests are built, images signed and rolled out."""
from pytm import (TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, ExternalEntity,
                  Lifetime, Process, Server, TLSVersion)

tm = TM("Build platform")
tm.description = "Source hosting, runners, a registry, and the cluster that runs what was built."

internet = Boundary("Internet", trust="UNTRUSTED")
saas = Boundary("Source hosting", trust="PARTNER")
build = Boundary("Build network", trust="INTERNAL")
prod = Boundary("Production cluster", trust="RESTRICTED")

developer = Actor("Developer", inBoundary=internet)
contributor = Actor("Outside contributor", inBoundary=internet)
sre = Actor("Site reliability engineer", inBoundary=build, isAdmin=True)

git = ExternalEntity("Source hosting service", inBoundary=saas)
packages = ExternalEntity("Public package registry", inBoundary=internet)

hook = Server("Webhook receiver", inBoundary=build, protocol="HTTPS")
hook.receivesWebhooks = True
hook.controls.verifiesSignatures = True
hook.controls.authenticatesSource = True
hook.controls.authorizesSource = True
hook.controls.rateLimits = True
hook.controls.implementsNonce = True

controller = Server("Build controller", inBoundary=build, protocol="HTTPS")
controller.buildsSoftware = True
controller.holdsSecrets = True
controller.usesOIDC = True
controller.controls.authenticatesSource = True
controller.controls.authorizesSource = True
controller.controls.usesMFA = True
controller.controls.usesSecretStore = True
controller.controls.restrictsRedirects = True
controller.controls.encodesOutput = True
controller.controls.implementsCSRFToken = True
controller.controls.logsSecurityEvents = True
controller.controls.requiresApproval = True

runner = Process("Runner", inBoundary=build)
runner.description = "Ephemeral virtual machine for each job"
runner.codeType = "Managed"
runner.buildsSoftware = True
runner.runsUserCode = True
runner.controls.sandboxesExecution = True
runner.controls.isHardened = True
runner.controls.filtersEgress = True
runner.controls.implementsPOLP = True

mirror = Server("Package mirror", inBoundary=build, protocol="HTTPS")
mirror.usesCache = True
mirror.controls.verifiesProvenance = True
mirror.controls.scansDependencies = True
mirror.controls.authenticatesSource = True

signer = Process("Signer", inBoundary=build)
signer.codeType = "Managed"
signer.holdsSecrets = True
signer.controls.usesHardwareKeys = True
signer.controls.authenticatesSource = True
signer.controls.authorizesSource = True

registry = Datastore("Image registry", inBoundary=build)
registry.isSQL = False
registry.kind = "ARTIFACTS"
registry.controls.authenticatesSource = True
registry.controls.authorizesSource = True
registry.controls.providesIntegrity = True
registry.controls.verifiesProvenance = True

vault = Datastore("Vault", inBoundary=build)
vault.isSQL = False
vault.kind = "SECRETS"
vault.storesSensitiveData = True
vault.controls.authenticatesSource = True
vault.controls.authorizesSource = True
vault.controls.isEncryptedAtRest = True

deployer = Process("Deployer", inBoundary=prod)
deployer.codeType = "Managed"
deployer.description = "Argo CD; pulls signed images and manifests"
deployer.controls.verifiesProvenance = True
deployer.controls.usesCodeSigning = True
deployer.controls.implementsPOLP = True

logs = Datastore("Build logs", inBoundary=build)
logs.isSQL = False
logs.kind = "LOGS"
logs.storesLogData = True
logs.controls.authenticatesSource = True
logs.controls.authorizesSource = True
logs.controls.redactsLogs = True

source = Data("Source code", classification=Classification.SENSITIVE, isIntegrityCritical=True, isStored=True)
patch = Data("Pull request", classification=Classification.PUBLIC)
image = Data("Container image", classification=Classification.SENSITIVE, isIntegrityCritical=True, isStored=True)
secret = Data("Deployment secret", classification=Classification.SECRET, isCredentials=True, isStored=True,
              credentialsLife=Lifetime.SHORT)
event = Data("Push event", classification=Classification.RESTRICTED, isIntegrityCritical=True)
package = Data("Package", classification=Classification.PUBLIC, isIntegrityCritical=True)


def tls(flow, protocol="HTTPS"):
    flow.protocol = protocol
    flow.tlsVersion = TLSVersion.TLSv13
    return flow


tls(Dataflow(developer, git, "Push", data=[source]))
tls(Dataflow(contributor, git, "Open pull request", data=[patch]))
tls(Dataflow(git, hook, "Push webhook", data=[event]))
tls(Dataflow(hook, controller, "Start build", data=[event]))
tls(Dataflow(controller, runner, "Run job", data=[event]))
clone = tls(Dataflow(runner, git, "Clone"))
tls(Dataflow(git, runner, "Sources", data=[source, patch], responseTo=clone))
fetch = tls(Dataflow(runner, mirror, "Fetch packages"))
tls(Dataflow(mirror, runner, "Packages", data=[package], responseTo=fetch))
tls(Dataflow(mirror, packages, "Mirror packages"))
tls(Dataflow(runner, signer, "Sign", data=[image]))
tls(Dataflow(runner, registry, "Push image", data=[image]))
tls(Dataflow(controller, vault, "Read secrets", data=[secret]))
tls(Dataflow(runner, logs, "Write logs"))
tls(Dataflow(deployer, registry, "Pull image", data=[image]))
tls(Dataflow(developer, controller, "Watch builds"))
tls(Dataflow(sre, controller, "Configure pipelines"))

if __name__ == "__main__":
    tm.process()
