"""An archive of scanned documents: stored data and who encrypts it.

Exercises: `isStored` data takes `isDestEncryptedAtRest` and
`isSourceEncryptedAtRest` from the ends of the first flow that carries it (by
order, then by declaration); declared values stay; responses take no part.
"""

from pytm import TM, Classification, Data, Dataflow, Datastore, Process, Server

tm = TM("Archive", description="Keeps scans for ten years")

scanner = Process("Scanner")
scanner.maxClassification = Classification.SECRET
index = Server("Index", maxClassification=Classification.SECRET)
vault = Datastore("Vault", maxClassification=Classification.SECRET)
vault.controls.isEncryptedAtRest = True
vault.controls.isEncrypted = True
attic = Datastore("Attic", maxClassification=Classification.SECRET)
attic.controls.isEncrypted = True


def stored(name, **attributes):
    return Data(name, isPII=True, isStored=True, classification=Classification.SECRET, **attributes)


deed = stored("Deed")
will = stored("Will")
passport = stored("Passport", isDestEncryptedAtRest=False, isSourceEncryptedAtRest=False)
contract = stored("Contract")
contract.isDestEncryptedAtRest = True
receipt = stored("Receipt")
transcript = Data("Transcript", isPII=True, isStored=False)


def flow(source, sink, name, data, order=-1, **attributes):
    made = Dataflow(source, sink, name, data=data, order=order, **attributes)
    made.maxClassification = Classification.SECRET
    made.controls.isEncrypted = True
    return made


# The vault comes first by order, the attic first by declaration.
flow(scanner, attic, "Deed to the attic", deed, order=2)
flow(scanner, vault, "Deed to the vault", deed, order=1)

# Without an order the declaration decides; the second flow changes nothing.
flow(scanner, attic, "Will to the attic", will)
flow(scanner, vault, "Will to the vault", will)

# Said: never taken over.
flow(scanner, vault, "Passport to the vault", passport)
flow(scanner, attic, "Contract to the attic", contract)

# From an encrypted source; the answer looks at the source's side.
ask = flow(index, vault, "Ask for receipts", [])
flow(vault, index, "Receipts", [receipt], isResponse=True)
move = flow(vault, attic, "Move receipts", [receipt])
flow(attic, vault, "Receipts moved", [receipt], responseTo=move)

flow(scanner, vault, "Transcript", transcript)

tm.process()
