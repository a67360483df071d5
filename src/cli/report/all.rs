//! `--all DIR`: the report, and the pictures beside it under the names that its
//! template refers to.

use std::path::{Component, Path};

use crate::cli::drawing::{self, make_folder};
use crate::cli::failure::Failure;
use crate::cli::files::{Prepared, prepare};
use crate::draw::{Diagram, Sequence, dot, mermaid, plantuml, sequence_svg, svg};

/// Both diagrams of a model.
pub struct Diagrams {
    pub dfd: Diagram,
    pub sequence: Sequence,
}

/// A picture to write: where, and what of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub file: String,
    pub is_sequence: bool,
}

/// The pictures that a template refers to, as Markdown does or as HTML does: those
/// whose name or words say sequence, and those that say data flow, or are called
/// as pytm's own templates call theirs.
pub fn wanted(template: &str) -> Vec<Wanted> {
    let markdown = template.match_indices("](").filter_map(|(at, mark)| {
        let rest = &template[at + mark.len()..];
        let words = template[..at].rsplit("![").next().unwrap_or("");
        let end = rest.find([')', ' ', '\n'])?;
        Some((words, &rest[..end]))
    });
    let html = ["src=\"", "data=\""].into_iter().flat_map(|mark| {
        template.match_indices(mark).filter_map(move |(at, mark)| {
            let rest = &template[at + mark.len()..];
            Some(("", &rest[..rest.find('"')?]))
        })
    });
    let mut found: Vec<Wanted> = Vec::new();
    for (words, file) in markdown.chain(html) {
        let Some(is_sequence) = sequence_or_dfd(words, file) else {
            continue;
        };
        if is_inside(file) && !found.iter().any(|wanted| wanted.file == file) {
            let file = file.to_owned();
            found.push(Wanted { file, is_sequence });
        }
    }
    found
}

/// What a picture shows: its sequence, its data flow, or something else.
fn sequence_or_dfd(words: &str, file: &str) -> Option<bool> {
    let path = Path::new(file);
    let ending = path.extension()?.to_str()?;
    if !["svg", "png", "dot", "gv", "mmd", "puml"].contains(&ending) {
        return None;
    }
    let name = path.file_stem()?.to_str()?.to_lowercase();
    let words = words.to_lowercase();
    let says = |what: &[&str]| what.iter().any(|w| name.contains(w) || words.contains(w));
    if says(&["seq"]) {
        return Some(true);
    }
    (says(&["dfd", "dataflow", "data-flow", "data flow"]) || name == "sample").then_some(false)
}

/// Whether a path stays below the folder that it is relative to.
fn is_inside(file: &str) -> bool {
    let path = Path::new(file);
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    !file.contains([':', '\\', '{', '}']) && path.components().all(plain)
}

/// Prepares the report and its pictures; without any that the template names, the
/// diagrams stand beside the report as they can be drawn here.
pub fn prepare_all(
    folder: &Path,
    report: &[u8],
    ending: &str,
    wanted: &[Wanted],
    diagrams: &Diagrams,
) -> Result<Vec<Prepared>, Failure> {
    make_folder(folder)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for one in wanted {
        files.push((one.file.clone(), draw(one, diagrams)?));
    }
    if wanted.is_empty() {
        files.push(dfd(&diagrams.dfd));
        let sequence = sequence_svg::file(&diagrams.sequence);
        files.push(("seq.svg".into(), sequence.into_bytes()));
    }
    files.push((format!("report.{ending}"), report.to_vec()));
    files
        .iter()
        .map(|(name, bytes)| {
            let path = folder.join(name);
            path.parent().map_or(Ok(()), make_folder)?;
            prepare(&path, bytes)
        })
        .collect()
}

/// The data-flow diagram as a picture, or as Mermaid where it is too large for one.
fn dfd(diagram: &Diagram) -> (String, Vec<u8>) {
    match svg::file(diagram) {
        Some(svg) => ("dfd.svg".into(), svg.into_bytes()),
        None => ("dfd.mmd".into(), mermaid::dfd(diagram).into_bytes()),
    }
}

fn draw(wanted: &Wanted, diagrams: &Diagrams) -> Result<Vec<u8>, Failure> {
    let ending = Path::new(&wanted.file).extension().and_then(|e| e.to_str());
    let failed = |failure: Failure| {
        let name = crate::escape::terminal(&wanted.file).into_owned();
        failure.about(&format!("{name}, to which the template refers"))
    };
    let Diagrams { dfd, sequence } = diagrams;
    match (wanted.is_sequence, ending) {
        (true, Some("svg")) => Ok(sequence_svg::file(sequence).into_bytes()),
        (true, Some("mmd")) => Ok(mermaid::sequence(sequence).into_bytes()),
        (true, Some("png")) => drawing::sequence_png(sequence).map_err(failed),
        (true, _) => Ok(plantuml::sequence(sequence).into_bytes()),
        (false, Some("mmd")) => Ok(mermaid::dfd(dfd).into_bytes()),
        (false, Some("svg")) => drawing::svg(dfd).map_err(failed),
        (false, Some("png")) => drawing::png(dfd).map_err(failed),
        (false, _) => Ok(dot::dfd(dfd).into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn pictures_are_known_by_their_names_and_words() {
        let files = |template: &str| -> Vec<(String, bool)> {
            let wanted = wanted(template).into_iter();
            wanted.map(|w| (w.file, w.is_sequence)).collect()
        };
        for (template, file, is_sequence) in [
            ("![](sample.png)", "sample.png", false),
            ("![Level 0 DFD](dfd.png)", "dfd.png", false),
            ("![Data flow](pics/a.svg)", "pics/a.svg", false),
            ("![](tm/seq.png)", "tm/seq.png", true),
            ("![A sequence](b.svg \"title\")", "b.svg", true),
            ("<img src=\"x-dfd.svg\">", "x-dfd.svg", false),
        ] {
            assert_eq!(
                files(template),
                [(file.to_owned(), is_sequence)],
                "{template}"
            );
        }
        for template in [
            "![](logo.png)",
            "![](/etc/dfd.png)",
            "![](../dfd.png)",
            "![](https://x.example/dfd.png)",
            "![]({tm.name}-dfd.png)",
            "[dfd](dfd.md)",
            "![dfd](dfd.png",
            "](",
        ] {
            assert!(files(template).is_empty(), "{template}");
        }
    }
}
