//! Layer `read`: what people write who know the idea and not our word for it. A
//! complaint names the word; nothing here is ever taken for what it stands beside.

use super::element_classes;
use crate::model::vocabulary::Class;
use crate::notice::nearest;

/// Keys that start so are comments for people and other tools.
pub(super) fn is_comment(key: &str) -> bool {
    key.starts_with("x-")
}

/// Top-level keys by the words of other formats.
const SECTIONS: [(&str, &[&str]); 4] = [
    (
        "flows",
        &[
            "dataflows",
            "connections",
            "links",
            "edges",
            "relations",
            "communications",
        ],
    ),
    (
        "elements",
        &[
            "nodes",
            "components",
            "services",
            "processes",
            "actors",
            "servers",
            "datastores",
            "stores",
            "systems",
        ],
    ),
    (
        "boundaries",
        &[
            "zones",
            "trustboundaries",
            "trustzones",
            "boundary",
            "networks",
        ],
    ),
    ("data", &["dataassets", "datas", "assets", "datatypes"]),
];

/// The ends of a flow by the words of other formats.
const ENDS: [(&str, &[&str]); 2] = [
    (
        "source",
        &["from", "src", "origin", "start", "sender", "caller"],
    ),
    (
        "sink",
        &[
            "to",
            "dst",
            "dest",
            "destination",
            "target",
            "end",
            "receiver",
        ],
    ),
];

/// Classes by what people call such things.
const CLASSES: [(Class, &[&str]); 9] = [
    (
        Class::Server,
        &[
            "api",
            "app",
            "application",
            "backend",
            "frontend",
            "service",
            "microservice",
            "gateway",
            "proxy",
            "loadbalancer",
            "balancer",
            "website",
            "web",
            "host",
            "vm",
            "container",
            "cdn",
        ],
    ),
    (
        Class::Datastore,
        &[
            "database",
            "db",
            "store",
            "storage",
            "bucket",
            "queue",
            "topic",
            "broker",
            "cache",
            "table",
            "filesystem",
            "file",
            "warehouse",
            "vault",
        ],
    ),
    (
        Class::Actor,
        &[
            "user", "person", "human", "customer", "client", "browser", "admin", "operator",
        ],
    ),
    (
        Class::Lambda,
        &["function", "faas", "cloudfunction", "serverless"],
    ),
    (
        Class::ExternalEntity,
        &[
            "external",
            "externalsystem",
            "externalservice",
            "thirdparty",
            "saas",
            "partner",
        ],
    ),
    (
        Class::Process,
        &[
            "worker", "job", "daemon", "program", "cron", "task", "script",
        ],
    ),
    (Class::LLM, &["languagemodel", "chatmodel", "gpt"]),
    (Class::Agent, &["bot", "assistant", "copilot"]),
    (
        Class::SetOfProcesses,
        &["processgroup", "multipleprocesses"],
    ),
];

fn folded(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn of(word: &str, table: &[(&'static str, &[&str])]) -> Option<&'static str> {
    let word = folded(word);
    let means = |words: &[&str]| words.contains(&word.as_str());
    table
        .iter()
        .find(|(_, words)| means(words))
        .map(|(known, _)| *known)
}

/// The section that a top-level key means.
pub(super) fn section(key: &str) -> Option<&'static str> {
    of(key, &SECTIONS)
}

/// The end of a flow that a key means.
pub(super) fn end(key: &str) -> Option<&'static str> {
    of(key, &ENDS)
}

/// The class that a word means: one that is nearly it, one that ends with it, such as
/// `WebServer`, or one that people call so.
pub(in crate::read) fn class(word: &str) -> Option<Class> {
    let classes = || element_classes();
    let named = |name: &str| classes().find(|class| class.name() == name);
    if let Some(near) = nearest(word, classes().map(Class::name)) {
        return named(near);
    }
    let word = folded(word);
    let called = |words: &[&str]| words.contains(&word.as_str());
    if let Some((class, _)) = CLASSES.iter().find(|(_, words)| called(words)) {
        return Some(*class);
    }
    let ends = |class: &Class| word.ends_with(&folded(class.name()));
    if let Some(class) = classes()
        .filter(ends)
        .max_by_key(|class| class.name().len())
    {
        return Some(class);
    }
    let ends = |words: &[&str]| {
        words
            .iter()
            .any(|known| known.len() > 2 && word.ends_with(known))
    };
    CLASSES
        .iter()
        .find(|(_, words)| ends(words))
        .map(|(class, _)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_a_class_finds_the_class() {
        for (word, class) in [
            ("WebServer", Some("Server")),
            ("database", Some("Datastore")),
            ("Sever", Some("Server")),
            ("server", Some("Server")),
            ("PostgresDatabase", Some("Datastore")),
            ("MessageQueue", Some("Datastore")),
            ("End User", Some("Actor")),
            ("external_system", Some("ExternalEntity")),
            ("CloudFunction", Some("Lambda")),
            ("Frobnicator", None),
        ] {
            let found = super::class(word).map(Class::name);
            assert_eq!(found, class, "{word}");
        }
    }

    #[test]
    fn no_word_of_another_format_is_a_word_of_ours() {
        for (known, words) in SECTIONS.iter().chain(&ENDS) {
            for word in *words {
                assert!(!super::super::SECTIONS.contains(word), "{known}: {word}");
                let attribute = Class::Dataflow.attribute(word);
                assert!(attribute.is_none(), "{known}: {word}");
            }
        }
    }
}
