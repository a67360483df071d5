"""Runs a pytm model and says which answers are not set in it.

usage: answered.py MODEL, with a JSON list of [name, attribute, value] on standard input.
Prints the missing ones as JSON.
"""

import json
import os
import runpy
import sys

from pytm import TM

wanted = [tuple(answer) for answer in json.load(sys.stdin)]
path = sys.argv[1]
said = set()


def value(held):
    return getattr(held, "name", held)


def record(self):
    for thing in list(TM._elements) + list(TM._data):
        for name, attribute, expected in wanted:
            if thing.name == name:
                last = thing
                for part in attribute.split("."):
                    last = getattr(last, part, None)
                if value(last) == expected and type(value(last)) is type(expected):
                    said.add((name, attribute, expected))


TM.process = record
sys.argv = [path]
sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
os.chdir(os.path.dirname(os.path.abspath(path)))
stdout, sys.stdout = sys.stdout, sys.stderr
try:
    runpy.run_path(os.path.abspath(os.path.basename(path)), run_name="__main__")
except SystemExit:
    pass
sys.stdout = stdout
print(json.dumps([answer for answer in wanted if answer not in said]))
