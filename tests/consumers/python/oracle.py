"""What real pytm makes of models: oracle.py LIST.json ANSWERS.json [--elsewhere]

LIST.json has folders with a `tm.py`. Each runs in a process of its own, forked from
one that has pytm loaded, with pytm's own threats. An answer is {"elements", "findings"}
as they are at the first process, check or resolve, else at the end, or {"stopped"}.

pytm 1.4.0 lost the rule that a value which the model sets is never replaced by a
default of the flow's ends; the rule is restored before models run, as tmrs has it.

`--elsewhere` shows models another machine and another day, as far as Python lets itself
be told: the caller gives another environment and another folder besides.
"""
import io
import json
import os
import platform
import runpy
import signal
import socket
import sys
import time

import pytm
import yaml  # noqa: F401  loaded once, for every model
from pytm import pytm as core


def keep_what_models_set():
    """Restores the rule that pytm 1.4.0 lost."""

    def guarded(cls):
        plain = cls._safeset

        def safeset(self, attribute, value):
            if attribute not in self.model_fields_set:
                plain(self, attribute, value)

        cls._safeset = safeset

    for cls in (pytm.Element, pytm.Data, core.Controls):
        guarded(cls)
    builder = core._FlowDefaultsBuilder
    plain_merge = builder._merge_overrides

    def merge(self, flow):
        if "overrides" not in flow.model_fields_set:
            plain_merge(self, flow)

    builder._merge_overrides = merge


def load_threats_once():
    """Lets models share pytm's own threats, whose conditions take long to compile."""
    first = pytm.TM("first")
    file, threats = first.threatsFile, list(pytm.TM._get_state().threats)
    pytm.TM.reset()
    plain = pytm.TM._add_threats

    def add(self):
        if self.threatsFile == file:
            pytm.TM._get_state().threats.extend(threats)
        else:
            plain(self)

    pytm.TM._add_threats = add


def kind(element):
    """The class of an element as pytm shows it; flows and boundaries stand in lists of their own."""
    for base in (pytm.Dataflow, pytm.Boundary):
        if isinstance(element, base):
            return base.__name__
    return type(element).__name__


def go_elsewhere():
    """Another machine and another day."""
    for name in ("time", "monotonic", "perf_counter", "process_time"):
        setattr(time, name, lambda plain=getattr(time, name): plain() + 4e7)
    sys.platform, sys.executable = "elsewhere", "/other/python"
    platform.uname = lambda: platform.uname_result("Elsewhere", "other", "9", "#9", "other")
    socket.gethostname = lambda: "other"
    os.cpu_count = lambda: 77


class Seen:
    """The answer of one model, complete at the first moment that pytm looks at it."""

    def __init__(self):
        self.answer = None

    def look(self, tm):
        if self.answer is None:
            CHECK(tm)
            RESOLVE(tm)
            end = lambda element, side: getattr(getattr(element, side, None), "name", None)
            state = pytm.TM._get_state()
            # Of a model that leaves out what is unused, boundaries stand in a list of their own only.
            known = [*state.elements, *(b for b in state.boundaries if all(b is not e for e in state.elements))]
            self.answer = {
                "elements": sorted(([kind(e), e.name] for e in known), key=str),
                "findings": sorted(([f.threat_id, type(f.element).__name__, f.element.name, end(f.element, "source"), end(f.element, "sink")] for f in tm.findings), key=str),
            }


CHECK, RESOLVE = pytm.TM.check, pytm.TM.resolve


def run(folder):
    """The answer for a folder, in this process."""
    seen = Seen()
    made = []
    plain = pytm.TM.__init__

    def init(self, *arguments, **named):
        plain(self, *arguments, **named)
        made.append(self)

    pytm.TM.__init__ = init
    for name in ("process", "check", "resolve"):
        # As in pytm they take no argument.
        setattr(pytm.TM, name, lambda self: seen.look(self))
    os.chdir(folder)
    sys.argv, sys.path[0] = ["tm.py"], folder
    sys.stdout, sys.stderr, sys.stdin = io.StringIO(), io.StringIO(), io.StringIO()
    signal.alarm(10)
    stopped = None
    try:
        runpy.run_path(os.path.join(folder, "tm.py"), run_name="__main__")
    except SystemExit:
        pass
    except BaseException as error:  # the model's own
        stopped = type(error).__name__
    signal.alarm(0)
    if seen.answer is None and stopped is None:
        if made:
            seen.look(made[-1])
        else:
            stopped = "no model"
    return seen.answer if stopped is None or seen.answer else {"stopped": stopped}


def answer(folder):
    """The answer for a folder, from a process that the model may do anything to."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            try:
                given = run(folder)
            except BaseException as error:
                given = {"stopped": type(error).__name__}
            data = json.dumps(given).encode()
            while data:
                data = data[os.write(write, data):]
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return json.loads(data) if data else {"stopped": "died"}


if __name__ == "__main__":
    keep_what_models_set()
    load_threats_once()
    if "--elsewhere" in sys.argv:
        go_elsewhere()
    with open(sys.argv[1]) as f:
        folders = json.load(f)
    answers = [answer(folder) for folder in folders]
    with open(sys.argv[2], "w") as f:
        json.dump(answers, f)
