//! Models that include others of the repository: one whole, and each finding once, where its
//! element is declared (docs/semantics.md §1, §4).

use serde_json::Value as Json;

use crate::harness::{Repo, Run, findings, notices, run};

const ORDERS: &str = "\
tmrs: 1
name: Orders
elements:
  api: {class: Server, name: Orders API}
  store:
    class: Datastore
    name: Orders store
    storesPII: true
data:
  order: {name: Order}
flows:
  save: {source: api, sink: store, name: save order, protocol: SQL, data: [order]}
";

const BILLING: &str = "\
tmrs: 1
name: Billing
elements:
  worker: {class: Process, name: Billing worker}
  cards: {class: Datastore, name: Card store, storesSensitiveData: true}
flows:
  book: {source: worker, sink: cards, name: book, protocol: SQL}
";

const SHOP: &str = "\
tmrs: 1
name: Shop
include:
  orders: services/orders/model.yaml
  billing: services/billing/model.yaml
boundaries:
  internet: {name: Internet}
elements:
  customer: {class: Actor, inBoundary: internet, name: Customer}
flows:
  order: {source: customer, sink: orders.api, name: place order, protocol: HTTPS, data: [orders.order]}
  bill: {source: orders.api, sink: billing.worker, name: bill}
";

/// A monorepo whose services each have a model, with a file that shows the whole.
fn shop() -> Repo {
    Repo::with(&[
        ("services/orders/model.yaml", ORDERS),
        ("services/billing/model.yaml", BILLING),
        ("shop.yaml", SHOP),
    ])
}

/// What is found on an element: rule, file of its model, file of its place, risk.
fn found<'r>(report: &'r Json, element: &str) -> Vec<[&'r str; 4]> {
    let all = report["findings"].as_array().unwrap().iter();
    let of = all.filter(|it| it["element"]["name"] == element);
    of.map(|it| {
        [
            &it["rule"],
            &it["model"],
            &it["location"]["path"],
            &it["risk"],
        ]
        .map(|it| it.as_str().unwrap())
    })
    .collect()
}

fn prints(report: &Json) -> Vec<&str> {
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|it| it["fingerprint"].as_str().unwrap()).collect()
}

#[test]
fn a_finding_stands_once_in_the_file_that_declares_its_element() {
    let report = shop().report(&[]);
    let mut seen = prints(&report);
    seen.sort_unstable();
    let count = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), count, "no finding stands twice");
    for (element, file) in [
        ("Orders API", "services/orders/model.yaml"),
        ("Orders store", "services/orders/model.yaml"),
        ("save order", "services/orders/model.yaml"),
        ("Billing worker", "services/billing/model.yaml"),
        ("place order", "shop.yaml"),
    ] {
        let found = found(&report, element);
        assert!(!found.is_empty(), "{element}");
        for [rule, model, place, _] in found {
            assert_eq!([model, place], [file; 2], "{rule} on {element}");
        }
    }
    assert_eq!(report["models"].as_array().unwrap().len(), 3);
}

#[test]
fn what_leads_to_an_element_and_what_lies_behind_it_is_seen_across_files() {
    let repo = shop();
    let whole = repo.report(&[]);
    repo.remove("shop.yaml");
    let alone = repo.report(&[]);
    let risk = |report: &Json, rule: &str, element: &str| {
        let found = found(report, element);
        let one = found.iter().find(|it| it[0] == rule);
        one.map(|it| it[3].to_owned())
    };
    assert_eq!(risk(&alone, "AC01", "Card store").as_deref(), Some("low"));
    assert_eq!(risk(&whole, "AC01", "Card store").as_deref(), Some("high"));
    // Nothing came to the API in its own file, so nothing could be injected.
    assert_eq!(risk(&alone, "INP05", "Orders API"), None);
    assert_eq!(
        risk(&whole, "INP05", "Orders API").as_deref(),
        Some("critical")
    );
    // Whatever its own file finds has the same identity in the whole.
    let (known, all) = (prints(&alone), prints(&whole));
    assert!(!known.is_empty() && known.iter().all(|print| all.contains(print)));
    let injected = whole["findings"].as_array().unwrap().iter();
    let injected = injected
        .into_iter()
        .find(|it| it["rule"] == "INP05" && it["element"]["name"] == "Orders API")
        .unwrap();
    let way: Vec<&str> = injected["way"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    assert_eq!(way, ["Customer", "Orders API"]);
    let related = injected["related"].to_string();
    assert!(related.contains("part of “Shop”"), "{related}");
}

#[test]
fn what_an_included_file_answers_and_takes_for_granted_goes_on_holding() {
    let repo = shop();
    let model = "services/orders/model.yaml";
    repo.edit(
        model,
        "name: Orders API}",
        "name: Orders API, responses: {INP05: \"mitigated: every query is bound\"}}",
    );
    repo.edit(
        model,
        "    storesPII: true\n",
        "    storesPII: true # tmrs: exclude[ZON09] the broker checks it\n",
    );
    let assumed = "assumptions:\n  - {name: Roles are checked by the gateway, exclude: [AC01]}\n";
    repo.write(model, &format!("{}{assumed}", repo.read(model)));
    let report = repo.report(&[]);
    let of = |rule: &str, element: &str| {
        let all = report["findings"].as_array().unwrap().iter();
        let one = all
            .into_iter()
            .find(|it| it["rule"] == rule && it["element"]["name"] == element);
        one.map(|it| it["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("INP05", "Orders API").as_deref(), Some("mitigated"));
    assert_eq!(of("ZON09", "Orders store").as_deref(), Some("excluded"));
    assert_eq!(of("AC01", "Orders API").as_deref(), Some("excluded"));
    assert_eq!(
        of("AC01", "Card store").as_deref(),
        Some("new"),
        "the assumption is that of one file"
    );
    assert_eq!(notices(&report, "unused"), [""; 0]);
    repo.write(
        "tmrs.yaml",
        "exclusions:\n  - {rule: AC01, model: services/billing/**, reason: it is a batch job}\n",
    );
    let report = repo.report(&[]);
    let settled: Vec<String> = findings(&report, "excluded");
    assert!(
        settled.iter().any(|it| it.contains("Card store")),
        "{settled:?}"
    );
    assert_eq!(notices(&report, "unused"), [""; 0]);
}

#[test]
fn a_baseline_knows_what_is_found_in_the_whole_by_its_own_file() {
    let repo = shop();
    repo.tmrs(&["baseline", "update"]);
    assert!(findings(&repo.report(&[]), "new").is_empty());
    let entries = repo.read("tmrs-baseline.json");
    assert!(entries.contains("services/orders/model.yaml"));
    let again = repo.tmrs(&["baseline", "update"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(
        repo.read("tmrs-baseline.json"),
        entries,
        "it settles at once"
    );
    // Less leads there now: nothing of it is new.
    repo.edit(
        "shop.yaml",
        "  bill: {source: orders.api, sink: billing.worker, name: bill}\n",
        "",
    );
    assert!(findings(&repo.report(&[]), "new").is_empty());
}

#[test]
fn a_path_shows_what_the_whole_finds_there_and_nothing_else() {
    let repo = shop();
    let all = repo.report(&[]);
    let all = all["findings"].as_array().unwrap();
    repo.tmrs(&["baseline", "update"]);
    let entries = repo.read("tmrs-baseline.json");
    for (path, models) in [
        ("services/orders", &["services/orders/model.yaml"][..]),
        (
            "services/billing/model.yaml",
            &["services/billing/model.yaml"],
        ),
        (
            "services",
            &["services/billing/model.yaml", "services/orders/model.yaml"],
        ),
    ] {
        let report = repo.report(&[path, "--no-baseline"]);
        let shown = report["models"].as_array().unwrap().iter();
        let shown: Vec<&str> = shown.map(|it| it["path"].as_str().unwrap()).collect();
        assert_eq!(shown, models, "{path}");
        assert_eq!(report["summary"]["models"], models.len(), "{path}");
        let there = all.iter();
        let there: Vec<&Json> = there
            .filter(|it| models.contains(&it["model"].as_str().unwrap()))
            .collect();
        let found: Vec<&Json> = report["findings"].as_array().unwrap().iter().collect();
        assert_eq!(found, there, "{path}");
        assert_eq!(notices(&report, "unused"), [""; 0], "{path}");
        let checked = repo.tmrs(&["check", path]);
        assert_eq!(checked.code, 0, "{path}: {}", checked.out);
        assert!(!checked.out.contains("no longer hold"), "{}", checked.out);
        repo.tmrs(&["baseline", "update", path]);
        assert_eq!(repo.read("tmrs-baseline.json"), entries, "{path}");
        repo.edit(models[0], "tmrs: 1\n", "tmrs: 1\n# changed\n");
        for more in [&["--changed-only"][..], &[]] {
            let mut check = vec!["check", path, "--since", "HEAD"];
            check.extend(more);
            let checked = repo.tmrs(&check);
            assert!(!checked.out.contains("no longer hold"), "{}", checked.out);
            assert_eq!(checked.code, 0, "{path}: {}", checked.out);
        }
        repo.git(&["checkout", "-q", models[0]]);
        let read = repo.tmrs(&["validate", path]);
        assert!(!read.out.contains("shop.yaml"), "{}", read.out);
    }
}

#[test]
fn a_whole_that_is_not_looked_at_from_the_root_counts_for_no_path() {
    let repo = shop();
    repo.write("tmrs.yaml", "paths: {exclude: [shop.yaml]}\n");
    let whole = repo.report(&[]);
    assert_eq!(prints(&repo.report(&["services"])), prints(&whole));
}

#[test]
fn a_broken_whole_shows_nothing_of_its_own_where_a_path_asks_for_a_part() {
    let repo = shop();
    repo.write(
        "tools/model.yaml",
        "tmrs: 1\nname: Tools\nelements:\n  web: {class: Server}\n",
    );
    repo.edit(
        "shop.yaml",
        "orders: services/orders/model.yaml",
        "orders: nothing.yaml",
    );
    let report = repo.report(&["services"]);
    assert_eq!(report["summary"]["exit"], 3);
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["location"]["path"].as_str().unwrap();
        assert!(path.starts_with("services/"), "{path}");
    }
    // It names no file of that folder, only one of that name.
    let report = repo.report(&["tools"]);
    assert_eq!(report["summary"]["exit"], 0, "{:#}", report["notices"]);
}

#[test]
fn of_what_a_broken_whole_may_include_the_baseline_stays_as_it_is() {
    let repo = shop();
    repo.tmrs(&["baseline", "update"]);
    let entries = repo.read("tmrs-baseline.json");
    for (text, by) in [
        ("sink: orders.api", "sink: orders.apo"),
        ("elements:\n", "elements: [\n"),
        ("orders: services/orders/model.yaml", "orders: nothing.yaml"),
        ("  billing: services", "  billing: gone"),
    ] {
        repo.edit("shop.yaml", text, by);
        for path in [None, Some("services"), Some("services/orders")] {
            let mut check = vec!["check"];
            check.extend(path);
            let checked = repo.tmrs(&check);
            assert_eq!(checked.code, 3, "{by} {path:?}: {}", checked.out);
            assert!(!checked.out.contains("no longer hold"), "{}", checked.out);
            let why = "shop.yaml is outside of what is checked, and read because it may include";
            let said = checked.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(said.contains(why), path.is_some(), "{}", checked.out);
            let mut update = vec!["baseline", "update"];
            update.extend(path);
            assert_eq!(repo.tmrs(&update).code, 3, "{by} {path:?}");
            assert_eq!(repo.read("tmrs-baseline.json"), entries, "{by} {path:?}");
        }
        repo.git(&["checkout", "-q", "shop.yaml"]);
    }
}

#[test]
fn a_change_to_a_whole_is_seen_from_a_path_of_one_of_its_parts() {
    let repo = shop();
    repo.edit(
        "shop.yaml",
        "  bill:",
        "  pay: {source: customer, sink: billing.worker, name: pay, protocol: HTTP}\n  bill:",
    );
    let all = new_since(&repo, &[]);
    let there: Vec<String> = (all.iter())
        .filter(|it| it.starts_with("services/billing"))
        .cloned()
        .collect();
    assert!(!there.is_empty() && there.len() < all.len(), "{all:?}");
    assert_eq!(new_since(&repo, &["services/billing"]), there);
    assert!(new_since(&repo, &["services/orders"]).is_empty());
    repo.remove("shop.yaml");
    let report = repo.report(&["services", "--since", "HEAD"]);
    let told = report["findings"].to_string();
    assert!(told.contains("the model “Shop” was removed"), "{told}");
}

fn new_since(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["--since", "HEAD"];
    all.extend(arguments);
    repo.findings("new", &all)
}

#[test]
fn a_change_to_either_file_counts_for_both() {
    let repo = shop();
    for more in [&[][..], &["--changed-only"]] {
        assert!(new_since(&repo, more).is_empty(), "{more:?}");
    }
    // The whole lets the internet reach the worker.
    repo.edit(
        "shop.yaml",
        "  bill:",
        "  pay: {source: customer, sink: billing.worker, name: pay, protocol: HTTP}\n  bill:",
    );
    let all = new_since(&repo, &[]);
    assert!(
        all.iter().any(|it| it.contains("Billing worker")),
        "{all:?}"
    );
    assert_eq!(new_since(&repo, &["--changed-only"]), all);
    repo.git(&["checkout", "-q", "shop.yaml"]);
    // A file that is included says less: the whole, which did not change, tells.
    repo.edit("services/orders/model.yaml", "protocol: SQL, ", "");
    repo.edit(
        "services/orders/model.yaml",
        "name: Orders API}",
        "name: Orders API, usesXMLParser: true}",
    );
    let all = new_since(&repo, &[]);
    assert!(!all.is_empty());
    assert_eq!(new_since(&repo, &["--changed-only"]), all);
    let mut hook = repo.command(&["check", "--pre-commit", "services/orders/model.yaml"]);
    let hooked: Run = run(&mut hook);
    assert!(hooked.out.contains("3 models"), "{}", hooked.out);
}

#[test]
fn a_whole_that_comes_new_makes_nothing_new_that_was_known_and_is_no_worse() {
    let repo = shop();
    repo.git(&["rm", "-q", "--cached", "shop.yaml"]);
    repo.commit("Without the whole");
    repo.git(&["rm", "-q", "--cached", "shop.yaml"]);
    repo.git(&["commit", "-q", "--amend", "-m", "Without the whole"]);
    repo.write(
        "shop.yaml",
        "tmrs: 1\nname: Shop\ninclude:\n  orders: services/orders/model.yaml\n  billing: services/billing/model.yaml\n",
    );
    repo.git(&["add", "-A"]);
    for more in [&[][..], &["--changed-only"]] {
        assert_eq!(new_since(&repo, more), [""; 0], "{more:?}");
    }
}

#[test]
fn a_whole_that_goes_or_connects_less_is_told_as_what_weakens_the_check() {
    let repo = shop();
    let weakened = |repo: &Repo| {
        let report = repo.report(&["--since", "HEAD"]);
        let all = report["findings"].as_array().unwrap().iter();
        let all = all.filter(|it| it["rule"].as_str().unwrap().starts_with("CHG"));
        let all = all.map(|it| it["message"].as_str().unwrap().to_owned());
        all.collect::<Vec<String>>().join("\n")
    };
    assert_eq!(weakened(&repo), "");
    repo.edit(
        "shop.yaml",
        "  order: {source: customer, sink: orders.api, name: place order, protocol: HTTPS, data: [orders.order]}\n",
        "",
    );
    let told = weakened(&repo);
    assert!(
        told.contains("“place order” was removed") && told.contains("went with it"),
        "{told}"
    );
    repo.remove("shop.yaml");
    let told = weakened(&repo);
    assert!(told.contains("the model “Shop” was removed"), "{told}");
}

#[test]
fn an_exclusion_in_an_included_file_is_one_weakening() {
    let repo = shop();
    repo.edit(
        "services/orders/model.yaml",
        "name: Orders API}",
        "name: Orders API, exclude: {INP05: not now}}",
    );
    let report = repo.report(&["--since", "HEAD"]);
    let all = report["findings"].as_array().unwrap().iter();
    let told = all
        .filter(|it| it["message"].as_str().unwrap().contains("INP05 excluded"))
        .count();
    assert_eq!(told, 1);
}

#[test]
fn files_may_include_what_others_include_and_it_is_there_once() {
    let repo = shop();
    repo.write(
        "company.yaml",
        "tmrs: 1\nname: Company\ninclude:\n  shop: shop.yaml\n  orders: services/orders/model.yaml\n\
         elements:\n  clerk: {class: Actor, name: Clerk}\n\
         flows:\n  ask: {source: clerk, sink: shop.orders.api, name: ask}\n  \
         see: {source: clerk, sink: orders.store, name: see}\n",
    );
    repo.commit("Company");
    let run = repo.tmrs(&["dfd", "company.yaml", "--format", "mermaid"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out.matches("Orders API").count(), 1, "{}", run.out);
    for name in ["Clerk", "Customer", "Card store"] {
        assert!(run.out.contains(name), "{name}: {}", run.out);
    }
    let report = repo.report(&[]);
    let mut all = prints(&report);
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn the_whole_is_drawn_converted_and_laid_out_as_any_model() {
    let repo = shop();
    let checked = repo.tmrs(&["fmt", "--check"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let valid = repo.tmrs(&["validate"]);
    assert_eq!(valid.code, 0, "{}", valid.err);
    let native = repo.tmrs(&["convert", "shop.yaml", "--to", "native"]);
    assert_eq!(native.code, 0, "{}", native.err);
    assert!(native.out.contains("Card store"), "{}", native.out);
    assert!(
        native.err.contains("become part of this one"),
        "{}",
        native.err
    );
    let pytm = repo.tmrs(&["convert", "shop.yaml", "--to", "pytm"]);
    assert!(pytm.out.contains("\"Card store\"") || pytm.out.contains("'Card store'"));
    // One file says as much of the risk as the parts do.
    let one = Repo::with(&[("one.yaml", &native.out)]);
    let risks = |report: &Json| {
        let mut all: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {} {}", it["rule"], it["element"]["name"], it["risk"]))
            .collect();
        all.sort();
        all
    };
    let (flat, parts) = (risks(&one.report(&[])), risks(&repo.report(&[])));
    let missing: Vec<_> = flat.iter().filter(|it| !parts.contains(it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_question_about_an_included_element_is_answered_in_its_own_file() {
    let repo = shop();
    let whole = repo.report(&[]);
    let answers = whole["doFirst"].to_string();
    assert!(answers.contains("services/"), "{answers}");
    let explained = repo.tmrs(&["explain", "INP05", "Orders API"]);
    assert_eq!(explained.code, 0, "{}", explained.err);
    assert!(
        explained.out.contains("services/orders/model.yaml:4")
            && explained.out.contains("Customer → Orders API"),
        "{}",
        explained.out
    );
}

/// The errors of a check of these files, which must end with status 3.
fn errors(files: &[(&str, &str)]) -> String {
    let repo = Repo::with(files);
    let run = repo.tmrs(&["check", "--format", "json"]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    let report: Json = serde_json::from_str(&run.out).unwrap();
    let all = report["notices"].as_array().unwrap().iter();
    let all = all.filter(|it| it["severity"] == "error").map(|it| {
        let at = &it["location"];
        format!(
            "{}:{}:{} {}",
            at["path"].as_str().unwrap_or(""),
            at["line"],
            at["column"],
            it["message"].as_str().unwrap()
        )
    });
    all.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_cannot_be_included_is_an_error_at_its_line() {
    let one = |include: &str| format!("tmrs: 1\nname: One\ninclude:\n  {include}\n");
    for (include, message) in [
        (
            "x: gone.yaml\nelements: {u: {class: Actor, inBoundary: x.z}}\nflows: {f: {source: u, sink: x.a, data: [x.d]}}",
            "there is no file m/gone.yaml",
        ),
        ("x: gone.yaml", "m/a.yaml:4:6 there is no file m/gone.yaml"),
        ("x: ../../up.yaml", "lies outside of the repository"),
        ("x: /etc/passwd", "lies outside of the repository"),
        ("x: ../.git/config", "is not a file of this repository"),
        ("x: .", "is not a file of this repository"),
        ("x: a.yaml", "m/a.yaml includes itself"),
        ("x: b.py", "m/b.py is no model in tmrs's own format"),
        ("x: c.yaml", "m/c.yaml is no model in tmrs's own format"),
        ("x.y: d.yaml", "m/a.yaml:4:3 `x.y` is no name"),
        ("\"\": d.yaml", "is no name for what is included"),
        ("x: 3", "`x` must be text"),
        ("x:", "`x` must be text"),
        ("x: [d.yaml]", "`x` must be text"),
        (
            "x: d.yaml\n  y: ./d.yaml",
            "m/a.yaml:5:6 m/d.yaml is included twice",
        ),
        ("- d.yaml", "`include` must be a map of names and files"),
    ] {
        let said = errors(&[
            ("m/a.yaml", &one(include)),
            (
                "m/b.py",
                "from pytm import TM\ntm = TM('b')\ntm.process()\n",
            ),
            ("m/c.yaml", "a: 1\n"),
            ("m/d.yaml", "tmrs: 1\nname: D\n"),
        ]);
        assert!(said.contains(message), "{include}: {said}");
        assert_eq!(said.lines().count(), 1, "{include}: {said}");
    }
}

#[test]
fn files_that_include_each_other_are_told_with_the_way_round() {
    let file =
        |name: &str, next: &str| format!("tmrs: 1\nname: {name}\ninclude: {{next: {next}.yaml}}\n");
    let said = errors(&[
        ("a.yaml", &file("A", "b")),
        ("b.yaml", &file("B", "c")),
        ("c.yaml", &file("C", "a")),
    ]);
    assert!(
        said.contains("these files include each other: a.yaml → b.yaml → c.yaml → a.yaml"),
        "{said}"
    );
}

#[test]
fn a_whole_with_a_broken_part_is_incomplete_and_the_error_stands_once() {
    let said = errors(&[
        (
            "whole.yaml",
            "tmrs: 1\nname: Whole\ninclude: {part: part.yaml}\n",
        ),
        (
            "part.yaml",
            "tmrs: 1\nname: Part\nelements:\n  a: {class: Sever}\n",
        ),
    ]);
    assert_eq!(said, "part.yaml:4:14 there is no class `Sever` of elements");
    let said = errors(&[
        (
            "whole.yaml",
            "tmrs: 1\nname: Whole\ninclude: {part: part.yaml}\n",
        ),
        ("part.yaml", "tmrs: 1\nname: [\n"),
    ]);
    assert!(said.starts_with("part.yaml:"), "{said}");
    // The part is left out of the run; the whole is not complete for that.
    let repo = Repo::with(&[
        ("tmrs.yaml", "paths: {exclude: [part.yaml]}\n"),
        (
            "whole.yaml",
            "tmrs: 1\nname: Whole\ninclude: {part: part.yaml}\n",
        ),
        (
            "part.yaml",
            "tmrs: 1\nname: Part\nelements:\n  a: {class: Sever}\n",
        ),
    ]);
    assert_eq!(repo.tmrs(&["check"]).code, 3);
}

#[test]
fn ids_of_other_files_are_known_by_the_name_of_the_include_alone() {
    let said = errors(&[
        (
            "whole.yaml",
            "tmrs: 1\nname: Whole\ninclude: {part: part.yaml}\nelements:\n  part.a: {class: Server}\n  \
             u: {class: Actor}\nflows:\n  f: {source: u, sink: a}\n  g: {source: u, sink: part.b}\n",
        ),
        (
            "part.yaml",
            "tmrs: 1\nname: Part\nelements:\n  a: {class: Server}\nflows:\n  h: {source: a, sink: u}\n",
        ),
    ]);
    for message in [
        "whole.yaml:5:3 `part.a` is an id of what this model includes",
        "whole.yaml:8:24 there is no element `a`",
        "whole.yaml:9:24 there is no element `part.b`",
        "part.yaml:6:24 there is no element `u`",
    ] {
        assert!(said.contains(message), "{message}: {said}");
    }
}

#[test]
fn so_many_so_deep_and_so_large_files_are_too_much() {
    let file =
        |name: &str, include: &str| format!("tmrs: 1\nname: {name}\ninclude: {{{include}}}\n");
    let mut wide = vec![];
    let mut all = String::new();
    for at in 0..201 {
        all += &format!("p{at}: p{at}.yaml, ");
        wide.push((format!("p{at}.yaml"), format!("tmrs: 1\nname: P{at}\n")));
    }
    wide.push(("whole.yaml".into(), file("Whole", &all)));
    let deep: Vec<(String, String)> = (0..20)
        .map(|at| {
            let next = format!("next: p{}.yaml", at + 1);
            let include = if at == 19 { "" } else { &next };
            (format!("p{at}.yaml"), file(&format!("P{at}"), include))
        })
        .collect();
    let text = format!("# {}\n", "x".repeat(3 << 19));
    let large = vec![
        (
            "whole.yaml".to_owned(),
            file("Whole", "a: a.yaml, b: b.yaml"),
        ),
        ("a.yaml".into(), format!("tmrs: 1\nname: A\n{text}")),
        ("b.yaml".into(), format!("tmrs: 1\nname: B\n{text}")),
    ];
    for (files, message) in [
        (wide, "includes more than 200 files"),
        (deep, "files include each other more than 16 deep"),
        (large, "more than 2 MiB of them"),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let said = errors(&files);
        assert!(said.contains(message), "{said:.2000}");
    }
}

/// There are two ways from each of these files to the next but one, three to that behind it.
#[test]
fn as_many_ways_to_one_file_as_there_may_be_cost_nothing() {
    let elements: String = (0..200)
        .map(|at| format!("  e{at}: {{class: Server, name: E{at}}}\n"))
        .collect();
    let files: Vec<(String, String)> = (0..=15)
        .map(|at: usize| {
            let next: String = (at + 1..=15)
                .map(|next| format!("  m{next}: m{next}.yaml\n"))
                .collect();
            let include = if next.is_empty() {
                next
            } else {
                format!("include:\n{next}")
            };
            (
                format!("m{at}.yaml"),
                format!("tmrs: 1\nname: M{at}\n{include}elements:\n{elements}"),
            )
        })
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let last = "tmrs: 1\nname: Last\ninclude: {m0: m0.yaml}\nelements: {user: {class: Actor}}\nflows:\n  f: {source: user, sink: m0.m1.m2.m3.m4.m5.m6.m7.m8.m9.m10.m11.m12.m13.m14.e7}\n  g: {source: user, sink: m0.m3.e}\n";
    files.push(("last.yaml", last));
    let said = errors(&files);
    assert!(
        said.contains("there is no element `m0.m3.e`"),
        "{said:.2000}"
    );
    assert!(!said.contains("m14.e7"), "{said:.2000}");
}

/// A file may be part of many wholes, each of which is small.
#[test]
fn what_all_models_include_together_is_bounded_and_always_the_same_models_are_over() {
    let part = format!(
        "tmrs: 1\nname: Part\nelements: {{a: {{class: Server}}}}\n# {}\n",
        "x".repeat(100 << 10)
    );
    let mut files = vec![("part.yaml".to_owned(), part)];
    for at in 10..60 {
        let whole = format!("tmrs: 1\nname: W{at}\ninclude: {{part: part.yaml}}\n");
        files.push((format!("w{at}.yaml"), whole));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let repo = Repo::with(&files);
    let over = || {
        let run = repo.tmrs(&["check", "--no-baseline", "--format", "json"]);
        assert_eq!(run.code, 3);
        let report: Json = serde_json::from_str(&run.out).unwrap();
        let notices = report["notices"].as_array().unwrap().clone();
        let paths = notices.iter().map(|notice| {
            let message = notice["message"].as_str().unwrap();
            assert!(message.contains("more than 4 MiB together"), "{message}");
            notice["location"]["path"].as_str().unwrap().to_owned()
        });
        paths.collect::<Vec<String>>()
    };
    let wanted: Vec<String> = (50..60).map(|at| format!("w{at}.yaml")).collect();
    for _ in 0..3 {
        assert_eq!(over(), wanted);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_inside_the_repository_only() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.yaml");
    std::fs::write(
        &secret,
        "tmrs: 1\nname: Secret\nelements: {s: {class: Server, name: Hidden}}\n",
    )
    .unwrap();
    let repo = shop();
    symlink(&secret, repo.path("out.yaml")).unwrap();
    symlink("services/orders/model.yaml", repo.path("orders.yaml")).unwrap();
    repo.edit(
        "shop.yaml",
        "orders: services/orders/model.yaml",
        "orders: orders.yaml",
    );
    repo.commit("Links");
    let inside = repo.tmrs(&["check", "shop.yaml", "--format", "json"]);
    assert_eq!(inside.code, 1, "{}", inside.err);
    let report: Json = serde_json::from_str(&inside.out).unwrap();
    let found = found(&report, "Orders API");
    assert!(
        found.iter().all(|it| it[1] == "services/orders/model.yaml"),
        "{found:?}"
    );
    repo.edit("shop.yaml", "orders: orders.yaml", "orders: out.yaml");
    let out = repo.tmrs(&["check", "shop.yaml", "--format", "json"]);
    assert_eq!(out.code, 3);
    assert!(!out.out.contains("Hidden"), "{}", out.out);
}
