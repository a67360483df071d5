//! Rule files of one's own and pytm's threat files: what is taken, what is complained about, where.

use std::sync::Arc;

use tmrs::condition::{self, Names};
use tmrs::notice::{Notice, Severity, code};
use tmrs::rules::Layer::{BuiltIn, ThreatsFile, User};
use tmrs::rules::built_in::{self, BuiltIn as Embedded};
use tmrs::rules::{self, CatalogueSettings, CompiledRule, Layer, RuleName, ThreatsFilePolicy};
use tmrs::source::{RepoPath, Source};

fn source(path: &str, text: &str) -> Arc<Source> {
    Source::new(RepoPath::new(path).unwrap(), text)
}

fn settings(files: &[(&str, &str)]) -> CatalogueSettings {
    CatalogueSettings {
        no_default_rules: true,
        sources: files
            .iter()
            .map(|(path, text)| source(path, text))
            .collect(),
        ..CatalogueSettings::default()
    }
}

/// `path:line:column code message / help`, the text under the caret.
fn shown(notice: &Notice) -> String {
    let place = notice.place.as_ref().map_or(String::new(), |place| {
        let (start, _) = place.positions();
        format!("{}:{}:{}", place.path(), start.line, start.column)
    });
    let under = notice.place.as_ref().map_or("", |place| place.text());
    let under = under.lines().next().unwrap_or("");
    format!(
        "{} {place} {} [{under}] {}",
        notice.severity.as_str(),
        notice.code,
        notice.help.as_deref().unwrap_or("-")
    )
}

fn ids(rules: &[CompiledRule]) -> Vec<&str> {
    rules.iter().map(|rule| &*rule.rule.id).collect()
}

#[test]
fn every_built_in_rule_compiles_and_uses_known_names_only() {
    let settings = CatalogueSettings {
        packs: rules::Pack::ALL.to_vec(),
        ..CatalogueSettings::default()
    };
    let (catalogue, notices) = rules::load(&settings).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    assert!(catalogue.rules().len() >= 200);
    let mut complaints = Vec::new();
    for rule in catalogue.rules() {
        let condition = rule.condition.as_ref().unwrap();
        for complaint in condition.check(&rule.rule.target, &settings.names) {
            complaints.push(format!("{}: {}", rule.rule.id, complaint.message));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_malformed_rule_file_says_where_and_what_was_meant() {
    let cases = [
        (
            "id: X1\ntitle: T\nwhen: target.controls.isHardend is False\ntarget: Server\n",
            "error r.yaml:3:23 condition-name [isHardend]",
        ),
        (
            "id: X1\ntitle: T\nwhen: >-\n  target.inScope and\n  target.controls.isHardend\n",
            "error r.yaml:5:19 condition-name [isHardend]",
        ),
        (
            "id: X1\ntitle: T\ntarget: [Server, Proces]\n",
            "error r.yaml:3:18 rule-target [Proces] did you mean `Process`?",
        ),
        (
            "id: X1\ntitle: T\ntarget: Data\n",
            "error r.yaml:3:9 rule-target [Data]",
        ),
        (
            "id: X1\ntitel: T\ntitle: T\n",
            "error r.yaml:2:1 unknown-key [titel] did you mean `title`?",
        ),
        ("title: T\n", "error r.yaml:1:1 missing-key [title: T]"),
        (
            "id: X1\ntitle: T\nseverity: hihg\n",
            "error r.yaml:3:11 rule-field [hihg] write one of critical",
        ),
        (
            "id: X1\ntitle: T\noverride: yes\n",
            "error r.yaml:3:11 rule-field [yes]",
        ),
        ("id: X 1\ntitle: T\n", "error r.yaml:1:5 rule-field [X 1]"),
        (
            "- id: X1\n  title: T\n- id: X1\n  title: U\n",
            "error r.yaml:3:7 rule-duplicate [X1]",
        ),
        (
            "id: X1\ntitle: T\nwhen: target.exec('x')\n",
            "error r.yaml:3:14 condition-syntax [exec]",
        ),
        ("just words\n", "error r.yaml:1:1 rule-empty [just words]"),
    ];
    for (text, expected) in cases {
        let notices = rules::load(&settings(&[("r.yaml", text)])).unwrap_err();
        let found: Vec<_> = notices.iter().map(shown).collect();
        assert!(
            found.iter().any(|line| line.starts_with(expected)),
            "{text}\n{found:#?}"
        );
    }
}

#[test]
fn what_a_rule_leaves_out_has_pytms_defaults() {
    let files = [
        ("a.yaml", "id: X1\ntitle: T\n"),
        (
            "b.json",
            r#"[{"SID": "P1"}, {"SID": "P2", "condition": "", "target": [], "severity": "Very High"}]"#,
        ),
    ];
    let (catalogue, notices) = rules::load(&settings(&files)).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(ids(catalogue.rules()), ["P1", "P2", "X1"]);
    for id in ["P1", "X1"] {
        let rule = catalogue.by_id(id).unwrap();
        assert_eq!(rule.rule.severity, rules::Severity::Medium);
        assert_eq!(rule.rule.target, [tmrs::model::vocabulary::Class::Element]);
        assert_eq!(rule.condition.as_ref().unwrap().text(), "True");
    }
    let never = catalogue.by_id("P2").unwrap();
    assert!(never.condition.is_none());
    assert_eq!(never.rule.severity, rules::Severity::Critical);
}

#[test]
fn a_rule_may_bring_names_of_its_own() {
    let text =
        "id: X1\ntitle: T\nwhen: target.costCentre == 'x'\nattributes: {costCentre: who pays}\n";
    assert!(rules::load(&settings(&[("r.yaml", text)])).is_ok());
    let without = text
        .replace("attributes", "tags")
        .replace("{costCentre: who pays}", "[x]");
    assert!(rules::load(&settings(&[("r.yaml", &without)])).is_err());
    let mut settings = settings(&[("r.yaml", &without)]);
    settings.names.with("costCentre");
    assert!(rules::load(&settings).is_ok());
}

#[test]
fn in_a_pytm_file_only_a_slip_is_an_error() {
    let slip = r#"[{"SID": "P1", "target": ["Server"], "condition": "target.controls.isHardend is False"}]"#;
    let notices = rules::load(&settings(&[("t.json", slip)])).unwrap_err();
    assert!(
        shown(&notices[0]).starts_with("error t.json:1:68 condition-name [isHardend]"),
        "{notices:?}"
    );
    let custom = r#"[{"SID": "P1", "target": ["Server", "Mainframe"], "condition": "target.costCentre == 'x'"}]"#;
    let (catalogue, notices) = rules::load(&settings(&[("t.json", custom)])).unwrap();
    let found: Vec<_> = notices
        .iter()
        .map(|notice| (notice.severity, notice.code))
        .collect();
    assert_eq!(
        found,
        [
            (Severity::Warning, code::RULE_TARGET),
            (Severity::Warning, code::CONDITION_NAME)
        ]
    );
    assert_eq!(ids(catalogue.rules()), ["P1"]);
}

#[test]
fn deprecated_threats_are_left_out() {
    let text =
        r#"[{"SID": "P1", "DEPRECATED": true, "condition": "syntax error ("}, {"SID": "P2"}]"#;
    let (catalogue, _) = rules::load(&settings(&[("t.json", text)])).unwrap();
    assert_eq!(ids(catalogue.rules()), ["P2"]);
}

#[test]
fn the_early_python_form_is_read_without_running_it() {
    let text = "from pytm import *\n\nThreats = {\n    \"DF1\": {\n        \"description\": \"No \" \"login\",\n        \"target\": Dataflow,\n        \"condition\": \"target.authenticatedWith is False\"\n    },\n    \"SR1\": {\"target\": (pytm.Server, Process), \"condition\": 'target.inScope '\n        'and target.isHardend'},\n}\n";
    let notices = rules::load(&settings(&[("threats.py", text)])).unwrap_err();
    let found: Vec<_> = notices.iter().map(shown).collect();
    assert!(
        found[0].starts_with("error threats.py:10:21 condition-name [isHardend]"),
        "{found:#?}"
    );
    let (catalogue, notices) = rules::load(&settings(&[(
        "threats.py",
        &text.replace("Hardend", "Hardened"),
    )]))
    .unwrap();
    assert!(
        notices
            .iter()
            .all(|notice| notice.severity == Severity::Note),
        "{notices:?}"
    );
    assert_eq!(ids(catalogue.rules()), ["DF1", "SR1"]);
    assert_eq!(&*catalogue.by_id("DF1").unwrap().rule.title, "No login");
    let run = "Threats = {\"A\": {\"condition\": make()}}\n";
    let notices = rules::load(&settings(&[("threats.py", run)])).unwrap_err();
    assert!(
        shown(&notices[0]).starts_with("error threats.py:1:31 rule-field [make()]"),
        "{notices:?}"
    );
}

#[test]
fn two_rules_of_one_id_need_an_override() {
    let mut settings = settings(&[("r.yaml", "id: AA01\ntitle: Mine\n")]);
    settings.no_default_rules = false;
    let notices = rules::load(&settings).unwrap_err();
    assert!(
        shown(&notices[0]).starts_with("error r.yaml:1:5 rule-duplicate [AA01]"),
        "{notices:?}"
    );
    settings.sources = vec![source("r.yaml", "id: AA01\ntitle: Mine\noverride: true\n")];
    let (catalogue, notices) = rules::load(&settings).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(&*catalogue.by_id("AA01").unwrap().rule.title, "Mine");
    settings.sources = vec![source(
        "t.json",
        r#"[{"SID": "AA01", "description": "Theirs"}, {"SID": "AC01"}]"#,
    )];
    let taken = rules::load(&settings).unwrap_err();
    let taken: Vec<_> = taken.iter().map(|n| (n.severity, n.code)).collect();
    assert_eq!(taken, [(Severity::Error, code::RULE_DUPLICATE); 2]);
    settings.pytm_replaces = true;
    let (catalogue, notices) = rules::load(&settings).unwrap();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!(
        (notices[0].severity, notices[0].code),
        (Severity::Note, code::RULE_OVERRIDDEN)
    );
    assert_eq!(&*catalogue.by_id("AA01").unwrap().rule.title, "Theirs");
}

#[test]
fn rules_can_be_disabled_and_given_another_severity() {
    let name = |id: &str| RuleName {
        id: id.into(),
        place: None,
    };
    let settings = CatalogueSettings {
        disable: vec![name("AA01"), name("AA0l")],
        severity: vec![(name("AC01"), rules::Severity::Info)],
        ..CatalogueSettings::default()
    };
    let (catalogue, notices) = rules::load(&settings).unwrap();
    assert!(catalogue.by_id("AA01").is_none());
    assert_eq!(
        catalogue.by_id("AC01").unwrap().rule.severity,
        rules::Severity::Info
    );
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!(notices[0].code, code::CONFIG);
    let pinned = CatalogueSettings {
        version: Some("0.0.9".into()),
        ..CatalogueSettings::default()
    };
    assert!(rules::load(&pinned).unwrap().0.rules().is_empty());
}

#[test]
fn a_models_own_threats_take_the_place_of_the_built_in_ones_only() {
    let mut settings = settings(&[("r.yaml", "id: U1\ntitle: Mine\n")]);
    settings.no_default_rules = false;
    let (catalogue, _) = rules::load(&settings).unwrap();
    let own = source(
        "own.json",
        r#"[{"SID": "AA01"}, {"SID": "T1"}, {"SID": "U1"}]"#,
    );
    let (own, _) = catalogue.load_threats_file(&own).unwrap();
    let layers = |policy| -> Vec<(String, Layer)> {
        let rules = catalogue.for_model(Some(own.clone()), policy);
        let wanted = |rule: &&CompiledRule| ["AA01", "AC01", "T1", "U1"].contains(&&*rule.rule.id);
        rules
            .iter()
            .filter(wanted)
            .map(|rule| (rule.rule.id.to_string(), rule.rule.layer))
            .collect()
    };
    let named = |pairs: &[(&str, Layer)]| -> Vec<(String, Layer)> {
        pairs
            .iter()
            .map(|(id, layer)| ((*id).to_owned(), *layer))
            .collect()
    };
    assert_eq!(
        layers(ThreatsFilePolicy::Replace),
        named(&[("AA01", ThreatsFile), ("T1", ThreatsFile), ("U1", User)])
    );
    assert_eq!(
        layers(ThreatsFilePolicy::Add),
        named(&[
            ("AA01", ThreatsFile),
            ("AC01", BuiltIn),
            ("T1", ThreatsFile),
            ("U1", User)
        ])
    );
    assert_eq!(
        layers(ThreatsFilePolicy::Ignore),
        named(&[("AA01", BuiltIn), ("AC01", BuiltIn), ("U1", User)])
    );
}

#[test]
fn a_pack_that_needs_a_later_tmrs_is_refused() {
    let rule = ("pack/r.yaml", "id: U1\ntitle: Mine\n");
    let pack = |minimum: &str| format!("id: acme\nversion: 1.2\nminimum-tmrs: {minimum}\n");
    let (catalogue, _) = rules::load(&settings(&[("pack/pack.yaml", &pack("0.1")), rule])).unwrap();
    assert!(
        catalogue
            .by_id("U1")
            .unwrap()
            .rule
            .tags
            .iter()
            .any(|tag| &**tag == "pack:acme")
    );
    let notices = rules::load(&settings(&[("pack/pack.yaml", &pack("99.0")), rule])).unwrap_err();
    assert!(
        shown(&notices[0]).starts_with("error pack/pack.yaml:3:15 rule-field [99.0]"),
        "{notices:?}"
    );
}

#[test]
fn every_built_in_condition_compiles_and_names_only_what_there_is() {
    for rule in built_in::table().iter().map(Embedded::rule) {
        let condition = condition::compile(&rule.when);
        let condition =
            condition.unwrap_or_else(|complaints| panic!("{}: {complaints:?}", rule.id));
        let complaints = condition.check(&rule.target, &Names::vocabulary());
        assert!(complaints.is_empty(), "{}: {complaints:?}", rule.id);
    }
}
