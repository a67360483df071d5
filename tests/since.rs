//! `tmrs check --since`: only what was not open at the merge base is new.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::harness::{Repo, Run, fails_with, findings, notices};

/// A shop with a threat of high severity on its flow, and one server.
const SHOP: &str = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web, controls: {isHardened: true}}
data:
  orders: {name: Orders}
flows:
  visit: {source: user, sink: web, name: Visit, data: [orders], protocol: HTTP}
";

/// As pytm spells it.
const SHOP_PYTM: &str = "\
from pytm import TM, Actor, Data, Dataflow, Server

tm = TM('Shop')
user = Actor('User')
web = Server('Web')
web.controls.isHardened = True
visit = Dataflow(user, web, 'Visit')
visit.protocol = 'HTTP'
visit.data = Data('Orders')
tm.process()
";

fn shop() -> Repo {
    Repo::with(&[("model.yaml", SHOP)])
}

fn new(repo: &Repo, since: &str) -> Vec<String> {
    repo.findings("new", &["--since", since])
}

fn reasons(report: &Json) -> Vec<&str> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["status"] == "new")
        .map(|finding| finding["reason"].as_str().unwrap_or(""))
        .collect()
}

#[test]
fn what_was_open_at_the_base_is_known() {
    let repo = shop();
    assert_eq!(repo.tmrs(&["check"]).code, 1);
    assert_eq!(repo.tmrs(&["check", "--since", "HEAD"]).code, 0);
    assert_eq!(new(&repo, "HEAD"), [""; 0]);
    assert!(!repo.findings("baselined", &["--since", "HEAD"]).is_empty());
}

#[test]
fn only_what_a_change_adds_is_new_wherever_the_base_branch_went_since() {
    let repo = shop();
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.edit(
        "model.yaml",
        "data:\n",
        "  db: {class: Datastore, name: Db}\ndata:\n",
    );
    repo.commit("A database");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit("model.yaml", "isHardened: true", "isHardened: false");
    repo.commit("Softer");
    repo.git(&["checkout", "-q", "topic"]);
    let added = new(&repo, "main");
    assert!(!added.is_empty());
    assert!(
        added.iter().all(|line| line.ends_with("Datastore Db")),
        "{added:?}"
    );
}

#[test]
fn the_report_names_both_commits() {
    let repo = shop();
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.edit("model.yaml", "name: Web", "name: Web  # the only one")
        .commit("Say more");
    let head = repo.git(&["rev-parse", "HEAD"]);
    let report = repo.report(&["--since", "HEAD~1"]);
    assert_eq!(report["run"]["base"], base.trim());
    assert_eq!(report["run"]["revision"], head.trim());
}

#[test]
fn a_control_that_is_withdrawn_makes_its_findings_new_and_says_so() {
    let repo = shop();
    repo.edit("model.yaml", "isHardened: true", "isHardened: false");
    let report = repo.report(&["--since", "HEAD"]);
    let reasons = reasons(&report);
    assert!(!reasons.is_empty());
    for reason in reasons {
        assert!(
            reason.contains("isHardened of “Web” was true (model.yaml:5), and is false now"),
            "{reason}"
        );
    }
}

#[test]
fn an_answer_that_is_taken_back_makes_exactly_its_finding_new() {
    let answers = [
        (
            "name: Web, ",
            "name: Web, responses: {HTTP01: \"accepted: for now\"}, ",
        ),
        (
            "name: Web, ",
            "name: Web, assumptions: [{name: Fenced, exclude: [HTTP01]}], ",
        ),
        (
            "name: Web, ",
            "name: Web, exclude: {HTTP01: \"only inside\"}, ",
        ),
        (
            "  web: {",
            "  # tmrs: exclude[HTTP01] only inside\n  web: {",
        ),
    ];
    let plain = shop();
    let rule = plain
        .findings("new", &[])
        .iter()
        .find(|line| line.ends_with("Server Web"))
        .map(|line| line.split(' ').nth(1).unwrap().to_owned())
        .unwrap();
    for (from, to) in answers {
        let repo = Repo::with(&[(
            "model.yaml",
            &SHOP.replace(from, &to.replace("HTTP01", &rule)),
        )]);
        repo.write("model.yaml", SHOP);
        let report = repo.report(&["--since", "HEAD"]);
        assert_eq!(
            findings(&report, "new"),
            [format!("model.yaml {rule} Server Web")],
            "{to}"
        );
        assert!(
            reasons(&report)[0].contains("at the base"),
            "{:?}",
            reasons(&report)
        );
    }
}

#[test]
fn an_exclusion_that_is_removed_makes_exactly_its_findings_new() {
    let repo = shop();
    repo.write(
        "tmrs.yaml",
        "exclusions:\n  - {rule: '*', element: Web, reason: behind a fence}\n",
    );
    repo.commit("Exclude");
    let excluded = repo.findings("excluded", &[]);
    assert!(!excluded.is_empty());
    repo.remove("tmrs.yaml");
    assert_eq!(new(&repo, "HEAD"), excluded);
}

#[test]
fn a_model_that_moves_keeps_what_is_known() {
    let moves: [(&str, &str, &str); 3] = [
        ("docs/threats/shop.yaml", SHOP, "renamed"),
        (
            "docs/shop.yaml",
            &SHOP.replace("name: User", "description: Anyone, name: User"),
            "renamed and edited",
        ),
        ("shop.py", SHOP_PYTM, "written in the other format"),
    ];
    for (path, text, what) in moves {
        let repo = shop();
        repo.remove("model.yaml").write(path, text);
        assert_eq!(new(&repo, "HEAD"), [""; 0], "{what}, not committed");
        repo.commit("Move");
        assert_eq!(new(&repo, "HEAD~1"), [""; 0], "{what}");
        let named = repo.findings("new", &["--since", "HEAD~1", path]);
        assert_eq!(named, [""; 0], "{what}, only the new path named");
    }
}

/// A shop in which every part has a name of its own.
pub(crate) const NAMED: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
  dmz: {name: DMZ, trust: INTERNAL}
elements:
  user: {class: Actor, name: User, inBoundary: net}
  web: {class: Server, name: Web, inBoundary: dmz, controls: {sanitizesInput: false}}
  db:
    class: Datastore
    inBoundary: dmz
    isSQL: true
    storesPII: true
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP}
  store: {source: web, sink: db, name: Store}
";

pub(crate) const NAMED_PYTM: &str = "\
from pytm import TM, Actor, Boundary, Dataflow, Datastore, Server

tm = TM('Shop')
net = Boundary('Internet')
user = Actor('User')
user.inBoundary = net
web = Server('Web')
web.controls.sanitizesInput = False
db = Datastore('Orders')
db.isSQL = True
db.storesPII = True
visit = Dataflow(user, web, 'Visit')
visit.protocol = 'HTTP'
store = Dataflow(web, db, 'Store')
tm.process()
";

/// What is renamed, the file, its text, and the edits that do it.
pub(crate) type Rename = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Renames that leave everything else as it was.
pub(crate) const RENAMES: [Rename; 11] = [
    ("a model", "m.yaml", NAMED, &[("name: Shop", "name: Store")]),
    (
        "an element",
        "m.yaml",
        NAMED,
        &[("name: Web", "name: Front")],
    ),
    ("a flow", "m.yaml", NAMED, &[("name: Visit", "name: Call")]),
    (
        "a boundary",
        "m.yaml",
        NAMED,
        &[("name: DMZ", "name: Edge")],
    ),
    (
        "an element whose id is its name",
        "m.yaml",
        NAMED,
        &[("  db:", "  orders:"), ("sink: db", "sink: orders")],
    ),
    (
        "everything at once",
        "m.yaml",
        NAMED,
        &[
            ("name: Shop", "name: Store"),
            ("name: User", "name: Customer"),
            ("name: Web", "name: Front"),
            ("name: Store}", "name: Save}"),
            ("name: DMZ", "name: Edge"),
        ],
    ),
    (
        "a model in Python",
        "m.py",
        NAMED_PYTM,
        &[("'Shop'", "'Store'")],
    ),
    (
        "an element in Python",
        "m.py",
        NAMED_PYTM,
        &[("'Web'", "'Front'")],
    ),
    (
        "a flow in Python",
        "m.py",
        NAMED_PYTM,
        &[("'Visit'", "'Call'")],
    ),
    (
        "a boundary in Python",
        "m.py",
        NAMED_PYTM,
        &[("'Internet'", "'Outside'")],
    ),
    (
        "an element in Python that moves down the file",
        "m.py",
        NAMED_PYTM,
        &[
            ("tm = TM", "# What follows is the shop.\ntm = TM"),
            ("'Orders'", "'Sales'"),
        ],
    ),
];

#[test]
fn what_is_renamed_keeps_what_is_known_of_it() {
    for (what, path, text, edits) in RENAMES {
        let repo = Repo::with(&[(path, text)]);
        let known = repo.findings("new", &[]).len();
        for (from, to) in edits {
            repo.edit(path, from, to);
        }
        let report = repo.report(&["--since", "HEAD"]);
        assert_eq!(findings(&report, "new"), [""; 0], "{what}");
        assert_eq!(findings(&report, "baselined").len(), known, "{what}");
        assert_eq!(report["fixed"].as_array().unwrap().len(), 0, "{what}");
        assert_eq!(notices(&report, "renamed").len(), 1, "{what}");
    }
}

#[test]
fn what_is_new_about_something_renamed_is_new() {
    let repo = Repo::with(&[("m.yaml", NAMED)]);
    repo.edit(
        "m.yaml",
        "name: Web, inBoundary: dmz, controls: {sanitizesInput: false}",
        "name: Front, inBoundary: dmz, controls: {sanitizesInput: false, isHardened: false}",
    );
    let new = new(&repo, "HEAD");
    assert!(
        !new.is_empty() && new.iter().all(|line| line.contains("Front")),
        "{new:?}"
    );
    let known = repo.findings("baselined", &["--since", "HEAD"]);
    assert!(known.iter().any(|line| line.contains("Front")), "{known:?}");
}

#[test]
fn what_replaces_an_element_inherits_nothing() {
    type Edits<'e> = &'e [(&'e str, &'e str)];
    let cases: [(&str, &str, &str, Edits<'_>); 3] = [
        (
            "another id",
            "m.yaml",
            NAMED,
            &[
                (
                    "  web: {class: Server, name: Web,",
                    "  pay: {class: Server, name: Pay,",
                ),
                ("sink: web", "sink: pay"),
                ("source: web", "source: pay"),
            ],
        ),
        (
            "another variable",
            "m.py",
            NAMED_PYTM,
            &[
                ("web = Server('Web')\nweb.", "pay = Server('Pay')\npay."),
                ("user, web", "user, pay"),
                ("(web, db", "(pay, db"),
            ],
        ),
        (
            "the same id, and nothing else of it",
            "m.yaml",
            NAMED,
            &[
                (
                    "name: Web, inBoundary: dmz, controls: {sanitizesInput: false}",
                    "name: Pay, controls: {isHardened: false}",
                ),
                (
                    "visit: {source: user, sink: web",
                    "visit: {source: user, sink: db",
                ),
                ("store: {source: web", "store: {source: user"),
                (
                    "name: Store}",
                    "name: Store}\n  pay: {source: db, sink: web, name: Pay}",
                ),
            ],
        ),
    ];
    for (what, path, text, edits) in cases {
        let repo = Repo::with(&[(path, text)]);
        for (from, to) in edits {
            repo.edit(path, from, to);
        }
        let report = repo.report(&["--since", "HEAD"]);
        let known = findings(&report, "baselined");
        assert!(
            known.iter().all(|line| !line.contains("Pay")),
            "{what}: {known:?}"
        );
        let new = findings(&report, "new");
        assert!(
            new.iter().any(|line| line.contains("Pay")),
            "{what}: {new:?}"
        );
    }
}

#[test]
fn a_copy_of_a_model_is_news() {
    let repo = shop();
    repo.write("copy.yaml", SHOP);
    let new = new(&repo, "HEAD");
    assert!(!new.is_empty());
    assert!(
        new.iter().all(|line| line.starts_with("copy.yaml ")),
        "{new:?}"
    );
}

#[test]
fn services_of_the_same_names_do_not_hide_each_other() {
    let soft = SHOP.replace("isHardened: true", "isHardened: false");
    let repo = Repo::with(&[("a/model.yaml", &soft), ("b/model.yaml", SHOP)]);
    repo.write("b/model.yaml", &soft);
    let new = new(&repo, "HEAD");
    assert!(!new.is_empty());
    assert!(
        new.iter().all(|line| line.starts_with("b/model.yaml ")),
        "{new:?}"
    );
}

#[test]
fn what_ended_is_fixed_or_gone() {
    let repo = shop();
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(report["fixed"], Json::Array(Vec::new()));
    repo.edit(
        "model.yaml",
        "protocol: HTTP}",
        "protocol: HTTPS, controls: {isEncrypted: true}}",
    );
    let how = |report: &Json| -> Vec<String> {
        let fixed = report["fixed"].as_array().unwrap().iter();
        let mut how: Vec<_> = fixed
            .map(|f| f["how"].as_str().unwrap().to_owned())
            .collect();
        how.dedup();
        how
    };
    assert_eq!(how(&repo.report(&["--since", "HEAD"])), ["fixed"]);
    repo.write("model.yaml", SHOP.split("flows:").next().unwrap());
    assert!(how(&repo.report(&["--since", "HEAD"])).contains(&"gone".to_owned()));
    repo.remove("model.yaml");
    let report = repo.report(&["--since", "HEAD", "--allow-no-models"]);
    assert_eq!(how(&report), ["gone"]);
}

#[test]
fn of_two_elements_of_one_name_the_change_of_either_is_named() {
    let shop = |first: &str, second: &str| {
        format!(
            "tmrs: 1\nname: Shop\nelements:\n  a: {{class: Datastore, name: Stock{first}}}\n  \
             b: {{class: Datastore, name: Stock{second}}}\n"
        )
    };
    for (first, second) in [(", kind: QUEUE", ""), ("", ", kind: QUEUE")] {
        let repo = Repo::with(&[("model.yaml", &shop("", ""))]);
        repo.write("model.yaml", &shop(first, second));
        let report = repo.report(&["--since", "HEAD"]);
        let fixed = report["fixed"].as_array().unwrap().iter();
        let of_kind: Vec<&Json> = fixed.filter(|it| it["rule"] == "MOD06").collect();
        assert_eq!(of_kind.len(), 1, "{first}{second}");
        let because = of_kind[0]["because"].as_str().unwrap_or("nothing");
        assert!(
            because.contains("kind is QUEUE"),
            "{first}{second}: {because}"
        );
    }
}

#[test]
fn a_model_that_was_unreadable_at_the_base_is_all_new_with_a_warning() {
    let repo = Repo::with(&[("model.yaml", &SHOP.replace("sink: web", "sink: nobody"))]);
    repo.write("model.yaml", SHOP);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(findings(&report, "baselined"), [""; 0]);
    assert!(!findings(&report, "new").is_empty());
    let warnings = notices(&report, "base");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("model.yaml"), "{warnings:?}");
}

#[test]
fn what_is_unreadable_on_both_sides_is_all_new_whatever_changed_beside_it() {
    let broken = SHOP_PYTM.replace("'Orders'", "input()");
    let broken = format!("import names\n{broken}");
    let repo = Repo::with(&[("tm.py", &broken), ("names.py", "")]);
    let alike = repo.report(&["--since", "HEAD"]);
    repo.write("names.py", "shop = 'Shop'\n");
    let beside = repo.report(&["--since", "HEAD"]);
    for report in [&alike, &beside] {
        let warned = "tm.py could not be read completely at the base";
        let told = notices(report, "base");
        assert!(told.iter().any(|it| it.contains(warned)), "{told:?}");
        assert_eq!(report["summary"]["exit"], 3);
    }
    assert_eq!(findings(&alike, "new"), findings(&beside, "new"));
    assert!(!findings(&alike, "new").is_empty());
}

#[test]
fn what_only_helps_a_model_is_no_model_at_the_base() {
    let building = "\
from pytm import TM, Server

class Shop:
    def build(self):
        tm = TM('Shop')
        Server('Web')
        return tm
";
    let model = "import pytm\nfrom building import Shop\nShop().build().process()\n";
    let repo = Repo::with(&[("building.py", building), ("tm.py", model)]);
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(notices(&report, "base"), [""; 0]);
    assert_eq!(report["summary"]["exit"], 0);
}

#[test]
fn a_broken_configuration_at_the_base_makes_all_new_with_a_warning() {
    let repo = Repo::with(&[("model.yaml", SHOP), ("tmrs.yaml", "fail-on: sometimes\n")]);
    repo.write("tmrs.yaml", "fail-on: high\n");
    let report = repo.report(&["--since", "HEAD"]);
    assert_eq!(findings(&report, "baselined"), [""; 0]);
    assert_eq!(notices(&report, "base").len(), 1);
}

#[test]
fn line_ends_and_attributes_change_nothing() {
    let repo = Repo::with(&[("model.yaml", SHOP), ("shop.py", SHOP_PYTM)]);
    repo.write(
        ".gitattributes",
        "*.yaml text eol=crlf\n*.py text eol=crlf\n",
    )
    .commit("Lines");
    for path in ["model.yaml", "shop.py"] {
        let crlf = repo.read(path).replace("\r\n", "\n").replace('\n', "\r\n");
        repo.write(path, &crlf);
    }
    assert_eq!(new(&repo, "HEAD"), [""; 0]);
}

#[test]
fn a_worktree_and_a_submodule_are_repositories_of_their_own() {
    let repo = shop();
    repo.git(&["worktree", "add", "-q", "other", "-b", "other"]);
    let other = repo.path("other/model.yaml");
    fs::write(
        &other,
        SHOP.replace("isHardened: true", "isHardened: false"),
    )
    .unwrap();
    let mut run = repo.command(&["check", "--since", "main", "--format", "json"]);
    let report = json(&crate::harness::run(run.current_dir(repo.path("other"))));
    let new = findings(&report, "new");
    assert!(
        !new.is_empty() && new.iter().all(|line| line.ends_with("Server Web")),
        "{new:?}"
    );

    let whole = Repo::with(&[("own.yaml", &SHOP.replace("name: Shop", "name: Own"))]);
    let url = repo.root().to_str().unwrap();
    whole.git(&["submodule", "add", "-q", url, "vendor/shop"]);
    whole.commit("Add the shop");
    let lines = whole.findings("baselined", &["--since", "HEAD"]);
    assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("own.yaml")));
    assert_eq!(whole.findings("new", &["--since", "HEAD"]), [""; 0]);
    let mut run = whole.command(&["check", "--since", "HEAD", "--format", "json"]);
    let report = json(&crate::harness::run(
        run.current_dir(whole.path("vendor/shop")),
    ));
    assert_eq!(findings(&report, "new"), [""; 0]);
    assert!(!findings(&report, "baselined").is_empty());
}

fn json(run: &Run) -> Json {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("no report: {run:?}"))
}

#[test]
fn a_baseline_made_at_the_merge_base_gives_the_same_answer() {
    let soft = SHOP.replace("isHardened: true", "isHardened: false");
    let named = |name: &str| SHOP.replace("name: Shop", &format!("name: {name}"));
    let vendor = Repo::with(&[("vendored.yaml", &named("Vendored"))]);
    let repo = Repo::with(&[
        ("a/model.yaml", SHOP),
        ("b/model.yaml", &named("Depot")),
        ("c/model.py", &SHOP_PYTM.replace("'Shop'", "'Office'")),
        ("gone.yaml", &named("Gone")),
        ("lines/crlf.yaml", &named("Lines").replace('\n', "\r\n")),
        ("lines/wide.yaml", &named("Wide")),
        (
            "mended.yaml",
            &named("Mended").replace("sink: web", "sink: nobody"),
        ),
        (
            ".gitattributes",
            "lines/crlf.yaml text eol=crlf\nlines/wide.yaml working-tree-encoding=UTF-8 text eol=lf\n",
        ),
    ]);
    let url = vendor.root().to_str().unwrap();
    repo.git(&["submodule", "add", "-q", url, "vendor"]);
    repo.commit("With a submodule");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.remove("gone.yaml").remove("a/model.yaml");
    repo.write("moved/a.yaml", &soft);
    repo.commit("Move a, drop one");
    repo.edit("b/model.yaml", "protocol: HTTP}", "protocol: HTTPS}");
    repo.edit("c/model.py", "web.controls.isHardened = True\n", "");
    repo.edit("lines/crlf.yaml", "isHardened: true", "isHardened: false");
    repo.edit("lines/wide.yaml", "isHardened: true", "isHardened: false");
    repo.write("mended.yaml", &named("Mended"));
    repo.commit("Change some, mend one");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("d.yaml", &SHOP.replace("name: Shop", "name: Late"))
        .commit("Another one");
    repo.git(&["checkout", "-q", "topic"]);
    repo.git(&["merge", "-q", "main", "-m", "Take over"]);
    repo.edit("d.yaml", "isHardened: true", "isHardened: false")
        .commit("Soften");

    let base = repo.git(&["merge-base", "main", "HEAD"]);
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        "../base-of-it",
        base.trim(),
    ]);
    let there = repo.root().parent().unwrap().join("base-of-it");
    let baseline = there.join("tmrs-baseline.json");
    let made = crate::harness::run(repo.command(&["baseline", "update"]).current_dir(&there));
    assert_eq!(made.code, 3, "one could not be read: {made:?}");
    let by_file = repo.report(&["--baseline", baseline.to_str().unwrap()]);
    let by_base = repo.report(&["--since", "main", "--no-baseline"]);
    repo.git(&["worktree", "remove", "--force", there.to_str().unwrap()]);
    for status in ["new", "baselined", "unreviewed"] {
        let mut of_base = findings(&by_base, status);
        // A baseline cannot tell what weakens the check.
        of_base.retain(|line| !line.contains(" CHG"));
        assert_eq!(of_base, findings(&by_file, status), "{status}");
    }
    // Nor why something is fixed.
    let fixed = |report: &Json| {
        let mut fixed = report["fixed"].clone();
        for fixed in fixed.as_array_mut().unwrap() {
            fixed["because"] = Json::Null;
        }
        fixed
    };
    assert_eq!(fixed(&by_base), fixed(&by_file));
    let news = findings(&by_base, "new");
    for path in [
        "moved/a.yaml",
        "d.yaml",
        "lines/crlf.yaml",
        "lines/wide.yaml",
        "mended.yaml",
    ] {
        assert!(
            news.iter().any(|line| line.starts_with(path)),
            "{path}: {news:?}"
        );
    }
    assert!(
        !news.iter().any(|line| line.starts_with("vendor/")),
        "{news:?}"
    );
    assert!(!findings(&by_base, "new").is_empty());
    assert!(!findings(&by_base, "baselined").is_empty());
}

#[test]
fn a_reference_that_cannot_be_compared_with_ends_with_its_remedy() {
    let repo = shop();
    for name in ["--output=x", "-x", "", "no\nname"] {
        let argument = format!("--since={name}");
        fails_with(
            &repo.tmrs(&["check", &argument]),
            &["cannot be the name of a revision"],
        );
    }
    assert!(!repo.path("x").exists());
    fails_with(
        &repo.tmrs(&["check", "--since", "origin/main"]),
        &["no commit “origin/main”", "git fetch"],
    );
    fails_with(
        &repo.tmrs(&["check", "--since", "HEAD:model.yaml"]),
        &["no commit"],
    );

    repo.git(&["checkout", "-q", "--orphan", "island"]);
    repo.commit("Alone");
    fails_with(
        &repo.tmrs(&["check", "--since", "main"]),
        &["no common history"],
    );

    let unborn = Repo::new();
    unborn.write("model.yaml", SHOP);
    fails_with(
        &unborn.tmrs(&["check", "--since", "main"]),
        &["no commit yet"],
    );
}

/// What git does with line ends on Windows unless it is told otherwise.
#[test]
fn other_line_ends_in_the_working_tree_are_no_change() {
    let config = "fail-on: low\n";
    let repo = Repo::with(&[("tm.py", SHOP_PYTM), ("tmrs.yaml", config)]);
    repo.git(&["config", "core.autocrlf", "true"]);
    for path in ["tm.py", "tmrs.yaml"] {
        repo.write(path, &repo.read(path).replace('\n', "\r\n"));
    }
    let arguments = ["--since", "HEAD", "--changed-only"];
    assert_eq!(repo.report(&arguments)["summary"]["models"], 0);
    repo.edit("tm.py", "isHardened = True", "isHardened = False");
    assert_eq!(repo.report(&arguments)["summary"]["models"], 1);
}

#[test]
fn before_the_first_commit_everything_is_added() {
    let repo = Repo::new();
    repo.write("model.yaml", SHOP);
    let without = repo.findings("new", &[]);
    assert!(!without.is_empty());
    assert_eq!(new(&repo, "HEAD"), without);
    assert_eq!(
        repo.findings("new", &["--since", "HEAD", "--changed-only"]),
        without
    );
    repo.commit("First");
    assert_eq!(new(&repo, "HEAD"), [""; 0]);
}

#[test]
fn a_repository_of_somebody_else_ends_with_its_remedy() {
    let repo = shop();
    for arguments in [
        &["check"][..],
        &["check", "--since", "HEAD"],
        &["check", "--policy-from", "HEAD"],
        &["diff", "HEAD"],
        &["baseline", "update"],
    ] {
        let mut command = repo.command(arguments);
        let run = crate::harness::run(command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"));
        fails_with(
            &run,
            &[
                "git config --global --add safe.directory",
                "another user owns it",
            ],
        );
    }
    assert!(!repo.path("tmrs-baseline.json").exists());
}

#[test]
fn without_git_there_is_no_revision() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.yaml"), SHOP).unwrap();
    let repo = shop();
    let mut run = repo.command(&["check", "--since", "HEAD"]);
    fails_with(
        &crate::harness::run(run.current_dir(folder.path())),
        &["no git repository", "baseline"],
    );
}

#[test]
fn several_merge_bases_ask_which_one() {
    let repo = shop();
    repo.git(&["checkout", "-q", "-b", "left"]);
    repo.write("left.txt", "1").commit("Left");
    repo.git(&["checkout", "-q", "-b", "right", "main"]);
    repo.write("right.txt", "1").commit("Right");
    repo.git(&["branch", "left-before", "left"]);
    repo.git(&["checkout", "-q", "left"]);
    repo.git(&["merge", "-q", "right", "-m", "One way"]);
    repo.git(&["checkout", "-q", "right"]);
    repo.git(&["merge", "-q", "left-before", "-m", "The other way"]);
    let run = repo.tmrs(&["check", "--since", "left"]);
    fails_with(&run, &["2 merge bases", "--since"]);
    let base = repo.git(&["rev-parse", "left-before"]);
    assert_eq!(new(&repo, base.trim()), [""; 0]);
}

#[test]
fn a_shallow_clone_says_how_to_deepen_it() {
    let repo = shop();
    repo.write("more.txt", "1").commit("More");
    let clones = tempfile::tempdir().unwrap();
    let url = format!("file:///{}", for_git(repo.root()).trim_start_matches('/'));
    let clone = clones.path().join("clone");
    repo.git(&["clone", "-q", "--depth", "1", &url, clone.to_str().unwrap()]);
    let mut run = repo.command(&["check", "--since", "HEAD~1"]);
    fails_with(
        &crate::harness::run(run.current_dir(&clone)),
        &["shallow", "fetch-depth: 0"],
    );
    let mut run = repo.command(&["check", "--since", "HEAD"]);
    assert_eq!(crate::harness::run(run.current_dir(&clone)).code, 0);
}

#[test]
fn a_partial_clone_fetches_nothing_and_says_what_to_do() {
    let repo = shop();
    repo.edit("model.yaml", "name: Web", "name: Front")
        .commit("Rename");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clones = tempfile::tempdir().unwrap();
    let url = format!("file:///{}", for_git(repo.root()).trim_start_matches('/'));
    let clone = clones.path().join("clone");
    repo.git(&[
        "clone",
        "-q",
        "--filter=blob:none",
        &url,
        clone.to_str().unwrap(),
    ]);
    let mut run = repo.command(&["check", "--since", "HEAD~1"]);
    fails_with(
        &crate::harness::run(run.current_dir(&clone)),
        &["partial clone", "--refetch"],
    );
    repo.git(&[
        "-C",
        clone.to_str().unwrap(),
        "fetch",
        "-q",
        "--refetch",
        "--no-filter",
    ]);
    let mut run = repo.command(&["check", "--since", "HEAD~1"]);
    let run = crate::harness::run(run.current_dir(&clone));
    assert_eq!(run.code, 0, "the remedy must help: {run:?}");
}

#[test]
fn a_model_in_lfs_is_an_error_with_its_remedy() {
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 10\n",
        "0".repeat(64)
    );
    let repo = Repo::with(&[("model.yaml", &pointer), ("other.json", &pointer)]);
    repo.write("model.yaml", SHOP);
    fails_with(
        &repo.tmrs(&["check", "model.yaml", "--since", "HEAD"]),
        &["LFS", "git lfs fetch"],
    );
}

#[test]
fn a_hostile_repository_runs_nothing() {
    let repo = shop();
    repo.edit("model.yaml", "isHardened: true", "isHardened: false");
    let trap = repo.path("trap.sh");
    let sprung = repo.path("sprung");
    fs::write(
        &trap,
        format!("#!/bin/sh\necho $0 >> {}\n", for_git(&sprung)),
    )
    .unwrap();
    executable(&trap);
    let trap = &for_git(&trap);
    let settings = [
        "core.fsmonitor",
        "diff.external",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.gitProxy",
        "core.askPass",
        "credential.helper",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.trap.process",
        "merge.trap.driver",
        "gpg.program",
        "alias.cat-file",
        "alias.rev-parse",
        "core.alternateRefsCommand",
        "uploadpack.packObjectsHook",
    ];
    let folder = repo.path(".git/hooks");
    fs::create_dir_all(&folder).unwrap();
    for hook in [
        "post-index-change",
        "reference-transaction",
        "post-checkout",
        "pre-commit",
    ] {
        fs::copy(trap, folder.join(hook)).unwrap();
        executable(&folder.join(hook));
    }
    repo.write(".gitattributes", "* filter=trap diff=trap merge=trap\n");
    for setting in settings {
        fs::write(
            repo.path(".git/config"),
            format!("{}\n{}", repo.read(".git/config"), section(setting, trap)),
        )
        .unwrap();
    }
    fs::write(
        repo.path(".git/config"),
        format!(
            "{}\n[extensions]\n\tpartialClone = evil\n[remote \"evil\"]\n\turl = \"ext::{trap}\"\n\tpromisor = true\n[protocol \"ext\"]\n\tallow = always\n",
            repo.read(".git/config").replace("repositoryformatversion = 0", "repositoryformatversion = 1"),
        ),
    )
    .unwrap();
    let report = repo.report(&["--since", "HEAD"]);
    assert!(!findings(&report, "new").is_empty());
    // An object that is not there must not be fetched either.
    let blob = repo.path(".git/objects");
    for folder in fs::read_dir(&blob).unwrap().flatten() {
        if folder.file_name().len() == 2 {
            for object in fs::read_dir(folder.path()).unwrap().flatten() {
                let size = object.metadata().unwrap().len();
                // The model is the largest object by far. Windows removes nothing read-only.
                if size > 150 {
                    let elsewhere = repo.path(".git").join(object.file_name());
                    fs::rename(object.path(), elsewhere).unwrap();
                }
            }
        }
    }
    let run = repo.tmrs(&["check", "--since", "HEAD"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!sprung.exists(), "{}", fs::read_to_string(&sprung).unwrap());
}

/// `a.b.c` as a section of git's configuration.
fn section(setting: &str, value: &str) -> String {
    let (section, key) = setting.rsplit_once('.').unwrap();
    let section = match section.split_once('.') {
        Some((section, sub)) => format!("{section} \"{sub}\""),
        None => section.to_owned(),
    };
    format!("[{section}]\n\t{key} = {value}\n")
}

/// A path as git's configuration and URLs have it.
fn for_git(path: &Path) -> String {
    path.to_str()
        .unwrap()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn executable(_: &Path) {}
