"""Small models that turn on one detail each: `details.txt` and `more.txt`, and the expressions
of `expressions.txt`, a line each. Found by looking for what a reader could get wrong.
"""
import pathlib

import model

HERE = pathlib.Path(__file__).resolve().parent
IMPORTS = """\
import collections, copy, datetime, decimal, enum, fractions, functools, itertools, json, math, operator, os, re, statistics, string, textwrap, types, typing
from pathlib import PurePosixPath as P
"""


def build(seed, most):
    """Models of every detail, in up to `most` places; and of every expression, in one."""
    rng = model.generator(seed, "details")
    for block in (HERE / "details.txt").read_text().split("\n## ")[1:]:
        name, _, text = block.partition("\n")
        places = ["top", *rng.sample(["function", "nested", "loop", "caught", "method"], most - 1)]
        for place in places:
            yield model.model(f"detail {name}", text, rng, place=place, ending="names")
    for line in (HERE / "expressions.txt").read_text().splitlines():
        *before, last = line.split(" ;; ")
        body = "".join(f"    {statement}\n" for statement in before) + f"    out.append({last})\n"
        text = f"{IMPORTS}try:\n{body}except Exception as error:\n    out.append(type(error).__name__)\n"
        yield model.model(f"expression {line}", text, rng, place="top", ending="names")
    yield from one_by_one()


def one_by_one():
    """The models of `more.txt`: what each saw as a whole, and every item of it alone."""
    for block in (HERE / "more.txt").read_text().split("\n## ")[1:]:
        name, _, text = block.partition("\n")
        body, *beside = text.split("\n@@ ")
        files = {file: content for file, _, content in (part.partition("\n") for part in beside)}
        if name.endswith(" whole"):
            yield model.Model(f"more {name}", {"tm.py": body + "\n", **files})
            continue
        items = min(body.count("out."), 12)
        parts = [""] + [f"[{item}:{item + 1}]" for item in range(items if items > 1 else 0)]
        for part in parts:
            ending = f'\nfor item in out{part}:\n    Server(f"{{item}}")\n'
            yield model.Model(f"more {name}{part}", {"tm.py": model.HEAD + body + ending + model.TAIL, **files})
