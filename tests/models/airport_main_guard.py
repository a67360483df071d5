#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Baggage handling at an airport; the model is built in functions under the guard.

Exercises: nothing at top level but definitions, `if __name__ == "__main__"`, a
`main` that parses arguments and prints, objects handed from function to function,
a function that nothing calls, annotations, early constants.
"""

import argparse
import sys
from typing import Dict, List, Tuple

from pytm import TM, Actor, Boundary, Dataflow, Datastore, Element, ExternalEntity, Server

BELTS: List[str] = ["North", "South"]


def elements_of(tm: TM) -> Dict[str, Element]:
    """Everything that is not a flow."""
    hall = Boundary("Terminal")
    apron = Boundary("Apron")
    found: Dict[str, Element] = {
        "traveller": Actor("Traveller", inBoundary=hall),
        "desk": Server("Check-in", inBoundary=hall, usesSessionTokens=True, protocol="HTTP"),
        "sorter": Server("Sorter", inBoundary=apron),
        "tags": Datastore("Bag tags", inBoundary=apron),
    }
    for belt in BELTS:
        found[belt] = ExternalEntity(f"{belt} belt", inBoundary=apron, hasPhysicalAccess=belt == "South")
    return found


def flows_of(found: Dict[str, Element]) -> Tuple[Dataflow, ...]:
    check_in = Dataflow(found["traveller"], found["desk"], "Check in a bag")
    tag = Dataflow(found["desk"], found["tags"], "Tag")
    sort = [Dataflow(found["sorter"], found[belt], f"To the {belt.lower()} belt") for belt in BELTS]
    return (check_in, tag, *sort)


def unused_sketch() -> None:
    TM("Sketch of the old terminal")
    Server("Old sorter")


def main(arguments: List[str] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--title", default="Baggage")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args([])
    tm = TM("Baggage")
    tm.description = "From check-in to the aircraft"
    flows = flows_of(elements_of(tm))
    if not flows:
        print("no flows", file=sys.stderr)
        return 1
    tm.process()
    print(options.title, len(flows), "flows")
    return 0


if __name__ == "__main__":
    main()
