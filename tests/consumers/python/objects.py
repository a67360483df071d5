"""What a model does with pytm's objects beside giving them attributes: collections changed in
place, arguments by position, operators, overrides and assumptions, each with many values.
"""
import model
from attributes import HEAD, TAIL

SETUP = HEAD + 'db = Datastore("DB")\nDataflow(web, db, "Query")\n'
VALUES = [
    "None", '"words"', "3", "2.5", "True", '["words"]', "[3]", '("words",)', "{}", 'b"x"', "lambda: 1",
    "web", "flow", "sent", "edge", "Server", "Controls()", 'Data("New")',
    'Assumption("It holds")', 'Assumption("x", exclude=["INP01"])',
    'Finding(threat_id="INP01")', 'Finding(web, threat_id="INP01")', 'Finding(threat_id="INP01", response="accepted")',
    'Finding(threat_id="INP01", severity="Low", cvss="9")', 'Finding(element=web, threat_id="INP02")',
    'Finding(db, threat_id="INP02")', 'Finding(threat_id="NOPE")', "Finding()", "Finding(threat_id=3)",
]
# With a value where `V` stands.
STATEMENTS = """\
web.overrides.append(V)
web.overrides += [V]
web.overrides = [V, V]
flow.overrides = [V]
db.overrides = [V]; web.overrides = [V]
web.assumptions.append(V)
web.assumptions += [V]
tm.assumptions.append(V)
tm.assumptions = [V]
tm.assumptions = V
web.data.add(V)
flow.data.add(V)
flow.data |= {V}
flow.data = [V, sent]
web.levels.add(V)
web.sourceFiles.append(V)
web.inputs.append(V)
sent.carriedBy.append(V)
sent.processedBy.append(V)
web.findings.append(V)
web.controls.foo = V
web.foo = V
web.threats = [V]
web._foo = V
tm.foo = V
web.__dict__["port"] = V
setattr(web, "port", V)
TM._elements.append(V)
TM._threats.append(V)
TM._threatsExcluded = [V]
web.check = V
a = Assumption("x"); a.exclude = V; web.assumptions = [a]
a = Assumption("x", V); web.assumptions = [a]
a = Assumption("x", exclude=[V]); tm.assumptions = [a]
a = Assumption("x"); a.exclude.add(V); tm.assumptions = [a]
a = Assumption("x"); a.exclude.append(V); tm.assumptions = [a]
x = Dataflow(V, web, "New")
x = Dataflow(web, V, "New")
x = Dataflow(web, db, V)
x = Server(V)
x = Data(V)
x = TM(V)
x = Server("a", V)
x = TM("a", V)
x = Controls(V)
x = Finding(V)
x = Server("a", **V)
x = Server(*V)
x = Server("a", name=V)
x = {V: 1}
x = V + web
x = [V] + [web]
x = sorted([V, web])
x = V in web""".splitlines()
# As they stand, and as what an `except` sees of them.
EXPRESSIONS = """\
len(web); iter(web); list(web); dict(web); bool(web); web == db; web < db; web + db; web(); "x" in web; web in [web]
{tm: 1}; {web: 1}; {Controls(): 1}; sorted([web, db]); max(web, db); web.nothing; web.nothing(); web["port"]; -web
Controls() == Controls(); Data("a") == Data("a"); len({Data("a"), Data("a")}); Assumption("a") == Assumption("a")
Classification.NOPE; Classification["SECRET"]; Classification["NOPE"]; Classification(3); Classification(99)
Classification.SECRET > 3; Classification.SECRET > Classification.PUBLIC; Lifetime.SHORT < Lifetime.LONG
TLSVersion.TLSv12 < TLSVersion.TLSv13; Action.IGNORE.value; DatastoreType.SQL == "SQL"; TM.nothing; Server.port
object(); web.controls.nothing; edge.nothing; sent.nothing; web.inBoundary.name; flow.response.name; web.findings[0]""".replace("\n", "; ").split("; ")


def build(seed, most):
    """Every statement with `most` dozen values, and every expression."""
    rng = model.generator(seed, "objects")
    for statement in STATEMENTS:
        for value in rng.sample(VALUES, min(len(VALUES), 12 * most)):
            text = statement.replace("V", value).replace("; ", "\n")
            yield model.Model(f"objects {statement} {value}", {"tm.py": f"{SETUP}{text}\n{TAIL}"})
    for expression in EXPRESSIONS:
        yield model.Model(f"objects {expression}", {"tm.py": f"{SETUP}x = {expression}\n{TAIL}"})
        seen = f"try:\n    x = {expression}\n    Server(str(x) if isinstance(x, (str, int)) else 'something')\nexcept Exception as error:\n    Server(type(error).__name__)\n"
        yield model.Model(f"objects caught {expression}", {"tm.py": f"{SETUP}{seen}{TAIL}"})
