//! The baseline: what is known, what is new, and the file that says so.

mod renames;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::Stdio;

use crate::harness::{Repo, findings};

const FILE: &str = "tmrs-baseline.json";

/// A model whose servers and flows are hardly described.
const SHOP: &str = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  web: {class: Server, name: Web}
  db: {class: Datastore, name: Database}
data:
  orders: {name: Orders}
flows:
  visit: {source: user, sink: web, name: Visit, data: [orders]}
  query: {source: web, sink: db, name: Query}
";

/// The same with one server more, which nobody described, and its flow.
fn with_queue(model: &str) -> String {
    let model = model.replace("data:\n", "  queue: {class: Server, name: Queue}\ndata:\n");
    model + "  enqueue: {source: web, sink: queue, name: Enqueue}\n"
}

fn baselined(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::with(files);
    assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
    repo
}

#[test]
fn what_the_baseline_knows_does_not_fail() {
    let repo = Repo::with(&[("shop.yaml", SHOP)]);
    assert_eq!(repo.tmrs(&["check"]).code, 1);
    let update = repo.tmrs(&["baseline", "update"]);
    assert_eq!(update.code, 0, "{update:?}");
    assert!(
        update.out.contains("tmrs-baseline.json merge=union"),
        "{}",
        update.out
    );
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    assert_eq!(repo.tmrs(&["check", "--no-baseline"]).code, 1);
    assert_eq!(repo.tmrs(&["baseline", "check"]).code, 0);
}

#[test]
fn a_baseline_that_is_configured_and_not_there_is_told() {
    let repo = baselined(&[("shop.yaml", SHOP), ("tmrs.yaml", "")]);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "The baseline"]);
    repo.write("tmrs.yaml", "baseline: elsewhere.json\n");
    for more in [&["check"][..], &["check", "--since", "HEAD"]] {
        let run = repo.tmrs(more);
        let said = "the baseline elsewhere.json is not there";
        assert!(run.out.contains(said), "{more:?}: {}", run.err);
    }
    assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
    let run = repo.tmrs(&["check"]);
    assert!(!run.out.contains("is not there"), "{}", run.err);
}

#[test]
fn one_undescribed_server_more_reports_itself_and_its_flows_only() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    repo.write("shop.yaml", &with_queue(SHOP));
    let new = repo.findings("new", &[]);
    assert!(new.len() > 10);
    for line in &new {
        assert!(
            line.ends_with("Server Queue") || line.ends_with("Dataflow Enqueue Web→Queue"),
            "{line}"
        );
    }
    let shown = repo.tmrs(&["check"]).out;
    assert!(shown.contains("“Queue”"), "{shown}");
    assert!(
        !shown.contains("“Web”?"),
        "nothing is asked of what was known: {shown}"
    );
    assert!(shown.lines().count() < 90, "{shown}");
}

#[test]
fn the_file_is_sorted_and_one_entry_a_line_without_dates_or_lines() {
    let repo = baselined(&[("b.yaml", SHOP), ("a/b.yaml", SHOP)]);
    let text = repo.read(FILE);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let entries = json["entries"].as_array().unwrap();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("\"fingerprint\""))
        .collect();
    assert_eq!(
        lines.len() + 1,
        entries.len(),
        "the last entry is the fixed one"
    );
    assert!(lines.iter().all(|line| line.ends_with("},")));
    let paths: Vec<_> = entries.iter().filter_map(|e| e["path"].as_str()).collect();
    assert!(paths.is_sorted());
    assert!(!text.contains("\"line\"") && !text.contains(repo.root().to_str().unwrap()));
    let again = repo.tmrs(&["baseline", "update"]);
    assert!(again.out.contains("0 added, 0 removed"), "{}", again.out);
    assert_eq!(repo.read(FILE), text);
}

#[test]
fn any_order_and_duplicates_are_read_and_update_writes_the_canonical_form() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let canonical = repo.read(FILE);
    let entry = |line: &&str| line.contains("\"fingerprint\"");
    let mut entries: Vec<&str> = canonical.lines().filter(entry).collect();
    entries.reverse();
    let doubled = entries.repeat(2).join("\n");
    let first = canonical.find(entries.last().unwrap()).unwrap();
    let end = canonical.rfind("    {\"end\"").unwrap();
    repo.write(
        FILE,
        &format!("{}{doubled}\n{}", &canonical[..first], &canonical[end..]),
    );
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    let check = repo.tmrs(&["baseline", "check"]);
    assert_eq!(check.code, 0);
    assert!(
        check.err.contains("not in its canonical form"),
        "{}",
        check.err
    );
    assert_eq!(repo.tmrs(&["baseline", "check", "--strict"]).code, 1);
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(repo.read(FILE), canonical);

    let json: serde_json::Value = serde_json::from_str(&canonical).unwrap();
    repo.write(FILE, &serde_json::to_string_pretty(&json).unwrap());
    assert_eq!(
        repo.findings("new", &[]),
        [""; 0],
        "a formatter went over it"
    );
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(repo.read(FILE), canonical);
    repo.write(FILE, &canonical.replace('\n', "\r\n"));
    assert_eq!(repo.findings("new", &[]), [""; 0]);
}

#[test]
fn a_malformed_baseline_is_an_error_at_its_line_and_judges_nothing() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let good = repo.read(FILE);
    let mut lines = good.lines().enumerate();
    let is_entry = |(_, line): &(usize, &str)| line.contains("\"fingerprint\"");
    let (line, entry) = lines.find(is_entry).unwrap();
    let line = line + 1;
    let cases = [
        (
            good.replacen("\"severity\": \"", "\"severity\": \"un", 1),
            format!("{FILE}:"),
        ),
        (
            good.replacen(entry, &format!("<<<<<<< ours\n{entry}"), 1),
            format!("{FILE}:{line}"),
        ),
        (
            good.replace("    {\"end\": true}\n  ]\n}\n", ""),
            "cut off".into(),
        ),
        (
            good.replace("\"tmrs-baseline\": 1", "\"tmrs-baseline\": 2"),
            "version 2".into(),
        ),
        (
            good.replace("\"path\": \"shop.yaml\"", "\"path\": \"../shop.yaml\""),
            "below the root".into(),
        ),
        (String::new(), "no baseline".into()),
        ("{}\n".into(), "no baseline".into()),
    ];
    for (text, says) in cases {
        repo.write(FILE, &text);
        for command in [
            &["check"][..],
            &["baseline", "update"],
            &["baseline", "check"],
        ] {
            let run = repo.tmrs(command);
            assert_eq!(run.code, 2, "{command:?} {run:?}");
            assert!(run.err.contains(&says), "{says}: {}", run.err);
            assert_eq!(run.out, "");
        }
        assert_eq!(repo.read(FILE), text, "it is left as it was");
    }
    let missing = repo.tmrs(&["check", "--baseline", "none.json"]);
    assert_eq!(missing.code, 2, "{missing:?}");
}

#[test]
fn a_worse_or_surer_finding_is_new_and_a_milder_one_is_not() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let rule = |severity: &str| format!("rules: {{severity: {{AA01: {severity}}}}}\n");
    repo.write("tmrs.yaml", &rule("low"));
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    repo.write("tmrs.yaml", &rule("critical"));
    assert_eq!(repo.findings("new", &[]), ["shop.yaml AA01 Server Web"]);
    let report = repo.report(&[]);
    let new = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["status"] == "new");
    let reason = new.unwrap()["reason"].as_str().unwrap();
    assert!(reason.contains("the baseline knows it as high"), "{reason}");
    repo.remove("tmrs.yaml");
    repo.edit(
        "shop.yaml",
        "name: Web}",
        "name: Web, controls: {authenticatesSource: false}}",
    );
    let new = repo.findings("new", &[]);
    assert!(
        new.contains(&"shop.yaml AA01 Server Web".to_owned()),
        "{new:?}"
    );
}

#[test]
fn a_moved_model_keeps_its_baseline() {
    let repo = baselined(&[
        ("shop.yaml", SHOP),
        ("other.yaml", &SHOP.replace("Shop", "Other")),
    ]);
    repo.git(&["mv", "shop.yaml", "moved.yaml"]);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    assert_eq!(repo.tmrs(&["check", "moved.yaml"]).code, 0, "alone too");
    let update = repo.tmrs(&["baseline", "update"]);
    assert!(update.out.contains("0 added, 0 removed"), "{}", update.out);
    assert!(!repo.read(FILE).contains("\"shop.yaml\""));
}

#[test]
fn two_services_of_the_same_names_do_not_hide_each_other() {
    let answered = SHOP.replace(
        "name: Web}",
        "name: Web, responses: {AA01: \"accepted: alone here\"}}",
    );
    let repo = baselined(&[("a/tm.yaml", SHOP), ("b/tm.yaml", &answered)]);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    // The answer goes: what `a` has in its baseline does not hide it, not even
    // when `a` goes too.
    repo.write("b/tm.yaml", SHOP);
    assert_eq!(repo.findings("new", &[]), ["b/tm.yaml AA01 Server Web"]);
    repo.remove("a/tm.yaml");
    assert_eq!(repo.findings("new", &[]), ["b/tm.yaml AA01 Server Web"]);
    // And a third one that comes while the first is there is all new.
    repo.write("a/tm.yaml", SHOP).write("c/tm.yaml", SHOP);
    let new = repo.findings("new", &[]);
    let c = new.iter().filter(|line| line.starts_with("c/")).count();
    assert_eq!(
        c,
        findings(&repo.report(&["--no-baseline", "c"]), "new").len()
    );
    assert_eq!(new.len(), c + 1);
}

#[test]
fn an_entry_hides_nothing_but_what_it_names() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let text = repo.read(FILE);
    let line = text.lines().find(|l| l.contains("\"AA01\"")).unwrap();
    repo.write(
        FILE,
        &text.replace(line, &line.replace("\"AA01\"", "\"CR03\"")),
    );
    assert_eq!(repo.findings("new", &[]), ["shop.yaml AA01 Server Web"]);
}

#[test]
fn removing_an_answer_makes_exactly_its_findings_new() {
    let excused = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, name: User}
  # tmrs: exclude[CR03] not exposed
  web:
    class: Server
    name: Web
    responses: {AA01: \"accepted: until the move\"}
    assumptions: [{name: one tenant, exclude: [AC01]}]
flows:
  visit: {source: user, sink: web, name: Visit}
";
    let config = "exclusions:\n  - {rule: DE03, element: Visit, reason: internal}\n";
    let repo = baselined(&[("shop.yaml", excused), ("tmrs.yaml", config)]);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    let removals = [
        (
            "shop.yaml",
            "  # tmrs: exclude[CR03] not exposed\n",
            "shop.yaml CR03 Server Web",
        ),
        (
            "shop.yaml",
            "    responses: {AA01: \"accepted: until the move\"}\n",
            "shop.yaml AA01 Server Web",
        ),
        (
            "shop.yaml",
            "    assumptions: [{name: one tenant, exclude: [AC01]}]\n",
            "shop.yaml AC01 Server Web",
        ),
        (
            "tmrs.yaml",
            config,
            "shop.yaml DE03 Dataflow Visit User→Web",
        ),
    ];
    for (path, part, new) in removals {
        let before = repo.read(path);
        repo.edit(path, part, "");
        assert_eq!(repo.findings("new", &[]), [new]);
        repo.write(path, &before);
    }
}

#[test]
fn update_touches_only_what_was_named() {
    let repo = baselined(&[("a/tm.yaml", SHOP), ("b/tm.yaml", SHOP)]);
    let before = repo.read(FILE);
    repo.write("a/tm.yaml", &with_queue(SHOP))
        .write("b/tm.yaml", &with_queue(SHOP));
    repo.tmrs(&["baseline", "update", "a"]);
    assert!(
        repo.findings("new", &[])
            .iter()
            .all(|line| line.starts_with("b/"))
    );
    let lines = |text: &str, path: &str| -> Vec<String> {
        let of = |line: &&str| line.contains(&format!("\"path\": \"{path}\""));
        text.lines().filter(of).map(str::to_owned).collect()
    };
    assert_eq!(
        lines(&repo.read(FILE), "b/tm.yaml"),
        lines(&before, "b/tm.yaml")
    );
    // By rule.
    repo.write(FILE, &before);
    let update = repo.tmrs(&["baseline", "update", "--rule", "AA01"]);
    assert!(update.out.contains("2 added, 0 removed"), "{}", update.out);
    assert_eq!(repo.tmrs(&["baseline", "update", "--rule", "NO99"]).code, 2);
    // Pruning adds nothing.
    repo.write(FILE, &before).remove("b/tm.yaml");
    let prune = repo.tmrs(&["baseline", "update", "--prune"]);
    assert!(prune.out.contains("(0 added"), "{}", prune.out);
    assert!(lines(&repo.read(FILE), "b/tm.yaml").is_empty());
    assert_eq!(
        lines(&repo.read(FILE), "a/tm.yaml"),
        lines(&before, "a/tm.yaml")
    );
}

#[test]
fn what_could_not_be_judged_keeps_its_entries() {
    let repo = baselined(&[("a.yaml", SHOP), ("b.yaml", SHOP)]);
    let before = repo.read(FILE);
    repo.edit("a.yaml", "class: Datastore", "class: Nonsense");
    let update = repo.tmrs(&["baseline", "update"]);
    assert_eq!(update.code, 3, "{update:?}");
    assert_eq!(repo.read(FILE), before);
    repo.write("a.yaml", SHOP);
    let update = repo.tmrs(&[
        "baseline",
        "update",
        "--no-default-rules",
        "--allow-no-rules",
    ]);
    assert_eq!(update.code, 0, "{update:?}");
    assert_eq!(repo.read(FILE), before, "no rule ran");
}

#[test]
fn stale_entries_are_told_and_fail_when_asked() {
    let repo = baselined(&[("a.yaml", SHOP), ("b.yaml", SHOP)]);
    repo.edit(
        "a.yaml",
        "name: Web}",
        "name: Web, responses: {AA01: \"mitigated by the proxy\"}}",
    );
    repo.remove("b.yaml");
    let report = repo.report(&[]);
    let fixed = report["fixed"].as_array().unwrap();
    assert!(
        fixed
            .iter()
            .all(|f| f["how"] == "gone" && f["model"] == "b.yaml")
    );
    let check = repo.tmrs(&["baseline", "check", "-v"]);
    assert_eq!(check.code, 1);
    assert!(
        check.out.contains("stale (answered or excluded)") && check.out.contains("stale (gone)")
    );
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    assert_eq!(repo.tmrs(&["check", "--strict"]).code, 1);
    assert_eq!(
        repo.tmrs(&["check", "--strict", "a.yaml"]).code,
        1,
        "AA01 lies inside"
    );
    repo.tmrs(&["baseline", "update", "--prune"]);
    assert_eq!(repo.tmrs(&["baseline", "check", "--strict"]).code, 0);
}

/// How a baseline says which catalogue judged.
fn written_by(version: &str) -> String {
    format!("\"catalogue\": \"{version}\"")
}

#[test]
fn findings_of_rules_that_came_later_are_unreviewed_on_known_elements_only() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let text = repo
        .read(FILE)
        .replace(&written_by(env!("CARGO_PKG_VERSION")), &written_by("0.0.9"));
    let without: Vec<_> = text.lines().filter(|l| !l.contains("\"AA01\"")).collect();
    repo.write(FILE, &(without.join("\n") + "\n"));
    repo.write("shop.yaml", &with_queue(SHOP));
    let unreviewed = repo.findings("unreviewed", &[]);
    assert_eq!(unreviewed, ["shop.yaml AA01 Server Web"]);
    assert!(
        repo.findings("new", &[])
            .iter()
            .all(|l| l.contains("Queue"))
    );
    // The catalogue raised a severity: AA01 was low then.
    let raised = text.lines().map(|line| {
        if line.contains("\"AA01\"") {
            line.replace("\"high\"", "\"low\"")
        } else {
            line.to_owned()
        }
    });
    let raised: Vec<_> = raised.collect();
    repo.write(FILE, &(raised.join("\n") + "\n"));
    assert_eq!(
        repo.findings("unreviewed", &[]),
        ["shop.yaml AA01 Server Web"]
    );
    repo.write("shop.yaml", SHOP);
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(repo.findings("unreviewed", &[]), [""; 0]);
    assert!(
        repo.read(FILE)
            .contains(&written_by(env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn a_renamed_rule_matches_by_its_earlier_id() {
    let rule = |id: &str, aliases: &str| {
        format!(
            "id: {id}\ntitle: Anything goes\ntarget: [Server]\nseverity: high\nwhen: target.name == 'Web'\n\
             description: Anything.\nmitigation: Nothing.\n{aliases}"
        )
    };
    let repo = Repo::with(&[
        ("shop.yaml", SHOP),
        ("own/rule.yaml", &rule("OWN1", "")),
        ("tmrs.yaml", "rules: {paths: [own]}\n"),
    ]);
    assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
    repo.write("own/rule.yaml", &rule("OWN2", "aliases: [OWN1]\n"));
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    let update = repo.tmrs(&["baseline", "update"]);
    assert!(
        update.out.contains("0 added, 0 removed, 1 rewritten"),
        "{}",
        update.out
    );
    repo.write("own/rule.yaml", &rule("OWN3", ""));
    assert_eq!(repo.findings("new", &[]), ["shop.yaml OWN3 Server Web"]);
}

#[test]
fn policy_can_keep_the_baseline_from_growing() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    repo.write("tmrs.yaml", "policy: {baseline: {grow: false}}\n");
    repo.write(
        "shop.yaml",
        &with_queue(SHOP).replace("  query: {source: web, sink: db, name: Query}\n", ""),
    );
    let entries = || -> String {
        let text = repo.read(FILE);
        let (_, entries) = text.split_once("\"entries\"").unwrap();
        entries.to_owned()
    };
    let before = entries();
    let update = repo.tmrs(&["baseline", "update", "-v"]);
    assert_eq!(update.code, 1, "{update:?}");
    assert!(update.out.contains("policy does not allow it"));
    let after = entries();
    assert!(
        !after.contains("Queue") && !after.contains("\"Query\"") && before.contains("\"Query\"")
    );
    // What nothing may excuse is not excused by an entry either.
    repo.write("shop.yaml", SHOP)
        .write("tmrs.yaml", "policy: {never: [AA01]}\n");
    assert!(
        repo.findings("new", &[])
            .contains(&"shop.yaml AA01 Server Web".to_owned())
    );
}

#[test]
fn two_branches_that_both_updated_merge_into_the_union() {
    let repo = Repo::with(&[
        (".gitattributes", "tmrs-baseline.json merge=union\n"),
        ("base.yaml", SHOP),
    ]);
    repo.tmrs(&["baseline", "update"]);
    repo.commit("Baseline");
    for branch in ["left", "right"] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        let model = SHOP
            .replace("Shop", branch)
            .replace("Web", &format!("Web of {branch}"));
        repo.write(&format!("{branch}.yaml"), &model);
        assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
        repo.commit(branch);
    }
    repo.git(&["merge", "-q", "--no-edit", "left"]);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
    assert_eq!(repo.tmrs(&["baseline", "check"]).code, 0);
    // And where there was no baseline yet.
    let repo = Repo::with(&[(".gitattributes", "tmrs-baseline.json merge=union\n")]);
    for branch in ["left", "right"] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        repo.write(&format!("{branch}.yaml"), &SHOP.replace("Shop", branch));
        assert_eq!(repo.tmrs(&["baseline", "update"]).code, 0);
        repo.commit(branch);
    }
    repo.git(&["merge", "-q", "--no-edit", "left"]);
    assert_eq!(repo.findings("new", &[]), [""; 0]);
}

#[test]
fn updates_at_the_same_time_lose_nothing() {
    let names: Vec<String> = (0..6).map(|n| format!("s{n}/tm.yaml")).collect();
    let repo = Repo::with(&names.iter().map(|n| (n.as_str(), SHOP)).collect::<Vec<_>>());
    let running: Vec<_> = names
        .iter()
        .map(|name| {
            let mut command = repo.command(&["baseline", "update", name]);
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in running {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(repo.findings("new", &[]), [""; 0], "every update is in it");
}

#[test]
fn an_update_keeps_the_line_ends_of_the_file() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let windows = repo.read(FILE).replace('\n', "\r\n");
    repo.write(FILE, &windows);
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(repo.read(FILE), windows, "nothing to update");
    repo.write("shop.yaml", &with_queue(SHOP));
    repo.tmrs(&["baseline", "update"]);
    let now = repo.read(FILE);
    assert!(now.len() > windows.len());
    assert_eq!(now.matches('\n').count(), now.matches("\r\n").count());
}

#[cfg(unix)]
#[test]
fn a_killed_update_leaves_the_old_file_or_the_new_one() {
    let many: String = (0..150).fold(String::new(), |text, n| {
        text + &format!("  s{n}: {{class: Server, name: S{n}}}\n")
    });
    let model = format!("tmrs: 1\nname: Many\nelements:\n{many}");
    let repo = baselined(&[("many.yaml", &model)]);
    let old = repo.read(FILE);
    repo.write(
        "many.yaml",
        &(model + "  more: {class: Server, name: More}\n"),
    );
    repo.tmrs(&["baseline", "update"]);
    let new = repo.read(FILE);
    assert_ne!(old, new);
    let mut seen = BTreeSet::new();
    for delay in (0..120).step_by(6) {
        std::fs::write(repo.path(FILE), &old).unwrap();
        let mut child = repo
            .command(&["baseline", "update"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        let _ = child.kill();
        let mut rest = String::new();
        let _ = child.stdout.take().unwrap().read_to_string(&mut rest);
        child.wait().unwrap();
        let now = repo.read(FILE);
        assert!(now == old || now == new, "after {delay} ms it is neither");
        seen.insert(now == new);
    }
    assert!(seen.contains(&false), "no update was killed in time");
}

#[test]
fn a_baseline_may_be_larger_than_any_model() {
    let repo = baselined(&[("shop.yaml", SHOP)]);
    let text = repo.read(FILE);
    let entry = text
        .lines()
        .find(|l| l.contains("\"fingerprint\""))
        .unwrap();
    let many = format!("{entry}\n").repeat(11 * 1024 * 1024 / entry.len());
    repo.write(FILE, &text.replace(&format!("{entry}\n"), &many));
    for file in [FILE, "elsewhere/known.json"] {
        if file != FILE {
            repo.write(file, &repo.read(FILE)).remove(FILE);
        }
        let run = repo.tmrs(&["check", "--baseline", file]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    assert_eq!(
        repo.tmrs(&["baseline", "update", "--baseline", "elsewhere/known.json"])
            .code,
        0
    );
    assert_eq!(repo.read("elsewhere/known.json"), text);
}
