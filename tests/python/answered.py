"""Runs a pytm model and says what pytm has of it, for tests/answers/real_pytm.rs.

usage: answered.py MODEL FILE…
Prints JSON: every element and datum with the attributes that have plain values, and the
comments of each FILE.
"""

import enum
import json
import os
import runpy
import sys
import tokenize

from pytm import TM

things = []


def plain(value):
    """A value as tmrs writes it in JSON; nothing for what is no plain value."""
    if isinstance(value, enum.Enum):
        return value.name
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return None


def attributes(thing, prefix=""):
    said = {}
    # What pytm's classes do not know is kept beside what they know.
    for name in sorted({*dir(thing), *(getattr(thing, "__pydantic_extra__", None) or ())}):
        if name.startswith("_") or name == "uuid":
            continue
        try:
            value = getattr(thing, name)
        except (AttributeError, ValueError):
            continue
        if plain(value) is not None:
            said[prefix + name] = plain(value)
    return said


def record(self):
    for thing in list(TM._elements) + list(TM._data):
        said = attributes(thing)
        if hasattr(thing, "controls"):
            said |= attributes(thing.controls, "controls.")
        things.append({"class": type(thing).__name__, "name": thing.name, "attributes": said})


def comments(path):
    with open(path, "rb") as file:
        tokens = list(tokenize.tokenize(file.readline))
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


model, *files = (os.path.abspath(path) for path in sys.argv[1:])
names = sys.argv[2:]
TM.process = record
sys.argv = [model]
sys.path.insert(0, os.path.dirname(model))
os.chdir(os.path.dirname(model))
stdout, sys.stdout = sys.stdout, sys.stderr
try:
    runpy.run_path(model, run_name="__main__")
except SystemExit:
    pass
sys.stdout = stdout
found = {name: comments(path) for name, path in zip(names, files) if path.endswith(".py")}
print(json.dumps({"things": things, "comments": found}))
