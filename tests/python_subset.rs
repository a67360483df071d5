//! The subset of Python that is read: each case is read as Python does it, or refused.

use tmrs::notice::Severity;
use tmrs::read::pytm::Pytm;
use tmrs::read::{ReadOptions, Reader as _, Reading};
use tmrs::source::{Memory, RepoPath, Tree as _};

/// Before every case: line 1 and 2.
const HEAD: &str = "from pytm import *\nimport time; tm = TM('T'); web = Server('Web')\n";

fn read(files: &[(&str, &str)]) -> Reading {
    let tree = Memory::new(files.iter().copied());
    let source = tree.open(&RepoPath::new("tm.py").unwrap()).unwrap();
    Pytm.read(&source, &tree, &ReadOptions::default())
}

/// The names of the last model's elements, or the line of the first error.
fn verdict(reading: &Reading) -> String {
    let error = reading
        .notices
        .iter()
        .chain(&reading.unreached)
        .find(|notice| notice.severity == Severity::Error);
    match (error, reading.models.last()) {
        (Some(error), _) => match &error.place {
            Some(place) => {
                let line = place.source.position(place.span.start).line;
                format!("refused {line}")
            }
            None => "refused".to_owned(),
        },
        (None, Some(model)) => {
            let names: Vec<_> = model.elements.iter().map(|e| &*e.name).collect();
            names.join(" ")
        }
        (None, None) => "nothing".to_owned(),
    }
}

#[test]
fn each_construct_is_read_as_python_does_or_refused() {
    let cases = [
        // What ends the program in pytm.
        ("Threat(SID='X', target=web)", "refused 3"),
        ("Threat('a', 'b')", "refused 3"),
        ("Threat(description='d')", "refused 3"),
        ("Threat(SID='X', target=['Server'])", "Web"),
        ("tm.process(1)", "refused 3"),
        ("TM('Other', threatsFile=None)", "refused 3"),
        (
            "TM('Other', threatsFile='nothing.json')\ntm.process()",
            "refused 3",
        ),
        ("import io\nServer(str(len([io.FileIO(10)])))", "refused 4"),
        (
            "Server(str({'a': 1}.items().isdisjoint({'a': 1})))",
            "refused 3",
        ),
        (
            "Server(str({'a': 1}.keys().isdisjoint({'a': 1})))",
            "Web False",
        ),
        // What is sought may be what cannot be put there.
        (
            "s = set()\ns.discard({1})\nServer(str({1} in {frozenset([1])}))",
            "Web True",
        ),
        (
            "s = {frozenset([1])}\ns.remove({1})\nServer(str(len(s)))",
            "Web 0",
        ),
        ("Server(str([] in set()))", "refused 3"),
        ("Server(str({}.pop([], 'A')))", "Web A"),
        ("Server(str({1: 1}.pop([], 'A')))", "refused 3"),
        ("{}.pop([])", "refused 3"),
        (
            "import typing\nServer(type(typing.TypeVar('b')).__name__)",
            "refused 4",
        ),
        (
            "import yaml\nServer(str(len(yaml.safe_load('.NaN: 1'))))",
            "refused 4",
        ),
        // What depends on the machine is no less unknown in a list or as a key.
        (
            "import sys\nServer(str([sys.maxunicode] == [1114111]))",
            "refused 4",
        ),
        (
            "import sys\nServer(str({'a': sys.platform} == {'a': 'b'}))",
            "refused 4",
        ),
        (
            "import sys\nServer(str({'linux': 1}.get(sys.platform)))",
            "refused 4",
        ),
        (
            "import sys\nServer(str({sys.platform} == {'linux'}))",
            "refused 4",
        ),
        (
            "import sys\nServer(str(['linux'].count(sys.platform)))",
            "refused 4",
        ),
        ("import sys\nServer(f'{sys.version_info}')", "refused 4"),
        (
            "import sys\nServer(str(sys.version_info >= (3, 11, 1)))",
            "refused 4",
        ),
        (
            "import sys\nServer(str(sys.version_info == (3, 11, 0, 'final', 0)))",
            "refused 4",
        ),
        (
            "import sys\nServer(type(sys.version_info).__name__)",
            "refused 4",
        ),
        (
            "import sys\nServer(str(sys.version_info.major) + str(len(sys.version_info)))",
            "Web 35",
        ),
        (
            "import sys\nServer(f'{sys.version_info >= (3, 8)} {sys.version_info[:2]}')",
            "Web True (3, 11)",
        ),
        // pytm cannot compare flows that hold data or have a response.
        (
            "tm.onDuplicates = Action.IGNORE\na = Dataflow(web, web, 'a')\nb = Dataflow(web, web, 'b', data=Data('d'))",
            "refused 5",
        ),
        (
            "tm.onDuplicates = Action.RESTRICT\na = Dataflow(web, web, 'a')\nb = Dataflow(web, web, 'b', responseTo=a)",
            "refused 4",
        ),
        (
            "tm.onDuplicates = Action.IGNORE\na = Dataflow(web, web, 'a')\nb = Dataflow(web, web, 'b')",
            "Web a b",
        ),
        (
            "a = Dataflow(web, web, 'a')\nb = Dataflow(web, web, 'b', data=Data('d'))",
            "Web a b",
        ),
        ("import tomllib\ntomllib.loads('x = 1')", "refused 4"),
        ("import configparser as c\nc.ConfigParser()", "refused 4"),
        (
            "import graphlib\nbool(graphlib.TopologicalSorter())",
            "refused 4",
        ),
        (
            "import os\ntry:\n    os._exit(0)\nfinally:\n    Server('A')",
            "refused 5",
        ),
        ("Finding(web, 'text', threat_id='AA01')", "Web"),
        // A number that is too large to be worked out is a number all the same.
        ("Server('A', description=2**70)", "refused 3"),
        ("web.isHardened = 1180591620717411303424", "refused 3"),
        ("web.port = 2**70", "Web"),
        ("Threat(SID='X', description=2**70)", "refused 3"),
        ("Threat(SID='X').target = 2**70", "refused 3"),
        // How many items there are, if those of one are unread.
        (
            "[Server(str(n)) for n in range(len([*time.localtime(), 'a']))]",
            "refused 3",
        ),
        ("Server(str(len((1, *time.localtime()))))", "refused 3"),
        ("used = [*time.localtime(), 'a']", "Web"),
        ("Server('a'.splitlines('x')[0])", "refused 3"),
        ("Server('a'.splitlines(1)[0])", "Web a"),
        ("used = iter(3, 4)", "refused 3"),
        ("Server(str('a' ^ {'a': 1}.items()))", "refused 3"),
        // Methods are those of the class, and take what pytm's take.
        ("web.process()", "refused 3"),
        ("web.controls.oneOf(web)", "refused 3"),
        ("tm.hasDataLeaks()", "refused 3"),
        ("web.display_name(1)", "refused 3"),
        ("web.checkTLSVersion()", "refused 3"),
        ("Server.process", "refused 3"),
        ("Server(web.display_name() + '2')", "Web Web2"),
        ("Server('B')._data", "refused 3"),
        ("web.copy(1)", "refused 3"),
        ("used = web.model_fields_set", "Web"),
        // What findings are known by cannot be left open.
        ("tm.name = web.enters(Boundary('B'))", "refused 3"),
        ("if time.time() > 1: tm.name = 'U'", "refused 3"),
        // Whichever of both it is, text is neither.
        (
            "web.OS = Dataflow(web, web, 'F').enters(Boundary('B'))",
            "refused 3",
        ),
        (
            "web.usesCache = Dataflow(web, web, 'F').enters(Boundary('B'))",
            "Web F B",
        ),
        ("Data('D').name = str(time.time())", "refused 3"),
        ("tm.description = str(time.time())", "Web"),
        // What pytm says of its classes is not what tmrs says of them.
        ("Server(Server.__doc__)", "refused 3"),
        ("Server(Server.__module__)", "refused 3"),
        // What is written as a constant of a library may be any value.
        (
            "import functools\nif functools.WRAPPER_UPDATES == ('__dict__',): Server('A')",
            "refused 4",
        ),
        (
            "import types\nServer(type(types.SimpleNamespace(a=1)).__name__)",
            "Web SimpleNamespace",
        ),
        (
            "import types\nServer(types.SimpleNamespace({'a': 'A'}).a)",
            "refused 4",
        ),
        (
            "import itertools\nfor n in itertools.permutations('ab', True): Server(n[0])",
            "Web a b",
        ),
        // Objects take no format; classes of pytm have a class of their own.
        ("Server(f'{web:>5}')", "refused 3"),
        (
            "try:\n  '{:>5}'.format(web)\nexcept TypeError:\n  Server('A')",
            "Web A",
        ),
        ("Server(f'{web}')", "Web Server(Web)"),
        ("Server(type(Server).__name__)", "refused 3"),
        ("class A: pass\nServer(type(A).__name__)", "Web type"),
        ("Server(type(int).__name__)", "Web type"),
        // Annotations are evaluated where they stand.
        ("def f(a: missing): pass", "refused 3"),
        ("def f(a: 'missing') -> 'x': pass", "Web"),
        ("class A:\n  def f(self, other: A): pass", "refused 4"),
        ("class A:\n  def f(self, other: 'A'): pass", "Web"),
        (
            "def f():\n  x: missing = 1\n  return x\nServer(str(f()))",
            "Web 1",
        ),
        ("x: missing = 1", "refused 3"),
        // pytest only notes what it is given, and calls fixtures itself.
        (
            "import pytest\n@pytest.fixture\ndef shop():\n  return Server('A')",
            "Web",
        ),
        (
            "import pytest\n@pytest.fixture(scope='module')\ndef shop():\n  return Server('A')\nServer(shop().name)",
            "refused 7",
        ),
        (
            "import pytest\n@pytest.mark.parametrize('a', [1])\ndef shop():\n  return Server('A')\nshop()",
            "Web A",
        ),
        // Members of an enum that are texts or numbers too.
        (
            "import enum\nclass E(int, enum.Enum):\n  A = '1'",
            "refused 4",
        ),
        (
            "import enum\nclass E(str, enum.Enum):\n  A = 'a'\nServer(E.A.value)",
            "Web a",
        ),
        (
            "import enum\nclass E(str, enum.Enum):\n  A = 1",
            "refused 4",
        ),
        // Modules of packages that may not have them, and calls without what they need.
        (
            "try:\n  import yaml.nothing\nexcept ImportError:\n  Server('A')",
            "refused 6",
        ),
        (
            "import logging\ntry:\n  logging.getLevelName()\nexcept TypeError:\n  Server('A')",
            "Web A",
        ),
        (
            "try:\n  '%c' % 2.5\nexcept TypeError:\n  Server('A')",
            "Web A",
        ),
        // A control of a flat name keeps for pytm what it was given.
        ("web.isHardened = 'yes'", "refused 3"),
        ("web.isHardened = True", "Web"),
        ("import yaml\nx = yaml.safe_load('a: =')", "refused 4"),
        (
            "import yaml\nx = yaml.safe_load('a: 2026-02-30')",
            "refused 4",
        ),
        ("import yaml\nx = yaml.safe_load('a: 2026-02-28')", "Web"),
        ("import yaml\nx = yaml.safe_load('a: !own b')", "refused 4"),
        (
            "import yaml\nx = yaml.safe_load('a: !!set {b}')",
            "refused 4",
        ),
        // An override is written out, whatever it was given.
        ("Finding(threat_id='INP01').isHardened = web", "refused 3"),
        ("Finding(threat_id='INP01').isHardened = True", "Web"),
        // `global` passes by the functions around, for those inside as well.
        (
            "def f():\n  n = 0\n  def g():\n    global n\n    n += 1\n  g()\nf()",
            "refused 7",
        ),
        (
            "n = 'A'\ndef f():\n  n = 'B'\n  def g():\n    global n\n    return lambda: n\n  Server(g()())\nf()",
            "Web A",
        ),
        (
            "def f():\n  n = 'B'\n  def g():\n    nonlocal n\n    return lambda: n\n  Server(g()())\nf()",
            "Web B",
        ),
        // What pydantic makes is made, and not read.
        ("Server.model_validate({'name': 'x'})", "refused 3"),
        (
            "Server.model_validate_json('{\"name\": \"x\"}')",
            "refused 3",
        ),
        (
            "class S(Server): pass\nS.model_validate({'name': 'x'})",
            "refused 4",
        ),
        // What pytm stops at, and with which exception.
        (
            "try: Server(web, 'x')\nexcept ValueError: Server('caught')",
            "refused 3",
        ),
        (
            "try: Server(web, 'x')\nexcept TypeError: Server('caught')",
            "Web caught",
        ),
        (
            "try: web.encodesOutput = 'x'\nexcept ValueError: Server('caught')",
            "refused 3",
        ),
        // A Threat takes what pytm takes, when it is made and later.
        ("Threat(SID='X').target = web", "refused 3"),
        ("Threat(SID='X').target = 'Server'", "refused 3"),
        ("Threat(SID='X').target = 5", "refused 3"),
        ("Threat(SID='X').target = ['Server']", "Web"),
        ("Threat(SID='X').severity = web", "refused 3"),
        ("Threat(SID='X').id = 5", "refused 3"),
        ("Threat(SID='X').description = 'd'", "Web"),
        ("Threat(SID='X').rationale = 5", "Web"),
        ("Threat(SID='X')._eval_globals = {}", "refused 3"),
        ("Threat.apply = lambda self, e: False", "refused 3"),
        ("Threat(SID='X', condition='target.inScope')", "Web"),
        ("Threat(SID='X', condition='import x')", "refused 3"),
        (
            "try: Threat(SID='X', condition='f(target)')\nexcept ValueError: Server('A')",
            "Web A",
        ),
        (
            "try:\n  t = Threat(SID='X')\n  t.target = web\nexcept ValueError: Server('A')",
            "refused 5",
        ),
        ("Finding(threat=Threat(SID='X'))", "refused 3"),
        ("Finding(threat=None)", "Web"),
        // What pytm keeps for itself: whatever depends on its threats is not read.
        ("for t in tm._threats: print(t.id.lower())", "Web"),
        (
            "print(len(TM._threats), [t.id for t in TM._threats])",
            "Web",
        ),
        ("ids = [t.id for t in TM._threats]\nids.append('x')", "Web"),
        ("Server(f'{len(TM._threats)}')", "refused 3"),
        ("if tm._threats: Server('A')", "refused 3"),
        ("if TM._threats == []: Server('A')", "refused 3"),
        (
            "if any(t.id == 'AC01' for t in type(tm)._threats): Server('A')",
            "refused 3",
        ),
        (
            "def f():\n  for t in tm.__class__._threats:\n    if t.id == 'AC01': return t\nif f(): Server('A')",
            "refused 6",
        ),
        ("TM._threats.clear()", "refused 3"),
        ("list.append(TM._threats, 3)", "refused 3"),
        ("x = TM._threats\nx += [3]", "refused 4"),
        ("del TM._threats[0]", "refused 3"),
        ("for t in TM._threats: t.condition = 'False'", "refused 3"),
        ("TM._get_state().threats.clear()", "refused 3"),
        ("TM._state.elements = []", "refused 3"),
        ("min(TM._threats)", "refused 3"),
        ("Server(TM._duplicate_ignored_attrs[0])", "Web name"),
        ("if hasattr(web, '_uniq_name'): Server('A')", "refused 3"),
        // Class variables are no attributes of objects.
        ("tm._threats = []", "refused 3"),
        ("setattr(tm, '_elements', [])", "refused 3"),
        (
            "try: tm._state = 3\nexcept AttributeError: Server('A')",
            "Web A",
        ),
        (
            "try: web.model_extra = {}\nexcept AttributeError: Server('A')",
            "Web A",
        ),
        ("object.__setattr__(tm, '_threats', [])", "refused 3"),
        ("web.__class__ = Datastore", "refused 3"),
        ("class T(TM): pass\nT._threats = []", "refused 4"),
        (
            "from typing import ClassVar\nclass S(Server):\n  k: ClassVar[str] = 'x'\ntry: S('A').k = 'y'\nexcept AttributeError: Server('B')",
            "Web A B",
        ),
        ("tm._own = 3", "Web"),
        // Values that pydantic does not refuse by itself.
        (
            "try: web.description = Action.IGNORE\nexcept ValueError: Server('A')",
            "refused 3",
        ),
        (
            "try: web.port = 'x'\nexcept ValueError: Server('A')",
            "Web A",
        ),
        // Files that are not there.
        ("open('none.json')", "refused 3"),
        (
            "import json\nwith open('none.json') as f:\n  data = json.load(f)\nprint(data)",
            "refused 4",
        ),
        (
            "from pathlib import Path\nPath('none.txt').read_text()",
            "refused 4",
        ),
        (
            "from pathlib import Path\n(Path(__file__).parent / 'none').read_bytes()",
            "refused 4",
        ),
        ("import io\nio.open('none.txt')", "refused 4"),
        (
            "try: open('none.txt')\nexcept FileNotFoundError: print('none')",
            "Web",
        ),
        (
            "try: open('none.txt')\nexcept FileNotFoundError: Server('A')",
            "refused 4",
        ),
        ("try: open('none.txt')\nexcept KeyError: pass", "refused 3"),
        (
            "try: open('none.txt')\nexcept OSError: raise SystemExit",
            "refused 3",
        ),
        (
            "import os\nif os.path.exists('none.txt'): print(open('none.txt').read())",
            "Web",
        ),
        ("print(open('/etc/hostname').read())", "Web"),
        ("print(open('../none.txt').read())", "Web"),
        ("open('out.txt', 'w').write('x')", "Web"),
        (
            "import os\nos.chdir('/')\nopen('tm.py').read()",
            "refused 5",
        ),
        (
            "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\nopen('tm.py').read()",
            "Web",
        ),
        // What ends the program wherever it runs.
        (
            "import requests\nfor r in requests.get('x').json(): tm.add(r)",
            "refused 4",
        ),
        ("if time.time() > 9: raise ValueError", "Web"),
        // When things run.
        ("map(Server, ['A'])", "Web"),
        ("list(map(Server, ['A']))", "Web A"),
        ("(Server(n) for n in ['A'])", "Web"),
        ("next(Server(n) for n in ['A', 'B'])", "Web A"),
        (
            "names = []\ng = (Server(n) for n in names)\nnames.append('A')\nlist(g)",
            "Web A",
        ),
        (
            "def g():\n  yield 1\n  Server('A')\n  yield 2\nfor x in g(): break",
            "Web",
        ),
        (
            "def g():\n  yield 1\n  Server('A')\n  yield 2\ni = g()\nnext(i)\nServer('B')\nnext(i)",
            "Web B A",
        ),
        (
            "def g():\n  for i in range(2):\n    try:\n      yield i\n    finally:\n      Server(f'F{i}')\nlist(g())",
            "Web F0 F1",
        ),
        ("async def f(): Server('A')\nf()", "Web"),
        (
            "import asyncio\nasync def f(): Server('A')\nasyncio.run(f())",
            "Web A",
        ),
        ("any(Server(n) for n in ['A', 'B'])", "Web A"),
        // Names.
        (
            "x = 1\ndef f():\n  try: x\n  except UnboundLocalError: Server('A')\n  x = 2\nf()",
            "Web A",
        ),
        (
            "x = 'A'\nclass C:\n  x = 'B'\n  y = [Server(x) for _ in [0]]",
            "Web A",
        ),
        ("globals().update(f=web)", "refused 3"),
        // Exceptions and managers.
        (
            "from contextlib import suppress\nwith suppress(KeyError):\n  {}['x']\nServer('A')",
            "Web A",
        ),
        (
            "class K:\n  def __enter__(self): return self\n  def __exit__(self, *a): return True\nwith K(): 1 / 0\nServer('A')",
            "Web A",
        ),
        (
            "from contextlib import contextmanager\n@contextmanager\ndef m():\n  yield 'A'\n  Server('B')\nwith m() as n: Server(n)",
            "Web A B",
        ),
        (
            "try:\n  assert time.time() < 0, Server('A')\nexcept AssertionError: pass",
            "refused 4",
        ),
        ("if time.time(): raise ValueError\nServer('A')", "refused 4"),
        // Halves of surrogate pairs, which no text of ours can hold, and a text that looks alike.
        ("if '\\ud800' != '\\ud801': Server('A')", "refused 3"),
        ("if f'\\U0000d800' != '\\ud801': Server('A')", "refused 3"),
        ("if '\\ufffd ud800' != '\\ufffd': Server('A')", "Web A"),
        // Classes.
        (
            "class C:\n  @property\n  def p(self): return 1\n  @p.setter\n  def p(self, v): Server(v)\nC().p = 'A'",
            "Web A",
        ),
        (
            "class C:\n  def __setattr__(self, k, v): Server('A')\nC().p = 1",
            "refused 3",
        ),
        (
            "class C:\n  def __init_subclass__(cls): Server('A')\nclass D(C): pass",
            "refused 5",
        ),
        (
            "class M(type): pass\nclass C(metaclass=M): pass",
            "refused 4",
        ),
        ("type('C', (Server,), {})('A')", "refused 3"),
        (
            "from dataclasses import dataclass\n@dataclass\nclass P:\n  k: str\n  n: str\nmatch P('s', 'A'):\n  case P('s', n): Server(n)",
            "Web A",
        ),
        // Loops of which nothing shows that they end.
        ("n = 1\nwhile n < 2**64: pass\nServer('A')", "refused 4"),
        (
            "n = 1\nm = 0\nwhile n < 2**64: m += 1\nServer('A')",
            "refused 5",
        ),
        ("n = 1\nwhile n < 2**64: n += 0\nServer('A')", "refused 4"),
        (
            "n = 1\nwhile True:\n  if n > 2**64: break\nServer('A')",
            "refused 4",
        ),
        ("while time.time() < 9: time.sleep(1)\nServer('A')", "Web A"),
        (
            "x = time.time()\nwhile x < 9: x = time.time()\nServer('A')",
            "Web A",
        ),
        // Types as annotations write them.
        (
            "class R(dict[str, Server]): pass\nR()['a'] = Server('A')",
            "Web A",
        ),
        ("for n in list[str](['A']): Server(n)", "Web A"),
        ("if isinstance('A', int | str): Server('A')", "Web A"),
        ("n = int | None\nServer(f'{n}')", "refused 4"),
        ("for n in int | str: Server('A')", "refused 3"),
        ("if list[int] == list[int]: Server('A')", "refused 3"),
        ("try: Server[int]\nexcept TypeError: Server('A')", "Web A"),
        // Unread code.
        (
            "f = (lambda: Server('A')) if time.time() else print\nf()",
            "refused 4",
        ),
        (
            "import threading\nthreading.Thread(target=lambda: Server('A')).start()",
            "refused 4",
        ),
        (
            "import random\nn = ['A', 'B']\nrandom.shuffle(n)\nfor x in n: Server('A')",
            "refused 6",
        ),
        ("exec('Server(1)')", "refused 3"),
        (
            "import click\n@click.command()\ndef main(): Server('A')\nmain()",
            "refused 4",
        ),
        ("from harbourlib import add", "refused 3"),
        ("from pytm import DataFlow", "refused 3"),
        (
            "try:\n  from pytm import Gateway\nexcept ImportError: Server('A')",
            "Web A",
        ),
        ("Server('A', Boundary('B'))", "refused 3"),
        ("Server.__init__ = print", "refused 3"),
        ("tm.process()\nServer('late')", "refused 4"),
        ("tm.check()\nServer('A')\ntm.process()", "refused 4"),
        ("tm.process()\nwhile True: pass", "refused 4"),
    ];
    let mut wrong = Vec::new();
    for (body, wanted) in cases {
        let text = format!("{HEAD}{body}\n");
        let found = verdict(&read(&[("tm.py", &text)]));
        if found != wanted {
            wrong.push(format!("{body}\n   wanted {wanted}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_are_looked_for_beside_the_entry_first() {
    let cases = [
        ("import statistics", "statistics.py", "Web A"),
        ("import json", "json.py", "refused 3"),
        (
            "import importlib\nimportlib.import_module('helper')",
            "helper.py",
            "Web A",
        ),
    ];
    for (body, file, wanted) in cases {
        let text = format!("{HEAD}{body}\n");
        let helper = "from pytm import Server\nServer('A')\n";
        let found = verdict(&read(&[("tm.py", &text), (file, helper)]));
        assert_eq!(found, wanted, "{body}");
    }
}

#[test]
fn what_is_to_be_done_in_the_end_is_done_where_a_module_leaves() {
    let text = format!("{HEAD}try:\n    import helper\nfinally:\n    Server('A')\nServer('B')\n");
    let files = [("tm.py", &*text), ("helper.py", "raise SystemExit\n")];
    assert_eq!(verdict(&read(&files)), "Web A");
}

#[test]
fn a_byte_order_mark_is_text_to_whoever_does_not_ask_for_it() {
    for (body, wanted) in [
        ("Path('d').read_text()", "refused 4"),
        ("Path('d').read_text(encoding='utf-8')", "refused 4"),
        ("open('d').read()", "refused 4"),
        ("Path('d').read_text(encoding='utf-8-sig')", "Web 1"),
        ("open('d', encoding='utf-8-sig').read()", "Web 1"),
        ("open('d', encoding='latin-1').read()", "refused 4"),
    ] {
        let text = format!("{HEAD}from pathlib import Path\nServer({body})\n");
        let found = verdict(&read(&[("tm.py", &text), ("d", "\u{feff}1")]));
        assert_eq!(found, wanted, "{body}");
    }
}

#[test]
fn a_tm_where_nothing_leads_is_an_error_at_its_line() {
    let text = "from pytm import TM\nimport sys\nif len(sys.argv) > 1:\n  TM('T')\n";
    assert_eq!(verdict(&read(&[("tm.py", text)])), "refused 4");
}
