//! Layer `rules`: the catalogue that is embedded in the binary.
//!
//! `build.rs` reads `rules/**/*.yaml` and writes the table that is included
//! here; nothing is parsed when the program starts.

use std::sync::LazyLock;

use super::{CompiledRule, Layer, Likelihood, Pack, Rule, Severity, Text};
use crate::condition::Condition;
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
    /// Where its compiled condition stands in [`CONDITIONS`].
    packed: (usize, usize),
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

/// What the conditions compile to, one after the other, as far as
/// `rules/conditions.lock` fits this code.
static CONDITIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/conditions"));

/// Every embedded rule, sorted by id.
pub fn table() -> &'static [BuiltIn] {
    TABLE
}

/// All of them as rules like any other, made once.
pub fn rules() -> &'static [CompiledRule] {
    static RULES: LazyLock<Vec<CompiledRule>> = LazyLock::new(|| {
        let compiled =
            |built_in: &BuiltIn| CompiledRule::new(built_in.rule(), Some(built_in.condition()));
        TABLE.iter().map(compiled).collect()
    });
    &RULES
}

/// Unpacks the conditions of these packs, so that whoever judges by them later finds
/// them ready.
pub fn prepare(packs: &[Pack]) {
    for rule in rules()
        .iter()
        .filter(|rule| packs.contains(&rule.rule.pack))
    {
        rule.condition
            .iter()
            .for_each(|condition| condition.prepare());
    }
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

    /// The condition, not yet unpacked.
    fn condition(&self) -> Condition {
        let (start, end) = self.packed;
        Condition::built_in(self.when, CONDITIONS.get(start..end).unwrap_or_default())
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
            only_warns: false,
        }
    }
}

#[cfg(test)]
#[path = "../../build/lock.rs"]
mod lock;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;
    use std::{env, fs};

    use super::{BuiltIn, CONDITIONS, lock, table};
    use crate::condition::compile;

    /// What the lock must hold.
    fn wanted() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut text = format!("{:016x}\n", lock::code_mark(root).unwrap());
        for rule in table() {
            let bytes = compile(rule.when).unwrap().pack();
            let hex = base16ct::lower::encode_string(&bytes);
            let _ = writeln!(text, "{} {:016x} {hex}", rule.id, lock::mark(rule.when));
        }
        text
    }

    #[test]
    fn the_lock_holds_what_every_condition_compiles_to() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(lock::PATH);
        let wanted = wanted();
        if env::var_os("TMRS_BLESS").is_some() {
            fs::write(&path, wanted).unwrap();
            return;
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        // Two changes that git merged leave the lines in another order.
        let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
        assert!(
            lines(&found) == lines(&wanted),
            "{} is out of date: run `TMRS_BLESS=1 cargo test --lib lock`",
            lock::PATH
        );
        let is_packed = |rule: &BuiltIn| rule.packed.0 < rule.packed.1;
        assert!(table().iter().all(is_packed) && !CONDITIONS.is_empty());
    }

    #[test]
    fn a_condition_reads_the_same_unpacked_and_compiled() {
        for rule in table() {
            let (unpacked, compiled) = (rule.condition(), compile(rule.when).unwrap());
            assert_eq!(unpacked.shape(), compiled.shape(), "{}", rule.id);
        }
    }
}
