"""What a model reads from files: values as the reader of each format gives them."""
import model

YAML = """
yes|no|on|off|Yes|TRUE|True|true|y|n|~|null|Null|NULL||none|010|0o10|0x1F|0b11|1_000|1e3|1.0e3|1.0e+3|.5|1.|-.inf|.NaN|+1|1:30|190:20:30|
2024-01-02|2024-01-02 03:04:05|2024-01-02T03:04:05Z|!!str 5|!!int "5"|!!binary YQ==|!!set {a, b}|!!float 3|"yes"|'it''s'|"a\\tb"|"\\x41"|
[1, two, 3.0]|{a: 1, b: no}|[]|{}|- 1|plain text|a: b|"a: b"|#comment|text #comment|text#no|@at|`tick|%p|!local x|&a 1|*missing|
0.1|1e400|12e03|123456789012345678901|-0|-0.0|0777|08|0x|1,000|=|<<|a\\nb|é|"\\u00e9"|? a|[a, [b]]|{a: {b: c}}|[yes, no]|{on: 1}|{1: a, true: b}
""".replace("\n", "").split("|")

YAML_DOCUMENTS = [
    "x: 1\nx: 2\n", "base: &b {p: 1, q: 2}\nx:\n  <<: *b\n  q: 3\n", "x: &a [1]\ny: *a\n", "x: |\n  one\n  two\n", "x: >\n  one\n  two\n\n  three\n",
    "x: |-\n  one\n", "x: |+\n  one\n\ny: 1\n", "x: >-\n  one\n   two\n", "x:\n- 1\n- 2\n", "x:\n  - a: 1\n    b: 2\n  - a: 3\n", "on: x\nx: 1\n", "? x\n: 5\n", "x: a\n  b\n",
    "%YAML 1.2\n---\nx: yes\n", "---\nx: 1\n---\nx: 2\n", "x: 'a\n\n  b'\n", "x: \"a\\\n  b\"\n", "x: !!python/object:os.system {}\n", "\ufeffx: 1\n", "x: [1, 2\n", "x:\t1\n", "\tx: 1\n",
    "x: {a: 1, a: 2}\n", "x: [a, b: c]\n", "", "# nothing\n", "x\n", "- x\n", "'x': 1\n1: 2\n", "x: *u\n", "x: &a\n  y: 1\nz: *a\n", "true: 1\nx: 2\n", "x: 1 \n", "x: -\n", "x: --- \n",
]

JSON = [
    "1", "1.0", "-0", "-0.0", "1e2", "1E400", "12345678901234567890", "true", "null", '"é"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"a\\/b"', "[]", "[1, [2]]", '{"a": 1, "a": 2}',
    '{"b": 1, "a": 2}', "NaN", "Infinity", "-Infinity", "[1,]", '{"a": 1,}', "01", "'a'", '"a\tb"', "nul", "", "1 2", "// c\n1", "\ufeff1", '{"": 0}', "[true, false]", "0.1", "1.", ".5", "+1", "{1: 2}", '"\\x41"', " 5 ",
]

CSV = [
    "a,b\n1,2\n", "a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n"x,y",2\n', 'a,b\n"x""y",2\n', "a,b\n\n1,2\n", "a;b\n1;2\n", "a,b\r\n1,2\r\n", "a,a\n1,2\n", 'a,b\n"x\ny",2\n', "a, b\n1, 2\n", "a,b\n'x,y',2\n",
    "\ufeffa,b\n1,2\n", "a,b\n1,\n", "a,b\n", "", "a,b\n#1,2\n", 'a,b\nx"y,2\n', "a\tb\n1\t2\n", "a,b\n1,2", 'a,b\n"x,2\n', "a,b\ntrue,no\n", "a,b\n,\n",
]
CSV_READERS = [
    "list(csv.reader(f))", "list(csv.DictReader(f))", "[row['a'] for row in csv.DictReader(f)]", "list(csv.DictReader(f, fieldnames=['a', 'c']))", "list(csv.reader(f, delimiter=';'))", "list(csv.DictReader(f, restkey='more', restval='none'))",
    "list(csv.reader(f, skipinitialspace=True))", "list(csv.reader(f, quotechar=chr(39)))", "next(csv.reader(f))", "list(csv.reader(f, 'excel-tab'))", "csv.DictReader(f).fieldnames", "[len(row) for row in csv.reader(f)]", "list(csv.reader(f, strict=True))",
    "list(csv.reader(f, quoting=csv.QUOTE_NONE))", "list(csv.reader(f, quoting=csv.QUOTE_NONNUMERIC))",
]

TOML = [
    "x = 1", "x = true", "x = 1_000", "x = 0x1F", "x = 0o17", "x = 1.5", "x = 1e3", "x = inf", "x = 'a\\b'", 'x = "a\\tb"', 'x = """\na\n  b"""', "x = [1, 2]", "x = {a = 1}", "[x]\na = 1", "[[x]]\na = 1\n[[x]]\na = 2", "x.a = 1", "x = 2024-01-02",
    "x = 2024-01-02T03:04:05Z", "x = 1\nx = 2", "x = 01", "x = yes", "x = ", "x = [1, 'a']", '"x" = 1', "x = 'é'", "x = 07:32:00", "[x]\n[x]", "x = [\n1,\n2,\n]", "# c\nx = 1 # d", "x = nan", "x = -0", "x = 123456789012345678901",
]

INI = [
    "[s]\nx = 1\n", "[s]\nx: yes\n", "[S]\nX = 1\n", "[DEFAULT]\nx = 1\n[s]\ny = 2\n", "[s]\nx = %(y)s\ny = 2\n", "[s]\nx = a\n  b\n", "[s]\nx\n", "[s]\nx = 1 ; c\n", "[s]\n; x = 1\n# y\nx = 2\n", "[s]\nx = 1\nx = 2\n", "x = 1\n", "[s]\nx = \n", "[s]\nx = 50%\n", "[s]\nx = 50%%\n", "[s]\nx = 'q'\n",
    "[s]\nx = TRUE\n", "[s]\nx = off\n", "[s]\nx = 1.5\n", "[s]\nx==1\n", "[s]\nX y = 1\nx = 3\n", "", "[s]\nx = a\n\n  b\n",
]
INI_READERS = ["c['s']['x']", "c.get('s', 'x', fallback='none')", "c.getboolean('s', 'x')", "c.getint('s', 'x')", "dict(c['s'])", "c.sections()", "'x' in c['s']", "c['s'].get('X')", "c.has_option('s', 'y')", "list(c)", "c['s'].getboolean('x', False)", "c.items('s')"]

# Ways to read a file that is not there, and what stands around them.
MISSING = [
    "x = open('none.json')", "x = open('none.json').read()", "import json\nx = json.load(open('none.json'))", "import json\nwith open('none.json') as f:\n    x = json.load(f)", "import io\nx = io.open('none.json')",
    "from pathlib import Path\nx = Path('none.json').read_text()", "from pathlib import Path\nx = Path('none.json').read_bytes()", "from pathlib import Path\nx = Path('none.json').open()", "from pathlib import Path\nx = (Path(__file__).parent / 'none.json').read_text()",
    "import json\nfrom pathlib import Path\nx = json.loads(Path('none.json').read_text())", "import yaml\nx = yaml.safe_load(open('none.yaml'))", "import csv\nwith open('none.csv') as f:\n    x = list(csv.reader(f))", "import csv\nfor row in csv.DictReader(open('none.csv')):\n    Server(row['a'])",
    "import json, os\nx = json.load(open(os.path.join(os.path.dirname(__file__), 'none.json')))", "import tomllib\nwith open('none.toml', 'rb') as f:\n    x = tomllib.load(f)", "import json\nfor r in json.load(open('none.json'))['all']:\n    tm.add(r)", "x = open('parts/none.txt', encoding='utf-8').readlines()",
    "import os\nos.chdir('/')\nx = open('here.json').read()", "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\nx = open('here.json').read()",
]
AROUND = [
    "{read}\n", "def read():\n    {indented}\n\nread()\n", "try:\n    {indented}\nexcept FileNotFoundError:\n    Server('Missing')\n", "try:\n    {indented}\nexcept FileNotFoundError:\n    print('missing')\n", "try:\n    {indented}\nexcept KeyError:\n    pass\n",
    "import sys\ntry:\n    {indented}\nexcept OSError:\n    sys.exit(1)\n", "try:\n    {indented}\nexcept OSError:\n    raise\n", "try:\n    {indented}\nfinally:\n    print('read')\n", "try:\n    try:\n        pass\n    finally:\n        x = open('none.json')\nexcept FileNotFoundError:\n    Server('Missing')\n", "if False:\n    {indented}\n",
    "import contextlib\nwith contextlib.suppress(FileNotFoundError):\n    {indented}\n    Server('Read')\n", "try:\n    {indented}\nexcept ImportError:\n    pass\nexcept Exception as error:\n    print(error)\n",
]

LOADED = [
    "out.append(c)", "out.append(repr(c))", "out.append(type(c).__name__)", "out.append('yes' if c else 'no')", "web.controls.isHardened = bool(c)\nout.append(1)", "out.append(f'{c}')", "out.append(str(c))\nout.append(len(str(c)))",
    "out.append(c == 1)\nout.append(c is True)\nout.append(isinstance(c, str))", "out.append(isinstance(c, (int, float)))\nout.append(c is None)",
]


def caught(text):
    """A fragment that says how reading failed."""
    lines = "\n".join("    " + line for line in text.split("\n"))
    return f"try:\n{lines}\nexcept Exception as error:\n    out.append(type(error).__name__)"


def build(seed, most):
    """Models that read a file of each format; `most` uses of each file."""
    rng = model.generator(seed, "files")
    use = lambda: rng.choice(LOADED)
    wrap = lambda text: caught(text) if rng.random() < 0.8 else text
    for value in YAML:
        for _ in range(most):
            key = rng.choice(["x: {}\n"] * 5 + ["- {}\n", "{}: 1\n", "x:\n  - {}\n"])
            reach = {"x: {}\n": "['x']", "- {}\n": "[0]", "{}: 1\n": "", "x:\n  - {}\n": "['x'][0]"}[key]
            yield model.model(f"yaml {value}", wrap(f"import yaml\nwith open('data.yaml') as f:\n    c = yaml.safe_load(f){reach}\n{use()}"), rng, files={"data.yaml": key.format(value)})
    for document in YAML_DOCUMENTS:
        for _ in range(most):
            read = rng.choice(["yaml.safe_load(f)", "yaml.safe_load(f.read())", "yaml.load(f, Loader=yaml.SafeLoader)", "list(yaml.safe_load_all(f))", "yaml.safe_load(f)['x']", "yaml.safe_load(f).get('x')"])
            yield model.model("yaml document", wrap(f"import yaml\nwith open('data.yaml', encoding='utf-8') as f:\n    c = {read}\n{use()}"), rng, files={"data.yaml": document})
    for value in JSON:
        for _ in range(most):
            text, reach = rng.choice([(value, ""), (f'{{"x": {value}}}', '["x"]'), (f"[{value}]", "[0]")])
            read = rng.choice(["json.load(open('data.json'))", "json.loads(open('data.json').read())", "json.loads(Path('data.json').read_text())", "json.load(Path('data.json').open(encoding='utf-8'))"])
            yield model.model("json", wrap(f"import json\nfrom pathlib import Path\nc = {read}{reach}\n{use()}"), rng, files={"data.json": text})
    for text in CSV:
        for _ in range(most):
            yield model.model("csv", wrap(f"import csv\nwith open('data.csv'{rng.choice(['', ', newline=' + chr(39) * 2])}) as f:\n    c = {rng.choice(CSV_READERS[:3] + CSV_READERS)}\n{use()}"), rng, files={"data.csv": text})
    for text in TOML:
        for _ in range(most):
            yield model.model("toml", wrap(f"import tomllib\nwith open('data.toml', 'rb') as f:\n    c = tomllib.load(f){rng.choice(['', '[' + chr(34) + 'x' + chr(34) + ']'])}\n{use()}"), rng, files={"data.toml": text})
    for text in INI:
        for _ in range(most):
            yield model.model("ini", wrap(f"import configparser\nc = configparser.ConfigParser()\nc.read('data.ini')\nc = {rng.choice(INI_READERS)}\n{use()}"), rng, files={"data.ini": text})
    lines = ["one\ntwo\n", "one\r\ntwo", "", "é\n", "a\n\nb", "\ufeffx\n"]
    reads = ["f.read()", "f.readlines()", "list(f)", "[line.strip() for line in f]", "f.readline()", "f.read().splitlines()", "(f.read(), f.read())", "[list(f), list(f)]", "f.read(2)", "next(f)", "f.closed", "f.name"]
    for text in lines:
        for _ in range(most * 3):
            yield model.model("text file", wrap(f"with open('data.txt'{rng.choice(['', ', encoding=' + chr(34) + 'utf-8' + chr(34)])}) as f:\n    c = {rng.choice(reads)}\n{use()}"), rng, files={"data.txt": text})
    paths = ["Path('data.txt').exists()", "Path('none.txt').exists()", "sorted(p.name for p in Path('parts').glob('*.txt'))", "[p.name for p in Path('parts').iterdir()]", "sorted(os.listdir('parts'))", "os.path.exists('parts')", "os.path.isfile('parts')", "len(list(Path('.').rglob('*.txt')))",
             "Path('data.txt').read_text()", "Path('parts').is_dir()", "Path('data.txt').stat().st_size", "sorted(glob.glob('parts/*'))", "os.path.getsize('data.txt')", "open('parts/a.txt').read()", "(Path('parts') / 'b.txt').read_text()", "Path('none.txt').read_text()", "Path(__file__).parent.name != ''",
             "(Path(__file__).parent / 'data.txt').read_text()", "os.path.join(os.path.dirname(__file__), 'x')[-1]", "[n for _, _, n in os.walk('parts')]", "open('parts').read()", "Path('data.txt').read_bytes()", "Path('data.txt').suffix"]
    for path in paths:
        for _ in range(most):
            yield model.model("path", wrap(f"import os, glob\nfrom pathlib import Path\nc = {path}\n{use()}"), rng, files={"data.txt": "hello\n", "parts/a.txt": "a", "parts/b.txt": "b"})
    for read in MISSING:
        for around in AROUND:
            yield model.Model(f"missing file {read}", {"tm.py": model.HEAD + around.format(read=read, indented=read.replace("\n", "\n    ")) + model.TAIL, "here.json": "[1]"})
    helpers = {
        "helper.py": ["from pytm import Server\nServer('Helped')\nvalue = 1\n", "value = 2\n", "import tm_missing\n", "raise SystemExit\n", "value = __name__\n", "from other import value\n", "_hidden = 1\nvalue = 3\n__all__ = ['value']\n", "def build():\n    from pytm import Server\n    Server('Built')\nvalue = 4\n", "value = [1]\n", "import helper\nvalue = helper.__name__\n", "raise ValueError\n"],
    }
    uses = ["import helper\nout.append(helper.value)", "from helper import value\nout.append(value)", "from helper import *\nout.append(value)", "import helper as h, helper\nout.append(h is helper)", "try:\n    import helper\n    out.append(helper.value)\nexcept ImportError:\n    out.append('missing')", "import importlib\nout.append(importlib.import_module('helper').value)",
            "import helper\nhelper.value = 9\nimport helper\nout.append(helper.value)", "try:\n    from helper import nothing\nexcept ImportError:\n    out.append('no name')", "import helper\nif hasattr(helper, 'build'):\n    helper.build()", "def late():\n    import helper\n    return helper.value\nout.append(late())", "import pkg.part\nout.append(pkg.part.value)",
            "from pkg import part, value\nout.append((part.value, value))", "import pkg\nout.append(hasattr(pkg, 'part'))", "from pkg.part import up\nout.append(up)", "import queue\nout.append(hasattr(queue, 'mine'))", "import statistics\nout.append(hasattr(statistics, 'mine'))"]
    for helper in helpers["helper.py"]:
        for text in uses:
            if rng.random() < 0.25 * most:
                files = {"helper.py": helper, "other.py": "value = 'other'\n", "pkg/__init__.py": "value = 'pkg'\n", "pkg/part.py": "from . import value as up\nvalue = 'part'\n", "queue.py": "mine = 1\n", "statistics.py": "mine = 1\nfrom pytm import Server\nServer('Shadow')\n"}
                yield model.model("import", wrap(text) if "*" not in text else text, rng, place="top" if "*" in text else None, files=files)
