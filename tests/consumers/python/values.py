"""Builtins, methods and the standard library, found by introspection.

Every public callable is called with arguments from a pool, in a process of its own:
calls that give a value are kept, and one that raises, since the way an exception
goes decides as well. Nothing here is a list of what tmrs knows.
"""
import ast
import builtins
import collections
import importlib
import json
import os
import re
import resource
import signal
import sys
import tempfile

import model

POOL = [
    "0", "1", "-1", "2", "3", "10", "255", "True", "None", "0.5", "2.5", "-0.0", "1e17",
    '""', '"a"', '"Web"', '"web db"', '"a,b"', '"  x "', '"10"', '"ß"', '"é"', '"%s"', '"{}"', '"b"', '"utf-8"', '"0.5"', '"2024-01-02"',
    'b"web"', 'b""', "[]", "[3, 1, 2]", '["b", "a"]', "[[1], [2]]", "()", "(1, 2)", "{}", '{"a": 1, "b": 2}', "{1, 2}", "range(3)",
    "str", "int", "len", "lambda x: x", "slice(1, 3)", "web", "iter([1, 2])",
]

RECEIVERS = {
    "str": ['"Web Shop"', '"a,b"', '"straße"', '"ǆ 12"', '""', '"  x\\ty "', '"10"'],
    "bytes": ['b"Web"', 'b"a,b"', 'b""'],
    "bytearray": ['bytearray(b"web")'],
    "list": ["[3, 1, 2]", '["b", "a"]', "[]"],
    "tuple": ["(1, 2, 1)", "()"],
    "dict": ['{"a": 1, "b": 2}', "{}"],
    "set": ["{1, 2, 3}", "set()"],
    "frozenset": ["frozenset([1, 2])"],
    "int": ["12", "-7", "0", "True"],
    "float": ["2.5", "-0.0", "1e17"],
    "complex": ["(1+2j)"],
    "range": ["range(1, 9, 2)"],
    "slice": ["slice(1, 5, 2)"],
    "memoryview": ['memoryview(b"web")'],
    "type": ["int", "Server"],
    "function": ["(lambda a, b=1: a)"],
    "generator": ["(n for n in [1, 2])"],
    "dict_keys": ['{"a": 1}.keys()'],
    "dict_values": ['{"a": 1}.values()'],
    "dict_items": ['{"a": 1}.items()'],
    "NoneType": ["None"],
    "object": ["object()"],
    "ValueError": ['ValueError("a", 2)'],
    "property": ["property(lambda s: 1)"],
    "map": ["map(str, [1, 2])"],
    "enumerate": ["enumerate('ab')"],
}

LIBRARY = """
abc array ast base64 binascii bisect calendar cmath codecs collections colorsys configparser contextlib copy csv
dataclasses datetime decimal difflib enum errno fnmatch fractions functools getpass gettext glob graphlib hashlib heapq
hmac html inspect io ipaddress itertools json keyword locale logging math mimetypes numbers operator os os.path pathlib
pickle platform pprint posixpath ntpath random re reprlib secrets shlex shutil socket statistics stat string struct
sys tempfile textwrap threading time timeit tokenize tomllib traceback types typing unicodedata urllib.parse uuid
warnings weakref zlib zoneinfo
""".split()

# No module is asked for more names than this; constants of `errno` teach nothing new.
NAMES_OF_A_MODULE = 40

# Not called: what ends, waits, reads the terminal, or changes the machine that runs the test.
UNTOUCHED = re.compile(
    r"exit|abort|kill|fork|spawn|exec|system|popen|remove|unlink|rmdir|rename|replace$|truncate|ch(mod|own|root|dir|flags)"
    r"|mkdir|mkfifo|mknod|makedirs|link|symlink|write|close|dup|pipe|open|read|recv|send|input|breakpoint|help|quit|copyright"
    r"|credits|license|set(uid|gid|sid|priority|groups|e|re|pgid|rlimit|res|ns|xattr|locale|default|dlopen|recursion|switch|trace|profile|async)"
    r"|sleep|wait|lock|fsync|sync|utime|posix|pt(y|s)|umask|sched|nice|memfd|eventfd|timer|login|getpass|getpid|urandom|alarm|main"
    r"|rmtree|move|copy(file|tree|mode|stat|2)?$|make_archive|unpack|mk(d?s?temp)|NamedTemp|TemporaryFile|Spooled|socket|create_|get(host|addr|name|serv)|if_|sethost"
    r"|^get([acm]time|size)$|^same|faulthandler|_|stack_size|settrace|excepthook|unraisable|displayhook|run|start|timeit|repeat|Timer|Thread|walk|scandir|listdir|statvfs|major|minor|confstr|sysconf"
)

def attempt(text, names):
    """Evaluates an expression; gives ("value", type name, repr) or ("raise", exception name)."""
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        value = eval(text, dict(names))
        shown = repr(value)
        return ("value", type(value).__name__, shown)
    except Exception as error:  # whatever it is, that is the answer
        return ("raise", type(error).__name__, "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class Late(Exception):
    """An evaluation took too long."""


def late(*_):
    raise Late


def calls_of(callee, rng, names, most):
    """Call expressions of a callee that give values of different kinds, and one that raises."""
    values, raised, seen = [], [], set()
    for trial in range(60):
        count = rng.choice([0, 1, 1, 1, 2, 2, 3]) if trial else 0
        text = f"{callee}({', '.join(rng.choice(POOL) for _ in range(count))})"
        got = attempt(text, names)
        if got[1] == "Late" or len(got[2]) > 300:
            continue
        key = got[:2] if got[0] == "raise" else (got[0], got[1], got[2][:20])
        if key in seen:
            continue
        seen.add(key)
        (values if got[0] == "value" else raised).append((text, got))
        if len(values) >= most:
            break
    return values[:most] + raised[:1]


def in_a_process(work):
    """What `work` gives as JSON, computed in a process that may be damaged by it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chdir(tempfile.mkdtemp())
            resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            signal.signal(signal.SIGALRM, late)
            data = json.dumps(work()).encode("utf-8", "surrogatepass")
            while data:
                data = data[os.write(write, data):]
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return json.loads(data.decode("utf-8", "surrogatepass")) if data else []


def standing():
    """The names that a model has."""
    import pytm

    names = {name: getattr(pytm, name) for name in ("TM", "Actor", "Boundary", "Classification", "Data", "Dataflow", "Datastore", "Server")}
    names["web"] = pytm.Server("Web")
    return names


def literal(shown):
    """Whether a repr is a literal that a model can compare with."""
    try:
        ast.literal_eval(shown)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return "\n" not in shown and len(shown) < 80


def fragment(text, got, rng, setup=""):
    """A use of an expression on which elements depend."""
    kind, _, shown = got
    if kind == "raise":
        handler = rng.choice([got[1], "Exception", "ValueError", "(TypeError, ValueError)"])
        if not hasattr(builtins, handler.strip("()").split(",")[0]):
            handler = "Exception"
        body = rng.choice([
            f"try:\n    out.append({text})\nexcept {handler}:\n    out.append('raised')",
            f"try:\n    {text}\nexcept {handler}:\n    Datastore('Raised')\nelse:\n    Server('Fine')",
            f"try:\n    {text}\n    out.append('fine')\nexcept Exception as error:\n    out.append(type(error).__name__)",
        ])
        return setup + body
    uses = [
        f"out.append('yes' if {text} else 'no')",
        f"if {text}:\n    Server('True')\nelse:\n    Datastore('False')",
        f"value = {text}\nout.append(type(value).__name__)",
        f"def ask():\n    return {text}\nout.append(bool(ask()))",
    ]
    if " at 0x" not in shown:
        uses += [f"out.append({text})", f"out.append(f'{{{text}}}')" if "'" not in text and '"' not in text and "\\" not in text and "{" not in text else f"out.append(str({text}))",
                 f"value = [{text}]\nout.append(repr(value[0]))"]
    if literal(shown):
        uses += [f"if {text} == {shown}:\n    out.append('same')\nelse:\n    out.append('other')"] * 2
    return setup + rng.choice(uses)


def methods(rng, most):
    """Calls of every method of the builtin types, and what they do to the receiver."""
    names = standing()
    found = []
    for kind, receivers in RECEIVERS.items():
        value = eval(receivers[0], dict(names))
        for name in dir(value):
            if name in ("__class__", "__init__", "__new__", "__del__", "__reduce__", "__reduce_ex__", "__subclasses__", "close", "throw") or kind == "type" and name.startswith("model_"):
                continue
            dunder = name.startswith("__")
            for _ in range(1 if dunder else 2):
                receiver = rng.choice(receivers)
                if not callable(getattr(value, name, None)):
                    text = f"{receiver}.{name}"
                    calls = [(text, attempt(text, names))]
                else:
                    calls = calls_of(f"{receiver}.{name}", rng, names, 1 if dunder else most)
                for text, got in calls:
                    if kind in ("list", "dict", "set", "bytearray") and not dunder and rng.random() < 0.6:
                        call = text[len(receiver):]
                        text = f"xs = {receiver}\ntry:\n    r = xs{call}\n    out.append(repr(xs))\n    out.append(repr(r))\nexcept Exception as error:\n    out.append(type(error).__name__)"
                        found.append((f"method {kind}.{name}", text if " at 0x" not in got[2] else fragment(f"xs{call}", got, rng, f"xs = {receiver}\n")))
                    else:
                        if receiver[0].isdigit() or receiver[0] == "-":
                            text = f"({receiver}){text[len(receiver):]}"
                        found.append((f"method {kind}.{name}", fragment(text, got, rng)))
    return found


def functions(rng, most):
    """Calls of every builtin."""
    names = standing()
    found = []
    for name in dir(builtins):
        if name.startswith("_") and name not in ("__build_class__", "__import__") or name in ("open", "exit", "quit", "input", "breakpoint", "help", "copyright", "credits", "license", "exec"):
            continue
        value = getattr(builtins, name)
        if callable(value):
            calls = calls_of(name, rng, names, 1 if isinstance(value, type) and issubclass(value, BaseException) else most + 2)
        else:
            calls = [(name, attempt(name, names))]
        found += [(f"builtin {name}", fragment(text, got, rng)) for text, got in calls]
    return found


def library(module, rng, most):
    """Calls of every public function and uses of every value of a module."""
    names = standing()
    names[module.split(".")[0]] = importlib.import_module(module.split(".")[0])
    found = importlib.import_module(module)
    setup = f"import {module}\n"
    public = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    public = sorted(name for name in public if hasattr(found, name))
    cases = []
    for name in sorted(rng.sample(public, min(len(public), NAMES_OF_A_MODULE))):
        value = getattr(found, name)
        if type(value).__name__ == "module":
            continue
        text = f"{module}.{name}"
        touched = module in ("os", "os.path", "posixpath", "ntpath", "sys", "shutil", "socket", "tempfile", "threading", "time", "signal") and UNTOUCHED.search(name)
        if callable(value) and not touched and not (isinstance(value, type) and issubclass(value, BaseException)):
            calls = calls_of(text, rng, names, most)
        else:
            calls = [(text, attempt(text, names))]
        cases += [(f"library {module}.{name}", fragment(each, got, rng, setup)) for each, got in calls]
    return cases


OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "and", "or"]
OPERANDS = POOL[:20] + ['"%s!"', '"%d"', "[1, 2]", "(1,)", "{1, 2}", '{"a": 1}', "True", "1j", 'b"a"', "range(3)", "float('nan')", "frozenset([1])", '"Web"', "web", "int", "..."]


def operators(rng, most):
    """Binary and unary operators over values of every kind."""
    names = standing()
    found = []
    for operator in OPERATORS:
        kinds = collections.Counter()
        for _ in range(most * 12):
            text = f"{rng.choice(OPERANDS)} {operator} {rng.choice(OPERANDS)}"
            if operator in ("<<", "**") and "1e17" in text or "10 **" in text or "255 **" in text or "<< 255" in text:
                continue
            got = attempt(f"({text})", names)
            limit = 2 if got[0] == "raise" else most
            if got[1] == "Late" or len(got[2]) > 200 or kinds[got[1]] >= limit or sum(kinds.values()) >= most * 3:
                continue
            kinds[got[1]] += 1
            found.append((f"operator {operator}", fragment(f"({text})", got, rng)))
    for operator in ("-", "+", "~", "not "):
        for operand in rng.sample(OPERANDS, 8):
            got = attempt(f"({operator}{operand})", names)
            found.append((f"operator unary {operator.strip()}", fragment(f"({operator}{operand})", got, rng)))
    return found


def formats(rng, most):
    """Format specifications, over values of every kind, in their three spellings."""
    names = standing()
    found = []
    values = ["5", "-3", "0", "1234567", "2.5", "-0.0", "1e17", "0.1", "float('inf')", "'ab'", "'é'", "True", "None", "[1]", "1j", "10 ** 20", "web.name"]
    for _ in range(most):
        spec = rng.choice(["", "*", "0", "é"]) + rng.choice(["", "<", ">", "^", "="])
        spec = ("" if not spec or spec[-1] not in "<>^=" else spec) + rng.choice(["", "+", "-", " "]) + rng.choice(["", "#", "0", "z"]) + rng.choice(["", "5", "12"]) + rng.choice(["", ",", "_"]) + rng.choice(["", ".0", ".2", ".10"]) + rng.choice(["", "d", "f", "s", "x", "b", "e", "g", "%", "c", "n", "G", "o", "X", "r"])
        value = rng.choice(values)
        conversion = rng.choice(["", "", "!r", "!s", "!a"])
        text = rng.choice([f'f"{{{value}{conversion}:{spec}}}"', f'format({value}, "{spec}")', f'"{{{conversion}:{spec}}}".format({value})'])
        got = attempt(text, names)
        found.append(("format specification", fragment(text, got, rng)))
    for _ in range(most // 2):
        spec = "%" + rng.choice(["", "-", "+", " ", "0", "#"]) + rng.choice(["", "5", "*"]) + rng.choice(["", ".2", ".0"]) + rng.choice("diouxXeEfFgGcrsa%")
        text = f'"{spec}" % {rng.choice(["5", "-3", "2.5", chr(39) + "ab" + chr(39), "(1, 2)", "(5,)", "[1]", "None", "True", "{}"])}'
        found.append(("format percent", fragment(text, attempt(text, names), rng)))
    return found


def build(seed, most):
    """Models of every builtin, method, operator, format and library name."""
    parts = {"methods": lambda rng: methods(rng, 1), "functions": lambda rng: functions(rng, most), "operators": lambda rng: operators(rng, most),
             "formats": lambda rng: formats(rng, 40 * most)}
    for module in LIBRARY:
        parts[f"library {module}"] = lambda rng, module=module: library(module, rng, 1)
    for part, work in parts.items():
        rng = model.generator(seed, part)
        for kind, text in in_a_process(lambda: work(rng)):
            if "\udc80" <= max(text) <= "\udfff" or any("\ud800" <= c <= "\udfff" for c in text):
                continue
            yield model.model(kind, text, rng)
