//! No model is invisible: what is or may be one is judged, or named as not read.

use crate::harness::Repo;

const FIRST: &str = "tmrs: 1
name: First
elements:
  web: {class: Server, name: Web}
";

const REST: &str = "
tm = TM('Second')
a, b = Actor('Clerk'), Server('Desk')
Dataflow(a, b, 'Asks')
tm.process()
";

const YAML: &str = "name: Second
elements:
  web: {class: Server, name: Web}
";

/// Whether a repository with one more file shows it: as a judged model, or as what was not read.
fn shows(what: &str, files: &[(&str, Vec<u8>)]) {
    let repo = Repo::with(&[("first.yaml", FIRST)]);
    for (path, bytes) in files {
        repo.write(path, "");
        std::fs::write(repo.path(path), bytes).unwrap();
    }
    repo.git(&["add", "-Af"]);
    repo.git(&["commit", "-qm", "Second"]);
    let run = repo.tmrs(&["check", "--no-baseline", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap_or_default();
    let models = report["models"].as_array().cloned().unwrap_or_default();
    let is_judged = models.iter().any(|model| model["name"] == "Second");
    let path = files[files.len() - 1].0;
    let is_named = run.code == 3 && run.out.contains(path);
    let head: String = run.err.chars().take(300).collect();
    assert!(is_judged || is_named, "{what}: exit {}, {head}", run.code);
}

#[test]
fn a_model_is_seen_however_it_imports_pytm() {
    for import in [
        "from pytm import TM, Actor, Server, Dataflow",
        "if True: from pytm import TM, Actor, Server, Dataflow",
        "from \\\n    pytm import TM, Actor, Server, Dataflow",
        "import os; from pytm import *",
        "try: from pytm import *\nexcept ImportError: raise",
        "import importlib\npytm = importlib.import_module('pytm')\nTM, Actor, Server, Dataflow = pytm.TM, pytm.Actor, pytm.Server, pytm.Dataflow",
        "p = __import__('pytm')\nTM, Actor, Server, Dataflow = p.TM, p.Actor, p.Server, p.Dataflow",
        "exec('from pytm import *')",
    ] {
        let text = format!("{import}\n{REST}");
        shows(import, &[("new.py", text.into_bytes())]);
    }
}

#[test]
fn a_model_is_seen_behind_modules_of_the_repository() {
    let common = b"from pytm import TM, Actor, Server, Dataflow\nimport pytm\n".to_vec();
    let more = b"from common import *\n".to_vec();
    let text = |import: &str| format!("{import}\n{REST}").into_bytes();
    shows(
        "import *",
        &[
            ("common.py", common.clone()),
            ("new.py", text("from common import *")),
        ],
    );
    shows(
        "by name",
        &[
            ("lib/common.py", common.clone()),
            (
                "new.py",
                text("from lib.common import TM, Actor, Server, Dataflow"),
            ),
        ],
    );
    shows(
        "over two modules",
        &[
            ("common.py", common),
            ("more.py", more),
            (
                "new.py",
                text("from more import (\n    TM, Actor, Server, Dataflow,\n)"),
            ),
        ],
    );
}

/// A package as pytm's own is written: modules that import each other, one of which is named as
/// the model beside the package, and a function that builds a TM for whoever calls it.
const PACKAGE: [(&str, &str); 5] = [
    (
        "pytm/flows.py",
        "from pytm import Dataflow as Flow\n\ndef ask(a, b):\n    return Flow(a, b, 'Asks')\n",
    ),
    (
        "pytm/__init__.py",
        "from .tm import TM\nfrom .json import load\nfrom .element import Actor, Server, Dataflow\n",
    ),
    (
        "pytm/tm.py",
        "from .element import Element\n\nclass TM(Element):\n    pass\n",
    ),
    (
        "pytm/element.py",
        "import importlib\n\nclass Element:\n    def __init__(self, name):\n        from .tm import TM\n        TM.add(self)\n\nclass Actor(Element): pass\nclass Server(Element): pass\nclass Dataflow(Element): pass\n",
    ),
    (
        "pytm/json.py",
        "import json\nfrom .tm import TM\nfrom .element import Server\n\ndef load(file):\n    return TM(json.load(file).pop('name'))\n",
    ),
];

#[test]
fn pytms_own_package_in_a_repository_is_no_model() {
    let model = format!("from pytm import *\n{REST}");
    let repo = Repo::with(&PACKAGE);
    repo.write("tm.py", &model);
    let report = repo.report(&["--no-baseline"]);
    assert_eq!(report["notices"].to_string(), "[]");
    let models = report["models"].as_array().unwrap();
    let names: Vec<&str> = models.iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["Second"]);
}

#[test]
fn a_model_is_seen_in_a_package_of_pytms_name() {
    let parts = "from .element import Actor, Server, Dataflow\n";
    let build = REST.replace('\n', "\n    ");
    for (what, text) in [
        ("by pytm's name", format!("from pytm import *\n{REST}")),
        (
            "with neighbours",
            format!("{parts}from .tm import TM\n{REST}"),
        ),
        (
            "under another name",
            format!(
                "{parts}from .tm import TM as Model\n{}",
                REST.replace("TM(", "Model(")
            ),
        ),
        (
            "in a function that is called",
            format!("{parts}from .tm import TM\ndef build():{build}\nbuild()\n"),
        ),
        (
            "in a function for whoever starts it",
            format!(
                "{parts}from .tm import TM\ndef build():{build}\nif __name__ == '__main__':\n    build()\n"
            ),
        ),
        (
            "in a class",
            format!("{parts}from .tm import TM\nclass Office:{build}\n"),
        ),
    ] {
        let repo = Repo::with(&PACKAGE);
        repo.write("first.yaml", FIRST);
        repo.write("pytm/office.py", &text);
        let run = repo.tmrs(&["check", "--no-baseline", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let models = report["models"].as_array().unwrap();
        let is_judged = models.iter().any(|model| model["name"] == "Second");
        // What its neighbours import is told where it stands.
        let is_named = run.code == 3 && run.out.contains("\"path\": \"pytm/");
        assert!(is_judged || is_named, "{what}: {}", report["notices"]);
    }
}

#[test]
fn a_model_is_seen_wherever_and_in_whatever_encoding_it_lies() {
    let python = format!("from pytm import TM, Actor, Server, Dataflow\n{REST}");
    let script = format!("#!/usr/bin/env python3\n{python}");
    for path in [
        "new.pyw",
        "NEW.PY",
        "venv/new.py",
        "node_modules/x/new.py",
        "build/new.py",
        "conftest.py",
        ".hidden/new.py",
    ] {
        shows(path, &[(path, python.clone().into_bytes())]);
    }
    shows("a program", &[("bin/new", script.into_bytes())]);
    let notebook = "{\"cells\": [{\"source\": [\"from pytm import TM\\n\", \"tm = TM('x')\"]}]}";
    shows("a notebook", &[("new.ipynb", notebook.into())]);

    let latin = |cookie: &str| {
        let text = format!("{cookie}\n{python}").replace("Clerk", "Café");
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect::<Vec<u8>>()
    };
    shows("latin-1", &[("new.py", latin("# -*- coding: latin-1 -*-"))]);
    shows("cp1252", &[("new.py", latin("# coding: cp1252"))]);
    shows("no declaration", &[("new.py", latin(""))]);
    shows(
        "utf-7",
        &[(
            "new.py",
            b"# coding: utf-7\nfrom +AHA-ytm import *\n".to_vec(),
        )],
    );
    let wide = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let yaml = format!("tmrs: 1\n{YAML}");
    shows("UTF-16", &[("new.yaml", wide(&yaml))]);
    shows(
        "UTF-16 without a mark",
        &[("new.yaml", wide(&yaml)[2..].to_vec())],
    );
    shows("UTF-16 in Python", &[("new.py", wide(&python))]);
    shows(
        "a byte order mark",
        &[("new.yaml", format!("\u{feff}{yaml}").into_bytes())],
    );
    shows("an ending in capitals", &[("new.YML", yaml.into_bytes())]);
}

#[test]
fn a_model_is_seen_however_its_key_is_written() {
    for key in [
        "\"tmrs\": 1",
        "'tmrs' : 1",
        "\"\\u0074mrs\": 1",
        "\"\\x74mr\\x73\": 1",
        "!!str tmrs: 1",
        "&a tmrs: 1",
        "? tmrs\n: 1",
        "x: &x {tmrs: 1}\n<<: *x",
        "# why\n---\ntmrs: 1",
        "a: &k tmrs\n*k : 1",
        "first: 1\n---\ntmrs: 1",
    ] {
        shows(key, &[("new.yaml", format!("{key}\n{YAML}").into_bytes())]);
    }
    for json in [
        "{\"\\u0074mrs\": 1, \"name\": \"Second\", \"elements\": {\"w\": {\"class\": \"Server\", \"name\": \"W\"}}}",
        "{\"name\": \"Second\", \"x\": [1], \"tmrs\"\n:\n1, \"elements\": {}}",
    ] {
        shows(json, &[("new.json", json.into())]);
        shows(json, &[("new.yaml", json.into())]);
    }
}

#[test]
fn what_only_speaks_of_models_is_left() {
    let repo = Repo::with(&[
        ("first.yaml", FIRST),
        ("notes.py", "# import pytm some day\nx = 'pytm'\n"),
        ("common.py", "X = 1\n"),
        ("user.py", "from common import X\nTM = 1\n"),
        ("ci.yaml", "jobs:\n  tmrs: {runs-on: x}\n"),
        ("LICENSE", "import pytm\n"),
        ("run", "#!/bin/sh\nimport pytm\n"),
        ("data.json", "{\"a\": \"\\u0074mrs\"}"),
    ]);
    let report = repo.report(&["--no-baseline"]);
    assert_eq!(report["models"].as_array().unwrap().len(), 1);
    assert_eq!(report["notices"].to_string(), "[]");
}

#[test]
fn a_model_under_a_name_that_no_model_has_is_named_and_ends_the_run_as_incomplete() {
    let python = format!("from pytm import TM, Actor, Server, Dataflow\n{REST}");
    let cython = format!("cdef int x = 1\n{python}");
    let yaml = format!("tmrs: 1\n{YAML}");
    let json = "// why\n{\"tmrs\": 1, \"name\": \"Second\", \"elements\": {},}";
    let template = format!("{{% set x = 1 %}}\n{yaml}");
    for (path, text) in [
        ("new.pyi", &*python),
        ("new.py3", &python),
        ("new.ipy", &format!("%load_ext x\n{python}")),
        ("new.pyx", &cython),
        ("new.sh", &python),
        ("new.txt", &python),
        ("new.py.j2", &python),
        ("new", &python),
        (".new", &python),
        ("new.json5", json),
        ("new.jsonc", json),
        ("new.yml.j2", &template),
        ("new.yaml.tmpl", &template),
        ("new.tmpl", &yaml),
        ("new.tmrs", &yaml),
        ("new.conf", &yaml),
        ("Threatmodel", &yaml),
    ] {
        let repo = Repo::with(&[("first.yaml", FIRST), (path, text)]);
        let run = repo.tmrs(&["check", "--no-baseline"]);
        assert_eq!(run.code, 3, "{path}: {}", run.out);
        let said = format!("{path} may be a model");
        assert!(run.out.contains(&said), "{path}: {}", run.out);
        repo.write("tmrs.yaml", &format!("paths: {{exclude: ['{path}']}}\n"));
        let run = repo.tmrs(&["check", "--no-baseline"]);
        assert_ne!(run.code, 3, "{path}: {}", run.out);
    }
}

#[test]
fn a_text_that_shows_a_model_to_people_is_none() {
    let python = format!("from pytm import TM, Actor, Server, Dataflow\n{REST}");
    let recipe = "tmrs:\n    tmrs check\n";
    let many = "x".repeat(600 * 1024);
    let repo = Repo::with(&[
        ("first.yaml", FIRST),
        (
            "README.md",
            &format!("# How to\n\n```python\n{python}```\n"),
        ),
        ("HOWTO", &format!("How to\n======\n\n{python}")),
        (
            "notes.txt",
            &format!("A model is\n\ntmrs: 1\n\nand {python}"),
        ),
        ("try.sh", &format!("python3 - <<'END'\n{python}END\n")),
        ("tests.rs", &python),
        ("stub.pyi", "from pytm import TM\ndef build() -> TM: ...\n"),
        ("justfile", recipe),
        ("Procfile", "tmrs: tmrs check\n"),
        ("settings.toml", "[tmrs]\nversion = 1\n"),
        ("data.bin", "tmrs: 1\n"),
        ("large.txt", &format!("tmrs: 1\nname: {many}\n")),
    ]);
    std::fs::write(repo.path("blob"), b"\0tmrs: 1\n").unwrap();
    let report = repo.report(&["--no-baseline"]);
    assert_eq!(report["notices"].to_string(), "[]");
    assert_eq!(report["models"].as_array().unwrap().len(), 1);
}

/// Files as every repository has them, some with words that models have.
const OTHER_KINDS: &[(&str, &str)] = &[
    (
        "package-lock.json",
        r#"{"name": "shop", "lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}"#,
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1.0.0, version: 1.0.0}\n",
    ),
    (
        "poetry.lock",
        "[[package]]\nname = \"pytm\"\nversion = \"1.4.0\"\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"tmrs\"\nversion = \"0.1.0\"\n",
    ),
    ("requirements.txt", "pytm==1.4.0\n"),
    (
        "package.json",
        r#"{"name": "shop", "scripts": {"tm": "tmrs check"}, "devDependencies": {"tmrs": "1"}}"#,
    ),
    (
        "deploy.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: web}]}}}\n",
    ),
    (
        "chart/values.yaml",
        "web:\n  elements: []\n  flows: {}\n  tmrs: 1\n",
    ),
    (
        "compose.yml",
        "services:\n  web: {image: nginx, ports: ['80:80']}\n",
    ),
    (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  tmrs:\n    runs-on: ubuntu-latest\n    steps: [{run: tmrs check}]\n",
    ),
    (
        "api.json",
        r#"{"openapi": "3.1.0", "info": {"title": "Shop", "summary": "x"}, "paths": {"/flows": {}}}"#,
    ),
    (
        "bom.json",
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}], "services": []}"#,
    ),
    (
        "graph.json",
        r#"{"nodes": [{"summary": {}, "detail": {"diagrams": []}, "otmVersion": "0.2", "elements": [], "flows": []}]}"#,
    ),
    ("rows.json", r#"[{"tmrs": 1, "elements": [], "flows": []}]"#),
    (
        "strings.json",
        r#"{"text": "tmrs: 1, threagile_version: 1, otmVersion: 0.2"}"#,
    ),
    (
        "pom.xml",
        "<?xml version=\"1.0\"?>\n<project><artifactId>tmrs</artifactId></project>\n",
    ),
    (
        "App.csproj",
        "<Project><ItemGroup><PackageReference Include=\"ThreatModel\" /></ItemGroup></Project>\n",
    ),
    (
        "saved.tm7",
        "<ThreatModel xmlns=\"http://example.org/another\"><DrawingSurfaceList/></ThreatModel>\n",
    ),
    (
        "main.tf",
        "resource \"aws_s3_bucket\" \"threatmodel\" {\n  bucket = \"threatmodel\"\n}\n",
    ),
    (
        "main.tf.json",
        r#"{"resource": {"aws_lb": {"web": {"name": "elements"}}}}"#,
    ),
    (
        "job.hcl",
        "job \"threatmodel\" {\n  group \"component\" {\n    count = 1\n  }\n}\n",
    ),
    ("prod.tfvars", "spec_version = \"0.1.0\"\n"),
    ("feed.atom", "<feed><title>tmrs: 1</title></feed>\n"),
];

#[test]
fn files_of_other_kinds_are_taken_for_no_model_and_nobody_hears_of_them() {
    let repo = Repo::with(OTHER_KINDS);
    let report = repo.report(&["--allow-no-models"]);
    assert_eq!(report["models"], serde_json::json!([]));
    let notices = report["notices"].as_array().unwrap();
    let codes: Vec<_> = notices
        .iter()
        .map(|notice| notice["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["no-model"], "{notices:#?}");
    repo.write("tm.yaml", FIRST);
    let report = repo.report(&[]);
    assert_eq!(report["models"].as_array().unwrap().len(), 1);
    assert_eq!(report["notices"], serde_json::json!([]));
}
