//! Models of other tools: what is read of them, what is refused, and what is left alone.

use std::fmt::Write as _;
use std::fs;

use crate::harness::{self, Repo};
use crate::shared;

const SHOP_YAML: &str = include_str!("other_tools/shop.yaml");
const SHOP_PY: &str = include_str!("other_tools/shop.py");
const SHOP_PYTM: &str = include_str!("other_tools/shop.pytm.json");
const SHOP_OTM: &str = include_str!("other_tools/shop.otm");
const SHOP_THREAGILE: &str = include_str!("other_tools/shop.threagile.yaml");
const SHOP_DRAGON: &str = include_str!("other_tools/shop.dragon.json");
const SHOP_BOM: &str = include_str!("other_tools/shop.tm-bom.json");
const SHOP_TM7: &str = include_str!("other_tools/shop.tm7");
const SHOP_HCL: &str = include_str!("other_tools/shop.hcl");

/// The open findings of one model, without its path.
fn found(name: &str, text: &str) -> Vec<String> {
    let repo = Repo::with(&[(name, text)]);
    let report = repo.report(&[]);
    assert_ne!(
        report["summary"]["exit"], 3,
        "{name}: {}",
        report["notices"]
    );
    let found = harness::findings(&report, "new");
    let path = format!("{name} ");
    found
        .iter()
        .map(|line| line.strip_prefix(&path).unwrap().to_owned())
        .collect()
}

/// What stands in one list and not in the other, `-` before what the first one has.
fn differing(ours: &[String], theirs: &[String]) -> Vec<String> {
    let lacks = ours.iter().filter(|line| !theirs.contains(line));
    let adds = theirs.iter().filter(|line| !ours.contains(line));
    let lacks = lacks.map(|line| format!("- {line}"));
    lacks.chain(adds.map(|line| format!("+ {line}"))).collect()
}

#[test]
fn one_system_has_the_same_findings_in_every_format_but_for_listed_gaps() {
    let ours = found("shop.yaml", SHOP_YAML);
    assert!(ours.len() > 20, "{ours:#?}");
    let cases: [(&str, &str, &[&str]); 8] = [
        ("shop.py", SHOP_PY, &[]),
        ("shop.json", SHOP_PYTM, &[]),
        ("shop.otm", SHOP_OTM, OTM_GAPS),
        ("shop.yaml", SHOP_THREAGILE, &[]),
        ("shop.json", SHOP_DRAGON, DRAGON_GAPS),
        ("shop.tm7", SHOP_TM7, TM7_GAPS),
        ("shop.json", SHOP_BOM, BOM_GAPS),
        ("shop.hcl", SHOP_HCL, HCL_GAPS),
    ];
    let mut wrong = String::new();
    for (name, text, gaps) in cases {
        let found = found(name, text).into_iter();
        let found = found.map(|line| match name {
            // A process of threatcl is a Process here.
            "shop.hcl" => line.replace(" Process Web shop", " Server Web shop"),
            _ => line,
        });
        let differing = differing(&ours, &found.collect::<Vec<_>>());
        if differing != gaps {
            let _ = writeln!(wrong, "{name}: {differing:#?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A zone must have a rating, so that Cloud says how far it can be trusted.
const OTM_GAPS: &[&str] = &[
    "- MOD05 Boundary Cloud",
    "+ ZON01 Dataflow Order Customer→Web shop",
    "+ ZON03 Dataflow Order Customer→Web shop",
];

/// There is no data, and no kind of store.
const DRAGON_GAPS: &[&str] = &[
    "- BAK01 Datastore Orders",
    "- LOG13 Datastore Orders",
    "- STORE02 Datastore Orders",
    "- ZON09 Datastore Orders",
    "- ZON10 Datastore Orders",
    "- ZON11 Datastore Orders",
    "+ MOD03 Dataflow Keep Web shop→Orders",
    "+ MOD03 Dataflow Order Customer→Web shop",
    "+ MOD06 Datastore Orders",
];

/// There is no data.
const TM7_GAPS: &[&str] = &[
    "- BAK01 Datastore Orders",
    "- LOG13 Datastore Orders",
    "- STORE02 Datastore Orders",
    "- ZON09 Datastore Orders",
    "- ZON10 Datastore Orders",
    "- ZON11 Datastore Orders",
    "+ MOD03 Dataflow Keep Web shop→Orders",
    "+ MOD03 Dataflow Order Customer→Web shop",
];

/// Every part has a description, none a protocol or pages with scripts, and what data a flow
/// carries is not told, but that it is sensitive.
const BOM_GAPS: &[&str] = &[
    "- DS04 Server Web shop",
    "- INP04 Server Web shop",
    "- INP27 Server Web shop",
    "- INP36 Server Web shop",
    "- INP38 Server Web shop",
    "- INP39 Server Web shop",
    "- INP40 Server Web shop",
    "- MOD08 Datastore Orders",
    "- MOD08 Server Web shop",
    "- MOD14 Dataflow Order Customer→Web shop",
    "+ DE01 Dataflow Order Customer→Web shop",
    "+ MOD02 Dataflow Order Customer→Web shop",
];

/// A process may be anything that runs: as a Server it would be asked for what its pages need. It
/// cannot be told that the shop has pages and faces the internet, which data flows carry, and of
/// what kind a store is.
const HCL_GAPS: &[&str] = &[
    "- DS04 Server Web shop",
    "- INP27 Server Web shop",
    "- INP38 Server Web shop",
    "- INP39 Server Web shop",
    "- INP40 Server Web shop",
    "+ CLS02 Datastore Orders",
    "+ MOD03 Dataflow Keep Web shop→Orders",
    "+ MOD03 Dataflow Order Customer→Web shop",
    "+ MOD06 Datastore Orders",
];

#[test]
fn files_of_other_kinds_are_no_models() {
    let others = [
        (
            "package-lock.json",
            r#"{"name": "x", "lockfileVersion": 3, "packages": {"": {"name": "x"}}}"#,
        ),
        (
            "compose.yaml",
            "name: x\nservices:\n  web: {image: nginx}\nnetworks: {a: {}}\n",
        ),
        (
            "deploy.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
        ),
        (
            "openapi.json",
            r#"{"openapi": "3.0.0", "info": {"title": "x"}, "components": {}, "paths": {}}"#,
        ),
        (
            "dashboard.json",
            r#"{"summary": {"title": "x"}, "detail": {"panels": []}}"#,
        ),
        ("text.json", r#"{"a": {"otmVersion": "0.2.0"}}"#),
        (
            "text.yaml",
            "a: 'otmVersion: 0.2.0'\nb: |\n  threagile_version: 1\n",
        ),
        (
            "graph.json",
            r#"{"name": "x", "elements": [], "flows": []}"#,
        ),
        (
            "flows.json",
            r#"{"elements": {"sink": 1}, "flows": {"a": {"sink": "b"}}, "name": "x"}"#,
        ),
        (
            "zones.json",
            r#"{"scope": {}, "trust_zones": [], "data": {"data_sets": [], "data_flows": []}}"#,
        ),
        ("build.tm7", "<Project><ThreatModel/></Project>\n"),
        (
            "page.tm7",
            "see <ThreatModel xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model\"/>",
        ),
        (
            "main.hcl",
            "terraform {\n  source = \"git::https://example.com/a.git\"\n}\ninputs = { threatmodel = \"a\" }\n",
        ),
        (
            "job.nomad.hcl",
            "job \"threatmodel\" {\n  group \"a\" {\n    task \"b\" { driver = \"docker\" }\n  }\n}\n",
        ),
        (
            "image.pkr.hcl",
            "build {\n  provisioner \"shell\" {\n    inline = [<<EOT\nthreatmodel \"x\" {\n}\nEOT\n    ]\n  }\n}\n",
        ),
        (
            "controls.hcl",
            "component \"control\" \"mfa\" {\n  description = \"for a threatmodel\"\n}\n",
        ),
        (
            "template.tm7",
            "<KnowledgeBase xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.KnowledgeBase\"/>",
        ),
    ];
    for (name, text) in others {
        let repo = Repo::with(&[(name, text)]);
        let run = repo.tmrs(&["check", "--format", "json"]);
        assert_eq!(run.code, 4, "{name}: {run:?}");
    }
}

#[test]
fn a_model_of_threatcl_is_found_wherever_its_block_begins() {
    let model = SHOP_HCL.split_once("threatmodel ").unwrap().1;
    let begun = [
        "threatmodel ",
        "\t  threatmodel\t",
        "/* reviewed */ threatmodel ",
        "/*\n# */ threatmodel ",
        "variable \"a\" { default = \"b\" }\n\n/**/threatmodel ",
    ];
    for begun in begun {
        let repo = Repo::with(&[("shop.hcl", &format!("{begun}{model}"))]);
        let report = repo.report(&[]);
        assert_eq!(report["models"][0]["name"], "Shop", "{begun:?}");
    }
    // Nor does a mistake hide it.
    let repo = Repo::with(&[("shop.hcl", &format!("/* */ threatmodel {model} }}"))]);
    assert_eq!(repo.tmrs(&["check"]).code, 3);
}

/// pytm before 1.4 wrote no `excluded_findings`; what it worked out stands in its files all the
/// same, and its own threats under the path that it was started from.
#[test]
fn what_pytm_wrote_before_its_version_1_4_is_read_too() {
    let text = r#"{
  "boundaries": [],
  "data": [],
  "elements": [
    {"__class__": "Actor", "findings": [], "inScope": true, "inputs": [], "name": "Clerk", "outputs": ["Asks"], "isAdmin": false, "providesIntegrity": false},
    {"__class__": "Server", "findings": ["one"], "inScope": true, "inputs": ["Asks"], "name": "Desk", "outputs": [], "isHardened": true, "severity": 0}
  ],
  "findings": [],
  "flows": [{"name": "Asks", "sink": "Desk", "source": "Clerk", "isResponse": false}],
  "ignoreUnused": false,
  "mergeResponses": false,
  "name": "Office",
  "onDuplicates": "Action.NO_ACTION",
  "threatsExcluded": [],
  "threatsFile": "pytm/threatlib/threats.json"
}
"#;
    let repo = Repo::with(&[("office.json", text)]);
    let report = repo.report(&[]);
    let notices = report["notices"].as_array().unwrap();
    let severe = notices.iter().filter(|notice| notice["severity"] != "note");
    assert_eq!(severe.count(), 0, "{notices:#?}");
    assert_eq!(report["models"][0]["name"], "Office");
    assert_eq!(report["summary"]["verdict"], "failed", "{report:#}");
}

#[test]
fn a_slip_in_a_key_is_told_with_what_is_meant() {
    let cases = [
        (
            "shop.otm",
            SHOP_OTM,
            "assets: [card]",
            "asets: [card]",
            "assets",
        ),
        (
            "shop.hcl",
            SHOP_HCL,
            "information_classification",
            "information_clasification",
            "information_classification",
        ),
        (
            "shop.yaml",
            SHOP_THREAGILE,
            "    encryption: none",
            "    encrypton: none",
            "encryption",
        ),
    ];
    for (name, text, from, to, meant) in cases {
        let repo = Repo::with(&[(name, &text.replacen(from, to, 1))]);
        let report = repo.report(&[]);
        let notices = report["notices"].as_array().unwrap();
        let told = notices.iter().find(|told| told["code"] == "unknown-key");
        let told = told.unwrap_or_else(|| panic!("{name}: {notices:#?}"));
        assert_eq!(told["severity"], "warning", "{name}");
        assert_eq!(told["help"], format!("did you mean `{meant}`?"), "{name}");
        let line = text[..text.find(from).unwrap()].matches('\n').count() + 1;
        assert_eq!(told["location"]["line"], line, "{name}");
    }
}

/// Changes to a sound model, each with the line and the words of the complaint.
#[test]
fn what_is_wrong_in_a_file_is_an_error_at_its_place() {
    let otm = [
        ("destination: web", "destination: wab", "36:18", "`wab`"),
        ("id: orders", "id: web", "", "stands twice"),
        (
            "trustZone: internet",
            "trustZone: intranet",
            "",
            "`intranet`",
        ),
        (
            "assets: [card]",
            "assets: [cart]",
            "",
            "there is no asset `cart`",
        ),
        ("otmVersion: 0.2.0", "otmVersion: 7", "1:13", "version 7"),
        (
            "trustRating: 60",
            "trustRating: ten",
            "15:25",
            "`trustRating` must be a number from 0 to 100",
        ),
        (
            "trustRating: 0",
            "trustRating: .nan",
            "",
            "must be a number from 0 to 100",
        ),
        (
            "confidentiality: 90",
            "confidentiality: 9000",
            "6:29",
            "`confidentiality` must be",
        ),
        ("integrity: 100", "integrity: -1", "", "`integrity` must be"),
        (
            "  - name: Order\n    id: order",
            "  - name: Order",
            "",
            "has no `id`",
        ),
        (
            "project: {name: Shop, id: shop}",
            "project: 3",
            "",
            "must be a map",
        ),
    ];
    refused("shop.otm", SHOP_OTM, &otm);
    let threagile = [
        ("target: web", "target: wab", "", "`wab`"),
        (
            "protocol: https",
            "protocol: htps",
            "",
            "`protocol` cannot be",
        ),
        ("id: orders", "id: web", "", "stands twice"),
        (
            "technical_assets_inside: [customer]",
            "technical_assets_inside: [custom]",
            "",
            "`custom`",
        ),
        (
            "technical_assets_inside: [customer]",
            "technical_assets_inside: [web]",
            "",
            "two trust boundaries",
        ),
        ("title: Shop", "heading: Shop", "", "has no `title`"),
        ("    type: datastore\n", "", "", "has no `type`"),
        (
            "shared_runtimes: {}",
            "includes: [more.yaml]",
            "",
            "more.yaml",
        ),
    ];
    refused("shop.yaml", SHOP_THREAGILE, &threagile);
    let dragon = [
        (
            "\"width\": 200",
            "\"width\": -200",
            "22:31",
            "`size.width` must be a number of at least 0",
        ),
        (
            "\"x\": 300",
            "\"x\": \"left\"",
            "29:31",
            "`position.x` must be a number",
        ),
        (
            "\"size\": {\"width\": 600, \"height\": 200}",
            "\"size\": null",
            "30:21",
            "`size.height` must be",
        ),
        (
            "\"position\": {\"x\": 0, \"y\": 0},",
            "",
            "",
            "`position.y` must be",
        ),
        (
            "\"target\": {\"cell\": \"c-web\"}",
            "\"target\": {\"cell\": \"c-wab\"}",
            "",
            "`c-wab`",
        ),
        (
            "\"source\": {\"cell\": \"c-web\"}",
            "\"source\": {\"x\": 1, \"y\": 2}",
            "",
            "starts at no element",
        ),
        (
            "\"id\": \"c-orders\"",
            "\"id\": \"c-web\"",
            "",
            "stands twice",
        ),
        ("tm.Store", "tm.Storage", "", "not known"),
        (
            "\"title\": \"Shop\", \"owner\"",
            "\"owner\"",
            "",
            "has no `title`",
        ),
        ("\"cells\": [", "\"cells\": [,", "", "no JSON"),
        (
            "\"isEncrypted\": true, \"hasOpenThreats\": false}\n          },",
            "\"isEncrypted\": 1, \"threats\": 3}\n          },",
            "",
            "must be a list",
        ),
    ];
    refused("shop.json", SHOP_DRAGON, &dragon);
    let pytm = [
        (
            "\"sink\": \"Web shop\"",
            "\"sink\": \"Web shap\"",
            "",
            "`Web shap`",
        ),
        (
            "\"name\": \"Orders\"",
            "\"name\": \"Customer\"",
            "",
            "stands twice",
        ),
        ("\"Datastore\"", "\"Database\"", "", "no class `Database`"),
        (
            "\"classification\": \"SECRET\"",
            "\"classification\": \"SECRETS\"",
            "",
            "must be one of",
        ),
        (
            "\"data\": [\"Card number\"]",
            "\"data\": [\"Card-number\"]",
            "",
            "`Card-number`",
        ),
    ];
    refused("shop.json", SHOP_PYTM, &pytm);
    let bom = [
        (
            "\"object\": \"web\"",
            "\"object\": \"wab\"",
            "",
            "there is no component `wab`",
        ),
        (
            "\"type\": \"data_store\"",
            "\"type\": \"actor\"",
            "",
            "there is no actor `orders`",
        ),
        (
            "\"trust_zone\": \"cloud\"",
            "\"trust_zone\": \"clouds\"",
            "",
            "there is no trust zone `clouds`",
        ),
        (
            "\"type\": \"sql\"",
            "\"type\": \"sqll\"",
            "",
            "`type` cannot be",
        ),
        (
            "\"title\": \"Shop\"",
            "\"heading\": \"Shop\"",
            "",
            "has no `title`",
        ),
        (
            "\"symbolic_name\": \"keep\"",
            "\"symbolic_name\": \"order\"",
            "",
            "stands twice",
        ),
        (
            "\"data_store\": \"orders\"",
            "\"data_store\": \"order\"",
            "",
            "there is no data store `order`",
        ),
        (
            "\"encrypted\": true",
            "\"encrypted\": \"yes\"",
            "",
            "`encrypted` must be",
        ),
        ("\"data_sets\": [", "\"data_sets\": [,", "", "no JSON"),
    ];
    refused("shop.json", SHOP_BOM, &bom);
    let tm7 = [
        (
            "f6a04</TargetGuid>",
            "f6a99</TargetGuid>",
            "",
            "`5ab2f0d4-0c1e-4f6e-9a54-2f7f3b1f6a99`",
        ),
        (
            ">5ab2f0d4-0c1e-4f6e-9a54-2f7f3b1f6a03</SourceGuid>",
            ">00000000-0000-0000-0000-000000000000</SourceGuid>",
            "250:13",
            "starts at no element",
        ),
        ("f6a05</Guid>", "f6a04</Guid>", "", "stands twice"),
        (
            "i:type=\"StencilEllipse\"",
            "i:type=\"StencilOval\"",
            "",
            "`StencilOval`",
        ),
        ("<b:SelectedIndex>", "<b:SelectedIndex", "", "no XML"),
        (
            "<b:SelectedIndex>1<",
            "<b:SelectedIndex>7<",
            "",
            "must be below 2",
        ),
        (">350</Left>", ">left</Left>", "", "`Left` must be a number"),
        (
            ">false</b:Value>",
            ">perhaps</b:Value>",
            "",
            "must be true or false",
        ),
        ("DrawingSurfaceList>", "DrawingList>", "", "no XML"),
        ("</ThreatModel>", "", "1:1", "never closed"),
        (
            "<ThreatModel",
            "<!DOCTYPE a><ThreatModel",
            "1:1",
            "document types",
        ),
    ];
    refused("shop.tm7", SHOP_TM7, &tm7);
}

#[test]
fn what_is_wrong_in_a_model_of_threatcl_is_an_error_at_its_place() {
    let hcl = [
        (
            "to       = \"Web shop\"",
            "to       = \"Web shap\"",
            "40:18",
            "`Web shap`",
        ),
        ("from     = \"Customer\"\n", "", "38:5", "has no `from`"),
        ("process \"Web shop\"", "process", "30:7", "has no name"),
        (
            "process \"Web shop\"",
            "proces \"Web shop\"",
            "30:7",
            "no block `proces`",
        ),
        (
            "data_store \"Orders\"",
            "data_store \"Web shop\"",
            "33:16",
            "stands twice",
        ),
        (
            "= \"Card number\"",
            "= \"Card numbers\"",
            "35:27",
            "no information asset `Card numbers`",
        ),
        (
            "threatmodel \"Shop\"",
            "threatmodel \"\"",
            "7:1",
            "has no name",
        ),
        (
            "process \"Web shop\" {}",
            "process \"Web shop\" { trust_zone = \"Internet\" }",
            "30:41",
            "lies in `Cloud`",
        ),
        (
            "= \"Web shop\"",
            "= lower(\"Web shop\")",
            "40:18",
            "calls the function `lower`",
        ),
        ("= \"Web shop\"", "= var.shop", "40:18", "`var.shop`"),
        (
            "author = \"Jo\"",
            "author = \"Jo\"\n  including = \"github.com/acme/models|base.hcl\"",
            "9:15",
            "not in this repository",
        ),
        (
            "author = \"Jo\"",
            "author = \"Jo\"\n  including = \"base.hcl\"",
            "9:15",
            "base.hcl",
        ),
        (
            "author = \"Jo\"",
            "author = \"Jo\"\n  imports = [\"../../controls.hcl\"]",
            "9:14",
            "outside of the repository",
        ),
        (
            "author = \"Jo\"",
            "author = \"Jo\"\n  author = \"Ann\"",
            "9:3",
            "unique attribute key",
        ),
        (
            "process \"Web shop\" {}",
            "process \"Web shop\" {",
            "",
            "no HCL",
        ),
        (
            "  usecase {",
            "  threat \"T\" {\n    risk {\n      likelihood = \"often\"\n      impact = \"high\"\n    }\n  }\n  usecase {",
            "22:20",
            "`likelihood` cannot be",
        ),
        (
            "  usecase {",
            "  threat \"T\" {\n    information_asset_refs = [\"Cards\"]\n  }\n  usecase {",
            "21:31",
            "`Cards`",
        ),
        (
            "  usecase {",
            "  threat \"T\" {\n    control_imports = [\"import.control.mfa\"]\n  }\n  usecase {",
            "21:24",
            "there is no control `import.control.mfa`",
        ),
        (
            "  usecase {",
            "  threat \"T\" {\n    control \"c\" {\n      implemented = \"maybe\"\n    }\n  }\n  usecase {",
            "22:21",
            "`implemented` must be",
        ),
    ];
    refused("shop.hcl", SHOP_HCL, &hcl);
}

#[test]
fn what_is_drawn_nowhere_is_one_complaint_and_not_one_of_each_flow_too() {
    let text = SHOP_TM7.replacen(">350</Left>", ">left</Left>", 1);
    let repo = Repo::with(&[("shop.tm7", &text)]);
    let report = repo.report(&[]);
    let notices = report["notices"].as_array().unwrap().iter();
    let errors = notices.filter(|notice| notice["severity"] == "error");
    assert_eq!(errors.count(), 1, "{:#}", report["notices"]);
    let text = SHOP_DRAGON.replacen("\"width\": 200", "\"width\": -200", 1);
    let report = Repo::with(&[("shop.json", &text)]).report(&[]);
    let notices = report["notices"].as_array().unwrap().iter();
    let told = notices.filter(|notice| notice["severity"] != "note");
    assert_eq!(told.count(), 1, "{:#}", report["notices"]);
}

fn refused(name: &str, text: &str, cases: &[(&str, &str, &str, &str)]) {
    for (from, to, at, words) in cases {
        assert!(text.contains(from), "{name} has no {from:?}");
        let repo = Repo::with(&[(name, &text.replacen(from, to, 1))]);
        let report = repo.report(&[]);
        let notices = report["notices"].as_array().unwrap();
        let told = notices.iter().find(|notice| {
            let message = notice["message"].as_str().unwrap_or("");
            notice["severity"] == "error" && message.contains(words)
        });
        let told = told.unwrap_or_else(|| panic!("{name}, {to:?}: {notices:#?}"));
        let place = &told["location"];
        let position = format!("{}:{}", place["line"], place["column"]);
        assert!(place["line"].is_number(), "{told:#?}");
        assert!(at.is_empty() || position == *at, "{to:?} at {position}");
        assert_eq!(repo.tmrs(&["check"]).code, 3, "{name}, {to:?}");
    }
}

/// Files that are cut off, or in which a character is another one: whatever they say then, no
/// reader ends the program, and none takes a file that breaks the grammar for a whole model.
#[test]
fn no_broken_file_ends_the_program_or_passes_for_whole() {
    use tmrs::read::{READERS, ReadOptions, Sniff};
    use tmrs::source::{Memory, RepoPath, Source};
    let files = [
        ("shop.otm", SHOP_OTM),
        ("shop.yaml", SHOP_THREAGILE),
        ("dragon.json", SHOP_DRAGON),
        ("pytm.json", SHOP_PYTM),
        ("shop.tm7", SHOP_TM7),
        ("bom.json", SHOP_BOM),
        ("shop.hcl", SHOP_HCL),
    ];
    let mut read = 0;
    for (name, text) in files {
        let path = RepoPath::new(name).unwrap();
        let mut broken = Vec::new();
        for at in (0..text.len()).step_by(29) {
            let (before, after) = text.split_at(at);
            broken.push(before.to_owned());
            broken.extend(["[", "\"", "~", ": "].map(|new| {
                let rest = after.chars().skip(1).collect::<String>();
                format!("{before}{new}{rest}")
            }));
        }
        for text in broken {
            let source = Source::new(path.clone(), text.as_str());
            let tree = Memory::new([(name, text.as_str())]);
            for reader in READERS {
                if reader.sniff(&path, &text) != Sniff::Candidate {
                    continue;
                }
                let reading = reader.read(&source, &tree, &ReadOptions::default());
                let errors = reading.notices.iter();
                let is_broken = errors
                    .filter(|notice| notice.severity == tmrs::notice::Severity::Error)
                    .count()
                    > 0;
                let whole = reading.models.iter().filter(|model| model.complete).count();
                assert!(!is_broken || whole == 0, "{name}: {text}");
                assert!(is_broken || whole > 0, "{name}: {text}");
                read += 1;
            }
        }
    }
    assert!(read > 1000, "{read}");
}

#[test]
fn findings_stand_at_the_name_of_what_they_are_about() {
    let cases = [
        ("shop.otm", SHOP_OTM, "Web shop", "name: Web shop"),
        ("shop.yaml", SHOP_THREAGILE, "Web shop", "Web shop:"),
        ("shop.json", SHOP_DRAGON, "Web shop", "\"name\": \"Web"),
        ("shop.json", SHOP_PYTM, "Web shop", "\"name\": \"Web shop\""),
        ("shop.tm7", SHOP_TM7, "Web shop", ">Web&#xA;shop<"),
        ("shop.json", SHOP_BOM, "Web shop", "\"title\": \"Web shop\""),
        ("shop.hcl", SHOP_HCL, "Web shop", "process \"Web shop\""),
    ];
    for (name, text, element, written) in cases {
        let repo = Repo::with(&[(name, text)]);
        let report = repo.report(&[]);
        let findings = report["findings"].as_array().unwrap();
        let finding = findings
            .iter()
            .find(|finding| finding["element"]["name"] == element)
            .unwrap();
        let line = finding["location"]["line"].as_u64().unwrap() as usize;
        let line = text.lines().nth(line - 1).unwrap();
        assert!(line.contains(written), "{name}: {line}");
    }
}

#[test]
fn a_comment_excludes_in_yaml_of_another_tool_too() {
    let cases = [
        ("shop.otm", SHOP_OTM, "  - name: Web shop\n"),
        ("shop.yaml", SHOP_THREAGILE, "  Web shop:\n"),
    ];
    for (name, text, line) in cases {
        let repo = Repo::with(&[(name, text)]);
        let report = repo.report(&[]);
        let findings = report["findings"].as_array().unwrap();
        let finding = findings
            .iter()
            .find(|finding| finding["element"]["name"] == "Web shop")
            .unwrap();
        let rule = finding["rule"].as_str().unwrap().to_owned();
        let comment = format!("  # tmrs: exclude[{rule}] settled elsewhere\n{line}");
        repo.write(name, &text.replacen(line, &comment, 1));
        let excluded = repo.findings("excluded", &[]);
        let wanted = format!("{name} {rule} Server Web shop");
        assert_eq!(excluded, [wanted], "{name}");
    }
}

#[test]
fn threats_and_their_states_are_declared_threats_with_answers() {
    let otm = SHOP_OTM.replacen(
        "    type: web-application\n",
        "    type: web-application\n    threats:\n      - {threat: t1, state: exposed}\n      - threat: t2\n        state: mitigated\n        mitigations: [{mitigation: m1, state: implemented}]\n",
        1,
    ) + "threats:\n  - {id: t1, name: Shop is copied, risk: {likelihood: 90, impact: 90}}\n  - {id: t2, name: Cards are guessed, risk: {likelihood: 50, impact: 100}}\nmitigations:\n  - {id: m1, name: Rate limits, riskReduction: 80}\n";
    let threagile = SHOP_THREAGILE.to_owned()
        + "individual_risk_categories:\n  Copies:\n    id: copies\n    risks_identified:\n      Shop is copied:\n        severity: critical\n        most_relevant_technical_asset: web\nrisk_tracking:\n  cards-are-guessed@web:\n    status: mitigated\n    justification: Rate limits\n    ticket: T-1\n    date: 2026-01-01\n    checked_by: Jo\n";
    let dragon = SHOP_DRAGON.replacen(
        "\"isWebApplication\": true,",
        "\"isWebApplication\": true, \"threats\": [{\"id\": \"1\", \"title\": \"Shop is copied\", \"status\": \"Open\", \"severity\": \"Critical\", \"type\": \"Spoofing\", \"mitigation\": \"\", \"description\": \"\"}, {\"id\": \"2\", \"title\": \"Cards are guessed\", \"status\": \"Mitigated\", \"severity\": \"High\", \"type\": \"Spoofing\", \"mitigation\": \"Rate limits\", \"description\": \"\"}],",
        1,
    );
    let tm7 = SHOP_TM7.replacen(
        "<ThreatInstances xmlns:a=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"/>",
        &tm7_threats(&[
            ("Shop is copied", "AutoGenerated", "Critical", ""),
            ("Cards are guessed", "Mitigated", "High", "Rate limits"),
        ]),
        1,
    );
    let bom = SHOP_BOM.replacen(
        "\"data_flows\": [",
        r#""threats": [
            {"symbolic_name": "copied", "title": "Shop is copied", "components_affected": ["web"]},
            {"symbolic_name": "guessed", "title": "Cards are guessed", "components_affected": ["web"]}
        ],
        "risks": [{"symbolic_name": "r", "threats": ["copied"], "level": "critical"}],
        "controls": [
            {"symbolic_name": "a", "title": "Rate limits", "threats": ["guessed"], "status": "active"},
            {"symbolic_name": "b", "title": "Copy protection", "threats": ["guessed"], "status": "wont_do"},
            {"symbolic_name": "c", "title": "Watermarks", "threats": ["copied"], "status": "active"},
            {"symbolic_name": "d", "title": "Lawyers", "threats": ["copied"], "status": "suggested"}
        ],
        "data_flows": ["#,
        1,
    );
    let hcl = SHOP_HCL.replacen(
        "  usecase {",
        r#"  threat "Shop is copied" {
    description = "Somebody shows the same shop under another name"
    stride = ["Spoofing"]
    risk {
      likelihood = "Very high"
      impact = "high"
    }
    control "Watermarks" {
      description = "In every picture"
      implemented = true
    }
    control "Lawyers" {
      description = "None yet"
    }
  }
  threat "Cards are guessed" {
    information_asset_refs = ["Card number"]
    control "Rate limits" {
      description = "Ten a minute"
      implemented = "true"
      risk_reduction = 80
    }
  }
  usecase {"#,
        1,
    );
    for (name, text) in [
        ("shop.otm", &otm),
        ("shop.yaml", &threagile),
        ("shop.json", &dragon),
        ("shop.tm7", &tm7),
        ("shop.json", &bom),
        ("shop.hcl", &hcl),
    ] {
        let repo = Repo::with(&[(name, text)]);
        let report = repo.report(&[]);
        let findings = report["findings"].as_array().unwrap();
        let of = |rule: &str| {
            findings
                .iter()
                .find(|finding| finding["rule"] == rule)
                .unwrap_or_else(|| panic!("{name} has no {rule}: {}", report["notices"]))
        };
        let copied = of("DECLARED/shop-is-copied");
        assert_eq!(
            (&copied["status"], &copied["severity"]),
            (&"new".into(), &"critical".into()),
            "{name}"
        );
        let guessed = of("DECLARED/cards-are-guessed");
        assert_eq!(guessed["status"], "mitigated", "{name}");
        assert!(
            guessed["reason"].to_string().contains("Rate limits"),
            "{name}: {guessed}"
        );
    }
}

/// Threats of the flow Order, as the Threat Modeling Tool writes them: title, state, priority,
/// justification.
fn tm7_threats(threats: &[(&str, &str, &str, &str)]) -> String {
    const IDS: &str = "5ab2f0d4-0c1e-4f6e-9a54-2f7f3b1f6a0";
    let mut text = String::from(
        "<ThreatInstances xmlns:a=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\">",
    );
    for (at, (title, state, priority, why)) in threats.iter().enumerate() {
        let property = |name: &str, value: &str| {
            format!(
                "<a:KeyValueOfstringstring><a:Key>{name}</a:Key><a:Value>{value}</a:Value></a:KeyValueOfstringstring>"
            )
        };
        let properties = [
            property("Title", title),
            property("Priority", priority),
            property("StateInformation", why),
        ];
        let _ = write!(
            text,
            "<a:KeyValueOfstringThreatpc_P0_PhOB><a:Key>{at}</a:Key><a:Value xmlns:b=\"http://schemas.datacontract.org/2004/07/ThreatModeling.KnowledgeBase\"><b:DrawingSurfaceGuid>{IDS}0</b:DrawingSurfaceGuid><b:FlowGuid>{IDS}6</b:FlowGuid><b:Id>{at}</b:Id><b:Properties>{}</b:Properties><b:SourceGuid>{IDS}3</b:SourceGuid><b:State>{state}</b:State><b:TargetGuid>{IDS}4</b:TargetGuid></a:Value></a:KeyValueOfstringThreatpc_P0_PhOB>",
            properties.concat()
        );
    }
    text + "</ThreatInstances>"
}

#[test]
fn a_threagile_model_is_read_with_what_it_includes() {
    let (head, rest) = SHOP_THREAGILE.split_once("technical_assets:").unwrap();
    let main = head.replace(
        "tags_available",
        "includes: [parts/assets.yaml]\ntags_available",
    );
    let assets = format!("technical_assets:{rest}").replace(
        "  Orders:\n",
        "  # tmrs: exclude[DS01] settled elsewhere\n  Orders:\n",
    );
    let repo = Repo::with(&[("model.yaml", &main), ("parts/assets.yaml", &assets)]);
    let report = repo.report(&[]);
    assert_ne!(report["summary"]["exit"], 3, "{}", report["notices"]);
    let findings = report["findings"].as_array().unwrap();
    let web = findings
        .iter()
        .find(|finding| finding["element"]["name"] == "Web shop")
        .unwrap();
    assert_eq!(web["location"]["path"], "parts/assets.yaml");
    let line = web["location"]["line"].as_u64().unwrap() as usize;
    assert_eq!(assets.lines().nth(line - 1), Some("  Web shop:"));
    repo.edit("parts/assets.yaml", "target: orders", "target: order");
    let run = repo.tmrs(&["check"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        run.err.contains("parts/assets.yaml") || run.out.contains("parts/assets.yaml"),
        "{run:?}"
    );
}

#[test]
fn a_file_of_threagile_may_be_reached_in_two_ways_or_hold_nothing() {
    let (head, rest) = SHOP_THREAGILE.split_once("technical_assets:").unwrap();
    let includes = "includes: [a.yaml, assets.yaml, empty.yaml]\ntags_available";
    let main = head.replace("tags_available", includes);
    let repo = Repo::with(&[
        ("model.yaml", &main),
        ("a.yaml", "includes: [assets.yaml, model.yaml]\n"),
        ("assets.yaml", &format!("technical_assets:{rest}")),
        ("empty.yaml", "# Nothing yet.\n"),
    ]);
    let report = repo.report(&[]);
    assert_ne!(report["summary"]["exit"], 3, "{}", report["notices"]);
    let notices = report["notices"].to_string();
    assert!(notices.contains("`empty.yaml` holds nothing"), "{notices}");
    let untitled = SHOP_THREAGILE.replace("title: ", "title: # ");
    let repo = Repo::with(&[("model.yaml", &untitled)]);
    let notices = repo.report(&[])["notices"].to_string();
    assert!(notices.contains("`title` must be text"), "{notices}");
    assert!(!notices.contains("`name`"), "{notices}");
}

#[test]
fn what_has_no_word_is_counted_in_one_note() {
    let text = SHOP_OTM.replacen(
        "    type: web-application\n",
        "    type: web-application\n    colour: red\n    attributes: {owner: Jo}\n",
        1,
    );
    let text = text.replacen("    attributes: {tmrs: {isInternetFacing: true}}\n", "", 1);
    let repo = Repo::with(&[("shop.otm", &text)]);
    let told = harness::notices(&repo.report(&[]), "unexpressed");
    assert_eq!(told.len(), 1);
    for words in [
        "2 things",
        "`components.attributes.owner`",
        "`components.colour`",
    ] {
        assert!(told[0].contains(words), "{told:?}");
    }
}

#[test]
fn a_model_of_threatcl_takes_over_another_one_and_imports_its_controls() {
    let base = r#"spec_version = "0.3.1"
threatmodel "Platform" {
  author = "Jo"
  imports = ["../library/controls.hcl"]
  threat "Keys leak" {
    description = "Keys of the platform get out"
    control_imports = ["import.control.vault"]
  }
  threat "Shop is copied" {
    description = "Of the platform"
    control_imports = ["import.control.vault"]
  }
}
"#;
    let library = r#"component "control" "vault" {
  description = "Keys lie in a vault"
  implemented = true
}
component "control" "lawyers" {
  description = "None yet"
}
"#;
    let own = r#"  including = "models/base.hcl"
  imports = ["library/controls.hcl"]
  threat "Shop is copied" {
    description = "Of the shop"
    control "Lawyers" {
      description = import.control.lawyers.description
      implemented = true
    }
    control_imports = ["import.control.lawyers"]
  }
  usecase {"#;
    let shop = SHOP_HCL.replacen("  usecase {", own, 1);
    let repo = Repo::with(&[
        ("shop.hcl", &shop),
        ("models/base.hcl", base),
        ("library/controls.hcl", library),
    ]);
    let report = repo.report(&[]);
    assert_ne!(report["summary"]["exit"], 3, "{}", report["notices"]);
    assert_eq!(report["models"].as_array().unwrap().len(), 1);
    let mut declared: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| {
            let rule = finding["rule"].as_str()?.strip_prefix("DECLARED/")?;
            let at = &finding["location"];
            let path = at["path"].as_str()?;
            Some(format!(
                "{rule} {} {path}:{}",
                finding["status"], at["line"]
            ))
        })
        .collect();
    declared.sort();
    let wanted = [
        "keys-leak \"mitigated\" models/base.hcl:5",
        "shop-is-copied \"new\" shop.hcl:22",
    ];
    assert_eq!(declared, wanted);
    repo.edit(
        "models/base.hcl",
        "import.control.vault",
        "import.control.volt",
    );
    let run = repo.tmrs(&["check"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        run.err.contains("base.hcl:7:24") || run.out.contains("base.hcl:7:24"),
        "{run:?}"
    );
}

#[test]
fn a_control_whose_library_is_not_in_the_repository_counts_as_missing() {
    let own = r#"  imports = ["https://example.com/controls.hcl"]
  threat "Shop is copied" {
    description = import.control.copies.description
    control_imports = ["import.control.watermarks"]
  }
  usecase {"#;
    let repo = Repo::with(&[("shop.hcl", &SHOP_HCL.replacen("  usecase {", own, 1))]);
    let report = repo.report(&[]);
    assert_ne!(report["summary"]["exit"], 3, "{}", report["notices"]);
    let told = harness::notices(&report, "unread");
    assert!(told[0].contains("`import.control.watermarks`"), "{told:?}");
    let told = harness::notices(&report, "unexpressed");
    assert!(
        told[0].contains("`threat.description that only threatcl works out`"),
        "{told:?}"
    );
    let open = harness::findings(&report, "new");
    let copied = "shop.hcl DECLARED/shop-is-copied Boundary Shop".to_owned();
    assert!(open.contains(&copied), "{open:#?}");
}

#[test]
fn what_two_diagrams_of_threatcl_show_is_one_thing() {
    let again = r#"  data_flow_diagram_v2 "Nearer" {
    process "Web shop" {}
    process "Orders" {}
    data_store "Prices" {
      trust_zone = "Cloud"
    }
    flow "Ask" {
      from = "Web shop"
      to   = "Prices"
    }
  }
  data_flow_diagram_v2 "The whole" {"#;
    let text = SHOP_HCL.replacen("  data_flow_diagram_v2 \"The whole\" {", again, 1);
    let repo = Repo::with(&[("shop.hcl", &text)]);
    let report = repo.report(&[]);
    assert_ne!(report["summary"]["exit"], 3, "{}", report["notices"]);
    let drawn = repo.tmrs(&["dfd", "shop.hcl", "--format", "mermaid"]).out;
    assert_eq!(drawn.matches("Web shop").count(), 1, "{drawn}");
    assert_eq!(
        drawn.matches("Orders").count(),
        2,
        "a process and a store: {drawn}"
    );
    assert_eq!(drawn.matches("Prices").count(), 1, "{drawn}");
}

/// What the Threat Modeling Tool writes before anybody chose says nothing, and what nobody has a
/// word for is kept.
#[test]
fn a_property_of_the_threat_modeling_tool_counts_once_somebody_chose() {
    let chosen = |at: usize| {
        let from = "<b:SelectedIndex>0</b:SelectedIndex>\n              </a:anyType>\n            </Properties>\n            <TypeId xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model.Abstracts\">SE.P.TMCore.WebApp";
        assert!(SHOP_TM7.contains(from));
        let to = from.replacen('0', &at.to_string(), 1);
        found("shop.tm7", &SHOP_TM7.replacen(from, &to, 1))
    };
    let (nobody, yes, no) = (chosen(0), chosen(1), chosen(2));
    assert_eq!(nobody, no, "both leave it open whether input is sanitised");
    assert!(yes.len() < no.len(), "{:?}", differing(&no, &yes));
    let colour = SHOP_TM7.replacen(
        "<b:Name>hasInputSanitizers</b:Name>",
        "<b:Name>colour</b:Name>",
        1,
    );
    let colour = colour.replacen("<b:SelectedIndex>0</b:SelectedIndex>\n              </a:anyType>\n            </Properties>\n            <TypeId xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model.Abstracts\">SE.P.TMCore.WebApp", "<b:SelectedIndex>2</b:SelectedIndex>\n              </a:anyType>\n            </Properties>\n            <TypeId xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model.Abstracts\">SE.P.TMCore.WebApp", 1);
    let repo = Repo::with(&[("shop.tm7", &colour)]);
    let told = harness::notices(&repo.report(&[]), "unexpressed");
    assert!(told[0].contains("`Server.Sanitizes Input`"), "{told:?}");
}

#[test]
fn what_a_trust_boundary_of_a_tm_bom_says_holds_for_the_flows_across_it() {
    let across = |method: &str| {
        let zone = "\"trust_zone_b\": \"cloud\"";
        let border = format!("{zone}, \"authentication_methods\": [\"{method}\"]");
        found("shop.json", &SHOP_BOM.replacen(zone, &border, 1))
    };
    let settled = differing(&across("none"), &across("sso"));
    assert_eq!(
        settled,
        ["- AA01 Server Web shop", "- ZON09 Datastore Orders"]
    );
}

#[test]
fn a_question_about_another_tools_model_is_not_answered_into_it() {
    let repo = Repo::with(&[("shop.otm", SHOP_OTM)]);
    let run = repo.tmrs(&["questions", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let mut asked: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let questions = asked["questions"].as_array_mut().unwrap();
    assert!(!questions.is_empty());
    let text = run.out;
    assert!(!text.contains("web: {"), "{text}");
}

#[test]
fn a_baseline_and_a_base_revision_know_other_tools_models() {
    for (name, text) in [
        ("shop.otm", SHOP_OTM),
        ("shop.json", SHOP_DRAGON),
        ("shop.yaml", SHOP_THREAGILE),
        ("shop.tm7", SHOP_TM7),
        ("shop.json", SHOP_BOM),
        ("shop.hcl", SHOP_HCL),
    ] {
        let repo = Repo::with(&[(name, text)]);
        let run = repo.tmrs(&["baseline", "update"]);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        repo.commit("Accept");
        assert_eq!(repo.tmrs(&["check"]).code, 0, "{name}");
        assert!(
            repo.findings("new", &["--since", "HEAD"]).is_empty(),
            "{name}"
        );
    }
}

#[test]
fn the_page_on_other_tools_prints_their_tables() {
    let path = shared::root().join("docs/other-tools.md");
    let mut page = fs::read_to_string(&path).unwrap();
    for (format, tables) in tmrs::read::TABLES {
        let start = format!("<!-- what the words of {format} mean -->\n");
        let (before, rest) = page
            .split_once(&start)
            .unwrap_or_else(|| panic!("no place for the tables of {format}"));
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        page = format!("{before}{start}{}<!-- end -->{after}", printed(tables));
    }
    if std::env::var_os("TMRS_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        kept == page,
        "docs/other-tools.md: run TMRS_BLESS=1 cargo test other_tools"
    );
}

fn printed(tables: &[&tmrs::read::translate::words::Table]) -> String {
    use tmrs::read::translate::words::Fact;
    let mut text = String::new();
    for table in tables {
        let _ = writeln!(text, "\n| {} | here |\n|---|---|", table.title);
        for row in table.words {
            let class = row.class.map(|class| class.name().to_owned());
            let facts = row.says.iter().map(|(name, fact)| match fact {
                Fact::Yes => format!("{name}: true"),
                Fact::No => format!("{name}: false"),
                Fact::Is(said) => format!("{name}: {said}"),
            });
            let means: Vec<_> = class.into_iter().chain(facts).collect();
            let means = if means.is_empty() {
                "nothing".to_owned()
            } else {
                means.join(", ")
            };
            let _ = writeln!(text, "| {} | {means} |", row.words.join(", "));
        }
    }
    text.push('\n');
    text
}

#[test]
fn every_word_of_a_table_says_what_the_vocabulary_has() {
    use tmrs::model::vocabulary::Class;
    for (format, tables) in tmrs::read::TABLES {
        for row in tables.iter().flat_map(|table| table.words) {
            for (name, _) in row.says {
                let known = match name.strip_prefix("controls.") {
                    Some(control) => Class::Controls.attribute(control).is_some(),
                    None => Class::ALL
                        .iter()
                        .any(|class| class.attribute(name).is_some()),
                };
                assert!(known, "{format}: {:?} says {name}", row.words);
                if let Some(class) = row.class.filter(|_| !name.starts_with("controls.")) {
                    assert!(
                        class.attribute(name).is_some(),
                        "{format}: {:?}: {name}",
                        row.words
                    );
                }
            }
        }
    }
}
