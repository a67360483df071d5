"""Inputs that grow: each family makes the files of a repository from one number."""

import json

PYTM = "from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, Server, Threat\n"


def python(text):
    return {"tm.py": PYTM + "tm = TM('Grown')\n" + text + "\ntm.process()\n"}


def native(elements=(), flows=(), rest=""):
    """A model of so many lines, each a mapping in flow style."""
    lines = ["tmrs: 1", "name: Grown", rest, "elements:", "  user: {class: Actor, name: User}"]
    lines += [f"  {line}" for line in elements]
    lines += ["flows:"] + [f"  {line}" for line in flows] if flows else []
    return {"tm.yaml": "\n".join(line for line in lines if line) + "\n"}


def servers(n):
    return [f"s{i}: {{class: Server, name: Server {i}}}" for i in range(n)]


def edges(pairs):
    return [f"f{i}: {{source: {a}, sink: {b}, name: Flow {i}}}" for i, (a, b) in enumerate(pairs)]


def manifests(at, n):
    """Workloads and the services in front of them, the same labels on all."""
    labels = "{app: a, tier: t}"
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {selector: %s}\n" % (at, labels)
    one = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d%d-%d}\nspec: {template: {metadata: {labels: %s}, spec: {containers: [{name: a, image: acme/a}]}}}\n"
    return head + "".join(one % (at, i, labels) for i in range(n))


def let_all(n):
    """Workloads, and as many policies that let every one of them call every other."""
    one = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d%d}\nspec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: acme/a}]}}}\n---\n"
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p%d}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}\n---\n"
    return "".join(one % i + policy % i for i in range(n))


def layers(n):
    """Pairs of a mesh: each of a layer to each of the next."""
    width = 20
    return [
        (f"s{layer * width + a}", f"s{(layer + 1) * width + b}")
        for layer in range(n // width - 1)
        for a in range(width)
        for b in range(width)
    ]


def known(n):
    head = '{\n  "tmrs-baseline": 1,\n  "catalogue": "0.1.0",\n  "models": [\n    {"path": "tm.yaml", "model": "Grown"},\n    {"end": true}\n  ],\n  "entries": [\n'
    line = '    {{"path": "tm.yaml", "model": "Grown", "class": "Server", "element": "Gone {0}", "rule": "AA01", "severity": "high", "evidence": "assumed", "fingerprint": "{0:032x}"}},\n'
    return head + "".join(line.format(i) for i in range(n)) + '    {"end": true}\n  ]\n}\n'


def rule(i, when="target.port == 1"):
    return f'- {{id: OWN{i}, title: Rule {i}, target: [Server], severity: low, when: "{when}", description: d, mitigation: m}}\n'


def ruled(text, elements=50):
    return native(servers(elements)) | {"own/rules.yaml": text, "tmrs.yaml": "rules: {paths: [own]}\n"}


def excluding(lines, elements=200):
    return native(servers(elements)) | {"tmrs.yaml": "exclusions:\n" + "".join(lines)}


def templated(text):
    return native(servers(20), edges([("user", "s0")])) | {"page.md.j2": text, "page.md": text}


def nested(word, n, inner):
    return word * n + inner


CHECK = [["check", "--format", "json"]]
TWO = [["check", "--output", "json=out/a.json", "--output", "sarif=out/a.sarif", "--format", "human"]]
OTHERS = [
    ["check", "-v"],
    ["check", "--format", "markdown"],
    ["check", "--format", "html"],
    ["check", "--format", "junit"],
    ["check", "--format", "gitlab"],
    ["check", "--format", "csv"],
    ["check", "--format", "github"],
    ["dfd", "--output", "out/dfd.svg"],
    ["dfd", "--format", "mermaid", "--output", "out/dfd.mmd"],
    ["seq", "--output", "out/seq.svg"],
    ["report", "--output", "out/report.md"],
    ["report", "--output", "out/report.html"],
    ["questions", "--format", "json"],
    ["baseline", "update"],
    ["check"],
    ["baseline", "check"],
    ["diff", "other.yaml", "tm.yaml", "--format", "json"],
    ["diff", "other.yaml", "tm.yaml", "--format", "markdown"],
]


def two_sides(n):
    files = native(servers(n), edges([(f"s{i}", f"s{i + 1}") for i in range(n - 1)]))
    other = files["tm.yaml"].replace("Server ", "Machine ").replace("Flow ", "Way ")
    return files | {"other.yaml": other}


def drawn(n, entry, lines=""):
    """A diagram of the Threat Modeling Tool with so many boxes, each made by a function of its number."""
    return {
        "tm.tm7": '<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model" xmlns:i="x">'
        "<DrawingSurfaceList><DrawingSurfaceModel><Guid>d</Guid><Borders>" + "".join(map(entry, range(n)))
        + f"</Borders><Lines>{lines}</Lines><Header>D</Header></DrawingSurfaceModel></DrawingSurfaceList></ThreatModel>"
    }


def box(shape, id, left, width):
    return f'<K><Value i:type="{shape}"><Guid>{id}</Guid><Height>{width}</Height><Left>{left}</Left><Top>{left}</Top><Width>{width}</Width></Value></K>'


# Name, size here, size in CI, the files of a size, the commands.
FAMILIES = [
    ("TMs that wait, on one line", 1_000, 200, lambda n: {"tm.py": f"{PYTM}[TM(str(i)) for i in range({n})]; [Server(str(i)) for i in range({n})]; TM('x').process()\n"}, CHECK),
    ("models that are processed in turn", 200, 100, lambda n: {"tm.py": PYTM + f"for i in range({n}):\n    t = TM(str(i))\n    Server(str(i))\n    t.process()\n"}, CHECK),
    ("a recursion that builds", 100, 100, lambda n: python(f"def f(n):\n    Server(str(n) * 9)\n    f(n - 1)\n    f(n - 1)\nf({n})"), CHECK),
    ("a recursion that doubles, of text", 64, 64, lambda n: python(f"x = 'x'\nfor i in range({n}): x = x + x + f'{{x}}'\nServer(x)"), CHECK),
    ("a recursion that doubles, of lists", 64, 64, lambda n: python(f"x = []\nfor i in range({n}): x = [x, list(x), *x]\nServer(str(x))"), CHECK),
    ("a loop without an end", 1, 1, lambda n: python("while True: Server('x')"), CHECK),
    ("a loop without an end, nothing in it", 1, 1, lambda n: python("while True: pass"), CHECK),
    ("a loop to 2**64", 64, 64, lambda n: python(f"i = 0\nwhile i < 2 ** {n}: i += 1"), CHECK),
    ("a range of 2**62", 62, 62, lambda n: python(f"for i in range(2 ** {n}): Server(str(i))"), CHECK),
    ("a power of powers", 9, 9, lambda n: python(f"Server(str({n} ** {n} ** {n} ** {n}))"), CHECK),
    ("a text times 10**9", 9, 9, lambda n: python(f"Server('x' * 10 ** {n})"), CHECK),
    ("lists in lists in lists", 100_000, 20_000, lambda n: python(f"x = []\nfor i in range({n}): x = [x]\nServer('x')"), CHECK),
    ("circles that are left behind", 100, 20, lambda n: {f"m{i}/tm.py": PYTM + "tm = TM('t')\ndef f():\n    x = ['x' * 1000000]\n    x.append(x)\nfor i in range(60): f()\ntm.process()\n" for i in range(n)}, CHECK),
    ("calls in calls", 5_000, 1_000, lambda n: python("Server(" + "str(" * n + "1" + ")" * n + ")"), CHECK),
    ("brackets in Python", 100_000, 10_000, lambda n: python("x = " + "[" * n + "]" * n), CHECK),
    ("an expression of many terms", 100_000, 20_000, lambda n: python("x = " + "1 + " * n + "1"), CHECK),
    ("modules that import each other", 2_000, 450, lambda n: {"tm.py": PYTM + "import m0\ntm = TM('t')\ntm.process()\n"} | {f"m{i}.py": f"from pytm import Server\nimport m{i + 1}\n" for i in range(n)} | {f"m{n}.py": ""}, CHECK),
    ("files with a loop each", 2_000, 300, lambda n: {f"tm{i}.py": PYTM + f"tm = TM('t{i}')\nServer('s')\nfor i in range(900000): pass\ntm.process()\n" for i in range(n)}, CHECK),
    ("models that import one large module", 1_000, 40, lambda n: {"large.py": "a = 'x'\n" * 100_000} | {f"tm{i}.py": PYTM + f"import large\ntm = TM('t{i}')\nServer('s')\ntm.process()\n" for i in range(n)}, CHECK),
    ("models that make large values", 1_000, 40, lambda n: {f"tm{i}.py": PYTM + f"tm = TM('t{i}')\nServer('s')\nfor i in range(60): x = 'x' * 1000000\ntm.process()\n" for i in range(n)}, CHECK),
    ("models of one threat file", 1_000, 40, lambda n: {"threats.json": json.dumps([{"SID": f"X{i}", "target": ["Server"], "description": f"Threat {i}", "condition": "target.usesCache", "severity": "High"} for i in range(2_000)])} | {f"tm{i}.py": PYTM + f"tm = TM('t{i}', threatsFile='threats.json')\nServer('s')\ntm.process()\n" for i in range(n)}, CHECK),
    ("files with a model each", 5_000, 500, lambda n: {f"d{i % 50}/tm{i}.yaml": f"tmrs: 1\nname: M{i}\nelements: {{a: {{class: Server}}}}\n" for i in range(n)}, CHECK),
    ("files without a model", 20_000, 1_000, lambda n: {f"d{i % 50}/x{i}.yaml": "a: {b: [c, d]}\n" for i in range(n)} | native(servers(1)), CHECK),
    ("manifests without a model", 60, 9, lambda n: {f"deploy/d{i}.yaml": manifests(i, 1_000) for i in range(n)}, [["check"], ["init", "--from", "."]]),
    ("policies that let all to all", 400, 200, lambda n: {"all.yaml": let_all(n)}, [["check"], ["init", "--from", "."]]),
    ("models that include the same files", 150, 40, lambda n: {f"m{i}.yaml": f"tmrs: 1\nname: M{i}\n" + ("include:\n" + "".join(f"  m{k}: m{k}.yaml\n" for k in range(10, n)) if i < 10 else "") + "elements:\n" + "".join(f"  e{k}: {{class: Server, name: E{i} {k}}}\n" for k in range(200)) for i in range(n)}, CHECK + [["check", "m11.yaml"]]),
    ("variables on one line", 30_000, 5_000, lambda n: python("; ".join(f"s{i} = Server('{i}')" for i in range(n))), CHECK),
    ("servers on one line", 50_000, 5_000, lambda n: python(f"[Server(str(i)) for i in range({n})]"), CHECK),
    ("elements in YAML", 100_000, 5_000, lambda n: native(servers(n)), CHECK),
    ("servers, to JSON and SARIF at once", 30_000, 3_000, lambda n: native(servers(n), edges([("user", f"s{i}") for i in range(n)])), TWO),
    ("servers as far as findings may go", 12_000, 3_000, lambda n: native(servers(n)), TWO),
    ("flows on one element", 45_000, 3_000, lambda n: native(servers(1), edges([("user", "s0")] * n)), CHECK),
    ("flows on one element, in Python", 45_000, 2_000, lambda n: python(f"a = Actor('a'); b = Server('b')\nfor i in range({n}): Dataflow(a, b, str(i))"), CHECK),
    ("Data on flows, each on each", 5_000, 300, lambda n: native(servers(1), [f"f{i}: {{source: user, sink: s0, data: *all}}" for i in range(n)], "data:\n" + "".join(f"  d{i}: {{name: Data {i}}}\n" for i in range(n)) + "all: &all [" + ", ".join(f"d{i}" for i in range(n)) + "]"), CHECK),
    ("Data on flows, each on each, in Python", 5_000, 300, lambda n: python(f"a = Actor('a'); b = Server('b')\nd = [Data(str(i)) for i in range({n})]\nfor i in range({n}): Dataflow(a, b, str(i), data=d)"), CHECK),
    ("a chain", 8_000, 1_000, lambda n: native(servers(n), edges([(f"s{i}", f"s{i + 1}") for i in range(n - 1)])), CHECK),
    ("a mesh", 2_000, 200, lambda n: native(servers(n), edges(layers(n))), CHECK),
    ("a complete graph", 200, 40, lambda n: native(servers(n), edges([(f"s{a}", f"s{b}") for a in range(n) for b in range(n) if a != b])), CHECK),
    ("elements of one name", 10_000, 2_000, lambda n: native([f"s{i}: {{class: Server, name: Same}}" for i in range(n)], edges([(f"s{i}", f"s{i + 1}") for i in range(0, n - 1)])), CHECK + [["baseline", "update"], ["check"]]),
    ("threats in words on one element", 50_000, 5_000, lambda n: native(["s: {class: Server, name: S, threats: [" + ", ".join(f"{{title: Threat {i}, severity: low}}" for i in range(n)) + "]}"]), CHECK),
    ("a name of megabytes", 9_000_000, 500_000, lambda n: native([f"s: {{class: Server, name: {'x' * n}}}"]), TWO),
    ("long names", 2_000, 200, lambda n: native([f"s{i}: {{class: Server, name: {'n' * 4_000}{i}}}" for i in range(n)], edges([("user", f"s{i}") for i in range(n)])), TWO + OTHERS[1:7]),
    ("zones in zones", 10_000, 1_000, lambda n: native(["s: {class: Server, inBoundary: z0}"], (), "boundaries:\n  z%d: {name: Z}\n" % n + "".join(f"  z{i}: {{name: Z{i}, inBoundary: z{i + 1}}}\n" for i in range(n))), CHECK),
    ("a comment of megabytes", 9_000_000, 500_000, lambda n: python("# tmrs: exclude[" + "A" * n + "] x\nServer('x')"), CHECK),
    ("comments that exclude", 50_000, 5_000, lambda n: python("Server('x')  # tmrs: exclude[AA01] x\n" * n), CHECK),
    ("exclusions", 20_000, 1_000, lambda n: excluding(f"  - {{rule: AA01, element: 'Server {i}*', reason: r}}\n" for i in range(n)), CHECK),
    ("exclusions by braces", 18, 10, lambda n: excluding(["  - {rule: AA01, element: '" + "{a,b}" * n + "*', reason: r}\n"]), CHECK),
    ("exclusions by braces in braces", 200, 20, lambda n: excluding(["  - {rule: AA01, element: '" + "{a,b" * n + "}" * n + "', reason: r}\n"]), CHECK),
    ("exclusions by stars", 5_000, 500, lambda n: excluding(["  - {rule: AA01, element: '" + "*a" * n + "', reason: r}\n"]) | native([f"s: {{class: Server, name: {'a' * n}}}"]), CHECK),
    ("entries of a baseline", 300_000, 10_000, lambda n: native(servers(100)) | {"tmrs-baseline.json": known(n)}, CHECK + [["baseline", "check"], ["baseline", "update", "--prune"]]),
    ("rules of one's own", 10_000, 500, lambda n: ruled("".join(map(rule, range(n)))), CHECK),
    ("a condition of brackets", 100_000, 10_000, lambda n: ruled(rule(1, "(" * n + "1" + ")" * n)), CHECK),
    ("a condition of nots", 100_000, 10_000, lambda n: ruled(rule(1, nested("not ", n, "target.port"))), CHECK),
    ("a condition of many terms", 50_000, 5_000, lambda n: ruled(rule(1, " and ".join(["target.port != 1"] * n))), CHECK),
    ("a condition of loops in loops", 8, 4, lambda n: ruled(rule(1, "any(True " + " ".join(f"for e{i} in tm._elements" for i in range(n)) + " if e0 is None)")), CHECK),
    ("a condition of powers", 9, 9, lambda n: ruled(rule(1, f"{n} ** {n} ** {n} ** {n} > 1")), CHECK),
    ("a condition that repeats text", 9, 9, lambda n: ruled(rule(1, f"len('x' * 10 ** {n}) > 1")), CHECK),
    ("aliases of aliases in YAML", 30, 12, lambda n: {"tm.yaml": "tmrs: 1\nname: x\na0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n))}, CHECK),
    ("nesting of YAML", 200_000, 20_000, lambda n: {"tm.yaml": "tmrs: 1\nname: x\na: " + "[" * n + "]" * n}, CHECK),
    ("nesting of JSON", 1_000_000, 50_000, lambda n: {"tm.json": '{"tmrs": 1, "name": "x", "a": ' + "[" * n + "]" * n + "}"}, CHECK),
    ("nesting of XML", 1_000_000, 50_000, lambda n: {"tm.tm7": '<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model">' + "<a>" * n + "</a>" * n + "</ThreatModel>"}, CHECK),
    ("attributes of one tag in XML", 500_000, 20_000, lambda n: {"tm.tm7": '<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model" ' + "".join(f'a{i}="" ' for i in range(n)) + "/>"}, CHECK),
    ("namespaces of XML in namespaces", 70_000, 5_000, lambda n: {"tm.tm7": '<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model" ' + "".join(f'xmlns:a{i}="{i}" ' for i in range(n)) + ">" + "".join(f'<b xmlns:c="{i}"/>' for i in range(n)) + "</ThreatModel>"}, CHECK),
    ("entities of XML", 1_000_000, 50_000, lambda n: {"tm.tm7": '<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model">' + "&lt;" * n + "</ThreatModel>"}, CHECK),
    ("nesting of HCL", 900_000, 50_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n  author = ' + "[" * n + "]" * n + "\n}\n"}, CHECK),
    ("texts in texts of HCL", 350_000, 50_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n  author = ' + '"${' * n + '}"' * n + "\n}\n"}, CHECK),
    ("blocks in blocks of HCL", 300_000, 50_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n' + "a {\n" * n + "}\n" * n + "}\n"}, CHECK),
    ("keys of one object in HCL", 9_900, 2_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n  author = {\n' + "".join(f"a{i} = 1\n" for i in range(n)) + "}\n}\n"}, CHECK),
    ("a variable that is put together in HCL", 400, 300, lambda n: {"tm.hcl": 'variable "v" {\n  value = "' + "x" * 10 * n + '"\n}\nthreatmodel "x" {\n' + "".join(f'  usecase {{\n    description = "{"${var.v}" * n}"\n  }}\n' for i in range(n)) + "}\n"}, CHECK),
    ("elements of a diagram in HCL", 60_000, 3_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n  data_flow_diagram_v2 "d" {\n' + "".join(f'    process "p{i}" {{}}\n' for i in range(n)) + "  }\n}\n"}, CHECK),
    ("threats of a system in HCL", 9_000, 2_000, lambda n: {"tm.hcl": 'threatmodel "x" {\n' + "".join(f'  threat "t{i}" {{\n    description = "d"\n  }}\n' for i in range(n)) + "}\n"}, CHECK),
    ("models of threatcl that include each other", 200, 50, lambda n: {f"m{i}.hcl": f'threatmodel "m{i}" {{\n  including = "m{(i + 1) % n}.hcl"\n}}\n' for i in range(n)}, CHECK),
    ("stencils of a diagram", 40_000, 3_000, lambda n: drawn(n, lambda i: box("StencilEllipse", i, 2 * i, 1)), CHECK),
    ("boxes in boxes of a diagram", 20_000, 2_000, lambda n: drawn(2 * n, lambda i: box("BorderBoundary", i, i / 9, 2 * n - i) if i < n else box("StencilEllipse", i, n / 2, 1)), CHECK),
    ("keys of one mapping in JSON", 400_000, 10_000, lambda n: {"tm.json": json.dumps({"tmrs": 1, "name": "x", "elements": {f"e{i}": 1 for i in range(n)}})}, CHECK),
    ("attributes that nobody knows", 100_000, 5_000, lambda n: native(["s: {class: Server, name: S, " + ", ".join(f"a{i}: {i}" for i in range(n)) + "}"]), CHECK),
    ("a template of loops in loops", 5, 2, lambda n: templated("".join(f"{{% for i{i} in range(1000) %}}" for i in range(n)) + "x" + "{% endfor %}" * n), [["report", "--template", "page.md.j2"]]),
    ("a template that doubles", 40, 12, lambda n: templated("{% set x = namespace(t='x') %}{% for i in range(" + str(n) + ") %}{% set x.t = x.t ~ x.t %}{% endfor %}{{ x.t | length }}"), [["report", "--template", "page.md.j2"]]),
    ("a template that calls itself", 100, 100, lambda n: templated("{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}"), [["report", "--template", "page.md.j2"]]),
    ("pytm's template, repeating", 6, 3, lambda n: templated("{elements:repeat:" * n + "x" + "}" * n), [["report", "--template", "page.md"]]),
    ("every other output and command", 5_000, 300, two_sides, OTHERS),
]
