"""A generated model, and the ways a fragment of Python is put into one.

A fragment does something and leaves what it saw in the list `out`. A model is a
fragment in a place (top level, a function, a loop, a module of its own, ...) with
an ending that turns `out` into elements, so whoever reads the fragment otherwise
than Python does gets other elements.
"""
import dataclasses
import random
import re
import textwrap

HEAD = '''\
from pytm import TM, Actor, Boundary, Classification, Data, Dataflow, Datastore, Server

tm = TM("Shop")
web = Server("Web")
out = []
'''
TAIL = '''
if __name__ == "__main__":
    tm.process()
'''

# What becomes of `out`.
ENDINGS = {
    "names": 'for item in out[:3]:\n    Server(f"{item}")\n',
    "count": 'for number in range(len(out) % 4):\n    Datastore("Store %d" % number)\n',
    "last": 'if out and out[-1]:\n    Server("Last")\nelse:\n    Datastore("Last")\n',
    "flag": "web.controls.isHardened = len(out) > 1\nweb.controls.sanitizesInput = bool(out and out[0])\n",
    "flow": 'if len(out) > 0:\n    Dataflow(web, Datastore(str(out[0])), "First")\n',
}
# At once, instead of an ending.
DIRECT = 'def saw(value):\n    Server(str(value))\n\n\n'

PLACES = {
    "top": "{0}",
    "function": "def build():\n{1}\n\n\nbuild()",
    "nested": "def build():\n    def inner():\n{2}\n    inner()\n\n\nbuild()",
    "loop": "for _ in range(1):\n{1}",
    "condition": "if tm.name == 'Shop':\n{1}",
    "try": "try:\n{1}\nfinally:\n    out.append('finally')",
    "caught": "try:\n{1}\nexcept Exception as error:\n    out.append(type(error).__name__)",
    "with": "import contextlib\nwith contextlib.nullcontext():\n{1}",
    "class": "class Place:\n{1}",
    "generator": "def steps():\n{1}\n    yield 1\n\n\nlist(steps())",
    "method": "class Place:\n    def build(self):\n{2}\n\n\nPlace().build()",
}


@dataclasses.dataclass
class Model:
    """A model: what kind of construct it turns on, and its files (`tm.py` is the model)."""

    kind: str
    files: dict


def alternatives(template, rng, most):
    """Up to `most` different readings of a template: `«a|b»` is one of a and b."""
    seen = []
    for _ in range(most * 6):
        text = re.sub("«(.*?)»", lambda m: rng.choice(m[1].split("|")), template, flags=re.S)
        if text not in seen:
            seen.append(text)
        if len(seen) == most:
            break
    return seen


def placed(fragment, place):
    """The fragment in a place; `from __future__` and star imports only hold at the top."""
    fragment = fragment.strip("\n")
    return PLACES[place].format(*(textwrap.indent(fragment, "    " * depth) for depth in range(3)))


def model(kind, fragment, rng, place=None, ending=None, files=None):
    """A model around a fragment, in a place and with an ending by chance."""
    place = place or rng.choice(["top"] * 4 + list(PLACES))
    ending = ending or rng.choice([*ENDINGS, "names", "names", "direct"])
    body = placed(fragment, place) + "\n"
    head = HEAD
    if ending == "direct":
        head += DIRECT
        body = body.replace("out.append(", "saw(")
    text = head + body + ENDINGS.get(ending, "") + TAIL
    return Model(kind, {"tm.py": text, **(files or {})})


def generator(seed, part):
    """A source of chance of one part of the suite, so that parts don't move each other."""
    return random.Random(f"{seed} {part}")
