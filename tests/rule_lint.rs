//! `tmrs rules lint`: what it finds in pytm's threat file and in our own catalogue.

use std::sync::Arc;

use tmrs::rules::lint::{Doubt, Lint, lint};
use tmrs::rules::{self, CatalogueSettings, Layer, Pack};

use crate::shared;

#[test]
#[ignore = "needs pytm 1.4.0: scripts/test-all"]
fn every_group_of_equal_conditions_in_pytms_threats_is_found() {
    let source = shared::pytm_threats();
    let settings = CatalogueSettings {
        no_default_rules: true,
        sources: vec![source],
        ..CatalogueSettings::default()
    };
    let (catalogue, notices) = rules::load(&settings).unwrap();
    assert_eq!(catalogue.rules().len(), 113, "{notices:#?}");
    let lints = lint(catalogue.rules());
    let of = |doubt| -> Vec<&Lint> { lints.iter().filter(|lint| lint.doubt == doubt).collect() };
    let groups: Vec<String> = of(Doubt::Equivalent)
        .iter()
        .map(|lint| joined(lint))
        .collect();
    let expected = [
        "AA01 AA02",
        "AC01 AC09",
        "AC07 AC08",
        "AC11 AC16 AC17",
        "AC12 AC13",
        "AC19 CR04",
        "DE02 INP08 INP11 INP25 INP26 INP27 INP30 INP33 INP35 INP41",
        "DO03 DO04",
        "DS01 DS04 INP28 INP29 INP32 SC04",
        "HA02 HA04",
        "INP03 INP18",
        "INP05 INP09 INP10 INP13 INP14 INP16",
        "INP19 INP21 INP22",
        "INP36 INP37",
        "INP38 INP39 INP40",
    ];
    assert_eq!(groups, expected);
    let unsettled: Vec<String> = of(Doubt::NothingSettles)
        .iter()
        .map(|lint| joined(lint))
        .collect();
    assert_eq!(
        unsettled,
        [
            "AC02", "API01", "DO03", "DO04", "DS02", "DS05", "HA02", "HA04"
        ]
    );
}

#[test]
fn over_our_own_catalogue_only_reasoned_exceptions_are_left() {
    let settings = CatalogueSettings {
        packs: Pack::ALL.to_vec(),
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).unwrap();
    let found: Vec<String> = lint(catalogue.rules())
        .iter()
        .map(|lint| format!("{} {}", lint.doubt.as_str(), joined(lint)))
        .collect();
    let text = std::fs::read_to_string(shared::root().join("tests/lint-exceptions.yaml")).unwrap();
    let exceptions: std::collections::BTreeMap<String, String> =
        serde_yaml::from_str(&text).unwrap();
    assert!(exceptions.values().all(|reason| !reason.trim().is_empty()));
    let listed: Vec<String> = exceptions.into_keys().collect();
    let mut sorted = found;
    sorted.sort();
    assert_eq!(sorted, listed);
}

#[test]
fn doubtful_rules_are_told_by_what_is_doubtful() {
    let cases = [
        ("when: target.inScope and not target.inScope", Doubt::Never),
        (
            "when: target.protocol == 'A' and target.protocol == 'B'",
            Doubt::Never,
        ),
        ("when: ''", Doubt::Never),
        ("when: target.inScope or not target.inScope", Doubt::Always),
        (
            "when: target.is_drawn and not target.controls.isHardened",
            Doubt::Unsettable,
        ),
        ("when: target.usesCache", Doubt::NothingSettles),
        ("when: not target.controls.isHardened", Doubt::Missing),
        (
            "when: not target.controls.isHardened\nreferences: [CWE-89]",
            Doubt::NoTerm,
        ),
        (
            "when: not target.controls.isHardened\nreferences: [CWE-840]",
            Doubt::Category,
        ),
    ];
    for (when, doubt) in cases {
        let text = format!("id: X1\ntitle: T\ntarget: Server\n{when}\n");
        let path = tmrs::source::RepoPath::new("r.yaml").unwrap();
        let settings = CatalogueSettings {
            no_default_rules: true,
            sources: vec![tmrs::source::Source::new(path, text)],
            ..CatalogueSettings::default()
        };
        let (catalogue, _) = rules::load(&settings).unwrap();
        let lints = lint(catalogue.rules());
        assert!(
            lints.iter().any(|lint| lint.doubt == doubt),
            "{when}: {lints:#?}"
        );
    }
}

#[test]
fn a_built_in_rule_must_not_wait_for_what_nothing_asks_for_or_derives() {
    let cases = [
        ("'COBOL' in target.technologies", true),
        ("'PHP' in target.technologies", false),
        ("any(d.format == 'CSV' for d in target.data)", true),
        ("any(d.format == 'XML' for d in target.data)", false),
        ("target.port == 23", true),
        ("target.port == 23 or target.usesJWT", false),
        ("target.isProxy", false),
        ("any(d.isIntegrityCritical for d in target.data)", false),
    ];
    for (fact, is_rejected) in cases {
        for layer in [Layer::BuiltIn, Layer::User] {
            let when = format!("({fact}) and not target.controls.isHardened");
            let text = format!("id: X1\ntitle: T\ntarget: Server\nwhen: \"{when}\"\n");
            let path = tmrs::source::RepoPath::new("r.yaml").unwrap();
            let settings = CatalogueSettings {
                no_default_rules: true,
                sources: vec![tmrs::source::Source::new(path, text)],
                ..CatalogueSettings::default()
            };
            let (catalogue, _) = rules::load(&settings).unwrap();
            let mut rules = catalogue.rules().to_vec();
            Arc::make_mut(&mut rules[0].rule).layer = layer;
            let found = lint(&rules).iter().any(|lint| lint.doubt == Doubt::Unasked);
            // What models of others state is theirs to know.
            assert_eq!(found, is_rejected && layer == Layer::BuiltIn, "{fact}");
        }
    }
}

#[test]
fn a_title_that_names_the_threat_and_a_reference_to_a_weakness_raise_no_doubt() {
    let cases = [
        ("Blind SQL Injection in reports", "[CWE-89]"),
        ("Forms lack a CSRF token", "[CAPEC-62, CWE-352]"),
        // Only the first weakness is what the rule is about.
        ("Command injection through file names", "[CWE-78, CWE-89]"),
        ("A weakness without a name of its own", "[CWE-841]"),
    ];
    for (title, references) in cases {
        let text = format!(
            "id: X1\ntitle: {title}\ntarget: Server\nwhen: not target.controls.isHardened\n\
             references: {references}\n"
        );
        let path = tmrs::source::RepoPath::new("r.yaml").unwrap();
        let settings = CatalogueSettings {
            no_default_rules: true,
            sources: vec![tmrs::source::Source::new(path, text)],
            ..CatalogueSettings::default()
        };
        let (catalogue, _) = rules::load(&settings).unwrap();
        let doubts: Vec<_> = lint(catalogue.rules()).iter().map(|l| l.doubt).collect();
        assert!(
            !doubts.contains(&Doubt::NoTerm) && !doubts.contains(&Doubt::Category),
            "{title}: {doubts:?}"
        );
    }
}

fn joined(lint: &Lint) -> String {
    lint.rules
        .iter()
        .map(|id| &**id)
        .collect::<Vec<_>>()
        .join(" ")
}
