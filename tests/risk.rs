//! The gate compares how much a finding matters where it is.

use serde_json::Value as Json;

use crate::harness::Repo;

/// A shop behind a load balancer, of which nobody said whether it authenticates.
const SHOP: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
  app: {name: App, trust: INTERNAL}
elements:
  user: {class: Actor, name: Customer, inBoundary: net}
  lb: {class: Server, name: Load balancer, inBoundary: app}
  web: {class: Server, name: Shop, inBoundary: app}
data:
  orders: {name: Orders, classification: SENSITIVE}
flows:
  visit: {source: user, sink: lb, name: Visit, protocol: HTTPS, tlsVersion: TLSv13, data: [orders]}
  pass: {source: lb, sink: web, name: Pass, protocol: HTTPS, tlsVersion: TLSv13, data: [orders]}
";

fn repo(model: &str) -> Repo {
    Repo::with(&[("model.yaml", model)])
}

fn finding(repo: &Repo, rule: &str, element: &str) -> Json {
    let report = repo.report(&[]);
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .find(|f| f["rule"] == rule && f["element"]["name"] == element)
        .unwrap_or_else(|| panic!("no {rule} on {element}"))
        .clone()
}

#[test]
fn a_finding_says_who_reaches_it_and_what_is_at_stake() {
    let repo = repo(SHOP);
    let found = finding(&repo, "AA01", "Shop");
    assert_eq!(found["evidence"], "assumed");
    assert_eq!(found["risk"], "high");
    assert_eq!(found["failing"], true);
    assert_eq!(
        found["riskReason"],
        "reached from Internet without a login: Customer → Load balancer → Shop; \
         Orders is SENSITIVE"
    );
}

#[test]
fn what_is_only_assumed_fails_where_outsiders_reach_something_valuable() {
    for (from, to, code) in [
        ("tmrs: 1", "tmrs: 1", 1),
        // Data of which nobody said how confidential it is counts as confidential.
        (", classification: SENSITIVE", "", 1),
        ("SENSITIVE", "PUBLIC", 0),
        ("trust: UNTRUSTED", "trust: INTERNAL", 0),
    ] {
        let repo = repo(&SHOP.replace(from, to));
        let run = repo.tmrs(&["check"]);
        assert_eq!(run.code, code, "{from} → {to}: {}", run.out);
    }
}

#[test]
fn what_is_declared_fails_wherever_it_is() {
    let model = SHOP.replace("SENSITIVE", "PUBLIC").replace(
        "name: Shop, inB",
        "name: Shop, isPublic: false, controls: {authorizesSource: false, hasAccessControl: false}, inB",
    );
    let repo = repo(&model);
    let found = finding(&repo, "AC01", "Shop");
    assert_eq!(
        (&found["risk"], &found["failing"]),
        (&"high".into(), &true.into())
    );
}

#[test]
fn a_gate_by_severity_takes_no_account_of_the_place() {
    let model = SHOP.replace("SENSITIVE", "PUBLIC");
    let repo = repo(&model);
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    repo.write("tmrs.yaml", "gate: severity\n");
    assert_eq!(repo.tmrs(&["check"]).code, 1);
}

#[test]
fn a_policy_by_severity_binds_a_gate_by_risk() {
    let repo = repo(&SHOP.replace("SENSITIVE", "PUBLIC"));
    for (policy, code) in [
        ("strict: true\n", 0),
        ("fail-on: high\n", 0),
        ("gate: severity\n", 1),
        ("fail-on: high\ngate: risk\n", 0),
    ] {
        repo.write("tmrs.yaml", "gate: risk\n");
        repo.write("floor.yaml", policy);
        let run = repo.tmrs(&["check", "--policy", "floor.yaml"]);
        assert_eq!(run.code, code, "{policy}: {}", run.out);
    }
}

#[test]
fn a_known_finding_whose_risk_rose_is_new_with_that_reason() {
    let inside = SHOP.replace("trust: UNTRUSTED", "trust: INTERNAL");
    let repo = repo(&inside);
    repo.tmrs(&["baseline", "update"]);
    assert_eq!(repo.tmrs(&["check"]).code, 0);
    repo.write("model.yaml", SHOP);
    let found = finding(&repo, "AA01", "Shop");
    assert_eq!(found["status"], "new");
    let reason = found["reason"].as_str().unwrap();
    assert!(reason.contains("of risk low; now it is high"), "{reason}");
}
