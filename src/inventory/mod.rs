//! Layer `inventory`: files that deploy a system → what is there, each thing with its place.
//!
//! Facts only: what a file does not say is left out, so that nothing here is a guess. One file
//! a kind of source gathers parts, links and zones (`KINDS`); `join` puts what all
//! of them say together. What images and resources are stands in data tables beside.

pub mod asked;
mod compose;
mod defaults;
mod environment;
mod file;
mod form;
mod gathered;
mod images;
mod join;
mod kubernetes;
mod openapi;
mod recognised;
mod terraform;
mod workflows;

use std::sync::Arc;

use crate::model::vocabulary::Class;
use crate::notice::{Notice, Severity, code};
use crate::source::{Place, Source};
use crate::syntax::expect::Expect;

use file::File;
use gathered::{Gathered, MAX_MENTIONS};

/// What several sources say together, in their order.
#[derive(Debug, Default)]
pub struct Inventory {
    /// What the system is called, if a source names it.
    pub name: Option<(String, Place)>,
    /// Zones, outer ones first.
    pub zones: Vec<Zone>,
    /// Parts of the system, people and other systems.
    pub parts: Vec<Part>,
    /// Who calls whom.
    pub links: Vec<Link>,
}

/// A zone: a network, a namespace, a virtual private cloud, the internet.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Unique among zones.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The zone around it.
    pub inside: Option<String>,
    /// What is said of it.
    pub facts: Vec<Fact>,
    /// Where a source says that it is there.
    pub place: Place,
}

/// A part of the system.
#[derive(Clone, Debug)]
pub struct Part {
    /// Unique among parts.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// What told the class.
    pub class_place: Place,
    /// The zone that it is in.
    pub zone: Option<(String, Place)>,
    /// What is said of it.
    pub facts: Vec<Fact>,
    /// Where a source says that it is there.
    pub place: Place,
}

/// One part calls another.
#[derive(Clone, Debug)]
pub struct Link {
    /// Unique among links.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who calls.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// What is said of it.
    pub facts: Vec<Fact>,
    /// Where a source says so.
    pub place: Place,
}

/// A value of an attribute or control, as a source says it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The attribute, by its name in the vocabulary.
    pub attribute: &'static str,
    /// The value.
    pub said: Said,
    /// Where a source says so.
    pub place: Place,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text, or the member of an enum.
    Word(String),
    /// Several texts.
    Words(Vec<String>),
}

impl Fact {
    fn flag(attribute: &'static str, said: bool, place: &Place) -> Self {
        Self::new(attribute, Said::Flag(said), place)
    }

    fn word(attribute: &'static str, said: impl Into<String>, place: &Place) -> Self {
        Self::new(attribute, Said::Word(said.into()), place)
    }

    fn number(attribute: &'static str, said: impl Into<i64>, place: &Place) -> Self {
        Self::new(attribute, Said::Number(said.into()), place)
    }

    fn new(attribute: &'static str, said: Said, place: &Place) -> Self {
        Self {
            attribute,
            said,
            place: place.clone(),
        }
    }
}

/// A kind of source.
struct Kind {
    /// What it is called in messages.
    name: &'static str,
    /// Whether a document is of this kind.
    is: fn(&File) -> bool,
    /// Complains about what such a document may not say where it is read.
    hold: fn(&File, &mut Expect<'_>),
    /// Adds what the documents of this kind say.
    gather: fn(&[File], &mut Gathered),
}

/// Every kind of source, in the order in which they look at a document.
static KINDS: &[Kind] = &[
    Kind {
        name: "a plan or state that `terraform show -json` printed",
        is: terraform::is,
        hold: terraform::hold,
        gather: terraform::gather,
    },
    Kind {
        name: "Kubernetes manifests",
        is: kubernetes::is,
        hold: kubernetes::hold,
        gather: kubernetes::gather,
    },
    Kind {
        name: "a Compose file",
        is: compose::is,
        hold: compose::hold,
        gather: compose::gather,
    },
    // After what deploys the programs: it may describe one of them.
    Kind {
        name: "an OpenAPI document",
        is: openapi::is,
        hold: openapi::hold,
        gather: openapi::gather,
    },
    Kind {
        name: "a workflow of GitHub Actions",
        is: workflows::is,
        hold: workflows::hold,
        gather: workflows::gather,
    },
];

/// Whether a source is of a kind that is known, and nothing in it is malformed.
pub fn is_source(source: &Arc<Source>) -> bool {
    // Parsing every file of a repository would take long: each kind has words of its own.
    let text = source.text();
    let may_be = WORDS
        .iter()
        .any(|words| words.iter().all(|word| text.contains(word)));
    if !may_be {
        return false;
    }
    let (files, complaints) = file::documents(source);
    let kinds = files
        .iter()
        .filter_map(|file| Some((&KINDS[position(file)?], file)));
    let known: Vec<_> = kinds.collect();
    let is_sound = |(kind, file): &(&Kind, &File)| malformed(kind, file).is_empty();
    complaints.is_empty() && !known.is_empty() && known.iter().all(is_sound)
}

/// Words that every source of some kind has.
const WORDS: [&[&str]; 5] = [
    &["services"],
    &["apiVersion", "kind"],
    &["format_version"],
    &["openapi", "paths"],
    &["swagger", "paths"],
];

fn position(file: &File) -> Option<usize> {
    KINDS.iter().position(|kind| (kind.is)(file))
}

fn malformed(kind: &Kind, file: &File) -> Vec<Notice> {
    let mut expect = Expect::new(&file.source);
    (kind.hold)(file, &mut expect);
    expect.notices
}

/// Reads sources; those that are of no known kind are an error, unless `others` says that
/// they only happen to lie in a folder that was named. Complaints come with it, and where one
/// is an error what was read is not the whole.
pub fn read(sources: &[(Arc<Source>, Found)]) -> (Inventory, Vec<Notice>) {
    let mut by_kind: Vec<Vec<File>> = KINDS.iter().map(|_| Vec::new()).collect();
    let mut notices = Vec::new();
    for (source, found) in sources {
        let (files, complaints) = file::documents(source);
        let mut is_known = false;
        for file in files {
            if let Some(at) = position(&file) {
                notices.extend(malformed(&KINDS[at], &file));
                by_kind[at].push(file);
                is_known = true;
            }
        }
        let is_broken = !complaints.is_empty();
        // In a folder lie files of all sorts, templates among them that are no YAML yet.
        if *found == Found::Named || is_known {
            notices.extend(complaints);
        }
        if !is_known && !is_broken && *found == Found::Named {
            notices.push(unknown(source));
        }
    }
    let mut gathered = Gathered::default();
    for (kind, files) in KINDS.iter().zip(&by_kind) {
        if !files.is_empty() {
            (kind.gather)(files, &mut gathered);
        }
    }
    notices.append(&mut gathered.notices);
    if gathered.is_full() {
        let message = format!("the sources name more than {MAX_MENTIONS} connections");
        let notice = Notice::general(code::LIMIT, Severity::Error, message);
        notices.push(notice.with_help("take a model from a part of the sources at a time"));
        gathered.mentions.clear();
    }
    (join::join(gathered), notices)
}

/// How a source came to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was named.
    Named,
    /// It lies in a folder that was named.
    Beside,
}

fn unknown(source: &Arc<Source>) -> Notice {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    Notice::at(
        code::NOT_A_MODEL,
        Severity::Error,
        source.place(crate::source::Span::default()),
        "nothing can be taken from this file",
    )
    .with_help(format!("name {}", list(&names)))
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
