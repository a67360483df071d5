//! Layer `rules`: which rules somebody means (`rules.enable`, `rules.warn`, `--select`).

use globset::{GlobBuilder, GlobMatcher};

use super::{Rule, RuleName};
use crate::source::Place;

/// A pattern that means rules by id, earlier id, tag or `pack:NAME`.
#[derive(Clone, Debug)]
pub struct RulePattern {
    /// As somebody wrote it.
    pub name: RuleName,
    matcher: GlobMatcher,
}

impl RulePattern {
    /// Compiles a pattern; `*` stands for anything.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(text: &str, place: Option<Place>) -> Result<Self, String> {
        let glob = GlobBuilder::new(text).backslash_escape(true).build();
        let glob = glob.map_err(|error| error.kind().to_string())?;
        Ok(Self {
            name: RuleName {
                id: text.to_owned(),
                place,
            },
            matcher: glob.compile_matcher(),
        })
    }

    /// Whether it means a rule.
    pub fn means(&self, rule: &Rule) -> bool {
        rule.is_meant(|word| self.matcher.is_match(word))
    }
}
