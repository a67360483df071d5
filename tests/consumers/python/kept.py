"""What pytm keeps for itself, and what it takes for its Threats: class variables given to an
object or replaced, names that a class has beside its fields, the list of threats that pytm
reads from its file, and every attribute of a Threat, when it is made and later. The tables
are made from pytm's own classes.
"""
import pytm
from pytm import base

import model
from attributes import HEAD, MADE, TAIL, VALUES, WORDS

# What a model does with the threats of pytm's file.
OF_THREATS = """\
len(L); bool(L); L == []; L[0].id; L[:1]; sorted(t.id for t in L); [t.id for t in L]; {t.id for t in L}; any(t.id == "INP01" for t in L)
all(t.severity for t in L); next((t for t in L if t.id == "INP01"), None); "INP01" in L; L.copy(); list(L); max(L, key=lambda t: t.id)
L + []; L * 2; L[-1].target; not L; L or 3; L and 3; L is None; isinstance(L, list); L.index(3); L.count(3); iter(L); tuple(L)
list(enumerate(L)); list(zip(L, L)); L[0].apply(web); L[0].severity == "High"; dict((t.id, t) for t in L); str(L); repr(L); min(L)
L.append(3); L.clear(); L.pop(); L.sort(key=lambda t: t.id); L.reverse(); L.extend([]); L.insert(0, 3); L.remove(3); list.append(L, 3)
L.__len__(); L.nothing; L[0].nothing; L[500]; L.__setitem__(0, 3); setattr(L[0], "condition", "False"); random.shuffle(L); vars(L[0])""".replace("\n", "; ").split("; ")
STATEMENTS = [
    "for t in L:\n    print(t.id, t.description.lower())", "for t in L:\n    if t.id == 'INP01':\n        Server('Found')", "for t in L:\n    t.condition = 'False'", "for t in L:\n    t.nothing", "for t in L:\n    Server(t.id)",
    "L[0].condition = 'False'", "L[0] = 3", "del L[0]", "x = L\nx += [3]", "x = L\nx.clear()", "for i, t in enumerate(L):\n    t.severity = 'Low'", "t = next(t for t in L if t.id == 'INP01')\nt.target = ()", "L[0].id = 5",
    "def find(sid):\n    for t in L:\n        if t.id == sid:\n            return t\n    return None\nt = find('INP01')\nif t:\n    Server('Found')\nelse:\n    Server('Not found')", "while L:\n    Server('Once')\n    break",
    "names = [t.id for t in L if t.severity == 'High']\nprint(len(names), names)", "print(f'{len(L)} threats')", "if len(L) > 3:\n    web.controls.isHardened = True", "web.overrides = [Finding(threat=L[0], response='accepted')]",
    "web.overrides = [Finding(threat_id=t.id, response='accepted') for t in L]", "web.overrides.append(Finding(threat=t, response='accepted') if (t := L[0]) else None)", "import json\nprint(json.dumps([t.id for t in L]))", "import logging\nlogging.info('%d threats', len(L))",
]
LISTS = ["TM._threats", "tm._threats", "tm.__class__._threats", "type(tm)._threats", "pytm.pytm.TM._threats", 'getattr(tm, "_threats")', "TM._get_state().threats", "TM._state.threats"]
CONDITIONS = """\
True; target.inScope; target.oneOf(Server); target.protocol == 'HTTP'; import x; f(target); len(target.data) > 3; target.__class__; any(d.isPII for d in target.data); lambda: 3; (x := 3)
[a for a, b in target.data]; {1: 2}; {**target}; f(*target); len(x=3); target.data[0:1]; ~3; 1 << 2; a @ b; 'a' 'b'; f'{target}'; target.controls.oneOf(3); target().oneOf(3); x.y.z; not target.a; {a for a in b}
{a: b for a in c}; -1; +1; a if b else c; a is not None; a not in b; await a; *a; ''; a b; (a; a.__b; a._b; sum(a); target.sum(a); 1 ** 2 // 3 ^ 4 | 5 & 6; ...; b'a'""".replace("\n", "; ").split("; ")


def classes():
    """name -> class, for every class of which an object can be made."""
    return {name: getattr(pytm, name, None) or getattr(base, name) for name in MADE}


def one(name):
    """The statement that makes one object."""
    return f"one = {MADE[name].replace('GIVEN', '')}\n"


def caught(text, rest="Server('Taken')"):
    """What happens, as an element's name."""
    lines = "".join(f"    {line}\n" for line in text.strip().split("\n"))
    return f"try:\n{lines}except Exception as error:\n    Server(type(error).__name__)\nelse:\n    {rest}\n"


def model_of(kind, text):
    """A model of one statement, as it stands and as what an `except` sees of it."""
    yield model.Model(f"kept {kind}", {"tm.py": f"import random\n{HEAD}{text}\n{TAIL}"})
    yield model.Model(f"kept caught {kind}", {"tm.py": f"import random\n{HEAD}{caught(text)}{TAIL}"})


def build(seed, most):
    """All names and statements; `most` dozen values for each attribute of a Threat, a few of all others."""
    rng = model.generator(seed, "kept")
    fields = set(pytm.TM.__mro__[1].__dict__)
    for name, cls in classes().items():
        own = sorted(of for of in {of for c in cls.__mro__[:-2] for of in vars(c)} - fields - set(cls.model_fields) if not of.startswith("__"))
        for kept in sorted(cls.__class_vars__):
            for value in rng.sample(["[]", "None", "3", "web", "lambda: 3", "{}"], most):
                yield from model_of(f"class variable {name}.{kept} of an object", f"{one(name)}one.{kept} = {value}")
                yield from model_of(f"class variable {name}.{kept} by setattr", f"{one(name)}setattr(one, {kept!r}, {value})")
                yield from model_of(f"class variable {name}.{kept} of the class", f"{name}.{kept} = {value}")
                yield from model_of(f"class variable {name}.{kept} given", one(name).replace(")", f", {kept}={value})") if name != "Controls" else f"Controls({kept}={value})")
            yield from model_of(f"class variable {name}.{kept} of a class of its own", f"class Own({name}):\n    pass\nOwn.{kept} = []")
        for kept in own if name in ("TM", "Threat", "Server", "Dataflow", "Data", "Finding") else rng.sample(own, min(len(own), 4 * most)):
            yield from model_of(f"name {name}.{kept}", f"{one(name)}x = one.{kept}")
            yield next(model_of(f"name {name}.{kept} asked for", f"{one(name)}if hasattr(one, {kept!r}):\n    Server('Has')"))
            yield from model_of(f"name {name}.{kept} of the class", f"x = {name}.{kept}\nif x:\n    Server('Has')")
        for way in ("given", "set"):
            for field in [*cls.model_fields, "nothing", "model_extra", "_own"]:
                values = [value for value in VALUES if field != "controls" or value not in WORDS]
                for value in rng.sample(values, 12 * most if name == "Threat" else most):
                    said = f", {field}={value}" if name not in ("Controls",) else f"{field}={value}"
                    made = MADE[name].replace("GIVEN", said if way == "given" else "")
                    if way == "given" and field in ("threat_id", "id"):
                        made = made.replace("threat_id='INP01', ", "").replace("id='T1', ", "")
                    ways = list(model_of(f"{name}.{field} {way}", (f"one = {made}" if way == "given" else f"one = {made}\none.{field} = {value}")))
                    # `attributes.py` has them as they stand.
                    yield from ways if name == "Threat" else ways[1:]
    for condition in CONDITIONS:
        yield from model_of("condition", f"Threat(SID='T1', condition={condition!r})")
        yield from model_of("condition later", f"one = Threat(SID='T1')\none.condition = {condition!r}")
    yield from model_of("class variable of its own", "from typing import ClassVar\nclass Own(Server):\n    kind: ClassVar[str] = 'x'\none = Own('One')\none.kind = 'y'\nServer(one.kind)")
    for expression in OF_THREATS:
        yield from model_of("threats", f"x = {expression.replace('L', rng.choice(LISTS[:6]))}")
        yield from model_of("threats", f"x = {expression.replace('L', rng.choice(LISTS))}\nif x:\n    Server('True')\nelse:\n    Server('False')")
    for statement in STATEMENTS:
        for each in rng.sample(LISTS, 3):
            yield from model_of("threats", statement.replace("L", each))
