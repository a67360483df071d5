"""Whole models by chance: elements, flows, data and zones that are made, changed, counted, sorted
and compared in the ways that scripts of people do it.
"""
import textwrap

import model

HEAD = '''\
import functools
from pytm import *

tm = TM("Shop")
zone = Boundary("Zone")
user = Actor("User")
web = Server("Web")
db = Datastore("DB")
card = Data("Card")
visit = Dataflow(user, web, "Visit")
query = Dataflow(web, db, "Query")
made = [web, db]
flows = [visit, query]
kinds = {"a": Server, "b": Datastore, "c": Process}


def factory(name, kind=Server, **settings):
    one = kind(name)
    for key, value in settings.items():
        setattr(one, key, value)
    made.append(one)
    return one


class Own(Server):
    def __init__(self, name, port=80):
        super().__init__(name)
        self.port = port
        self.controls.isHardened = True


'''
TAIL = '''

if __name__ == "__main__":
    tm.process()
'''
FLAGS = ["inScope", "onAWS", "handlesResources", "usesEnvironmentVariables", "inScope", "onAWS"]
CONTROLS = ["isHardened", "sanitizesInput", "encodesOutput", "validatesInput", "hasAccessControl", "isEncrypted", "authenticatesSource", "authorizesSource", "usesParameterizedInput"]

PARTS = ['"xy"', '["p", "q"]', 'sorted({"b", "a"})']
GIVEN_DATA = ['card', '[card]', '{card}', 'web.data', '[Data("More", classification=Classification.SECRET)]', '[]']
NUMBERED = ['f"{number}"', 'str(number) + each.name']
CHOSEN = ['each.onAWS', 'each.port == 80', 'isinstance(each, Server)', 'each.inBoundary is None', 'each.name in ("Web", "DB")']
EXCLUDED = ['["INP01"]', '{"AA01"}', '["DS01", "INP02"]', '[]']
BY_NAME = ['names["Web"].onAWS = True', 'Server(min(names))', 'Server(str(len(names)))', 'Server(sorted(names)[-1])', 'names.pop("DB").onAWS = False', 'Server(", ".join(names))']
SAID_OF_FLOWS = ['', ', protocol="HTTPS"', ', data=card', ', dstPort=443', ', inBoundary=zone']
TURNS = ['range(2)', 'made[:2]', '"ab"', 'kinds', 'kinds.values()']
SHOWN = ['True', 'False', 'each.name > "U"', 'each is web']
SETTINGS = ['True', 'Action.IGNORE', '"words"']

# What people do with Python beside: `ONE` and `OTHER` are elements, `FLOW` a flow, `NAME` a new name.
HABITS = """\
settings = {"port": 8080, "onAWS": ONE.onAWS}
made.append(Server(NAME, **settings))
---
settings = dict(port=1)
settings.update(description=ONE.name)
made.append(Process(NAME, **settings))
---
for level in Classification:
    if level > ONE.maxClassification:
        FLOW.data = Data(level.name, classification=level)
        break
---
ONE.description = ", ".join(level.name for level in TLSVersion)
---
ONE.maxClassification = max(Classification, key=lambda level: level.value)
---
ONE.description = getattr(OTHER, "usesCache", "no") and "yes" or "none"
---
ONE.description = str(getattr(OTHER, "nothing", 7))
---
class Base(Server):
    zone_of = zone
    port_of = 81

    def __init__(self, name, **more):
        more.setdefault("port", self.port_of)
        super().__init__(name, **more)
        self.inBoundary = self.zone_of


class Derived(Base):
    port_of = 82


made += [Base(NAME), Derived(NAME, port=83), Derived(NAME)]
---
class Maker:
    count = 0

    def __init__(self, prefix):
        self.prefix = prefix

    def __call__(self, kind, *names):
        Maker.count += len(names)
        return [kind(f"{self.prefix}{name}") for name in names]


make = Maker(NAME)
made.extend(make(Server, "a", "b"))
made.append(Datastore(str(Maker.count)))
---
class Team:
    def __init__(self, *of):
        self.of = list(of)

    @property
    def first(self):
        return self.of[0]

    def __len__(self):
        return len(self.of)

    def __iter__(self):
        return iter(self.of)

    def __getitem__(self, at):
        return self.of[at]


team = Team(ONE, OTHER)
team.first.OS = str(len(team))
Dataflow(team[0], team[-1], NAME)
for one in team:
    one.description = "of a team"
---
class Registry(dict):
    def add(self, one):
        self[one.name] = one
        return one


known = Registry()
known.add(Server(NAME)).port = 3
known.add(Datastore(NAME))
Dataflow(*known.values(), NAME)
---
def each_pair(them):
    last = None
    for one in them:
        if last is not None:
            yield last, one
        last = one


for left, right in each_pair(made):
    Dataflow(left, right, NAME)
---
def tagged(function):
    @functools.wraps(function)
    def inner(*given, **named):
        one = function(*given, **named)
        one.description = function.__name__
        return one
    return inner


@tagged
def store(name):
    return Datastore(name)


made.append(store(NAME))
---
import contextlib


@contextlib.contextmanager
def inside(place):
    before = list(TM._elements)
    yield place
    for one in TM._elements:
        if one not in before:
            one.inBoundary = place


with inside(zone):
    Server(NAME)
---
import dataclasses


@dataclasses.dataclass
class Row:
    name: str
    kind: type = Server
    port: int = 5


for row in [Row(NAME), Row(NAME, Datastore), Row(NAME, port=6)]:
    one = row.kind(row.name)
    one.port = row.port
    made.append(one)
---
from collections import defaultdict, namedtuple
Row = namedtuple("Row", "name kind")
of = defaultdict(list)
for row in [Row(NAME, Server), Row(NAME, Datastore), Row(NAME, Server)]:
    of[row.kind].append(row.kind(row.name))
Dataflow(of[Server][0], of[Datastore][-1], NAME)
---
from itertools import combinations
for left, right in combinations(made[:3], 2):
    Dataflow(left, right, f"{left.name}/{right.name}")
---
from itertools import chain
for one in chain(made, [user]):
    one.description = one.description + NAME
---
from operator import attrgetter
first = min(made, key=attrgetter("name"))
first.OS = "first"
---
match ONE:
    case Datastore():
        ONE.isSQL = False
    case Server(port=port):
        ONE.description = str(port)
    case _:
        ONE.onAWS = True
---
match (ONE.port, ONE.onAWS):
    case (-1, False):
        ONE.port = 10
    case (port, True) if port > 3:
        ONE.port = port + 1
    case _:
        ONE.port = 12
---
rows = "a,Server b,Datastore c,Process".split()
for row in rows:
    name, kind = row.split(",")
    made.append(globals()[kind](name))
---
import json
for row in json.loads('[{"name": "j", "port": 9}, {"name": "k"}]'):
    one = Server(row["name"])
    one.port = row.get("port", 1)
    made.append(one)
---
ONE.description = "%s at %d" % (OTHER.name, OTHER.port)
---
ONE.description = "{0.name:>8}|{1!r}".format(OTHER, OTHER.port)
---
ONE.description = f"{OTHER.name!r:^12}{OTHER.port:04d}"
---
ONE.description = str(OTHER.inBoundary and OTHER.inBoundary.name)
---
ONE.description = repr(Classification.SECRET) + str(TLSVersion.TLSv12) + str(Action.IGNORE)
---
ONE.port = (lambda *all, last=1: sum(all) + last)(*range(3), last=OTHER.port)
---
total = 0
for one in made:
    if one.port < 0:
        continue
    total += one.port
else:
    total += 1
ONE.port = total
---
count = 0


def more():
    global count
    count += 1
    return count


made += [Server(f"N{more()}") for _ in range(2)]
---
def counter():
    count = 0

    def step():
        nonlocal count
        count += 2
        return count
    return step


step = counter()
step()
ONE.port = step()
---
if (found := next((one for one in made if one.name == "DB"), None)) is not None:
    found.OS = "Linux"
---
by_name = {one.name: one for one in made}
Dataflow(by_name.get("Web", db), by_name["DB"] if "DB" in by_name else user, NAME)
---
kept = {one for one in made if isinstance(one, Datastore)}
for one in kept & set(made):
    one.hasWriteAccess = len(kept) > 1
---
FLOW.data = {card, Data(NAME, classification=Classification.RESTRICTED)}
for one in sorted(FLOW.data, key=lambda it: it.name):
    one.isPII = one.name != "Card"
---
FLOW.note = FLOW.source.name + " -> " + FLOW.sink.name
---
answer = Dataflow(FLOW.sink, FLOW.source, "Re: " + FLOW.name, responseTo=FLOW)
---
answer = Dataflow(FLOW.sink, FLOW.source, NAME)
answer.responseTo = FLOW
answer.protocol = FLOW.protocol
---
FLOW.source, FLOW.sink = FLOW.sink, FLOW.source
---
ONE.inBoundary = Boundary(NAME, inBoundary=OTHER.inBoundary)
---
ONE.controls.isHardened, OTHER.controls.isHardened = True, ONE.controls.isHardened
---
for name in ("isHardened", "sanitizesInput"):
    setattr(ONE.controls, name, not getattr(OTHER.controls, name))
---
c = Controls()
c.isHardened = True
ONE.controls = c
OTHER.controls = c
c.encodesOutput = True
---
c = Controls(validatesInput=True)
for one in made:
    one.controls = c
---
ONE.name = "Renamed"
---
del made[0]
---
try:
    ONE.port = "many"
except ValueError:
    ONE.port = 99
---
try:
    ONE.unknown.thing = 1
except AttributeError as error:
    ONE.description = type(error).__name__
---
try:
    made.index("none")
except (ValueError, KeyError):
    Server(NAME)
else:
    Datastore(NAME)
finally:
    Process(NAME)
---
while len(made) < 5:
    made.append(Server(f"S{len(made)}"))
---
ONE.levels = {0, 2}
---
ONE.levels = [1]
---
ONE.sourceFiles = ["a.py", NAME]
---
print(f"{tm.name}: {len(made)} of {len(TM._elements)}")
---
tm.description = f"{len(made)} things"
---
assert len(made) > 1, "too few"
---
made[:] = made[::-1]
---
made = sorted(made, key=lambda one: (isinstance(one, Server), one.name), reverse=True)
---
a, *rest = made
for one in rest:
    one.handlesResources = a.onAWS
---
ONE.port = int(ONE.port) if isinstance(ONE.port, int) else 0
---
ONE.port |= 3
---
ONE.port += OTHER.port
---
ONE.description += NAME
---
ONE.data |= {card}
---
x = y = Server(NAME)
x.port, y.OS = 4, "Z"
---
ONE.description = "same" if ONE == OTHER else "other"
---
ONE.description = str(hash(ONE) == hash(OTHER))
---
ONE.description = str(ONE)
---
ONE.description = str(len(str(OTHER)))
---
ONE.OS = str(ONE in made) + str(made.index(web) if web in made else None)
---
ONE.OS = str(bool(ONE.data)) + str(len(FLOW.data))
---
ONE.OS = str(ONE.inputs == []) + str(len(ONE.outputs))
---
import copy
one = copy.copy(ONE.controls)
one.isHardened = True
OTHER.controls = one
---
ports = {"web": 1, "db": 2}
for name, port in sorted(ports.items(), key=lambda item: -item[1]):
    globals()[name].port = port
---
with open(__file__) as lines:
    pass
---
def connect(left, *more, **said):
    for right in more:
        Dataflow(left, right, f"{left.name}-{right.name}", **said)


connect(ONE, db, web, protocol="HTTPS", dstPort=443)
---
import os
ONE.description = os.path.basename("/a/b.c") + os.environ.get("NOWHERE", "none")
---
import re
ONE.description = re.sub("[aeiou]", "", OTHER.name) + str(bool(re.match("W", ONE.name)))
---
from enum import Enum


class Kind(Enum):
    APP = Server
    STORE = Datastore


made.append(Kind.STORE.value(NAME))
---
from functools import reduce
ONE.port = reduce(lambda total, one: total + one.port, made, 10)
""".split("---\n")

# What is said, and the kind of value that it wants.
SAID = {
    "element": {"port": "number", "inScope": "truth", "onAWS": "truth", "handlesResources": "truth", "description": "text", "protocol": "text", "OS": "text", "maxClassification": "secrecy", "minTLSVersion": "version", "inBoundary": "place", "usesEnvironmentVariables": "truth"},
    "flow": {"protocol": "text", "dstPort": "number", "srcPort": "number", "usesVPN": "truth", "order": "number", "tlsVersion": "version", "note": "text", "isResponse": "truth", "usesSessionTokens": "truth", "inBoundary": "place", "responseTo": "answer", "response": "answer", "implementsCommunicationProtocol": "truth"},
    "data": {"classification": "secrecy", "isPII": "truth", "isCredentials": "truth", "isStored": "truth", "isDestEncryptedAtRest": "truth", "format": "text", "credentialsLife": "lifetime"},
}


class Writer:
    """Writes one model; what it names is there, or may raise, which some models catch."""

    def __init__(self, rng):
        self.rng = rng
        self.made = ["web", "db", "web", "db"]
        self.flows = ["visit", "query"]
        self.data = ["card"]
        self.zones = ["zone"]
        self.count = 0

    def fresh(self):
        self.count += 1
        return f"n{self.count}"

    def element(self):
        pick = self.rng.choice
        return pick([pick(self.made), pick(self.made), "made[-1]", "made[0]", f"made[{self.rng.randint(-2, 1)}]"])

    def flow(self):
        return self.rng.choice([*self.flows, "flows[-1]", "flows[0]"])

    def kind(self):
        return self.rng.choice(["Server", "Datastore", "Process", "Lambda", "ExternalEntity", "Own", "SetOfProcesses", 'kinds["b"]', "type(web)", "web.__class__"])

    def name(self):
        pick, name = self.rng.choice, self.fresh()
        return pick([f'"{name}"', f'"{name}"', f'f"{name} of {{{self.element()}.name}}"', f'"-".join(["{name}", str(len(made))])', f'"{name}".upper()', f'str({self.element()}.port)', f'{self.element()}.name', f'type({self.element()}).__name__'])

    def quoted(self, names):
        return f'"{self.rng.choice(names.split())}"'

    def value(self):
        pick = self.rng.choice
        return pick([
            lambda: pick(["True", "False", "80", "443", '"HTTP"', '"HTTPS"', "None"]),
            lambda: f"{self.element()}.{pick(FLAGS)}",
            lambda: f"{self.element()}.port",
            lambda: f"{self.flow()}.protocol",
            lambda: f"not {self.element()}.{pick(FLAGS)}",
            lambda: f"len({pick(['made', 'flows', 'tm.assumptions', 'web.data', 'TM._elements', 'TM._flows'])})",
            lambda: pick(["Classification.SECRET", "Classification.PUBLIC", "TLSVersion.TLSv12", "Lifetime.LONG", "DatastoreType.SQL", "Classification['SECRET']", "zone", "[card]", "{card}", "[]"]),
            lambda: self.truth(2),
        ])()

    def of(self, kind):
        """A value of a kind, mostly."""
        pick, one = self.rng.choice, self.element()
        if self.rng.random() < 0.03:
            return self.value()
        return pick({
            "number": ["80", "443", "0", "-1", f"{one}.port", "len(made)", f"{one}.port + 1", "visit.dstPort", f"max({one}.port, 7)", "int('8')", f"sum(each.port for each in made)"],
            "truth": ["True", "False", self.truth(1), self.truth(1), f"bool({one}.description)"],
            "text": ['"HTTP"', '"HTTPS"', '"words"', f"{one}.name", f"str({one}.port)", f"{one}.description or 'none'", f'f"{{{one}.name}} {{len(made)}}"', f"{one}.name.lower()", "visit.protocol", '"a b".title()'],
            "secrecy": ["Classification.SECRET", "Classification.PUBLIC", "Classification.TOP_SECRET", "card.classification", f"{one}.maxClassification", "max(Classification.PUBLIC, card.classification)", 'Classification["SENSITIVE"]', "Classification(2)", "min(each.maxClassification for each in made)"],
            "version": ["TLSVersion.TLSv12", "TLSVersion.NONE", f"{one}.minTLSVersion", "TLSVersion.SSLv3", "visit.tlsVersion"],
            "place": [*self.zones, "None", f"{one}.inBoundary"],
            "answer": [self.flow(), "None", "visit", "query"],
            "lifetime": ["Lifetime.LONG", "Lifetime.NONE", "card.credentialsLife", "Lifetime.MANUAL"],
        }[kind])

    def say(self, whose, one):
        name = self.rng.choice(list(SAID[whose]))
        return one, name, self.of(SAID[whose][name])

    def truth(self, depth=0):
        pick, one = self.rng.choice, self.element()
        return pick([
            lambda: f"{one}.{pick(FLAGS)}",
            lambda: f"{one}.controls.{pick(CONTROLS)}",
            lambda: f"isinstance({one}, {pick(['Server', 'Asset', 'Element', '(Actor, Datastore)', 'Own', 'Dataflow'])})",
            lambda: f"{one}.inBoundary {pick(['is', 'is not', '==', '!='])} {pick(['None', 'zone'])}",
            lambda: f"{one}.port {pick(['==', '>', '<', '>=', '!='])} {pick(['80', '443', '0', '-1'])}",
            lambda: f"{one} {pick(['in', 'not in'])} {pick(['made', '[web, db]', '{web: 1}', 'TM._elements'])}",
            lambda: f"{one} {pick(['is', '==', '!='])} {self.element()}",
            lambda: f"{pick(['card.classification', 'web.maxClassification', 'visit.maxClassification'])} {pick(['>', '==', '<', '>='])} {pick(['Classification.PUBLIC', 'Classification.SECRET', 'Classification.UNKNOWN'])}",
            lambda: f"{self.flow()}.{pick(['source', 'sink'])} {pick(['is', '=='])} {one}",
            lambda: f"{one}.name{pick(['.startswith(' + chr(34) + 'W' + chr(34) + ')', ' == ' + chr(34) + 'Web' + chr(34), '.isupper()', '[0] in ' + chr(34) + 'DUW' + chr(34)])}",
            lambda: f"{pick(['any', 'all'])}(each.{pick(FLAGS)} for each in made)",
            lambda: f"hasattr({one}, {self.quoted('port isSQL nothing controls isAdmin')})",
            lambda: f"{one}.oneOf({pick(['Server', 'Actor', 'Datastore, Lambda'])})",
            lambda: f"{self.flow()}.{pick(['crosses', 'enters', 'exits'])}(Boundary)",
            lambda: f"{one}.inside({pick(['Boundary', 'zone'])})",
            lambda: f"bool({one}.{pick(['inputs', 'outputs', 'data', 'levels', 'sourceFiles', 'overrides'])})",
            lambda: f"({self.truth(depth + 1)} {pick(['and', 'or'])} {self.truth(depth + 1)})" if depth < 2 else "True",
            lambda: f"not {self.truth(depth + 1)}" if depth < 2 else "False",
        ])()

    def block(self, depth):
        return textwrap.indent("\n".join(self.statement(depth + 1) for _ in range(self.rng.randint(1, 2))), "    ")

    def habit(self):
        text = self.rng.choice(HABITS).rstrip()
        text = text.replace("ONE", self.element()).replace("OTHER", self.element()).replace("FLOW", self.flow())
        while "NAME" in text:
            text = text.replace("NAME", f'"{self.fresh()}"', 1)
        return text

    def make(self):
        pick, variable = self.rng.choice, f"v{self.count + 1}"
        how = pick([
            lambda: f"{variable} = {self.kind()}({self.name()})",
            lambda: f"{variable} = {self.kind()}({self.name()}, {pick(FLAGS + ['port'])}={pick(['True', 'False', '443'])})",
            lambda: f"{variable} = factory({self.name()})",
            lambda: f"{variable} = factory({self.name()}, {pick(['Datastore', 'Own', 'kind=Process', 'kinds.get(' + chr(34) + 'b' + chr(34) + ')'])}, {pick(FLAGS)}={pick(['True', 'False'])})",
            lambda: f"{variable} = functools.partial(factory, kind={pick(['Server', 'Lambda'])})({self.name()})",
            lambda: f"{variable} = [{self.kind()}(part + {self.name()}) for part in {pick(PARTS)}]{pick(['[0]', '[-1]'])}",
            lambda: f"{variable} = {{each: {self.kind()}(each) for each in ({self.name()}, {self.name()})}}.popitem()[1]",
            lambda: f"{variable} = (lambda name: {self.kind()}(name))({self.name()})",
            lambda: f"{variable}, {variable}b = {self.kind()}({self.name()}), {self.kind()}({self.name()})",
            lambda: f"{variable} = next(iter(map({self.kind()}, [{self.name()}, {self.name()}])))",
            lambda: f"{variable} = type({self.element()})({self.name()})",
        ])()
        self.made.append(variable)
        return how + pick(["", f"\nmade.append({variable})", f"\n{variable}.inBoundary = {pick(self.zones)}"])

    def statement(self, depth=0):
        pick = self.rng.choice
        one = self.element
        simple = [
            lambda: f"{one()}.{pick(FLAGS)} = {pick(['True', 'False', self.truth(1)])}",
            lambda: f"{one()}.controls.{pick(CONTROLS)} = {pick(['True', 'False', self.truth(1)])}",
            lambda: "{}.{} = {}".format(*self.say("element", one())),
            lambda: "{}.{} = {}".format(*self.say("element", one())),
            lambda: 'setattr({}, "{}", {})'.format(*self.say("element", one())),
            lambda: "{}.{} = {}".format(*self.say("flow", self.flow())),
            lambda: "{}.{} = {}".format(*self.say("flow", self.flow())),
            lambda: "{}.{} = {}".format(*self.say("data", pick(self.data))),
            lambda: "for each in made:\n    {}.{} = {}".format(*self.say("element", "each")),
            lambda: "for each in {}:\n    {}.{} = {}".format(pick(["flows", "list(TM._flows)", "reversed(flows)", "[f for f in flows if f.protocol]"]), *self.say("flow", "each")),
            lambda: f"setattr({pick([one(), self.flow()])}.controls, \"{pick(CONTROLS)}\", {pick(['True', self.value()])})",
            lambda: f"{one()}.inBoundary = {pick([*self.zones, 'None'])}",
            lambda: f"{one()}.controls = {pick(['Controls()', 'web.controls', 'Controls(isHardened=True)', one() + '.controls'])}",
            lambda: f"{pick([one(), self.flow()])}.data = {pick(GIVEN_DATA)}",
            lambda: f"{pick([one(), self.flow()])}.data.{pick(['add(card)', 'update([card])', 'clear()', 'discard(card)'])}",
            lambda: f"made.{pick(['reverse()', 'sort(key=lambda each: each.name)', 'append(web)', 'pop()', 'remove(web)', 'insert(0, db)'])}",
            lambda: f"made = [each for each in made if each.{pick(FLAGS)}] or made",
            lambda: f"for each in {pick(['made', 'list(made)', 'sorted(made, key=lambda it: (it.port, it.name))', 'made[1:]', 'reversed(made)', 'TM._elements', 'TM._flows', 'flows', 'set(made)'])}:\n    each.{pick(FLAGS)} = {pick(SHOWN)}",
            lambda: f"for key, value in {{\"{pick(FLAGS)}\": True, \"port\": {self.rng.randint(1, 99)}}}.items():\n    setattr({one()}, key, value)",
            lambda: f"for number, each in enumerate(made):\n    each.{pick(['description', 'OS'])} = {pick(NUMBERED)}",
            lambda: f"for left, right in zip(made, made[1:]):\n    flows.append(Dataflow(left, right, f\"{{left.name}} to {{right.name}}\"))",
            lambda: f"for each in made:\n    if {pick(CHOSEN)}:\n        each.{pick(['inBoundary = zone', 'controls.isHardened = True', 'onAWS = False', 'port = 1'])}\n    else:\n        {pick(['continue', 'break', 'each.onAWS = True', 'pass'])}",
            lambda: f"{one()}.overrides = [Finding(threat_id=\"{pick(['INP01', 'AA01', 'DS01', 'SC02'])}\", response={self.name()})]",
            lambda: f"{one()}.assumptions = [Assumption({self.name()}, exclude={pick(EXCLUDED)})]",
            lambda: f"tm.{pick(['description', 'isOrdered', 'mergeResponses', 'onDuplicates', 'ignoreUnused', 'name'])} = {pick([*SETTINGS, self.value()])}",
            lambda: f"{one()}.{pick(['sourceFiles', 'levels', 'overrides', 'inputs'])}.{pick(['append(1)', 'add(1)', 'extend([])', 'clear()'])}",
            lambda: f"print({one()}, len(made), {self.flow()}.source, card, tm)",
            lambda: f"names = {{each.name: each for each in made}}\n{pick(BY_NAME)}",
            lambda: f"Server(f\"{{len({pick(['made', 'flows', 'TM._elements', 'TM._flows', 'TM._boundaries', 'TM._data', 'set(made)', 'web.inputs', 'zone.levels', 'card.carriedBy'])})}}\")",
            lambda: f"Server(str({self.value()}))",
            self.habit,
            self.habit,
            self.habit,
            self.habit,
            self.habit,
            self.habit,
            self.make,
            self.make,
        ]
        ends = lambda: f"{one()}, {one()}, {self.name()}"

        def flow():
            variable = f"f{self.count + 1}"
            text = f"{variable} = Dataflow({ends()}{pick(SAID_OF_FLOWS)})"
            self.flows.append(variable)
            return text + pick(["", f"\nflows.append({variable})"])

        def data():
            variable = f"d{self.count + 1}"
            text = f"{variable} = Data({self.name()}{pick(['', ', isPII=True', ', classification=Classification.TOP_SECRET', ', isCredentials=True, credentialsLife=Lifetime.LONG'])})"
            self.data.append(variable)
            return text + f"\n{self.flow()}.data{pick(['.add(' + variable + ')', ' = [' + variable + ']'])}"

        def zone():
            variable = f"z{self.count + 1}"
            text = f"{variable} = Boundary({self.name()}{pick(['', ', inBoundary=zone'])})"
            self.zones.append(variable)
            return text

        simple += [flow, flow, data, zone]
        if depth > 1:
            return pick(simple)()
        kept = lambda: (list(self.made), list(self.flows), list(self.data), list(self.zones))

        def inner(write):
            before = kept()
            text = write()
            if self.rng.random() < 0.8:
                self.made, self.flows, self.data, self.zones = before
            return text

        return pick(simple * 2 + [
            lambda: inner(lambda: f"if {self.truth()}:\n{self.block(depth)}" + pick(["", f"\nelse:\n{self.block(depth)}"])),
            lambda: inner(lambda: f"for {pick(['each', 'name'])} in {pick(TURNS)}:\n{self.block(depth)}"),
            lambda: inner(lambda: f"try:\n{self.block(depth)}\nexcept {pick(['Exception', 'ValueError', '(AttributeError, TypeError)', 'AttributeError', 'IndexError'])}{pick(['', ' as error'])}:\n{self.block(depth)}"),
            lambda: inner(lambda: f"def build():\n{self.block(depth)}\n\n\nbuild()"),
        ])()

    def program(self):
        return "\n".join(self.statement() for _ in range(self.rng.randint(3, 8)))


def build(seed, count):
    """That many models."""
    rng = model.generator(seed, "worlds")
    for _ in range(count):
        text = Writer(rng).program()
        yield model.Model("world", {"tm.py": HEAD + text + TAIL})
