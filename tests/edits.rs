//! Every kind of edit that a change can make, generated from the vocabulary, the table
//! of settings and the keys of rule files, on the test models and examples: a finding that
//! went is named with its cause, and no policy is looser than the base's.

mod changes;
mod settings;
mod sketch;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;
use tmrs::discover::Filter;
use tmrs::model::Model;
use tmrs::pipeline::{self, Request};
use tmrs::read::ReadOptions;
use tmrs::source::{Memory, RepoPath};

use self::changes::Change;
use self::sketch::{Format, Part, Written};
use crate::harness::Repo;
use crate::shared::root;

/// So many models are judged at once.
const AT_ONCE: usize = 120;
/// So many edits are tried by `cargo test`; `scripts/test-all` tries more.
const SAMPLE: usize = 180;
/// So many edits are tried where time does not matter, or as many as `TMRS_EDITS` says.
/// `TMRS_EDIT` tries only those in whose description it stands.
const MANY: usize = 600;

/// A shop in which every part says something that findings rest on.
pub const SHOP: &str = r"
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
  dmz: {name: DMZ, trust: INTERNAL}
  inner: {name: Inner, inBoundary: dmz}
elements:
  user: {class: Actor, name: User, inBoundary: net}
  web:
    class: Server
    name: Web
    inBoundary: dmz
    usesSessionTokens: true
    implementsAPI: true
    controls: {isHardened: false, sanitizesInput: false}
  db:
    class: Datastore
    name: Orders
    inBoundary: inner
    isSQL: true
    storesPII: true
    controls: {isEncryptedAtRest: false}
data:
  card: {name: Card, classification: SECRET, isPII: true, isCredentials: true, isStored: true}
flows:
  visit: {source: user, sink: web, name: Visit, protocol: HTTP, data: [card], controls: {isEncrypted: false}}
  store: {source: web, sink: db, name: Store, data: [card]}
";

/// The shop, the test models and the examples, as far as they can be read.
fn models() -> Vec<Model> {
    let mut files = vec![("shop.yaml".to_owned(), SHOP.as_bytes().to_vec())];
    for folder in ["tests/models", "examples"] {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    let tree = Memory::new(files);
    let request = Request {
        tree: &tree,
        filter: Filter {
            paths: ["shop.yaml", "tests/models", "examples"]
                .iter()
                .filter_map(|path| RepoPath::new(path))
                .collect(),
            ..Filter::default()
        },
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    let readings = pipeline::read(&request).unwrap();
    let models = readings.models.into_iter();
    models.filter(|model| !model.elements.is_empty()).collect()
}

fn collect(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
            files.push((name.replace('\\', "/"), std::fs::read(&path).unwrap()));
        }
    }
}

/// One edit of one model, in one format.
struct Edit {
    /// Which of the sketches.
    of: usize,
    format: Format,
    /// The part that it is about.
    at: usize,
    change: Change,
}

impl Edit {
    /// What is done to the model of that name and these parts.
    fn described(&self, name: &str, parts: &[Part]) -> String {
        let (part, format, change) = (&parts[self.at], self.format, &self.change);
        let class = part.class.name();
        format!("{name} ({format:?}): {class} “{}” {change}", part.name)
    }
}

/// About so many of all edits, picked by a hash of what they are; all of them if there
/// are fewer.
fn pick(sketches: &[(String, Vec<Part>)], count: usize) -> Vec<Edit> {
    let mut all = Vec::new();
    for (of, (name, parts)) in sketches.iter().enumerate() {
        for (at, change) in changes::all(parts) {
            let hash = fnv(&format!("{name} {} {change}", parts[at].id));
            let format = [Format::Yaml, Format::Json, Format::Python][hash as usize % 3];
            let edit = Edit {
                of,
                format,
                at,
                change,
            };
            all.push((hash / 3, edit));
        }
    }
    let step = all.len().div_ceil(count).max(1) as u64;
    let picked = all.into_iter().filter(|(hash, edit)| {
        // Few are of these kinds, and much goes by them.
        let often = match edit.change {
            Change::Set(..) => 1,
            Change::Withdraw(_) | Change::Class(_) => 6,
            _ => 16,
        };
        hash % step < often
    });
    picked.map(|(_, edit)| edit).collect()
}

/// FNV-1a: the same on every machine and in every version of the compiler.
fn fnv(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    // Its low bits say little of a few last letters.
    hash ^ (hash >> 29)
}

fn is_change(finding: &Json) -> bool {
    finding["rule"].as_str().unwrap().starts_with("CHG")
}

/// The open findings of a report by model: who they are.
fn open(report: &Json) -> BTreeMap<String, BTreeMap<String, (String, String)>> {
    let mut open: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |value: &Json| value.as_str().unwrap_or("").to_owned();
        let status = finding["status"].as_str().unwrap();
        if ["new", "unreviewed", "baselined"].contains(&status) && !is_change(finding) {
            let who = (text(&finding["rule"]), text(&finding["element"]["name"]));
            let of_model = open.entry(text(&finding["model"])).or_default();
            of_model.insert(text(&finding["fingerprint"]), who);
        }
    }
    open
}

/// What a report says, and the line where it says that it stands.
type Told = (String, Option<u64>);

/// Whether a text names an edit: its attribute, and its part by name or by line.
fn names(told: &Told, edit: &Edit, before: &[Part], after: (&[Part], &Written)) -> bool {
    let (text, line) = told;
    let part = &before[edit.at];
    let is_line = |line: u64| {
        let at = after.1.part_at(line);
        at.is_some_and(|at| after.0[at].id == part.id || after.0[at].id == "twin")
    };
    // “… (m001.yaml:13), …”
    let mut lines = text.split(['(', ')']).filter_map(|piece| {
        let (_, line) = piece.rsplit_once(':')?;
        line.parse().ok()
    });
    let is_named = text.contains(&part.name) || line.is_some_and(is_line) || lines.any(is_line);
    match (&edit.change, edit.change.attribute()) {
        (Change::Empty, _) => text.contains("emptied"),
        (_, Some(attribute)) => is_named && text.contains(attribute),
        _ => is_named,
    }
}

/// Applies edits to their models, and gives what went without its cause, beside how much went
/// and how many of the edited models were refused.
fn unexplained(sketches: &[(String, Vec<Part>)], edits: &[Edit]) -> (Vec<String>, usize, usize) {
    let (mut unexplained, mut gone, mut refused) = (Vec::new(), 0, 0);
    for edits in edits.chunks(AT_ONCE) {
        let path = |at: usize| match edits[at].format {
            Format::Yaml => format!("m{at:03}.yaml"),
            Format::Json => format!("m{at:03}.json"),
            Format::Python => format!("m{at:03}.py"),
        };
        let write = |at: usize, parts: &[Part]| {
            sketch::write(&format!("Model {at}"), parts, edits[at].format)
        };
        let repo = Repo::new();
        for (at, edit) in edits.iter().enumerate() {
            repo.write(&path(at), &write(at, &sketches[edit.of].1).text);
        }
        repo.commit("Start");
        let first = repo.report(&[]);
        let before = open(&first);
        let mut after = Vec::new();
        for (at, edit) in edits.iter().enumerate() {
            let parts = changes::apply(&edit.change, edit.at, &sketches[edit.of].1);
            let written = write(at, &parts);
            repo.write(&path(at), &written.text);
            after.push((parts, written));
        }
        let report = repo.report(&["--since", "HEAD"]);
        let now = open(&report);
        for (at, edit) in edits.iter().enumerate() {
            let (name, sketch) = &sketches[edit.of];
            let path = path(at);
            let what = edit.described(name, sketch);
            let of_model = |value: &&Json| value["model"] == *path;
            let is_whole = |report: &Json| {
                let mut models = report["models"].as_array().unwrap().iter();
                models.any(|model| model["path"] == *path && model["complete"] == true)
            };
            // Of what could not be read nothing is known, and the run says so.
            if !is_whole(&first) {
                let mut notices = report["notices"].as_array().unwrap().iter();
                let told = format!("{path} could not be read completely at the base");
                let is_told = |n: &Json| n["message"].as_str().unwrap().starts_with(&told);
                assert!(!is_whole(&report) || notices.any(is_told), "{what}");
                refused += 1;
                continue;
            }
            if !is_whole(&report) {
                assert_ne!(report["summary"]["exit"], 0, "{what}");
                refused += 1;
                continue;
            }
            let findings = report["findings"].as_array().unwrap().iter();
            let findings: Vec<&Json> = findings.filter(of_model).collect();
            let changes: Vec<Told> = findings
                .iter()
                .filter(|finding| is_change(finding))
                .map(|finding| {
                    let text = finding["message"].as_str().unwrap();
                    (text.to_owned(), finding["location"]["line"].as_u64())
                })
                .collect();
            if let Some(found) = findings.iter().find(|f| f["rule"] == "CHG18") {
                unexplained.push(format!("{what}: CHG18 {}", found["message"]));
            }
            let is_named = |told: &Told| names(told, edit, sketch, (&after[at].0, &after[at].1));
            let nothing = BTreeMap::new();
            let (was, is) = (
                before.get(&path).unwrap_or(&nothing),
                now.get(&path).unwrap_or(&nothing),
            );
            for (print, (rule, element)) in was.iter().filter(|(print, _)| !is.contains_key(*print))
            {
                // A finding that only moved to another name or class is open there.
                let moved = is.iter().any(|(other, (its_rule, its_element))| {
                    its_rule == rule
                        && !was.contains_key(other)
                        && (its_element == element
                            || its_element.starts_with(&**element)
                            || matches!(edit.change, Change::Rename))
                });
                if moved {
                    continue;
                }
                gone += 1;
                let fixed = report["fixed"].as_array().unwrap().iter();
                let fixed = fixed
                    .filter(of_model)
                    .find(|fixed| fixed["fingerprint"] == **print);
                let settled = findings.iter().find(|f| f["fingerprint"] == **print);
                let because = match (settled, fixed) {
                    (Some(finding), _) => finding["reason"].as_str(),
                    (None, Some(fixed)) => fixed["because"].as_str(),
                    (None, None) => None,
                };
                let because = because.unwrap_or("nothing").to_owned();
                let told = (because, None);
                if is_named(&told) || settled.is_some() && changes.iter().any(is_named) {
                    continue;
                }
                let of_change = if changes.iter().any(is_named) {
                    " (a change names it)"
                } else {
                    ""
                };
                unexplained.push(format!(
                    "{what}: {rule} on “{element}” went{of_change}, because {}",
                    told.0
                ));
            }
        }
    }
    (unexplained, gone, refused)
}

/// Tries about so many edits.
fn whatever_went_is_named(count: usize) {
    let sketches: Vec<(String, Vec<Part>)> = models()
        .iter()
        .map(|model| {
            (
                format!("{} {}", model.path(), model.name),
                sketch::of(model),
            )
        })
        .collect();
    assert!(sketches.len() > 30, "{}", sketches.len());
    let mut edits = pick(&sketches, count);
    if let Ok(wanted) = std::env::var("TMRS_EDIT") {
        edits = pick(&sketches, usize::MAX);
        edits.retain(|edit| {
            let (name, parts) = &sketches[edit.of];
            edit.described(name, parts).contains(&wanted)
        });
    }
    let (unexplained, gone, refused) = unexplained(&sketches, &edits);
    assert!(
        unexplained.is_empty(),
        "{} of {gone} went without their cause:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    assert!(gone * 2 > edits.len(), "only {gone} findings went");
    assert!(refused * 5 < edits.len(), "{refused} models were refused");
}

#[test]
fn whatever_takes_a_finding_away_is_named() {
    whatever_went_is_named(SAMPLE);
}

#[test]
#[ignore = "it takes minutes; scripts/test-all runs it"]
fn whatever_takes_a_finding_away_is_named_for_hundreds_of_edits() {
    let wanted = std::env::var("TMRS_EDITS")
        .ok()
        .and_then(|n| n.parse().ok());
    whatever_went_is_named(wanted.unwrap_or(MANY));
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
        let (other, _) = SHOP.split_once("data:\n").unwrap();
        let other = other.replace("Shop", "Other");
        let repo = Repo::with(&[("model.yaml", SHOP), ("other.yaml", &other)]);
        change(&repo);
        repo.git(&["add", "-A"]);
        let report = repo.report(&["--since", "HEAD"]);
        let told = report["findings"].as_array().unwrap().iter().any(is_change);
        assert!(told || report["summary"]["exit"] == 3, "{what}");
    }
}
