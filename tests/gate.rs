//! Changes as strangers would make them to get a threat past the gate: none passes with
//! fewer findings, or with a model that nobody sees, and without a word.

use serde_json::Value as Json;

use crate::harness::Repo;

const SHOP: &str = "\
tmrs: 1
name: Shop
boundaries:
  outside: {name: Outside, trust: UNTRUSTED}
  hq: {name: HQ, trust: INTERNAL}
  office: {name: Office, inBoundary: outside}
elements:
  user: {class: Actor, name: User, inBoundary: office}
  web: {class: Server, name: Web, inBoundary: hq}
  db: {class: Datastore, name: DB, inBoundary: hq, isSQL: true, storesPII: true}
data:
  card: {name: Card, classification: SECRET, isPII: true}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [card]}
  store: {source: web, sink: db, name: Store, data: [card]}
";

const OFFICE: &str = "\
from pytm import TM, Actor, Server, Dataflow, Boundary, Data, Classification

tm = TM('Office')
net = Boundary('Net')
user = Actor('User', inBoundary=net)
web = Server('Web')
card = Data('Card', classification=Classification.SECRET, isPII=True)
visit = Dataflow(user, web, 'Visit')
visit.protocol = 'HTTP'
visit.data = [card]
tm.process()
";

const FLOW: &str = "\
visit = Dataflow(user, web, 'Visit')
visit.protocol = 'HTTP'
visit.data = [card]
";

const RULE: &str = "\
id: OWN01
title: Traffic in the clear
target: [Dataflow]
severity: critical
when: target.protocol == 'HTTP'
tags: [own]
aliases: [OLD01]
description: Anyone on the way reads along.
mitigation: Use HTTPS.
";

const CONFIG: &str = "\
rules: {paths: [rules]}
exclusions:
  - {rule: OWN*, element: Nothing, reason: old, owner: we, expires: 2099-01-01}
";

const THREATS: &str = r#"[{"SID": "X1", "target": ["Dataflow"], "description": "Clear", "details": "d",
"severity": "High", "condition": "target.protocol == 'HTTP'", "mitigations": "m", "references": "r"}]"#;

/// One step of a change.
#[derive(Clone, Copy, Debug)]
enum Do {
    Edit(&'static str, &'static str, &'static str),
    Write(&'static str, &'static str),
    Bytes(&'static str, fn(&str) -> Vec<u8>),
    Move(&'static str, &'static str),
    Remove(&'static str),
    /// A link at a path, to another.
    #[cfg(unix)]
    Link(&'static str, &'static str),
}

use Do::{Edit, Move, Remove, Write};

fn carry_out(repo: &Repo, step: Do) {
    match step {
        Edit(path, from, to) => {
            repo.edit(path, from, to);
        }
        Write(path, text) => {
            repo.write(path, text);
        }
        Do::Bytes(path, encode) => {
            let text = SHOP.replace("name: Shop", "name: Second");
            std::fs::write(repo.path(path), encode(&text)).unwrap();
        }
        Move(from, to) => {
            std::fs::create_dir_all(repo.path(to).parent().unwrap()).unwrap();
            repo.git(&["mv", from, to]);
        }
        Remove(path) => {
            repo.git(&["rm", "-qr", path]);
        }
        #[cfg(unix)]
        Do::Link(path, to) => {
            let _ = std::fs::remove_dir_all(repo.path(path));
            let _ = std::fs::remove_file(repo.path(path));
            std::os::unix::fs::symlink(to, repo.path(path)).unwrap();
        }
    }
}

/// What a report says about a change: weakenings, warnings and errors.
fn told(report: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().unwrap_or("").to_owned();
    let changes = report["findings"].as_array().unwrap().iter();
    let changes = changes.filter(|f| text(&f["rule"]).starts_with("CHG"));
    let notices = report["notices"].as_array().unwrap().iter();
    let notices = notices.filter(|notice| notice["severity"] != "note");
    changes
        .chain(notices)
        .map(|told| text(&told["message"]))
        .collect()
}

/// Carries out a change of a repository and gives the report about it, with the exit status.
fn change(base: &[(&str, &str)], steps: &[Do], arguments: &[&str]) -> (Option<Json>, i32) {
    let repo = Repo::with(base);
    repo.git(&["tag", "base"]);
    for step in steps {
        carry_out(&repo, *step);
    }
    repo.git(&["add", "-A"]);
    let mut all = vec![
        "check",
        "--no-baseline",
        "--format",
        "json",
        "--since",
        "base",
    ];
    all.extend(arguments);
    let run = repo.tmrs(&all);
    (serde_json::from_str(&run.out).ok(), run.code)
}

/// That a repository is read completely and passes against itself, so that a failure of a
/// change is the change's.
fn is_sound(base: &[(&str, &str)]) {
    let (report, code) = change(base, &[], &[]);
    assert_eq!(code, 0, "{:?}", report.map(|report| told(&report)));
}

/// Changes that take threats away: each says so, or does not pass, or takes none away.
fn none_is_silent(base: &[(&str, &str)], changes: &[(&str, &[Do])]) {
    is_sound(base);
    for (what, steps) in changes {
        let (report, code) = change(base, steps, &[]);
        let Some(report) = report.filter(|_| code == 0) else {
            assert_ne!(code, 0, "{what}");
            continue;
        };
        let is_settled = |finding: &Json| {
            let open = ["new", "unreviewed", "baselined"].map(Json::from);
            !open.contains(&finding["status"])
        };
        let is_less = !report["fixed"].as_array().unwrap().is_empty()
            || report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(is_settled)
            || report["models"].as_array().unwrap().is_empty();
        assert!(!is_less || !told(&report).is_empty(), "{what} is silent");
    }
}

#[test]
fn no_edit_of_a_native_model_takes_threats_away_in_silence() {
    const M: &str = "m.yaml";
    const LAN: &str = "lan: {name: LAN, trust: INTERNAL}";
    none_is_silent(
        &[(M, SHOP)],
        &[
            (
                "a twin of Data, lowered",
                &[
                    Edit(
                        M,
                        "data:\n",
                        "data:\n  twin: {name: Card, classification: PUBLIC}\n",
                    ),
                    Edit(M, "data: [card]", "data: [twin]"),
                ],
            ),
            (
                "other data on the flow",
                &[
                    Edit(
                        M,
                        "data:\n",
                        "data:\n  page: {name: Page, classification: PUBLIC}\n",
                    ),
                    Edit(M, "data: [card]", "data: [page]"),
                ],
            ),
            (
                "no data on the flow",
                &[Edit(M, ", data: [card]", ", data: []")],
            ),
            ("data not said", &[Edit(M, ", data: [card]", "")]),
            (
                "data under another name, lowered",
                &[Edit(
                    M,
                    "name: Card, classification: SECRET, isPII: true",
                    "name: Page, classification: PUBLIC",
                )],
            ),
            (
                "a fact of the store withdrawn",
                &[Edit(M, ", storesPII: true", "")],
            ),
            (
                "a fact of the store denied",
                &[Edit(M, "isSQL: true", "isSQL: false")],
            ),
            (
                "a zone in a trusted one, two levels up",
                &[Edit(
                    M,
                    "office: {name: Office, inBoundary: outside}",
                    "mid: {name: Mid, inBoundary: hq}\n  office: {name: Office, inBoundary: mid}",
                )],
            ),
            (
                "an outsider moved inside",
                &[Edit(M, "inBoundary: office}", "inBoundary: hq}")],
            ),
            (
                "a zone under another name, trusted",
                &[Edit(
                    M,
                    "{name: Outside, trust: UNTRUSTED}",
                    "{name: Partners, trust: INTERNAL}",
                )],
            ),
            (
                "another zone in its place, trusted",
                &[
                    Edit(M, "outside: {name: Outside, trust: UNTRUSTED}", LAN),
                    Edit(M, "inBoundary: outside", "inBoundary: lan"),
                ],
            ),
            (
                "another class",
                &[Edit(M, "class: Server", "class: ExternalEntity")],
            ),
            (
                "another class and name",
                &[Edit(
                    M,
                    "{class: Server, name: Web",
                    "{class: ExternalEntity, name: Site",
                )],
            ),
            (
                "the model under another name, a part out of scope",
                &[
                    Edit(M, "name: Shop", "name: Boutique"),
                    Edit(M, "name: Web,", "name: Web, inScope: false,"),
                ],
            ),
            (
                "the flow under another name to another end",
                &[Edit(
                    M,
                    "{source: user, sink: web, name: Visit",
                    "{source: db, sink: web, name: Look",
                )],
            ),
            (
                "an assumption",
                &[Edit(
                    M,
                    "boundaries:",
                    "assumptions:\n  - {name: Fine, description: d, exclude: [AA01, AC01]}\nboundaries:",
                )],
            ),
            (
                "an answer",
                &[Edit(
                    M,
                    "name: Web,",
                    "name: Web, responses: {AA01: 'accepted: ok'},",
                )],
            ),
            (
                "the key exclude",
                &[Edit(
                    M,
                    "name: Web,",
                    "name: Web, exclude: {AA01: why not},",
                )],
            ),
            (
                "moved and lowered",
                &[
                    Move(M, "deep/shop.yaml"),
                    Edit("deep/shop.yaml", "SECRET", "PUBLIC"),
                    Edit("deep/shop.yaml", "isPII: true", "isPII: false"),
                ],
            ),
            (
                "moved, under another name, lowered",
                &[
                    Move(M, "deep/shop.yaml"),
                    Edit("deep/shop.yaml", "name: Shop", "name: Other"),
                    Edit("deep/shop.yaml", "SECRET", "PUBLIC"),
                ],
            ),
            (
                "moved to where packages lie",
                &[Move(M, "node_modules/x/m.yaml")],
            ),
            ("moved to a hidden place", &[Move(M, ".hidden/.m.yaml")]),
            ("moved to a text file", &[Move(M, "m.txt")]),
            ("moved to a template", &[Move(M, "m.yaml.j2")]),
            ("ignored, and tracked", &[Write(".gitignore", "*.yaml\n")]),
            (
                "binary for git",
                &[Write(".gitattributes", "*.yaml binary export-ignore\n")],
            ),
            (
                "a second document before it",
                &[Edit(M, "tmrs: 1", "a: b\n---\ntmrs: 1")],
            ),
            (
                "allowed to be gone",
                &[Remove(M), Write("tmrs.yaml", "allow-no-models: true\n")],
            ),
        ],
    );
}

#[test]
fn no_edit_of_a_python_model_takes_threats_away_in_silence() {
    const M: &str = "m.py";
    none_is_silent(
        &[(M, OFFICE)],
        &[
            ("moved to where packages lie", &[Move(M, "venv/lib/m.py")]),
            ("moved to conftest.py", &[Move(M, "conftest.py")]),
            ("moved to a test", &[Move(M, "tests/test_m.py")]),
            ("with another case of its ending", &[Move(M, "m.PY")]),
            ("moved to a stub", &[Move(M, "m.pyi")]),
            (
                "in a branch on the environment",
                &[Edit(
                    M,
                    FLOW,
                    "import os\nif os.environ.get('FULL'):\n    visit = Dataflow(user, web, 'Visit')\n",
                )],
            ),
            (
                "in a branch on the name",
                &[Edit(
                    M,
                    FLOW,
                    "if __name__ == 'full':\n    visit = Dataflow(user, web, 'Visit')\n",
                )],
            ),
            (
                "in a loop over nothing",
                &[Edit(
                    M,
                    FLOW,
                    "for name in []:\n    Dataflow(user, web, name)\n",
                )],
            ),
            (
                "reset at the end",
                &[Edit(
                    M,
                    "tm.process()",
                    "TM.reset()\ntm = TM('Office')\ntm.process()",
                )],
            ),
            ("never processed", &[Edit(M, "tm.process()\n", "")]),
            (
                "out of scope by a name put together",
                &[Edit(
                    M,
                    "tm.process()",
                    "setattr(web, 'in' + 'Scope', False)\ntm.process()",
                )],
            ),
            (
                "unused, and the unused ignored",
                &[
                    Edit(M, "user, web, 'Visit'", "user, Server('Other'), 'Visit'"),
                    Edit(M, "tm.process()", "tm.ignoreUnused = True\ntm.process()"),
                ],
            ),
            (
                "a comment",
                &[Edit(
                    M,
                    "web = Server('Web')",
                    "web = Server('Web')  # tmrs: exclude[AA01] fine",
                )],
            ),
            (
                "rules of its own",
                &[
                    Write("t.json", THREATS),
                    Edit(M, "TM('Office')", "TM('Office', threatsFile='t.json')"),
                ],
            ),
            (
                "a module that takes pytm's place",
                &[Write(
                    "pytm.py",
                    "class TM:\n    def __init__(self, name): pass\n",
                )],
            ),
            (
                "a package that takes pytm's place",
                &[Write(
                    "pytm/__init__.py",
                    "class TM:\n    def __init__(self, name): pass\n",
                )],
            ),
        ],
    );
}

#[test]
fn no_edit_of_rules_and_configuration_is_silent() {
    const R: &str = "rules/OWN01.yaml";
    let office = OFFICE.replace("TM('Office')", "TM('Office', threatsFile='t.json')");
    let base = [
        ("m.yaml", SHOP),
        ("tmrs.yaml", CONFIG),
        (R, RULE),
        ("office.py", &*office),
        ("t.json", THREATS),
    ];
    let changes: &[(&str, &[Do])] = &[
        (
            "another name of the configuration",
            &[Move("tmrs.yaml", "tmrs.yml")],
        ),
        ("no configuration", &[Remove("tmrs.yaml")]),
        ("no rules", &[Remove("rules"), Write("rules/README", "")]),
        ("another ending of the rule", &[Move(R, "rules/OWN01.bak")]),
        ("another id", &[Edit(R, "OWN01", "OWN02")]),
        (
            "a condition that never holds",
            &[Edit(R, "target.protocol == 'HTTP'", "'False'")],
        ),
        (
            "a condition that holds less",
            &[Edit(
                R,
                "target.protocol == 'HTTP'",
                "target.protocol == 'HTTP' and target.usesVPN",
            )],
        ),
        ("another class", &[Edit(R, "[Dataflow]", "[Server]")]),
        ("a lower severity", &[Edit(R, "critical", "info")]),
        ("without its tags", &[Edit(R, "tags: [own]\n", "")]),
        ("another tag", &[Edit(R, "tags: [own]", "tags: [own, old]")]),
        ("without its alias", &[Edit(R, "aliases: [OLD01]\n", "")]),
        ("another alias", &[Edit(R, "[OLD01]", "[OLD01, AA01]")]),
        (
            "an exclusion of more elements",
            &[Edit("tmrs.yaml", "element: Nothing", "element: '*'")],
        ),
        (
            "an exclusion of more rules",
            &[Edit("tmrs.yaml", "rule: OWN*", "rule: '*'")],
        ),
        (
            "an exclusion of everything",
            &[Edit("tmrs.yaml", "element: Nothing, ", "")],
        ),
        (
            "an exclusion for ever",
            &[Edit("tmrs.yaml", ", expires: 2099-01-01", "")],
        ),
        (
            "an exclusion for longer",
            &[Edit("tmrs.yaml", "2099-01-01", "2199-01-01")],
        ),
        (
            "a threat that never holds",
            &[Edit("t.json", "== 'HTTP'", "== 'no'")],
        ),
        (
            "a threat of lower severity",
            &[Edit("t.json", "High", "Low")],
        ),
        ("a threat under another id", &[Edit("t.json", "X1", "X2")]),
        (
            "a threat of other classes",
            &[Edit("t.json", "[\"Dataflow\"]", "[\"Server\"]")],
        ),
    ];
    is_sound(&base);
    for (what, steps) in changes {
        let (report, code) = change(&base, steps, &[]);
        let Some(report) = report.filter(|_| code == 0) else {
            assert_ne!(code, 0, "{what}");
            continue;
        };
        let findings = report["findings"].as_array().unwrap().iter();
        let mut rules = findings.map(|finding| finding["rule"].as_str().unwrap());
        assert!(
            rules.any(|rule| rule.starts_with("CHG")),
            "{what}: {:?}",
            told(&report)
        );
    }
}

#[test]
fn no_new_model_is_invisible() {
    fn wide(text: &str) -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        [0xfe, 0xff].into_iter().chain(units).collect()
    }
    fn wider(text: &str) -> Vec<u8> {
        text.chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect()
    }
    const SECOND: &str = "from pytm import *\ntm = TM('Second')\na, b = Actor('C'), Server('D')\nDataflow(a, b, 'Asks')\ntm.process()\n";
    const NATIVE: &str = "name: Second\nelements:\n  a: {class: Server, name: A}\n";
    let changes: &[(&str, &str, &str)] = &[
        ("utf-7", "n.py", "# -*- coding: utf-7 -*-\n"),
        ("rot13", "n.py", "# coding: rot13\n"),
        ("a zero byte", "n.py", "#\0\n"),
        ("a form feed", "n.py", "\u{c}"),
        ("a mark of byte order", "n.py", "\u{feff}"),
        ("no ending", "n", "#!/usr/bin/env python3\n"),
        ("the ending pyw", "n.pyw", ""),
        ("a tagged key", "n.yaml", "!!str tmrs: 1\n"),
        ("an anchored key", "n.yaml", "&a tmrs: 1\n"),
        ("an explicit key", "n.yaml", "? tmrs\n: 1\n"),
        ("an escaped key", "n.yaml", "\"tm\\x72s\": 1\n"),
        ("a folded key", "n.yaml", "? >-\n  tmrs\n: 1\n"),
        ("an alias as the key", "n.yaml", "x-k: &k tmrs\n*k : 1\n"),
        (
            "merged from a list",
            "n.yaml",
            "x-a: &a {tmrs: 1}\n<<: [*a]\n",
        ),
        ("after a directive", "n.yaml", "%YAML 1.2\n---\ntmrs: 1\n"),
        ("another case of the ending", "n.YAML", "tmrs: 1\n"),
    ];
    let is_seen = |what: &str, repo: &Repo, path: &str| {
        repo.git(&["add", "-Af"]);
        let run = repo.tmrs(&["check", "--format", "json", "--since", "HEAD"]);
        let report: Json = serde_json::from_str(&run.out).unwrap();
        let models = report["models"].as_array().unwrap();
        let is_judged = models.iter().any(|model| model["name"] == "Second");
        let mut notices = report["notices"].as_array().unwrap().iter();
        let is_there = |notice: &Json| {
            let message = notice["message"].as_str().unwrap();
            notice["severity"] == "error"
                && (message.contains(path) || notice["location"]["path"] == path)
        };
        let is_named = run.code == 3 && notices.any(is_there);
        assert!(is_judged || is_named, "{what}: {:?}", told(&report));
    };
    for (what, path, head) in changes {
        let repo = Repo::with(&[("m.yaml", SHOP)]);
        let is_yaml = path.to_ascii_lowercase().ends_with("yaml");
        let rest = if is_yaml { NATIVE } else { SECOND };
        repo.write(path, &format!("{head}{rest}"));
        is_seen(what, &repo, path);
    }
    for (what, encode) in [("UTF-16", wide as fn(&str) -> Vec<u8>), ("UTF-32", wider)] {
        let repo = Repo::with(&[("m.yaml", SHOP)]);
        carry_out(&repo, Do::Bytes("n.yaml", encode));
        is_seen(what, &repo, "n.yaml");
    }
    // Ways to import that only running tells, each with what it needs beside the model.
    let from_p = "TM, Actor, Server, Dataflow = p.TM, p.Actor, p.Server, p.Dataflow";
    let imports: &[(&str, &str, &[(&str, &str)])] = &[
        (
            "through a module",
            "from lib.base import p",
            &[
                ("lib/__init__.py", ""),
                ("lib/base.py", "import pytm as p\n"),
            ],
        ),
        (
            "a name put together",
            "import importlib\np = importlib.import_module('py' + 'tm')",
            &[],
        ),
        (
            "a name put together by a call",
            "p = __import__(''.join(['p', 'y', 't', 'm']))",
            &[],
        ),
        ("an escaped name", "p = __import__('p\\x79tm')", &[]),
        (
            "a function by a name put together",
            "import builtins\np = getattr(builtins, '__imp' + 'ort__')('py' + 'tm')",
            &[],
        ),
        ("code put together", "exec('import py' + 'tm as p')", &[]),
        (
            "through a module that puts the name together",
            "from base import p",
            &[("base.py", "p = __import__('py' + 'tm')\n")],
        ),
        (
            "resolved",
            "import pkgutil\np = pkgutil.resolve_name('py' + 'tm')",
            &[],
        ),
    ];
    for (what, import, beside) in imports {
        let repo = Repo::with(&[("m.yaml", SHOP)]);
        for (path, text) in *beside {
            repo.write(path, text);
        }
        let import = format!("{import}\n{from_p}");
        repo.write("n.py", &SECOND.replace("from pytm import *", &import));
        is_seen(what, &repo, "n.py");
    }
    for (what, runs) in [
        ("a text that is run", "exec(open('model.txt').read())\n"),
        (
            "a file that is run",
            "import runpy\nrunpy.run_path(\"model.txt\")\n",
        ),
    ] {
        let repo = Repo::with(&[("m.yaml", SHOP)]);
        repo.write("model.txt", SECOND).write("n.py", runs);
        is_seen(what, &repo, "n.py");
    }
}

/// A shop whose web server says something more.
fn saying(more: &str) -> String {
    SHOP.replace("name: Web,", &format!("name: Web, {more},"))
}

#[test]
fn no_answer_comment_or_threat_in_words_covers_more_in_silence() {
    const THREAT: &str =
        "threats: [{title: Bad, severity: critical, mitigatedBy: [usesSecretStore]}]";
    let changes: &[(&str, &str, &str)] = &[
        (
            "another answer",
            "responses: {AA01: 'mitigated: gateway'}",
            "responses: {AA01: 'accepted: whatever'}",
        ),
        (
            "an answer to another rule",
            "responses: {AA01: 'accepted: x'}",
            "responses: {AC01: 'accepted: x'}",
        ),
        (
            "an answer for longer",
            "responses: {AA01: 'accepted: x, expires 2100-01-01'}",
            "responses: {AA01: 'accepted: x, expires 2190-01-01'}",
        ),
        (
            "an answer for ever",
            "responses: {AA01: 'accepted: x, expires 2100-01-01'}",
            "responses: {AA01: 'accepted: x'}",
        ),
        (
            "an exclusion for longer",
            "exclude: {AA01: 'x, expires 2100-01-01'}",
            "exclude: {AA01: 'x, expires 2190-01-01'}",
        ),
        (
            "an exclusion of more rules",
            "exclude: {AA01: x}",
            "exclude: {AA01: x, AC01: x}",
        ),
        (
            "an assumption of more rules",
            "assumptions: [{name: F, exclude: [AA01]}]",
            "assumptions: [{name: F, exclude: [AA01, AC01]}]",
        ),
        ("a threat that is gone", THREAT, "description: x"),
        (
            "a threat of lower severity",
            THREAT,
            "threats: [{title: Bad, severity: low}]",
        ),
        (
            "a threat under another title",
            THREAT,
            "threats: [{title: Meh, severity: critical}]",
        ),
        (
            "an answered threat",
            THREAT,
            "threats: [{title: Bad, severity: critical, response: 'accepted: x'}]",
        ),
        (
            "a threat that another control mitigates",
            THREAT,
            "threats: [{title: Bad, severity: critical, mitigatedBy: [isHardened]}], controls: {isHardened: true}",
        ),
    ];
    for (what, before, after) in changes {
        is_sound(&[("m.yaml", &saying(before))]);
        let repo = Repo::with(&[("m.yaml", &saying(before))]);
        repo.write("m.yaml", &saying(after));
        let report = repo.report(&["--since", "HEAD"]);
        let findings = report["findings"].as_array().unwrap().iter();
        let mut rules = findings.map(|finding| finding["rule"].as_str().unwrap());
        assert!(
            rules.any(|rule| rule.starts_with("CHG")),
            "{what}: {:?}",
            told(&report)
        );
    }
}

#[cfg(unix)]
#[test]
fn no_link_takes_threats_away_in_silence() {
    const LESS: &str = "tmrs: 1\nname: Other\nelements:\n  a: {class: Actor, name: A}\n";
    none_is_silent(
        &[
            ("m.yaml", SHOP),
            ("deep/m.yaml", SHOP),
            ("o/m.yaml", LESS),
            ("tmrs.yaml", CONFIG),
            ("rules/OWN01.yaml", RULE),
            ("rules2/README", ""),
        ],
        &[
            (
                "a model that is a link to another",
                &[Do::Link("m.yaml", "o/m.yaml")],
            ),
            (
                "a model that is a link to nothing",
                &[Do::Link("m.yaml", "gone.yaml")],
            ),
            (
                "a model that is a link out of the repository",
                &[Do::Link("m.yaml", "/etc/hostname")],
            ),
            (
                "a model that is a link to itself",
                &[Do::Link("m.yaml", "m.yaml")],
            ),
            (
                "a folder that is a link to another",
                &[Do::Link("deep", "o")],
            ),
            (
                "a folder that is a link out of the repository",
                &[Do::Link("deep", "/tmp")],
            ),
            (
                "rules that are a link to none",
                &[Do::Link("rules", "rules2")],
            ),
            (
                "a configuration that is a link to nothing",
                &[Do::Link("tmrs.yaml", "gone")],
            ),
        ],
    );
}

#[test]
fn a_folder_that_becomes_a_repository_of_its_own_takes_its_model_away_aloud() {
    let repo = Repo::with(&[
        ("deep/m.yaml", SHOP),
        (
            "other.yaml",
            "tmrs: 1\nname: Other\nelements:\n  a: {class: Actor, name: A}\n",
        ),
    ]);
    repo.git(&["rm", "-q", "--cached", "deep/m.yaml"]);
    let inner = repo.path("deep");
    let inner = inner.to_str().unwrap();
    repo.git(&["init", "-q", inner]);
    repo.git(&["-C", inner, "add", "m.yaml"]);
    repo.git(&["-C", inner, "commit", "-qm", "Inner"]);
    repo.git(&["add", "deep"]);
    let report = repo.report(&["--since", "HEAD"]);
    let told = told(&report);
    assert!(
        told.iter()
            .any(|told| told.contains("Shop") || told.contains("deep")),
        "{told:?}"
    );
}
