"""An IoT gateway with door locks, meters and a vendor cloud.

Exercises: `import pytm` and `import pytm as alias`, `while`, `if/elif/else` on
known values, conditional expressions, comparison chains, `and/or/not`, augmented
assignment, `del`, `pass`, walrus, constants of a module.
"""

import pytm
import pytm as model

MAX_LOCKS = 3
FIRMWARE = (2, 4, 1)
FEATURES = {"remote-open", "audit"}

tm = pytm.TM("IoT gateway")
tm.description = "Locks and meters of a block of flats"

flat = pytm.Boundary("Flat")
cellar = pytm.Boundary("Cellar", inBoundary=flat)
cloud = model.Boundary("Vendor cloud")

gateway = pytm.Server("Gateway")
gateway.inBoundary = cellar
gateway.OS = "OpenWrt"
gateway.protocol = "MQTT"
gateway.port = 8883 if FIRMWARE >= (2, 0) else 1883

if FIRMWARE < (2,):
    gateway.controls.isEncrypted = False
elif 2 <= FIRMWARE[0] < 3 and FIRMWARE[1] > 3:
    gateway.controls.isEncrypted = True
    gateway.controls.isHardened = not FIRMWARE[2] == 0
else:
    gateway.usesCache = True

locks = []
while len(locks) < MAX_LOCKS:
    lock = model.ExternalEntity("Lock " + "ABC"[len(locks)])
    lock.inBoundary = flat
    lock.hasPhysicalAccess = True
    locks += [lock]

remaining = 5
while True:
    remaining -= 2
    if remaining < 0:
        break
    meter = pytm.Process("Meter %s" % remaining, inBoundary=cellar)
    meter.environment = "Production" if remaining else "Test"
    pytm.Dataflow(meter, gateway, "Reading %s" % remaining)

command = pytm.Data("Open command", isCredentials=True)
command.credentialsLife = pytm.Lifetime.SHORT

for lock in locks:
    open_it = pytm.Dataflow(gateway, lock, "Open " + lock.name)
    open_it.data = command
    if "remote-open" in FEATURES and lock is not locks[0]:
        pass
    else:
        open_it.controls.isEncrypted = True
    if (events := lock.name.split())[-1] != "B" or "audit" not in FEATURES:
        pytm.Dataflow(lock, gateway, "Event from " + "-".join(events))

backend = pytm.Lambda("Fleet backend", inBoundary=cloud)
backend.implementsAPI = bool(FEATURES)
scratch = 1
del scratch
heartbeat = pytm.Dataflow(gateway, backend, "Heartbeat")
heartbeat.usesVPN = "vpn" in FEATURES or False
heartbeat.tlsVersion = model.TLSVersion.TLSv12

tm.process()
