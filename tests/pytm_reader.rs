//! What people write in pytm models, and what tmrs makes of it without running it.

use std::fmt::Write as _;

use tmrs::model::{Attr, Element, Model, Origin, Value};
use tmrs::notice::{Notice, Severity, code};
use tmrs::read::pytm::Pytm;
use tmrs::read::{ReadOptions, Reader as _, Reading, Sniff};
use tmrs::source::{Memory, RepoPath, Tree as _};

fn read_with(files: &[(&str, &str)], options: &ReadOptions) -> Reading {
    let tree = Memory::new(files.iter().copied());
    let source = tree.open(&RepoPath::new(files[0].0).unwrap()).unwrap();
    Pytm.read(&source, &tree, options)
}

fn read_files(files: &[(&str, &str)]) -> Reading {
    read_with(files, &ReadOptions::default())
}

fn read(text: &str) -> Reading {
    read_files(&[("tm.py", text)])
}

/// The only model of a file that begins with the usual imports and a TM.
fn model(body: &str) -> Model {
    let reading = read(&with_tm(body));
    assert_eq!(
        reading.models.len(),
        1,
        "{:?} {:?}",
        reading.no_model,
        reading.notices
    );
    reading.models.into_iter().next().unwrap()
}

fn with_tm(body: &str) -> String {
    format!("from pytm import *\ntm = TM('T')\n{body}\n")
}

fn element<'m>(model: &'m Model, name: &str) -> &'m Element {
    model
        .elements
        .iter()
        .find(|element| &*element.name == name)
        .unwrap()
}

/// Values as short text: what a test compares.
fn show(model: &Model, value: &Value) -> String {
    match value {
        Value::Nothing => "None".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Member(e, at) => e.members[*at as usize].0.to_owned(),
        Value::Element(id) => model.element(*id).name.to_string(),
        Value::Data(id) => model.datum(*id).name.to_string(),
        Value::List(items) | Value::Set(items) => {
            let items: Vec<_> = items.iter().map(|item| show(model, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(_) => "{…}".into(),
    }
}

/// An attribute or `controls.…` of an element, with its origin unless it is declared.
fn said(model: &Model, of: &str, attribute: &str) -> String {
    let element = element(model, of);
    let slot = match attribute.strip_prefix("controls.") {
        Some(control) => element.control(&Attr::named(control)),
        None => element.named(attribute),
    };
    let slot = slot.unwrap();
    let value = show(model, &slot.value);
    match slot.origin {
        Origin::Declared => value,
        origin => format!("{value} ({})", origin.as_str()),
    }
}

fn names(model: &Model) -> Vec<&str> {
    model.elements.iter().map(|e| &*e.name).collect()
}

/// Notices as `severity code line:column`, sorted by place.
fn notices(reading: &Reading) -> Vec<String> {
    let mut notices: Vec<_> = reading.notices.iter().collect();
    notices.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    notices
        .iter()
        .map(|notice| {
            let (start, _) = notice.place.as_ref().unwrap().positions();
            let severity = notice.severity.as_str();
            format!("{severity} {} {}:{}", notice.code, start.line, start.column)
        })
        .collect()
}

#[test]
fn what_python_computes_is_known() {
    let cases = [
        ("'a' 'b' + \"c\"", "abc"),
        ("('a'\n 'b')", "ab"),
        ("'%s-%03d' % ('x', 7)", "x-007"),
        ("'%(a)s' % {'a': 1}", "1"),
        (
            "'{} {1!r:>5}'.format('x', 'y') if False else '{0}{n}'.format(1, n=2)",
            "12",
        ),
        ("f'{1 + 1:>4}{\"x\" * 2!r}{3.14159:.2f}'", "   2'xx'3.14"),
        ("f'{1234567:,} {0.5:.0%} {255:#x}'", "1,234,567 50% 0xff"),
        ("'-'.join(str(i) for i in range(3))", "0-1-2"),
        ("'a,b'.split(',')[-1].upper()", "B"),
        ("' x '.strip().center(5, '*')", "**x**"),
        ("'abc'[::-1] + 'abcdef'[1:4]", "cbabcd"),
        (
            "str([1, 'a', None, True, 1.0, (2,)])",
            "[1, 'a', None, True, 1.0, (2,)]",
        ),
        ("str({'a': {1}})", "{'a': {1}}"),
        ("str(7 // -2) + str(-7 % 3) + str(2 ** 10)", "-421024"),
        (
            "str(round(2.5)) + str(1e21) + str(1 / 3)",
            "21e+210.3333333333333333",
        ),
        ("'yes' if 1 < 2 <= 2 and not [] else 'no'", "yes"),
        (
            "(lambda x, *a, k='d', **kw: x + str(a) + k + str(kw))('x', 1, z=2)",
            "x(1,)d{'z': 2}",
        ),
        (
            "sorted({'b': 1, 'a': 2}.items(), key=lambda p: -p[1])[0][0]",
            "a",
        ),
        ("max('aa', 'b', key=len) + min(['q', 'p'])", "aap"),
        (
            "[y for x in [[1, 2], [3]] for y in x if y != 2][-1].__class__.__name__",
            "int",
        ),
        ("{k: v for k, v in zip('ab', 'cd')}['b']", "d"),
        ("dict(a='x', **{'b': 'y'})['b']", "y"),
        ("(x := 'w') + x", "ww"),
        ("getattr(tm, 'nothing', 'default')", "default"),
        (
            "str(isinstance(tm, TM)) + str(hasattr(tm, 'name'))",
            "TrueTrue",
        ),
        (
            "Classification.SECRET.name + str(Classification.SECRET.value)",
            "SECRET4",
        ),
        ("str(Lifetime('SHORT_LIVED') is Lifetime.SHORT)", "True"),
        (
            "__import__('os').environ.get('A', 'b') if False else __name__",
            "__main__",
        ),
    ];
    for (expression, wanted) in cases {
        let model = model(&format!("Actor({expression})"));
        assert_eq!(names(&model), [wanted], "{expression}");
    }
}

#[test]
fn statements_run_as_in_python() {
    let cases = [
        (
            "for i, n in enumerate(['a', 'b'], 1):\n  Actor(f'{n}{i}')",
            "a1 b2",
        ),
        (
            "i = 0\nwhile True:\n  i += 1\n  if i == 2: continue\n  if i > 3: break\n  Actor(str(i))",
            "1 3",
        ),
        ("for x in 'ab':\n  pass\nelse:\n  Actor('else')", "else"),
        (
            "a, (b, *c), d = 1, (2, 3, 4), 5\nActor(str([a, b, c, d]))",
            "[1, 2, [3, 4], 5]",
        ),
        (
            "try:\n  {}['k']\nexcept (ValueError, KeyError) as e:\n  Actor('k' + type(e).__name__)\nfinally:\n  Actor('f')",
            "kKeyError f",
        ),
        (
            "try:\n  import nowhere_to_be_found\nexcept ImportError:\n  Actor('absent')",
            "absent",
        ),
        (
            "def f(a, b='B', *, c):\n  'doc'\n  return a + b + c, f.__doc__\nActor(''.join(f('a', c='c')))",
            "aBcdoc",
        ),
        (
            "def g():\n  for i in range(2):\n    yield i\nfor i in g(): Actor(str(i))",
            "0 1",
        ),
        (
            "def outer():\n  n = 0\n  def inner():\n    nonlocal n\n    n += 1\n    return n\n  inner()\n  return inner()\nActor(str(outer()))",
            "2",
        ),
        (
            "n = 1\ndef f():\n  global n\n  n = 5\nf()\nActor(str(n))",
            "5",
        ),
        (
            "match ('a', 3):\n  case ('b', _): Actor('no')\n  case (x, int(n)) if n > 2: Actor(x + str(n))",
            "a3",
        ),
        (
            "class A:\n  k = 'c'\n  def __init__(self, n): self.n = n\n  @property\n  def p(self): return self.n + self.k\nclass B(A):\n  def __init__(self): super().__init__('b')\nActor(B().p)",
            "bc",
        ),
        (
            "from dataclasses import dataclass, field\n@dataclass\nclass D:\n  a: str\n  b: list = field(default_factory=list)\nd = D('x')\nd.b.append('y')\nActor(d.a + d.b[0])",
            "xy",
        ),
        (
            "from enum import Enum, auto\nclass E(Enum):\n  A = auto()\n  B = 'b'\nActor(E.A.name + E('b').value + E['B'].name + str(len(list(E))))",
            "AbB2",
        ),
        (
            "import sys, os\nif '--x' in sys.argv or os.environ.get('HOME', ''):\n  Actor('no')\nelif len(sys.argv) == 1:\n  Actor('yes')",
            "yes",
        ),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--out-dir', default='o')\np.add_argument('-v', action='store_true')\na = p.parse_args()\nActor(a.out_dir + str(a.v))",
            "oFalse",
        ),
        (
            "x = [3, 1]\ny = x\ny.sort()\nx += [9]\nActor(str(y))",
            "[1, 3, 9]",
        ),
        (
            "with open('report.md', 'w') as f:\n  f.write('x')\nActor('written')",
            "written",
        ),
        (
            "from functools import partial\nA = partial(Actor, isAdmin=True)\nA('p')",
            "p",
        ),
        ("Actor('a') if tm.name == 'T' else Actor('b')", "a"),
        ("[Actor(n) for n in ('x', 'y')]\n_ = {Actor('z')}", "x y z"),
    ];
    for (body, wanted) in cases {
        assert_eq!(names(&model(body)).join(" "), wanted, "{body}");
    }
}

#[test]
fn a_value_in_a_slot_has_the_place_of_the_last_assignment() {
    let model = model(
        "web = Server('Web', port=80,\n  protocol = 'HTTP')\nweb.port = 443\nsetattr(web, 'OS', 'Linux')\nweb.controls.isHardened = True",
    );
    let place = |attribute: &str| {
        let web = element(&model, "Web");
        let slot = web
            .named(attribute)
            .or_else(|| web.control(&Attr::named(attribute)));
        slot.unwrap().place.as_ref().unwrap().text().to_owned()
    };
    assert_eq!(place("protocol"), "protocol = 'HTTP'");
    assert_eq!(place("port"), "port = 443");
    assert_eq!(place("OS"), "'OS', 'Linux'");
    assert_eq!(place("isHardened"), "isHardened = True");
    let web = element(&model, "Web");
    assert_eq!(web.name_place.text(), "'Web'");
    assert!(web.place.text().starts_with("Server('Web'"));
}

#[test]
fn an_element_made_by_a_factory_names_its_callers() {
    let model = model(
        "def make(n):\n  return Server(n)\ndef both():\n  for n in ['a', 'b']:\n    make(n)\nboth()",
    );
    let related: Vec<_> = element(&model, "b")
        .related
        .iter()
        .map(tmrs::source::Place::text)
        .collect();
    assert_eq!(related, ["make(n)", "n in ['a', 'b']", "both()"]);
}

#[test]
fn spellings_of_old_and_slips_are_understood_with_a_note() {
    let reading = read(&with_tm(
        "db = Datastore('DB', isSql=False)\ndb.isHardened = True\ndb.authenticatedWith = True\ndb.usesVPN = True\ndb.isHardend = True",
    ));
    assert_eq!(
        notices(&reading),
        [
            "note respelled-attribute 3:22",
            "note flat-control 4:4",
            "note flat-control 5:4",
            "note flat-control 6:4",
            "warning unknown-attribute 7:4",
        ]
    );
    let help = reading.notices.last().unwrap().help.clone().unwrap();
    assert!(help.contains("controls.isHardened"), "{help}");
    let model = &reading.models[0];
    assert_eq!(said(model, "DB", "isSQL"), "false");
    assert_eq!(said(model, "DB", "controls.isHardened"), "true");
    assert_eq!(said(model, "DB", "controls.authenticatesSource"), "true");
    assert_eq!(said(model, "DB", "controls.usesVPN"), "true");
}

#[test]
fn a_class_that_has_the_attribute_itself_keeps_it() {
    let model = model("s = Server('S')\ns.usesVPN = True\nProcess('P', tracksExecutionFlow=True)");
    assert_eq!(said(&model, "S", "usesVPN"), "true");
    assert_eq!(said(&model, "S", "controls.usesVPN"), "false (default)");
    assert_eq!(said(&model, "P", "tracksExecutionFlow"), "true");
}

#[test]
fn values_are_taken_as_pytm_takes_them() {
    let model = model(
        "s = Server('S', port='8080', onAWS='yes', usesCache=1)\ns.levels = 2\ns.maxClassification = 4\nd = Data('D', credentialsLife='LONG_LIVED')\ns.data = d\nf = Dataflow(s, s, 'F', data='text only', tlsVersion=TLSVersion.TLSv12)",
    );
    assert_eq!(said(&model, "S", "port"), "8080");
    assert_eq!(said(&model, "S", "onAWS"), "true");
    assert_eq!(said(&model, "S", "usesCache"), "true");
    assert_eq!(said(&model, "S", "levels"), "[2]");
    assert_eq!(said(&model, "S", "maxClassification"), "SECRET");
    assert_eq!(said(&model, "S", "data"), "[D]");
    assert_eq!(said(&model, "F", "tlsVersion"), "TLSv12");
    assert!(said(&model, "F", "data").contains("undefined"));
    let undefined = model.data.iter().find(|d| &*d.name == "undefined").unwrap();
    let description = undefined.named("description").unwrap();
    assert_eq!(description.value.as_text(), Some("text only"));
    assert_eq!(undefined.place.text(), "'text only'");
}

#[test]
fn a_value_of_the_wrong_type_is_named_and_not_guessed() {
    let reading = read(&with_tm(
        "s = Server('S')\ns.port = 'many'\ns.usesCache = 'perhaps'\ns.OS = 3",
    ));
    assert!(reading.models[0].complete);
    for attribute in ["port", "usesCache", "OS"] {
        let origin = said(&reading.models[0], "S", attribute);
        assert!(origin.ends_with("(unread)"), "{attribute}: {origin}");
    }
    let wrong: Vec<_> = reading
        .notices
        .iter()
        .filter(|notice| notice.code == code::WRONG_TYPE)
        .map(|notice| notice.message.as_str())
        .collect();
    assert_eq!(
        wrong,
        [
            "`port` wants a whole number",
            "`usesCache` wants True or False",
            "`OS` wants text"
        ]
    );
}

#[test]
fn what_is_set_on_an_element_that_nobody_knows_is_unread_on_all() {
    let either = "a = Server('A')\nb = Server('B')\nDataflow(a, b, 'Call')\n\
                  one = a if 'A' in input() else b\n";
    for (line, attribute) in [
        ("one.controls.isHardened = True", "isHardened"),
        ("one.usesCache = True", "usesCache"),
        ("one.data = [Data('Card', isPII=True)]", "data"),
    ] {
        let reading = read(&with_tm(&format!("{either}{line}")));
        for name in ["A", "B"] {
            let element = element(&reading.models[0], name);
            let name = Attr::named(attribute);
            let slot = element.slots.get(&name).or(element.controls.get(&name));
            assert_eq!(slot.map(|slot| slot.origin), Some(Origin::Unread), "{line}");
        }
    }
    for line in ["one.name = 'C'", "one.inBoundary = Boundary('Z')"] {
        let reading = read(&with_tm(&format!("{either}{line}")));
        let is_error = |notice: &&Notice| notice.severity == Severity::Error;
        let errors: Vec<_> = reading.notices.iter().filter(is_error).collect();
        assert!(
            matches!(errors[..], [one] if one.message.starts_with("Whose `")),
            "{line}: {errors:?}"
        );
    }
}

#[test]
fn a_flow_that_answers_itself_is_refused_as_pytm_refuses_it() {
    let reading = read(&with_tm(
        "call = Dataflow(Actor('User'), Server('Web'), 'Call')\n\
         call.responseTo = call\ncall.response = call",
    ));
    let said = reading.notices.iter();
    let said: Vec<_> = said.map(|it| (it.severity, &*it.message)).collect();
    assert_eq!(
        said,
        [
            (
                Severity::Error,
                "`responseTo` wants another Dataflow than itself"
            ),
            (
                Severity::Error,
                "`response` wants another Dataflow than itself"
            ),
        ]
    );
}

#[test]
fn what_is_unread_spoils_only_what_it_reaches() {
    // (body, complete, notices)
    let cases: &[(&str, bool, &[&str])] = &[
        (
            "import requests\nprint(requests.get('x'))\nServer('S')",
            true,
            &[],
        ),
        (
            "import requests\nServer('S', port=requests.port)",
            true,
            &["warning unread 4:13"],
        ),
        (
            "import requests\nServer('S', inScope=requests.x)",
            false,
            &["error incomplete 4:13"],
        ),
        (
            "import requests\nServer('S', inBoundary=requests.x)",
            false,
            &["error incomplete 4:13"],
        ),
        (
            "import requests\ns = Server('S')\nDataflow(s, requests.x, 'F')",
            false,
            &["error incomplete 5:13"],
        ),
        (
            "import requests\ns = Server('S')\nDataflow(s, s, 'F', data=[requests.x])",
            false,
            &["error incomplete 5:21"],
        ),
        (
            "import requests\nServer(requests.name)",
            false,
            &["error incomplete 4:1"],
        ),
        (
            "import requests\nif requests.x:\n  Server('S')",
            false,
            &["error incomplete 5:3"],
        ),
        (
            "import requests\nfor n in requests.x:\n  Server(n)",
            false,
            &["error incomplete 5:3", "error incomplete 5:3"],
        ),
        (
            "import requests\nif requests.x:\n  print('x')\nServer('S')",
            true,
            &[],
        ),
        (
            "import requests\ns = Server('S')\nif requests.x:\n  s.port = 3",
            true,
            &["warning unread 6:5"],
        ),
        (
            "import requests\ns = Server('S')\nif requests.x:\n  s.inScope = False",
            false,
            &["error incomplete 6:5"],
        ),
        (
            "import requests\ntm.assumptions = requests.x; Server('S')",
            false,
            &["error incomplete 4:4"],
        ),
        (
            "import requests\nServer('S', overrides=[requests.x])",
            false,
            &["error incomplete 4:13"],
        ),
        (
            "import requests\ntm.threatsFile = requests.x; Server('S')",
            false,
            &["error incomplete 4:4"],
        ),
        (
            "import requests\ns = Server('S')\nrequests.decorate(s)",
            false,
            &["error incomplete 5:1"],
        ),
        (
            "import requests\nrequests.x.inBoundary = Boundary('B')",
            false,
            &["error incomplete 4:12"],
        ),
        (
            "import requests\nServer('S'); tm.process()\nif requests.x:\n  print(tm)",
            true,
            &[],
        ),
        (
            "import random\ns = Server('S')\ns.description = str(random.random())",
            true,
            &["warning unread 5:3"],
        ),
        (
            "import datetime\ntm.description = f'{datetime.date.today()}'; Server('S')",
            true,
            &["warning unread 4:4"],
        ),
        (
            "def f(x):\n  if x: return 1\n  return 2\nimport requests\nServer('S', port=f(requests.x))",
            true,
            &["warning unread 7:13"],
        ),
        (
            "raise ValueError('never')\nServer('S')",
            false,
            &["error incomplete 3:1"],
        ),
        (
            "Server('S').nothing.at.all",
            false,
            &["error incomplete 3:13"],
        ),
    ];
    for (body, complete, wanted) in cases {
        let reading = read(&with_tm(body));
        assert_eq!(reading.models.len(), 1, "{body}");
        assert_eq!(reading.models[0].complete, *complete, "{body}");
        assert_eq!(notices(&reading), *wanted, "{body}");
    }
}

#[test]
fn lenient_makes_a_warning_of_what_is_incomplete() {
    let text = with_tm("import requests\nServer('S', inScope=requests.x)");
    let lenient = ReadOptions {
        lenient: true,
        ..ReadOptions::default()
    };
    let reading = read_with(&[("tm.py", &text)], &lenient);
    assert!(reading.models[0].complete);
    assert_eq!(notices(&reading), ["warning incomplete 4:13"]);
}

#[test]
fn a_class_of_pytm_that_is_not_imported_is_an_error_once() {
    let reading = read("from pytm import TM\ntm = TM('T')\nServer('S')\nServer('R')\ntm.process()");
    assert_eq!(names(&reading.models[0]), ["S", "R"]);
    assert_eq!(notices(&reading), ["error missing-import 3:1"]);
}

#[test]
fn a_model_is_what_exists_at_process() {
    let reading = read(&with_tm(
        "s = Server('S')\ntm.process()\ns.port = 1\nActor('late')\nprint(tm.seq())",
    ));
    assert_eq!(names(&reading.models[0]), ["S"]);
    assert_eq!(said(&reading.models[0], "S", "port"), "-1 (default)");
    assert_eq!(
        notices(&reading),
        ["warning late-statement 5:3", "error late-statement 6:1"]
    );
}

#[test]
fn several_models_in_a_file_are_kept_apart_by_reset_only() {
    let reading = read(
        "from pytm import *\na = TM('A')\nActor('x')\na.process()\nTM.reset()\nb = TM('B')\nActor('y')\nb.process()\nc = TM('C')\nActor('z')\nc.check()",
    );
    let all: Vec<_> = reading
        .models
        .iter()
        .map(|model| format!("{}: {}", model.name, names(model).join(" ")))
        .collect();
    assert_eq!(all, ["A: x", "B: y", "C: y z"]);
    assert_eq!(notices(&reading), ["note second-tm 9:5"]);
}

#[test]
fn a_model_inside_a_function_is_found_unless_it_is_a_test() {
    let text = "from pytm import *\ndef build(name='M'):\n  return TM(name)\ndef main():\n  tm = build()\n  Actor('a')\n  tm.process()\ndef test_it():\n  TM('no')\n";
    let reading = read(text);
    let all: Vec<_> = reading.models.iter().map(|m| &*m.name).collect();
    assert_eq!(all, ["M"]);
    assert_eq!(names(&reading.models[0]), ["a"]);
    let entry = ReadOptions {
        entry: Some("test_it".into()),
        ..ReadOptions::default()
    };
    let reading = read_with(&[("tm.py", text)], &entry);
    let all: Vec<_> = reading.models.iter().map(|m| &*m.name).collect();
    assert_eq!(all, ["no"]);
    let entry = ReadOptions {
        entry: Some("missing".into()),
        ..ReadOptions::default()
    };
    let reading = read_with(&[("tm.py", text)], &entry);
    assert!(reading.models.is_empty());
    assert!(
        reading
            .notices
            .iter()
            .any(|n| n.severity == Severity::Error)
    );
}

#[test]
fn a_file_without_a_tm_is_no_model() {
    let reading = read("from pytm import *\nb = Boundary('B')\nx = 1 / 0\n");
    assert!(reading.models.is_empty() && reading.notices.is_empty());
    assert!(reading.no_model.is_some());
}

#[test]
fn a_file_whose_tm_cannot_be_made_is_an_error_and_not_passed_over() {
    let cases = [
        "from pytm import *\ntm = TM('a' + 1)\ntm.process()",
        "from pytm import *\nfrom outside import tm\nActor('a')\ntm.process()",
        "from pytm import *\nfrom broken import tm\ntm.process()",
    ];
    for text in cases {
        let reading = read_files(&[("tm.py", text), ("broken.py", "tm = = 3")]);
        assert!(
            reading.models.is_empty() && reading.no_model.is_none(),
            "{text}"
        );
        let worst = reading.notices.iter().map(|n| n.severity).max();
        assert_eq!(worst, Some(Severity::Error), "{text}");
    }
}

#[test]
fn a_file_that_breaks_the_grammar_is_an_error_at_its_place() {
    let reading = read("from pytm import *\ntm = TM('x'\n");
    assert!(reading.models.is_empty() && reading.no_model.is_none());
    assert_eq!(reading.notices[0].code, code::SYNTAX);
}

#[test]
fn only_imports_of_pytm_make_a_candidate() {
    let cases = [
        ("a.py", "import pytm", true),
        ("a.py", "import os, pytm as p", true),
        ("a.py", "if x:\n    from pytm.pytm import TM", true),
        ("a.py", "from pytmx import load", false),
        ("a.py", "# see pytm", false),
        ("a.py", "from .pytm import TM", false),
        (
            "pytm/tm.py",
            "from .enums import Action\nfrom pytm import x\nclass TM(BaseModel):",
            false,
        ),
        ("conftest.py", "import pytm", true),
        ("a.txt", "import pytm", false),
    ];
    for (path, text, wanted) in cases {
        let sniff = Pytm.sniff(&RepoPath::new(path).unwrap(), text);
        assert_eq!(sniff == Sniff::Candidate, wanted, "{path}: {text}");
    }
}

#[test]
fn modules_of_the_repository_are_read_and_nothing_else() {
    let reading = read_files(&[
        (
            "models/tm.py",
            "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), '..', 'lib'))\nfrom pytm import *\nfrom common import *\nfrom parts.web import make as m\ntm = TM(NAME)\nm('w')\ntm.process()",
        ),
        ("lib/common.py", "NAME = 'N'\n_hidden = 1\n__file__ = 'x'"),
        ("models/parts/__init__.py", ""),
        (
            "models/parts/web.py",
            "from pytm import Server\nfrom . import base\ndef make(n): return Server(n + base.S)",
        ),
        ("models/parts/base.py", "S = '!'"),
    ]);
    let model = &reading.models[0];
    assert_eq!((&*model.name, names(model)), ("N", vec!["w!"]));
    let parts: Vec<_> = reading.parts.iter().map(RepoPath::as_str).collect();
    assert_eq!(
        parts,
        [
            "lib/common.py",
            "models/parts/__init__.py",
            "models/parts/base.py",
            "models/parts/web.py"
        ]
    );
    assert!(reading.notices.is_empty(), "{:?}", reading.notices);
}

#[test]
fn threats_files_are_folded_from_paths() {
    let cases = [
        ("'rules.json'", Some("m/rules.json")),
        (
            "os.path.join(os.path.dirname(__file__), 'rules.json')",
            Some("m/rules.json"),
        ),
        (
            "str(pathlib.Path(__file__).resolve().parent / 'rules.json')",
            Some("m/rules.json"),
        ),
        (
            "pathlib.Path(__file__).parent.parent / 'top.json'",
            Some("top.json"),
        ),
        ("os.path.abspath('../top.json')", Some("top.json")),
        ("os.getcwd() + '/top.json'", Some("top.json")),
        (
            "os.path.dirname(pytm.__file__) + '/threatlib/threats.json'",
            None,
        ),
    ];
    for (expression, wanted) in cases {
        let text = format!(
            "import os, pathlib, pytm\nfrom pytm import TM\ntm = TM('T')\ntm.threatsFile = {expression}\n"
        );
        let files = [
            ("m/tm.py", &*text),
            ("m/rules.json", "[]"),
            ("top.json", "[]"),
        ];
        let reading = read_files(&files);
        let file = reading.models[0].threats_file.as_ref();
        let path = file
            .and_then(|file| file.path.as_ref())
            .map(RepoPath::as_str);
        assert_eq!(path, wanted, "{expression}");
        assert_eq!(file.is_some(), wanted.is_some(), "{expression}");
        assert!(reading.models[0].complete, "{expression}");
    }
    let reading = read(&with_tm("tm.threatsFile = '/etc/passwd'"));
    let file = reading.models[0].threats_file.as_ref().unwrap();
    assert!(file.path.is_none());
}

#[test]
fn assumptions_and_overrides_are_read_in_every_form() {
    let model = model(
        "tm.assumptions = ['said', {'name': 'map', 'exclude': ['A1']}, Assumption('obj', exclude={'B1', 'B2'}, description='why')]\ns = Server('S', overrides=[Finding(threat_id='C1', response='accepted', severity='Low', cvss='9', mitigations='m')])\ns.overrides.append(Finding(threat_id='C2'))\ns.assumptions = [Assumption('one', ['D1'])]",
    );
    let mut all = String::new();
    let element = element(&model, "S");
    for assumption in model.assumptions.iter().chain(&element.assumptions) {
        let ids: Vec<_> = assumption.exclude.iter().map(|s| &*s.text).collect();
        write!(all, "{}:{} ", assumption.name.text, ids.join(",")).unwrap();
    }
    assert_eq!(all, "said: map:A1 obj:B1,B2 one:D1 ");
    let first = &element.overrides[0];
    assert_eq!(&*first.rule.text, "C1");
    assert_eq!(&*first.response.as_ref().unwrap().text, "accepted");
    assert_eq!(first.response.as_ref().unwrap().place.text(), "'accepted'");
    assert_eq!(&*first.fields[0].0, "mitigations");
    assert_eq!(&*element.overrides[1].rule.text, "C2");
    assert!(element.overrides[1].response.is_none());
}

#[test]
fn threats_and_controls_in_words_keep_their_places() {
    let model = model(
        "a = Actor('A')\ns = Server('S')\nf = Dataflow(a, s, 'F')\nf.threats = ['Sniffing', {'title': 'Brute force', 'severity': 'high', 'mitigatedBy': ['usesMFA'], 'response': 'mitigated'}]\nf.controls = ['HTTPS', 'Good will']\ns.controls = ['Web Application Firewall (WAF)']",
    );
    let f = element(&model, "F");
    assert_eq!(f.threats[0].title.place.text(), "'Sniffing'");
    assert_eq!(&*f.threats[1].severity.as_ref().unwrap().text, "high");
    assert_eq!(&*f.threats[1].mitigated_by[0].text, "usesMFA");
    assert_eq!(said(&model, "F", "controls.isEncrypted"), "true");
    let claims: Vec<_> = f
        .claims
        .iter()
        .map(|c| (c.words.place.text(), c.understood))
        .collect();
    assert_eq!(claims, [("'HTTPS'", true), ("'Good will'", false)]);
    assert_eq!(said(&model, "S", "controls.filtersTraffic"), "true");
}

#[test]
fn comments_exclude_beside_constructors() {
    let text = "from pytm import *
tm = TM('T')
a = Actor('A')  # tmrs: exclude[X1] on the line
# tmrs: exclude[X2] above
s = Server('S')
f = Dataflow(
    a, s,
    'F',  # tmrs: exclude[X3] inside
)
for n in ['p', 'q']:
    Server(n)  # tmrs: exclude[X4, element=q] only one
    Actor(n)  # tmrs: exclude[X5] which?
# tmrs: exclude[X6] beside nothing

print('x')
";
    let reading = read(text);
    let model = &reading.models[0];
    let mut all = String::new();
    for element in &model.elements {
        for exclusion in &element.exclusions {
            write!(all, "{}:{} ", element.name, exclusion.rules[0].text).unwrap();
        }
    }
    assert_eq!(all, "A:X1 S:X2 F:X3 q:X4 ");
    assert_eq!(
        notices(&reading),
        ["error inline-comment 12:15", "warning inline-comment 13:1"]
    );
}

#[test]
fn a_class_of_ones_own_extends_pytms() {
    let model = model(
        "class Api(Server):\n  protocol: str = 'HTTPS'\n  def __init__(self, name, *routes, **kw):\n    super().__init__(name, **kw)\n    self.controls.validatesInput = True\n    self.routes = routes\n  def ask(self, other): return Dataflow(self, other, 'ask')\napi = Api('Api', '/a', port=1)\napi.ask(Datastore('DB'))",
    );
    assert_eq!(names(&model), ["Api", "DB", "ask"]);
    assert_eq!(said(&model, "Api", "protocol"), "HTTPS");
    assert_eq!(said(&model, "Api", "port"), "1");
    assert_eq!(said(&model, "Api", "controls.validatesInput"), "true");
    assert_eq!(said(&model, "ask", "source"), "Api");
}

#[test]
fn a_model_in_json_has_its_places_there() {
    let reading = read_files(&[
        (
            "tm.py",
            "import pytm\ntm = pytm.load(open('tm.json'))\ntm.process()",
        ),
        (
            "tm.json",
            r#"{"name": "J", "boundaries": [{"name": "B"}], "elements": [{"__class__": "Server", "name": "S", "inBoundary": "B", "port": 80}],
 "flows": [{"name": "F", "source": "S", "sink": "S"}]}"#,
        ),
    ]);
    let model = &reading.models[0];
    assert_eq!(names(model), ["B", "S", "F"]);
    let server = element(model, "S");
    assert_eq!(server.place.path().as_str(), "tm.json");
    assert_eq!(
        server.named("port").unwrap().place.as_ref().unwrap().text(),
        r#""port": 80"#
    );
}

#[test]
fn nothing_a_model_says_takes_long_or_fails() {
    let deep = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
    let chain = format!("x = {}", "1+".repeat(20_000) + "1");
    let bodies = [
        "x = 'a' * 10**9",
        "x = [0] * 10**12",
        "x = 10 ** 10 ** 10",
        "x = 1 << 10**9",
        "for i in range(10**12): pass",
        "while True: pass",
        "def f(): return f()\nf()",
        "def f(n): return f(n - 1) + f(n - 2)\nf(100)",
        "x = 'a'\nwhile True: x += x",
        "x = []\nwhile True: x.append(x)",
        "x = []\nx.append(x)\nprint(str(x), x == x)\nActor(str(x))",
        "x = {}\nx['x'] = x\nActor(repr(x))",
        "x = 'ab'\nfor i in range(100): x = f'{x}{x}{x}'",
        "x = f'{1:1000000000}'",
        "x = '{:>1000000000}'.format(1)",
        "x = '%1000000000d' % 1",
        "x = 'x'.center(10**10)",
        "x = 'a'.replace('', 'b' * 10**6).replace('b', 'c' * 10**6)",
        "x = list(range(10**7))",
        "import itertools\nx = list(itertools.product(range(1000), repeat=8))",
        "import itertools\nx = list(itertools.permutations(range(100), 20))",
        "class A:\n  def __getattr__(self, n): return getattr(self, n)\nA().x",
        "class A:\n  def __eq__(self, o): return self == o\nA() == A()",
        "class A:\n  def __str__(self): return str(self)\nActor(str(A()))",
        "class A(A): pass",
        "for i in range(10**6): Actor(str(i))",
        "a = Boundary('a')\nb = Boundary('b', inBoundary=a)\na.inBoundary = b",
        "import tm\nfrom tm import *",
        "x = [1, 2, 3]\nfor i in x: x.append(i)",
        "def g():\n  while True: yield 1\nnext(g())",
        "x = {}[{}] if 0 else {[]: 1}",
        "x = 'abc'[10**20:]\ny = [1][-5:10**10]",
        "sorted([float('nan'), 1, 'a', None], key=lambda v: v)",
        "int('9' * 5000)",
        "x = -9223372036854775807 - 1\nx // -1\nx % -1\nabs(x)\n-x",
        "chr(-1)\nrange(0, 10, 0)\n''.split('')\nmin([])\n[][0]\n1 / 0",
        "'{0.__class__.__mro__}'.format(1)\n'{'.format()\n'%'.join('a')\n'%(' % 1\n'%' % 1",
        "def f(*, a, **b): pass\nf(1, 2, a=3, *[4], **{'a': 5})",
        "x = None\nfor i in range(10**6): x = [x]",
        "x = None\nfor i in range(10**6): x = (x,)\n{x: 1}",
        "x = None\nfor i in range(10**6): x = {'a': x}",
        "x = None\nfor i in range(10**6): x = ValueError(x)",
        "x = None\nfor i in range(10**6): x = lambda y=x: y",
        "from functools import partial\nx = print\nfor i in range(10**6): x = partial(x)",
        "class A:\n  def __init__(self, x): self.x = x\nx = None\nfor i in range(10**6): x = A(x)",
        "class A: pass\nfor i in range(10**6):\n  class A(A): pass",
        "x = int\nfor i in range(10**6): x = x | str\nisinstance(1, x)",
        "x = list\nfor i in range(10**6): x = list[x]",
        "x = 'a' * 1000000\nfor i in range(10**6): len(x)",
        "x = 'a' * 1000000\ny = 'a' * 999999 + 'a'\nfor i in range(10**6): x == y",
        "x = 'a' * 1000000\nfor i in range(10**6): x.upper()",
        "x = 'a' * 1000000\nd = {}\nfor i in range(10**6): d.get(x)",
        "x = list(range(100000))\nfor i in range(10**6): x[i % 100000]",
        "x = list(range(100000))\nfor i in range(10**6): x.pop(0); x.append(1)",
        "a = Actor('a')\nfor i in range(10**6): setattr(a, f'x{i}', i)",
        "Actor('a')\nfor i in range(10**6): TM('x').process()",
        "def f(n):\n  return [[[[[[[[f(n)]]]]]]]]\nf(1)",
        "def f(n):\n  for i in [1]:\n    if i:\n      with n:\n        try:\n          return (((f(n))))\n        finally: pass\nf(1)",
        "raise SystemExit",
        "exit()",
        "lambda: (yield)",
        "x: int\nx",
        "del x\nglobal y",
        "TM.reset()\nTM.reset()\ntm.process()\ntm.process()",
        "Server(\nport=3)\nDataflow()\nDataflow(1, 2, 3)\nServer(1, 2, 3)\nTM()",
        "Server('s').controls.x.y = 3\nServer.x = 3\nClassification.PUBLIC = 3",
        deep.as_str(),
        chain.as_str(),
    ];
    for body in bodies {
        let start = std::time::Instant::now();
        let reading = read(&with_tm(body));
        let shown: String = body.chars().take(60).collect();
        assert!(start.elapsed().as_secs() < 20, "{shown}");
        for notice in &reading.notices {
            assert_ne!(notice.code, code::UNREADABLE, "{shown}");
        }
    }
}

#[test]
fn reading_twice_gives_the_same() {
    let text = with_tm(
        "x = {Server(n) for n in 'abc'}\nfor s in x:\n  for t in x:\n    Dataflow(s, t, s.name + t.name)\ns.isHardend = 1",
    );
    let shown = |reading: &Reading| {
        let model = &reading.models[0];
        format!("{:?} {:?}", names(model), reading.notices)
    };
    assert_eq!(shown(&read(&text)), shown(&read(&text)));
}

#[test]
fn texts_over_several_lines_say_the_same_whatever_ends_the_lines() {
    let body = "n = 2\ns = Server('S')\ns.description = \"\"\"one\n\\ttwo\"\"\"\nd = Server('D')\nd.description = f\"\"\"{n}\nlines\"\"\"\ne = Server('E')\ne.description = 'a\\r\\nb'";
    let text = with_tm(body).replace('\n', "\r\n");
    let model = read(&text).models.into_iter().next().unwrap();
    for (name, said) in [("S", "one\n\ttwo"), ("D", "2\nlines"), ("E", "a\r\nb")] {
        let description = element(&model, name).named("description").unwrap();
        assert_eq!(description.value.as_text(), Some(said));
    }
}
