//! Layer `rules`: the catalogue that is embedded in the binary.
//!
//! `build.rs` reads `rules/**/*.yaml` and writes the table that is included
//! here; nothing is parsed when the program starts.

use std::sync::LazyLock;

use super::{Layer, Likelihood, Pack, Rule, Severity, Text};
use crate::model::vocabulary::Class;

/// One embedded rule, as plain static data.
#[derive(Debug)]
pub struct BuiltIn {
    /// The id.
    pub id: &'static str,
    /// Where its file stands in tmrs's own repository.
    pub path: &'static str,
    /// Where its file stands in [`FILES`].
    text: (usize, usize),
    title: &'static str,
    pack: Pack,
    target: &'static [Class],
    severity: Severity,
    likelihood: Likelihood,
    when: &'static str,
    description: &'static str,
    mitigation: &'static str,
    example: &'static str,
    references: &'static [&'static str],
    tags: &'static [&'static str],
    aliases: &'static [&'static str],
    group: Option<&'static str>,
    differs_from_pytm: Option<&'static str>,
    since: &'static str,
}

#[allow(clippy::unreadable_literal, reason = "positions that nobody reads")]
mod generated {
    use super::{BuiltIn, Class, Likelihood, Pack, Severity};

    include!(concat!(env!("OUT_DIR"), "/built_in.rs"));
}
use generated::TABLE;

/// Every rule file, one after the other; packed, they are a fifth as large.
static FILES: LazyLock<String> = LazyLock::new(|| {
    let packed = include_bytes!(concat!(env!("OUT_DIR"), "/rule_files.deflate"));
    let files = miniz_oxide::inflate::decompress_to_vec(packed).unwrap_or_default();
    String::from_utf8(files).unwrap_or_default()
});

/// Every embedded rule, sorted by id.
pub fn table() -> &'static [BuiltIn] {
    TABLE
}

/// The embedded rule of that exact id.
pub fn by_id(id: &str) -> Option<&'static BuiltIn> {
    let at = TABLE.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
    TABLE.get(at)
}

impl BuiltIn {
    /// The family: the name of the folder that its file stands in.
    pub fn family(&self) -> &'static str {
        self.path.rsplit('/').nth(1).unwrap_or("")
    }

    /// The whole rule file, with its tests.
    pub fn yaml(&self) -> &'static str {
        FILES.get(self.text.0..self.text.1).unwrap_or_default()
    }

    /// The condition's text.
    pub(super) fn when(&self) -> &'static str {
        self.when
    }

    /// As a rule like any other.
    pub fn rule(&self) -> Rule {
        let texts = |all: &[&'static str]| all.iter().map(|text| Text::Static(text)).collect();
        Rule {
            id: Text::Static(self.id),
            title: Text::Static(self.title),
            pack: self.pack,
            target: self.target.to_vec(),
            severity: self.severity,
            likelihood: self.likelihood,
            when: Text::Static(self.when),
            description: Text::Static(self.description),
            mitigation: Text::Static(self.mitigation),
            example: Text::Static(self.example),
            references: texts(self.references),
            tags: texts(self.tags),
            aliases: texts(self.aliases),
            group: self.group.map(Text::Static),
            differs_from_pytm: self.differs_from_pytm.map(Text::Static),
            since: Text::Static(self.since),
            layer: Layer::BuiltIn,
            place: None,
        }
    }
}
