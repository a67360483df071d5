//! Every kind of edit that a change can make, generated from the vocabulary and from
//! the table of settings: a finding that went is named with its cause, and no policy
//! is looser than the base's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value as Json;
use tmrs::config::keys::{self, KeySpec, Takes};
use tmrs::model::vocabulary::{Class, Kind};

use crate::harness::Repo;

/// Of the edits that set one attribute, one in so many is tried; withdrawing,
/// removing, renaming, moving and cloning are all tried.
const ONE_IN: usize = 80;

/// A part of a model.
#[derive(Clone)]
struct Part {
    section: &'static str,
    id: &'static str,
    class: Class,
    says: BTreeMap<String, String>,
}

fn part(section: &'static str, id: &'static str, class: Class, says: &[(&str, &str)]) -> Part {
    let says = says
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    Part {
        section,
        id,
        class,
        says: says.collect(),
    }
}

/// A shop in which every part says something that findings rest on.
fn shop() -> Vec<Part> {
    vec![
        part(
            "boundaries",
            "net",
            Class::Boundary,
            &[("name", "Internet"), ("trust", "UNTRUSTED")],
        ),
        part(
            "boundaries",
            "dmz",
            Class::Boundary,
            &[("name", "DMZ"), ("trust", "INTERNAL")],
        ),
        part(
            "boundaries",
            "inner",
            Class::Boundary,
            &[("name", "Inner"), ("inBoundary", "dmz")],
        ),
        part(
            "elements",
            "user",
            Class::Actor,
            &[("name", "User"), ("inBoundary", "net")],
        ),
        part(
            "elements",
            "web",
            Class::Server,
            &[
                ("name", "Web"),
                ("inBoundary", "dmz"),
                ("usesSessionTokens", "true"),
                ("implementsAPI", "true"),
                ("controls.isHardened", "false"),
                ("controls.sanitizesInput", "false"),
            ],
        ),
        part(
            "elements",
            "db",
            Class::Datastore,
            &[
                ("name", "Orders"),
                ("inBoundary", "inner"),
                ("isSQL", "true"),
                ("storesPII", "true"),
                ("controls.isEncryptedAtRest", "false"),
            ],
        ),
        part(
            "data",
            "card",
            Class::Data,
            &[
                ("name", "Card"),
                ("classification", "SECRET"),
                ("isPII", "true"),
                ("isCredentials", "true"),
                ("isStored", "true"),
            ],
        ),
        part(
            "flows",
            "visit",
            Class::Dataflow,
            &[
                ("source", "user"),
                ("sink", "web"),
                ("name", "Visit"),
                ("protocol", "HTTP"),
                ("data", "[card]"),
                ("controls.isEncrypted", "false"),
            ],
        ),
        part(
            "flows",
            "store",
            Class::Dataflow,
            &[
                ("source", "web"),
                ("sink", "db"),
                ("name", "Store"),
                ("data", "[card]"),
            ],
        ),
    ]
}

fn render(name: &str, parts: &[Part]) -> String {
    let mut text = format!("tmrs: 1\nname: {name}\n");
    for section in ["boundaries", "elements", "data", "flows"] {
        let of_section: Vec<&Part> = parts.iter().filter(|p| p.section == section).collect();
        if of_section.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{section}:");
        for part in of_section {
            let _ = writeln!(text, "  {}:", part.id);
            if section == "elements" {
                let _ = writeln!(text, "    class: {}", part.class.name());
            }
            let (controls, own): (Vec<_>, Vec<_>) = part
                .says
                .iter()
                .partition(|(key, _)| key.starts_with("controls."));
            for (key, value) in own {
                let _ = writeln!(text, "    {key}: {value}");
            }
            if !controls.is_empty() {
                let _ = writeln!(text, "    controls:");
            }
            for (key, value) in controls {
                let _ = writeln!(text, "      {}: {value}", &key["controls.".len()..]);
            }
        }
    }
    text
}

/// Other values that an attribute takes.
fn others(kind: Kind, now: Option<&str>) -> Vec<String> {
    let all: Vec<String> = match kind {
        Kind::Bool => vec!["true".into(), "false".into()],
        Kind::Text => vec!["Something".into()],
        Kind::Int => vec!["7".into()],
        Kind::Enum(of) => of.members.iter().map(|(name, _)| (*name).into()).collect(),
        _ => Vec::new(),
    };
    all.into_iter()
        .filter(|value| Some(&**value) != now)
        .collect()
}

/// Every edit of one model: what it is, and the parts after it.
fn edits() -> Vec<(String, Vec<Part>)> {
    let before = shop();
    let mut edits = Vec::new();
    let mut tried = 0;
    for (at, part) in before.iter().enumerate() {
        let mut edit = |what: String, change: &dyn Fn(&mut Vec<Part>)| {
            let mut parts = before.clone();
            change(&mut parts);
            edits.push((format!("{}: {what}", part.id), parts));
        };
        let structural = ["name", "source", "sink"];
        for key in part
            .says
            .keys()
            .filter(|key| !structural.contains(&&***key))
        {
            edit(format!("{key} withdrawn"), &|parts| {
                parts[at].says.remove(key);
            });
        }
        let own = part
            .class
            .attributes()
            .into_iter()
            .map(|a| (a.name.to_owned(), a.kind));
        let controls = Class::Controls.attributes().into_iter();
        let controls = controls.map(|a| (format!("controls.{}", a.name), a.kind));
        let has_controls = part.class.is_element() && part.section != "boundaries";
        for (key, kind) in own.chain(controls.filter(|_| has_controls)) {
            let now = part.says.get(&key).map(String::as_str);
            for value in others(kind, now).into_iter().filter(|_| key != "name") {
                tried += 1;
                // What is said already is always tried.
                if now.is_none() && tried % ONE_IN != 0 {
                    continue;
                }
                edit(format!("{key} is {value}"), &|parts| {
                    parts[at].says.insert(key.clone(), value.clone());
                });
            }
        }
        edit("renamed".into(), &|parts| {
            parts[at].says.insert("name".into(), "Renamed".into());
        });
        if part.section == "elements" {
            for class in [Class::Process, Class::ExternalEntity, Class::Asset] {
                edit(format!("of class {}", class.name()), &|parts| {
                    parts[at].class = class;
                    let known = |key: &str| {
                        let key = key
                            .strip_prefix("controls.")
                            .map_or(class.attribute(key), |c| Class::Controls.attribute(c));
                        key.is_some()
                    };
                    parts[at].says.retain(|key, _| known(key));
                });
            }
        }
        edit("removed".into(), &|parts| {
            let id = part.id;
            parts.retain(|p| {
                p.id != id
                    && p.says
                        .values()
                        .all(|value| value != id || p.section != "flows")
            });
            for p in parts {
                p.says
                    .retain(|_, value| value != id && *value != format!("[{id}]"));
            }
        });
        edit("cloned, and the twin out of scope".into(), &|parts| {
            if part.class.is_element() && part.section != "boundaries" {
                let mut twin = part.clone();
                twin.id = "twin";
                twin.says.insert("inScope".into(), "false".into());
                parts.insert(at, twin);
            }
        });
    }
    edits.push(("emptied".into(), Vec::new()));
    edits
}

/// Who a finding is, whatever became of its model's file.
type Who = (String, String);

/// The open findings of a report, by model.
fn open(report: &Json) -> BTreeMap<String, BTreeSet<Who>> {
    let mut open: BTreeMap<String, BTreeSet<Who>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let status = finding["status"].as_str().unwrap();
        if ["new", "unreviewed", "baselined"].contains(&status) && !is_change(finding) {
            let who = (text(&finding["fingerprint"]), text(&finding["rule"]));
            open.entry(text(&finding["model"])).or_default().insert(who);
        }
    }
    open
}

fn is_change(finding: &Json) -> bool {
    finding["rule"].as_str().unwrap().starts_with("CHG")
}

#[test]
fn whatever_takes_a_finding_away_is_named() {
    let edits = edits();
    let path = |at: usize| format!("m{at:03}.yaml");
    let repo = Repo::new();
    for at in 0..edits.len() {
        repo.write(&path(at), &render(&format!("Shop {at}"), &shop()));
    }
    repo.commit("Start");
    let before = open(&repo.report(&[]));
    for (at, (_, parts)) in edits.iter().enumerate() {
        repo.write(&path(at), &render(&format!("Shop {at}"), parts));
    }
    let report = repo.report(&["--since", "HEAD"]);
    let after = open(&report);
    let findings = report["findings"].as_array().unwrap();
    let mut gone = 0;
    for (at, (what, _)) in edits.iter().enumerate() {
        let path = path(at);
        let of_model = |value: &&Json| value["model"] == *path;
        let is_broken = report["models"]
            .as_array()
            .unwrap()
            .iter()
            .all(|model| model["path"] != *path || model["complete"] == false);
        if is_broken {
            assert_ne!(report["summary"]["exit"], 0, "{what}");
            continue;
        }
        let changes: Vec<&Json> = findings
            .iter()
            .filter(of_model)
            .filter(|f| is_change(f))
            .collect();
        let unexplained = changes.iter().find(|f| f["rule"] == "CHG18");
        assert!(
            unexplained.is_none(),
            "{what}: {}",
            unexplained.unwrap()["message"]
        );
        let now = after.get(&path).cloned().unwrap_or_default();
        let fixed: BTreeMap<&str, &Json> = report["fixed"]
            .as_array()
            .unwrap()
            .iter()
            .filter(of_model)
            .map(|fixed| (fixed["fingerprint"].as_str().unwrap(), &fixed["because"]))
            .collect();
        for (fingerprint, rule) in &before[&path] {
            if now.iter().any(|(print, _)| print == fingerprint) {
                continue;
            }
            gone += 1;
            let settled = findings
                .iter()
                .find(|f| of_model(f) && f["fingerprint"] == **fingerprint);
            let named = match settled {
                // It is there, with its reason, and the change that gives it one is told.
                Some(finding) => finding["reason"].is_string() && !changes.is_empty(),
                None => fixed
                    .get(&**fingerprint)
                    .is_some_and(|because| because.is_string()),
            };
            // A finding that only moved to an element of another class is open there.
            let moved = now.iter().any(|(print, other)| {
                other == rule && !before[&path].iter().any(|(known, _)| known == print)
            });
            assert!(named || moved, "{what}: {rule} went, and nothing says why");
        }
    }
    assert!(gone > 500, "only {gone} findings went");
}

#[test]
fn whatever_happens_to_a_file_is_told() {
    type Move = fn(&Repo);
    let moves: [(&str, Move); 6] = [
        ("removed", |repo| {
            repo.remove("model.yaml");
        }),
        ("moved to where nobody looks", |repo| {
            repo.git(&["mv", "model.yaml", "model.txt"]);
        }),
        ("a link to another model", |repo| {
            repo.remove("model.yaml");
            #[cfg(unix)]
            std::os::unix::fs::symlink("other.yaml", repo.path("model.yaml")).unwrap();
        }),
        ("in another encoding", |repo| {
            let text = repo.read("model.yaml");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            std::fs::write(repo.path("model.yaml"), [&[0xff, 0xfe], &wide[..]].concat()).unwrap();
        }),
        ("without its mark", |repo| {
            repo.edit("model.yaml", "tmrs: 1\n", "");
        }),
        ("empty", |repo| {
            repo.write("model.yaml", "");
        }),
    ];
    for (what, change) in moves {
        let other = render("Other", &shop()[..4]);
        let repo = Repo::with(&[
            ("model.yaml", &render("Shop", &shop())),
            ("other.yaml", &other),
        ]);
        change(&repo);
        repo.git(&["add", "-A"]);
        let report = repo.report(&["--since", "HEAD"]);
        let told = report["findings"].as_array().unwrap().iter().any(is_change);
        assert!(told || report["summary"]["exit"] == 3, "{what}");
    }
}

/// What a key can be made to say.
fn values(spec: &KeySpec) -> Vec<String> {
    match spec.takes {
        Takes::Flag => vec!["true".into(), "false".into()],
        Takes::Count => vec!["1".into(), "100000".into()],
        Takes::Text => vec!["something".into()],
        Takes::Version => vec!["'0.0.1'".into()],
        Takes::Path => vec!["other.json".into()],
        Takes::Glob => vec!["'*'".into()],
        Takes::Day => vec!["2099-01-01".into()],
        Takes::Word(words) => words.iter().map(|word| (*word).into()).collect(),
        Takes::Texts if spec.name == "packs" => vec!["[]".into(), "[extended]".into()],
        Takes::Texts => vec!["[]".into(), "[AC01, DR01, DS01, INP01, OWN01]".into()],
        Takes::Paths => vec!["[]".into(), "[rules]".into(), "[hostile]".into()],
        Takes::Globs => vec!["[]".into(), "['**']".into(), "['nothing/**']".into()],
        Takes::GlobOrGlobs => vec!["'*'".into()],
        Takes::Words(words) => vec!["[]".into(), format!("[{}]", words.join(", "))],
        Takes::SeverityById => vec!["{AC01: info, DR01: info, OWN01: info}".into()],
        // The keys within are tried one by one.
        Takes::Map(_) | Takes::Maps(_) => Vec::new(),
    }
}

/// Configurations that each say one key.
fn configurations() -> Vec<String> {
    let mut all = vec![String::new()];
    for spec in keys::TOP {
        match spec.takes {
            Takes::Map(inner) => {
                for spec in inner {
                    let more: Vec<String> = match spec.takes {
                        Takes::Map(deepest) => deepest
                            .iter()
                            .flat_map(|spec| {
                                let name = spec.name;
                                values(spec)
                                    .into_iter()
                                    .map(move |v| format!("{{{name}: {v}}}"))
                            })
                            .collect(),
                        _ => values(spec),
                    };
                    all.extend(
                        more.iter().map(|v| {
                            format!("{}: {{{}: {v}}}\n", outer(spec, keys::TOP), spec.name)
                        }),
                    );
                }
            }
            Takes::Maps(_) if spec.name == "models" => {
                all.push("models: [{path: '**', lenient: true, reason: r}]\n".into());
            }
            // Exclusions are told one by one; no floor forbids them.
            Takes::Maps(_) => {}
            _ => all.extend(values(spec).iter().map(|v| format!("{}: {v}\n", spec.name))),
        }
    }
    all
}

/// The map of the top level that has a key.
fn outer(spec: &KeySpec, top: &'static [KeySpec]) -> &'static str {
    let has = |map: &&KeySpec| match map.takes {
        Takes::Map(inner) => inner.iter().any(|own| std::ptr::eq(own, spec)),
        _ => false,
    };
    top.iter().find(has).map_or("", |map| map.name)
}

#[test]
fn no_configuration_is_looser_than_the_policy_of_the_base() {
    let own = "id: OWN01\ntitle: Traffic in the clear\ntarget: [Dataflow]\nseverity: critical\nwhen: target.protocol == 'HTTP'\ntags: [own]\ndescription: Anyone on the way reads along.\nmitigation: Use HTTPS.\n";
    let base =
        "rules: {paths: [rules]}\nfail-on: medium\npolicy: {never: [own], require: [owner]}\n";
    let repo = Repo::with(&[
        ("model.yaml", &render("Shop", &shop())),
        ("rules/OWN01.yaml", own),
        ("tmrs.yaml", base),
    ]);
    // Rules that find nothing in place of those that do.
    let nothing = |id: &str| {
        format!(
            "id: {id}\ntitle: Nothing\ntarget: [Dataflow]\nseverity: info\nwhen: 'False'\ndescription: It never holds.\nmitigation: Nothing.\noverride: true\n"
        )
    };
    repo.write("hostile/DR01.yaml", &nothing("DR01"));
    repo.write("hostile/AC01.yaml", &nothing("AC01"));
    let failing = |report: &Json| -> BTreeSet<String> {
        let gate = &report["summary"]["gate"];
        let rank = |word: &Json| {
            let all = ["info", "low", "medium", "high", "critical"];
            all.iter().position(|known| word == known)
        };
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|f| f["status"] == "new" && rank(&f["severity"]) >= rank(&gate["failOn"]))
            .filter(|f| gate["evidence"] == "assumed" || f["evidence"] == "declared")
            .map(|f| f["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let strict = failing(&repo.report(&[]));
    assert!(strict.len() > 20);
    let all = configurations();
    assert!(all.len() > 40, "{}", all.len());
    for (at, config) in all.iter().enumerate() {
        repo.write("tmrs.yaml", config);
        // Every second time the rule file of the base is changed as well.
        let rule = if at % 2 == 0 {
            own
        } else {
            &*nothing("OWN01").replace("override: true\n", "")
        };
        repo.write("rules/OWN01.yaml", rule);
        let run = repo.tmrs(&["check", "--policy-from", "HEAD", "--format", "json"]);
        if run.code == 2 {
            continue;
        }
        let now = failing(&serde_json::from_str(&run.out).unwrap());
        let lost: Vec<&String> = strict.difference(&now).collect();
        assert!(
            lost.is_empty(),
            "{config:?} lets {} findings through",
            lost.len()
        );
    }
}
