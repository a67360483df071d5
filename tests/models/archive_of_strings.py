"""A translation agency; nearly every name here is put together.

Exercises: implicit and parenthesised concatenation, `+`, `*`, `%` with one
value, a tuple and a dict, `.format` with positions, names and specs, f-strings
with conversions, specs and nested quotes, raw and triple-quoted strings, escapes
and non-ASCII text, `join split strip replace upper title startswith removeprefix`,
slices and subscripts.
"""

import textwrap

from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, Server

COMPANY = "Babel"
tm = TM(COMPANY + " & " + "Sons")
tm.description = (
    "Translators work on documents "
    "that customers upload; "
    f"{COMPANY} checks and returns them."
)

office = Boundary("%s office" % COMPANY)
translator = Actor("Translator (%s, %d)" % ("freelance", 2), inBoundary=office)
customer = Actor("{} {kind!s:>8}".format("Customer", kind="private"))
reviewer = Actor("%(role)s of %(place)s" % {"role": "Reviewer", "place": "Zürich"})

upload = Server("{0}-{1}-{0}".format("up", "load").title())
upload.protocol = "htt".upper() + "P"
upload.port = int("80" + "80")
glossary = Datastore(" glossary\t".strip().capitalize() + "\u00e9")
memory = Datastore("-".join(["Translation", "memory"]).replace("-", " "), isShared=True)
drafts = Datastore("old.drafts.store".split(".")[1].upper()[:5] + "S"[0:0])

pages = 0x1F
text = Data(f"{pages:03d} pages, {pages / 2:.1f} sheets, {COMPANY!r}, {'x' * 3}")
text.description = """Several lines,
of which the second is short."""
text.format = "text/xml".split("/")[-1].upper()

names = ["a: Upload", "b: Translate", "c: Review"]
ends = [(customer, upload), (translator, upload), (reviewer, upload)]
for label, (source, sink) in zip(names, ends):
    key, _, name = label.partition(": ")
    flow = Dataflow(source, sink, name, data=text)
    flow.note = r"raw \n note" + key
    if label.startswith(("a", "b")) and not label.endswith("w"):
        flow.usesVPN = key in "ab"

Dataflow(upload, glossary, f"{'Look up':*^11}".strip("*") + f" {len(names)} terms")
Dataflow(upload, memory, "Match" "es", data=text)
Dataflow(upload, drafts, str(1) + "st " + "Draft".lower().removeprefix("x"))
Dataflow(upload, drafts, textwrap.dedent("Final").casefold().swapcase())
print("%d%%" % 100, repr(tm.name))

tm.process()
