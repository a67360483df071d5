"""Which names are there: what pytm, its modules and Python's modules bind, however they are imported."""
import pkgutil

import model
import pytm

HEAD = "from pytm import TM, Server\n{}\ntm = TM('Shop')\nout = []\n"
TAIL = "\nfor item in out:\n    Server(f'{item}')\ntm.process()\n"
NAMES = (
    "Asset Actor Agent Assumption Boundary Classification Controls Data Dataflow Datastore DatastoreType Element ExternalEntity Finding "
    "LLM Lambda Lifetime Process SetOfProcesses TLSVersion Action Threat UIError OrderedEnum DataSet varString load req_reply reply logger "
    "List json os sys get_args Trust Zone"
).split()
LIBRARY = (
    "os sys math json re string typing collections itertools functools enum dataclasses pathlib datetime random logging textwrap operator "
    "copy abc contextlib uuid time importlib importlib.util os.path collections.abc argparse csv io types"
).split()
# `NAME` is looked for in `MODULE`: an import, and what follows it.
WAYS = [
    ("from MODULE import NAME", "x = NAME"),
    ("from MODULE import *", "x = NAME"),
    ("import MODULE", "x = MODULE.NAME"),
    ("import MODULE", "out.append(hasattr(MODULE, 'NAME'))"),
    ("import MODULE", "try:\n    x = MODULE.NAME\nexcept AttributeError:\n    out.append('none')"),
    ("try:\n    from MODULE import NAME\nexcept ImportError:\n    NAME = None", "out.append(NAME is None)"),
    ("try:\n    import MODULE.NAME\nexcept ImportError:\n    missing = 1", "out.append(1)"),
    ("import MODULE.NAME", "out.append(1)"),
]
# What models do before they need pytm.
GUARDS = """\
import importlib.util, sys
if importlib.util.find_spec("pytm") is None:
    sys.exit("no pytm")
--
from importlib.util import find_spec
if not find_spec("pytm"):
    raise SystemExit("no pytm")
--
import importlib.util as u
assert u.find_spec("pytm.asset"), "pytm is missing"
--
import importlib.util
out = [importlib.util.find_spec("no_such_module") is None]
--
import sys
try:
    import pytm
except ImportError:
    sys.exit("pip install pytm")
--
try:
    import pytm
    HAVE = True
except ImportError:
    HAVE = False
if not HAVE:
    raise SystemExit(1)
--
import importlib
pytm = importlib.import_module("pytm")
TM, Server = pytm.TM, pytm.Server
--
import importlib
assert importlib.import_module("os.path").__name__ != "os"
--
assert __import__("os.path").__name__ == "os"
--
import sys
if sys.version_info < (3, 8) or sys.version_info.major < 3 or len(sys.version_info) != 5:
    sys.exit("too old")
--
import pytm
if not hasattr(pytm, "LLM") or hasattr(pytm, "Nothing"):
    raise SystemExit("another pytm is needed")
--
import pytm.nothing
--
from pytm import nothing
--
from pytm.asset import Data""".split("\n--\n")
# What `from pk import *` binds, by the `__all__` of the package.
ALL = [
    "['X']", "('X',)", "['X', 'Y']", "{'X'}", "['X'] + ['_Z']", "[]", "'X'", "['sub']", "[n for n in ('X', '_Z')]",
    "['X']\n__all__ += ['_Z']", "['X']\n__all__.append('_Z')", "None", "[3]", "list({'X': 1})", "iter(['X'])",
]


def build(seed, most):
    """Names of all modules, `most` ways each."""
    rng = model.generator(seed, "imports")
    modules = ["pytm", *(f"pytm.{module.name}" for module in pkgutil.iter_modules(pytm.__path__)), "pytm.nothing"]
    for module in modules:
        for name in NAMES:
            for way in rng.sample(WAYS, most):
                yield one(way, module, name)
    for module in LIBRARY:
        for way in WAYS:
            yield one(way, module, "nothing_here")
    for name in NAMES:
        yield made(f"unimported {name}", "", f"x = {name}")
        yield made(f"unimported caught {name}", "", f"try:\n    x = {name}\nexcept NameError:\n    out.append('none')")
    for guard in GUARDS:
        yield model.Model(f"imports guard {guard}", {"tm.py": guard + "\n" + HEAD.format("") + TAIL})
    for names in ALL:
        for name in ["X", "_Z", "Y", "sub", "os"]:
            yield made(
                f"__all__ = {names} {name}", "from pk import *", f"try:\n    {name}\n    out.append('there')\nexcept NameError:\n    out.append('none')",
                {"pk/__init__.py": f"import os\nX = 1\n_Z = 2\n__all__ = {names}\n", "pk/sub.py": "V = 1\n"},
            )


def one(way, module, name):
    """A model that looks for a name in a module."""
    before, after = (part.replace("MODULE", module).replace("NAME", name) for part in way)
    return made(f"{before} {after}", before, after)


def made(kind, before, after, files=None):
    """A model with an import and what follows it."""
    return model.Model(f"imports {kind}", {"tm.py": HEAD.format(before) + after + TAIL, **(files or {})})
