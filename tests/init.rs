//! `tmrs init`: a first model of files that deploy a system, and the same model again.

mod again;
mod beside;
mod plans;
mod sources;

use serde_json::Value as Json;

use crate::harness::Repo;

/// A repository with these files and the model that `tmrs init --from` makes of the first.
fn begun(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::with(files);
    let run = repo.tmrs(&["init", "--from", files[0].0]);
    assert_eq!(run.code, 0, "{run:?}");
    repo
}

/// What a model says, read by the reader of models: a line for each thing, with the line of
/// the source behind each value where the model has one.
fn listed(repo: &Repo) -> String {
    let run = repo.tmrs(&["convert", "threat-model.yaml", "--to", "native-json"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    let model: Json = serde_json::from_str(&run.out).unwrap();
    let lines = origins(&repo.read("threat-model.yaml"));
    // The reader's ids have no dots.
    let same = |a: &str, b: &str| a.replace('.', "-") == b.replace('.', "-");
    let with = |path: &str, text: String| match lines.iter().find(|(known, _)| same(known, path)) {
        Some((_, at)) => format!("{text}@{at}"),
        None => text,
    };
    let mut out = Vec::new();
    for section in ["boundaries", "elements", "flows"] {
        let entries = model[section].as_object().cloned().unwrap_or_default();
        for (id, body) in entries {
            let mut said = Vec::new();
            let mut facts = body.as_object().unwrap().clone();
            let controls = facts.remove("controls");
            facts.remove("name");
            for (key, value) in facts {
                said.push(with(
                    &format!("{section}.{id}.{key}"),
                    format!("{key}={}", plain(&value)),
                ));
            }
            for (key, value) in controls.iter().flat_map(|it| it.as_object().unwrap()) {
                let path = format!("{section}.{id}.controls.{key}");
                said.push(with(&path, format!("{key}={}", plain(value))));
            }
            said.sort();
            let entry = with(&format!("{section}.{id}"), id.clone());
            out.push(format!("{entry}: {}", said.join(" ")));
        }
    }
    out.join("\n") + "\n"
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The comment behind each key, by the path of keys. The test reads the lines for itself.
fn origins(text: &str) -> Vec<(String, String)> {
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let indent = line.len() - line.trim_start().len();
        let Some((key, rest)) = line.trim_start().split_once(':') else {
            continue;
        };
        path.retain(|(around, _)| *around < indent);
        path.push((indent, key.trim_matches('"').to_owned()));
        if let Some((_, comment)) = rest.split_once(" # ") {
            let keys: Vec<&str> = path.iter().map(|(_, key)| key.as_str()).collect();
            let at = comment.rsplit_once(':').unwrap().1;
            found.push((keys.join("."), at.to_owned()));
        }
    }
    found
}
