"""Small models that turn on one detail of Python each: `details.txt`, and the expressions
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
