"""Every attribute of every class of pytm, given every kind of value, in the constructor and
after it: the table is made from pytm's own fields, so a new version brings its own rows.

A model says one thing. pytm takes it, and then tmrs has to read what pytm keeps, or pytm
stops, and then tmrs has to refuse it.
"""
import pytm
from pytm import base

import model

HEAD = """\
import pytm
from pytm import *
from pytm.asset import Asset
from pytm.base import DataSet

tm = TM("Shop")
edge = Boundary("Edge")
web = Server("Web")
user = Actor("User")
sent = Data("Sent")
flow = Dataflow(user, web, "Call")
other = Dataflow(web, user, "Answer")
"""

# How one of each class is made; `GIVEN` is where attributes are given.
MADE = {
    "Element": 'Element("One"GIVEN)',
    "Asset": 'Asset("One"GIVEN)',
    "Actor": 'Actor("One"GIVEN)',
    "Server": 'Server("One"GIVEN)',
    "ExternalEntity": 'ExternalEntity("One"GIVEN)',
    "Process": 'Process("One"GIVEN)',
    "SetOfProcesses": 'SetOfProcesses("One"GIVEN)',
    "Lambda": 'Lambda("One"GIVEN)',
    "LLM": 'LLM("One"GIVEN)',
    "Agent": 'Agent("One"GIVEN)',
    "Datastore": 'Datastore("One"GIVEN)',
    "Boundary": 'Boundary("One"GIVEN)',
    "Dataflow": 'Dataflow(user, web, "One"GIVEN)',
    "Data": 'Data("One"GIVEN)',
    "Controls": "Controls(GIVEN)",
    "Assumption": 'Assumption("One"GIVEN)',
    "Finding": "Finding(threat_id='INP01'GIVEN)",
    "Threat": "Threat(id='T1'GIVEN)",
    "TM": 'TM("Other"GIVEN)',
}
# What is then done with it, so that it counts.
USED = {
    "Data": "flow.data = one\n",
    "Controls": "web.controls = one\n",
    "Assumption": "web.assumptions = [one]\n",
    "Finding": "web.overrides = [one]\n",
}
# tmrs reads controls in words, at which pytm 1.4.0 stops (docs/semantics.md, section 1).
WORDS = {"\"words\"", "\"\"", "\"3\"", "\"yes\"", "\"SECRET\"", "[]", '["words"]', '("words",)', '{"words"}', "web.display_name()"}
VALUES = [
    "None", '"words"', '""', "3", "0", "-1", "True", "2.5", '"3"', '"yes"', 'b"words"',
    '["words"]', "[3]", "[]", "[None]", '("words",)', "(3,)", '{"words"}', "{3}", "{}", '{"name": "words"}', '{"isHardened": True}',
    "web", "[web]", "edge", "flow", "[flow]", "sent", "[sent]", "Server", "Classification.SECRET", '"SECRET"', "TLSVersion.TLSv12",
    "DatastoreType.SQL", "Lifetime.SHORT", "Action.IGNORE", "Controls()", "Controls(isHardened=True)",
    'Assumption("It holds")', '[Assumption("It holds", exclude={"INP01"})]', '[Finding(threat_id="INP01")]', 'Finding(threat_id="INP01")',
    "DataSet([sent])", "iter([])", "range(2)", "2**70", "1180591620717411303424", "lambda: 3", "object()",
    "flow.enters(edge)", "web.display_name()",
]
READ = """\
kept = one.NAME
if isinstance(kept, (str, bool, int, float)):
    Server(f"{kept}")
elif isinstance(kept, (list, set, tuple, dict)):
    Server(f"{len(kept)} of them")
else:
    Server(f"{kept is None} {kept is web} {kept is sent} {kept is flow}")
"""
TAIL = "\ntm.process()\n"


def kinds_of(cls):
    """The fields of a class with their types, without those that it inherits as they are."""
    own = {}
    for name, field in cls.model_fields.items():
        inherited = any(name in b.model_fields and b.model_fields[name].annotation == field.annotation for b in cls.__mro__[1:] if hasattr(b, "model_fields"))
        own[name] = (str(field.annotation), inherited)
    return own


def build(rng_seed, most):
    """Models of every attribute: `most` dozen pairs of values for a class's own ones of a new
    type, `most` for all others."""
    rng = model.generator(rng_seed, "attributes")
    for name, made in MADE.items():
        cls = getattr(pytm, name, None) or getattr(base, name)
        seen = {}
        for attribute, (kind, inherited) in kinds_of(cls).items():
            # What pydantic makes of a type it makes of all attributes of that type.
            alike = seen.setdefault(kind, 0)
            seen[kind] += 1
            values = rng.sample(VALUES, min(len(VALUES), 24 * most))
            if alike or inherited:
                values = rng.sample(VALUES, most if alike < 8 else 1)
            if attribute == "controls":
                values = [value for value in values if value not in WORDS]
            for value in values:
                for way in ("given", "set"):
                    yield one(name, made, attribute, value, way)
        for attribute in ("findings_", "threats", "isHardened"):
            for value in rng.sample(VALUES, most):
                yield one(name, made, attribute, value, "set")


def one(name, made, attribute, value, way):
    """The model in which one attribute of one class is given one value."""
    lead = "" if made.endswith("(GIVEN)") else ", "
    if way == "given":
        text = f"one = {made.replace('GIVEN', f'{lead}{attribute}={value}')}\n"
        if attribute in ("threat_id", "id"):
            text = text.replace("threat_id='INP01', ", "").replace("id='T1', ", "")
    else:
        text = f"one = {made.replace('GIVEN', '')}\none.{attribute} = {value}\n" + READ.replace("NAME", attribute)
    files = {"tm.py": HEAD + text + USED.get(name, "") + TAIL}
    return model.Model(f"attribute {name}.{attribute} {way} {value}", files)
