//! PlantUML: the sequence diagram.

use std::fmt::Write as _;

use super::label::wrap;
use super::sequence::{Role, Sequence};
use crate::escape;

/// A sequence diagram in PlantUML.
pub fn sequence(sequence: &Sequence) -> String {
    let mut out = String::from("@startuml\n");
    let _ = writeln!(out, "title {}\n", broken(&sequence.title, 80));
    for participant in &sequence.participants {
        let word = match participant.role {
            Role::Actor => "actor",
            Role::Store => "database",
            Role::Entity => "entity",
        };
        let label = broken(&participant.name, 24);
        let _ = writeln!(out, "{word} \"{label}\" as p{}", participant.id);
    }
    out.push('\n');
    for message in &sequence.messages {
        let arrow = if message.is_response { "-->" } else { "->" };
        let label = broken(&message.label, 40);
        let _ = writeln!(
            out,
            "p{} {arrow} p{} : {label}",
            message.source, message.sink
        );
        if !message.note.is_empty() {
            let note: Vec<String> = message.note.iter().map(|l| escape::plantuml(l)).collect();
            let _ = writeln!(out, "note left : {}", note.join("\\n"));
        }
    }
    out.push_str("@enduml\n");
    out
}

fn broken(text: &str, width: usize) -> String {
    let lines: Vec<String> = wrap(text, width)
        .iter()
        .map(|line| escape::plantuml(line))
        .collect();
    lines.join("\\n")
}
