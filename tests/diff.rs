//! `tmrs diff`: what changed in the models and in their threats.

use serde_json::Value as Json;
use tmrs::schema::Kind;

use crate::harness::{Repo, fails_with};

const SHOP: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Net}
  vault: {name: Vault, inBoundary: net}
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web, controls: {isHardened: true}}
  db: {class: Datastore, name: Db, inBoundary: net}
data:
  card: {name: Card, classification: RESTRICTED}
  note: {name: Note, classification: PUBLIC}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [note]}
  store: {source: web, sink: db, name: Store, protocol: HTTPS, data: [card]}
";

fn shop() -> Repo {
    Repo::with(&[("model.yaml", SHOP)])
}

/// The comparison of `arguments`, which fits its schema.
fn diff(repo: &Repo, arguments: &[&str]) -> Json {
    let mut all = vec!["diff", "--format", "json"];
    all.extend(arguments);
    let run = repo.tmrs(&all);
    let diff: Json = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    let validator = jsonschema::validator_for(&Kind::Diff.schema()).unwrap();
    let complaints: Vec<_> = validator
        .iter_errors(&diff)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert_eq!(complaints, [""; 0]);
    diff
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or("-")
}

/// What changed in the parts, as `part change: topic subject before→after`.
fn parts(diff: &Json) -> Vec<String> {
    let mut told = Vec::new();
    for model in list(&diff["models"]) {
        for part in list(&model["parts"]) {
            let head = format!(
                "{} {}",
                text(&part["element"]["name"]),
                text(&part["change"])
            );
            if list(&part["details"]).is_empty() {
                told.push(head.clone());
            }
            for detail in list(&part["details"]) {
                told.push(format!(
                    "{head}: {} {} {} {}→{}",
                    text(&detail["topic"]),
                    text(&detail["change"]),
                    text(&detail["subject"]),
                    detail["before"],
                    detail["after"]
                ));
            }
        }
    }
    told
}

/// What became of threats, as `change rule element`, of these rules.
fn threats(diff: &Json, rules: &[&str]) -> Vec<String> {
    let models = list(&diff["models"]).iter();
    models
        .flat_map(|model| list(&model["threats"]))
        .filter(|threat| rules.is_empty() || rules.contains(&text(&threat["rule"])))
        .map(|threat| {
            format!(
                "{} {} {}",
                text(&threat["change"]),
                text(&threat["rule"]),
                text(&threat["element"]["name"])
            )
        })
        .collect()
}

#[test]
fn every_change_of_a_model_is_told_as_what_it_is() {
    let cases: [(&str, &str, &[&str]); 14] = [
        (
            "inBoundary: net}\ndata",
            "inBoundary: net}\n  q: {class: Datastore, name: Queue}\ndata",
            &["Queue added"],
        ),
        (
            "name: Db, inBoundary: net",
            "name: Db, inBoundary: vault",
            &[
                "Db changed: boundary changed inBoundary \"Net\"→\"Vault\"",
                "Store changed: crossing added Vault null→\"enters\"",
            ],
        ),
        (
            "name: Db, inBoundary: net",
            "name: Db",
            &[
                "Db changed: boundary removed inBoundary \"Net\"→null",
                "Store changed: crossing removed Net \"enters\"→null",
            ],
        ),
        (
            "classification: RESTRICTED",
            "classification: SECRET",
            &[
                "Store changed: classification changed data \"RESTRICTED\"→\"SECRET\"",
                "Card changed: classification changed classification \"RESTRICTED\"→\"SECRET\"",
            ],
        ),
        (
            "data: [note]",
            "data: [note, card]",
            &[
                "Visit changed: carries added Card null→true",
                "Visit changed: classification changed data \"PUBLIC\"→\"RESTRICTED\"",
            ],
        ),
        (
            "isHardened: true",
            "isHardened: false",
            &["Web changed: control removed isHardened true→false"],
        ),
        (
            "isHardened: true",
            "isHardened: true, validatesInput: true",
            &["Web changed: control added validatesInput null→true"],
        ),
        (
            "isHardened: true",
            "isHardened: true, validatesInput: false",
            &["Web changed: control changed validatesInput null→false"],
        ),
        (
            "protocol: HTTP,",
            "protocol: HTTPS,",
            &["Visit changed: attribute changed protocol \"HTTP\"→\"HTTPS\""],
        ),
        (
            "name: Web,",
            "name: Web, inScope: false,",
            &["Web changed: attribute added inScope null→false"],
        ),
        (
            "name: Web,",
            "name: Web, assumptions: [{name: Fenced, exclude: [DO02]}],",
            &["Web changed: assumption added Fenced null→[\"DO02\"]"],
        ),
        (
            "name: Net}",
            "name: Net, trust: UNTRUSTED}",
            &["Net changed: attribute added trust null→\"UNTRUSTED\""],
        ),
        (
            "class: Server, name: Web",
            "class: Lambda, name: Web",
            &[
                "Web added: control added isHardened null→true",
                "Web removed",
            ],
        ),
        (
            "source: web, sink: db, name: Store",
            "source: user, sink: db, name: Store",
            &[
                "Store added: crossing added Net null→\"enters\"",
                "Store added: carries added Card null→true",
                "Store added: classification added data null→\"RESTRICTED\"",
                "Store removed: crossing removed Net \"enters\"→null",
            ],
        ),
    ];
    let repo = shop();
    for (from, to, told) in cases {
        repo.write("model.yaml", SHOP).edit("model.yaml", from, to);
        assert_eq!(parts(&diff(&repo, &["HEAD"])), told, "{to}");
    }
}

#[test]
fn what_no_rule_reads_is_no_change() {
    let same = [
        ("name: Web,", "name: Web, description: The shop itself,"),
        (
            "  user: {class: Actor, name: User}\n",
            "  # People\n  user:\n    name: User\n    class: Actor\n",
        ),
        ("web: {class", "server: {class"),
    ];
    let repo = shop();
    for (from, to) in same {
        let text = SHOP.replace(from, to).replace(
            "source: web",
            if to.starts_with("server") {
                "source: server"
            } else {
                "source: web"
            },
        );
        let text = if to.starts_with("server") {
            text.replace("sink: web", "sink: server")
        } else {
            text
        };
        repo.write("model.yaml", &text);
        let diff = diff(&repo, &["HEAD"]);
        assert_eq!(parts(&diff), [""; 0], "{to}");
    }
    repo.write("model.yaml", SHOP);
    let run = repo.tmrs(&["diff", "HEAD", "--exit-code"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("Nothing differs."), "{}", run.out);
}

#[test]
fn threats_are_new_fixed_gone_or_changed() {
    let repo = shop();
    let rules = ["HARD01", "DE03", "DO02"];
    let edits: [(&str, &str, &[&str]); 6] = [
        ("isHardened: true", "isHardened: false", &["new HARD01 Web"]),
        ("protocol: HTTP,", "protocol: HTTPS,", &["fixed DE03 Visit"]),
        (
            "  db: {class: Datastore, name: Db, inBoundary: net}\n",
            "  db: {class: Datastore, name: Db, inBoundary: net, inScope: false}\n",
            &["changed DO02 Db", "changed HARD01 Db"],
        ),
        (
            "  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [note]}\n",
            "",
            &["fixed DO02 Web", "gone DE03 Visit"],
        ),
        (
            "name: Web,",
            "name: Web, responses: {DO02: \"accepted: for now\"},",
            &["changed DO02 Web"],
        ),
        (
            "name: Db,",
            "name: Db, overrides: [{threat_id: DO02, severity: Very High}],",
            &["changed DO02 Db"],
        ),
    ];
    for (from, to, told) in edits {
        repo.write("model.yaml", SHOP).edit("model.yaml", from, to);
        let found = threats(&diff(&repo, &["HEAD"]), &rules);
        assert_eq!(found, told, "{to}");
    }
}

#[test]
fn exclusions_of_each_side_count_there() {
    let repo = shop();
    repo.write(
        "tmrs.yaml",
        "exclusions:\n  - {rule: DO02, element: Web, reason: fenced}\n",
    );
    let diff = diff(&repo, &["HEAD"]);
    assert_eq!(threats(&diff, &[]), ["changed DO02 Web"]);
    let threat = &diff["models"][0]["threats"][0];
    assert_eq!(
        (
            text(&threat["before"]["status"]),
            text(&threat["after"]["status"])
        ),
        ("new", "excluded")
    );
}

#[test]
fn revisions_files_folders_and_reports_give_one_answer() {
    let repo = shop();
    let changed = SHOP.replace("isHardened: true", "isHardened: false");
    let base = repo.tmrs(&["check", "--format", "json"]).out;
    repo.write("model.yaml", &changed).commit("Softer");
    let head = repo.tmrs(&["check", "--format", "json"]).out;
    let elsewhere = Repo::new();
    elsewhere
        .write("base.json", &base)
        .write("head.json", &head);
    elsewhere
        .write("old/shop.yaml", SHOP)
        .write("new/shop.yaml", &changed);
    let asked: [(&Repo, &[&str]); 8] = [
        (&repo, &["HEAD~1"]),
        (&repo, &["HEAD~1", "HEAD"]),
        (&repo, &["HEAD~1", "model.yaml"]),
        (&repo, &["--merge-base", "HEAD~1"]),
        (&elsewhere, &["base.json", "head.json"]),
        (&elsewhere, &["old/shop.yaml", "new/shop.yaml"]),
        (&elsewhere, &["old", "new"]),
        (&elsewhere, &["base.json", "new/shop.yaml"]),
    ];
    let expected = ["Web changed: control removed isHardened true→false"];
    let fates = threats(&diff(&repo, &["HEAD~1"]), &[]);
    assert!(fates.contains(&"new HARD01 Web".to_owned()), "{fates:?}");
    for (repo, arguments) in asked {
        let diff = diff(repo, arguments);
        let told: Vec<String> = parts(&diff);
        if arguments.last() == Some(&"new/shop.yaml") && arguments[0].ends_with("json") {
            // The report says model.yaml: it moved, and its parts are compared.
            assert_eq!(diff["models"][0]["details"][0]["subject"], "path");
        }
        assert_eq!(told, expected, "{arguments:?}");
        assert_eq!(threats(&diff, &[]), fates, "{arguments:?}");
    }
    let outside = elsewhere.path("old/shop.yaml");
    let outside = outside.to_str().unwrap();
    assert_eq!(parts(&diff(&repo, &[outside, "model.yaml"])), expected);
}

#[test]
fn a_model_that_is_new_gone_moved_or_renamed_is_told_so() {
    let repo = shop();
    let first = |diff: &Json| diff["models"][0].clone();
    repo.write("b.yaml", &SHOP.replace("name: Shop", "name: Other"));
    let added = first(&diff(&repo, &["HEAD"]));
    assert_eq!(
        (&added["change"], &added["base"]),
        (&"added".into(), &Json::Null)
    );
    repo.remove("b.yaml").remove("model.yaml");
    let removed = first(&diff(&repo, &["HEAD"]));
    assert_eq!(
        (&removed["change"], &removed["head"]),
        (&"removed".into(), &Json::Null)
    );
    assert!(
        list(&removed["threats"])
            .iter()
            .all(|threat| threat["change"] == "gone")
    );
    repo.write("docs/shop.yaml", SHOP);
    let moved = first(&diff(&repo, &["HEAD"]));
    assert_eq!(
        (
            list(&moved["details"]).len(),
            list(&moved["parts"]).len(),
            list(&moved["threats"]).len()
        ),
        (1, 0, 0)
    );
    repo.remove("docs/shop.yaml")
        .write("model.yaml", &SHOP.replace("name: Shop", "name: Store"));
    let renamed = repo.tmrs(&["diff", "HEAD"]).out;
    assert!(
        renamed.contains("renamed from “Shop” to “Store”"),
        "{renamed}"
    );
    assert!(!renamed.contains("threats"), "{renamed}");
}

#[test]
fn two_services_of_one_name_are_told_apart() {
    let repo = Repo::with(&[("a/model.yaml", SHOP), ("b/model.yaml", SHOP)]);
    repo.edit("b/model.yaml", "isHardened: true", "isHardened: false");
    let diff = diff(&repo, &["HEAD"]);
    let paths: Vec<&str> = list(&diff["models"])
        .iter()
        .map(|m| text(&m["head"]["path"]))
        .collect();
    assert_eq!(paths, ["b/model.yaml"]);
}

#[test]
fn differences_fail_only_where_somebody_asks() {
    let repo = shop();
    repo.edit("model.yaml", "protocol: HTTP,", "protocol: HTTPS,");
    assert_eq!(repo.tmrs(&["diff", "HEAD"]).code, 0);
    assert_eq!(repo.tmrs(&["diff", "HEAD", "--exit-code"]).code, 1);
    repo.edit("model.yaml", "sink: web", "sink: nobody");
    let run = repo.tmrs(&["diff", "HEAD", "--exit-code"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("nobody"), "{}", run.err);
    assert!(
        run.out
            .contains("Not every model of the working tree could be read"),
        "{}",
        run.out
    );
    let empty = Repo::with(&[("README", "nothing\n")]);
    assert_eq!(empty.tmrs(&["diff", "HEAD"]).code, 4);
    assert_eq!(empty.tmrs(&["diff", "HEAD", "--allow-no-models"]).code, 0);
}

#[test]
fn what_cannot_be_compared_is_an_error_with_its_remedy() {
    let repo = shop();
    repo.git(&["branch", "model"]);
    repo.write("model/shop.yaml", SHOP);
    fails_with(
        &repo.tmrs(&["diff", "model"]),
        &["both a revision and a path", "./model", "model^0"],
    );
    assert_eq!(repo.tmrs(&["diff", "HEAD", "./model"]).code, 0);
    assert_eq!(repo.tmrs(&["diff", "model^0"]).code, 0);
    fails_with(
        &repo.tmrs(&["diff", "nowhere"]),
        &["no commit “nowhere”", "name a branch, tag or commit"],
    );
    fails_with(
        &repo.tmrs(&["diff", "./nowhere"]),
        &["neither a revision nor a file"],
    );
    fails_with(
        &repo.tmrs(&["diff", "model.yaml"]),
        &["compared with nothing", "tmrs diff HEAD model.yaml"],
    );
    fails_with(
        &repo.tmrs(&["diff", "--", "--output=x"]),
        &["cannot be the name of a revision"],
    );
    assert!(!repo.path("x").exists());
    repo.write("old.json", "{\"report\": 99}");
    fails_with(&repo.tmrs(&["diff", "old.json", "HEAD"]), &["version 99"]);
    repo.write("tmrs.yaml", "fail-on: [")
        .commit("Broken")
        .write("tmrs.yaml", "");
    fails_with(
        &repo.tmrs(&["diff", "HEAD"]),
        &["configuration of HEAD cannot be read"],
    );
}

#[test]
fn colour_is_for_terminals_only() {
    let repo = shop();
    repo.edit("model.yaml", "protocol: HTTP,", "protocol: HTTPS,");
    assert!(!repo.tmrs(&["diff", "HEAD"]).out.contains('\u{1b}'));
    assert!(
        repo.tmrs(&["diff", "HEAD", "--color", "always"])
            .out
            .contains("\u{1b}[32m")
    );
    let into_file = ["diff", "HEAD", "--color", "always", "--output", "out.txt"];
    assert_eq!(repo.tmrs(&into_file).code, 0);
    assert!(!repo.read("out.txt").contains('\u{1b}'));
    assert_eq!(repo.tmrs(&["diff", "HEAD", "-o", "out.md"]).code, 0);
    assert!(repo.read("out.md").starts_with("## Threat models"));
}

#[test]
fn names_from_a_stranger_do_no_harm_in_any_format() {
    const EVIL: &str = "\\e[31m\\u202e<img src=x onerror=alert(1)> | [x](javascript:y) @all `c` ::error::x\\n## Heading";
    let repo = shop();
    let evil = SHOP
        .replace("name: Net", &format!("name: \"{EVIL} net\""))
        .replace("name: Db", &format!("name: \"{EVIL} db\""))
        .replace("name: Card", &format!("name: \"{EVIL} card\""))
        .replace("name: Store", &format!("name: \"{EVIL} store\""))
        .replace("name: Shop", &format!("name: \"{EVIL}\""))
        .replace("name: Web,", &format!("name: Web, protocol: \"{EVIL}\", assumptions: [{{name: \"{EVIL}\", exclude: [DO02]}}],"));
    repo.write("model.yaml", &evil);
    let human = repo.tmrs(&["diff", "HEAD"]).out;
    let markdown = repo.tmrs(&["diff", "HEAD", "-f", "markdown"]).out;
    for text in [&human, &markdown] {
        assert!(
            !text
                .chars()
                .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}')
        );
        assert!(
            !text
                .lines()
                .any(|line| line.starts_with("## Heading") || line.starts_with("::"))
        );
    }
    assert!(human.contains("\\u{1b}[31m"), "{human}");
    for raw in ["<img", "[x](", "@all", " | "] {
        assert!(!markdown.contains(raw), "{raw}: {markdown}");
    }
    let json = diff(&repo, &["HEAD"]);
    assert!(text(&json["models"][0]["head"]["name"]).starts_with("\u{1b}[31m\u{202e}<img"));
}

#[test]
fn a_rule_that_only_one_side_knows_is_no_news_about_the_model() {
    let repo = shop();
    repo.write(
        "rules.yaml",
        "id: X1\ntitle: A server\ntarget: Server\nwhen: true\n",
    );
    let without = repo.tmrs(&["check", "--format", "json"]).out;
    let with = repo
        .tmrs(&["check", "--format", "json", "--rules", "rules.yaml"])
        .out;
    repo.write("base.json", &without).write("head.json", &with);
    let grown = diff(&repo, &["base.json", "head.json"]);
    assert_eq!(threats(&grown, &[]), ["new X1 Web"]);
    assert_eq!(
        grown["models"][0]["threats"][0]["reason"],
        "the rule did not judge the base"
    );
    let shrunk = diff(&repo, &["head.json", "base.json"]);
    assert_eq!(threats(&shrunk, &[]), ["gone X1 Web"]);
    // Live sides are judged by one set of rules: that of the working tree.
    let live = diff(&repo, &["HEAD", "--rules", "rules.yaml"]);
    assert_eq!(threats(&live, &[]), [""; 0]);
}

#[test]
fn nothing_is_written_and_the_working_tree_stays_as_it_is() {
    let repo = shop();
    repo.edit("model.yaml", "protocol: HTTP,", "protocol: HTTPS,")
        .commit("Encrypt");
    let before = repo.git(&["status", "--porcelain"]);
    assert_eq!(repo.tmrs(&["diff", "HEAD~1", "HEAD"]).code, 0);
    assert_eq!(repo.git(&["status", "--porcelain"]), before);
}
