//! Layer `convert`: ids for what a model names.

use std::collections::BTreeSet;

/// Words that Python or the text around does not leave free.
const TAKEN: [&str; 38] = [
    "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del",
    "elif", "else", "except", "false", "finally", "for", "from", "global", "if", "import", "in",
    "is", "lambda", "match", "none", "nonlocal", "not", "or", "pass", "raise", "return", "tm",
    "true", "try", "type", "while", "with",
];

/// Gives every name an id of its own.
pub(super) struct Ids {
    taken: BTreeSet<String>,
    separator: char,
}

impl Ids {
    /// Ids whose words are joined by `-`.
    pub(super) fn dashed() -> Self {
        Self {
            taken: BTreeSet::new(),
            separator: '-',
        }
    }

    /// Names of variables.
    pub(super) fn variables() -> Self {
        Self {
            taken: TAKEN.map(ToOwned::to_owned).into(),
            separator: '_',
        }
    }

    /// An id that is near a name and that nothing else has.
    pub(super) fn of(&mut self, name: &str) -> String {
        let mut id = String::new();
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                id.push(c);
            } else if !id.is_empty() && !id.ends_with(self.separator) {
                id.push(self.separator);
            }
        }
        let id = id.trim_end_matches(self.separator);
        let start = match id.chars().next() {
            None => "thing".to_owned(),
            Some(c) if c.is_ascii_digit() => format!("n{}{id}", self.separator),
            Some(_) => id.to_owned(),
        };
        let mut free = start.clone();
        let mut number = 2;
        while !self.taken.insert(free.clone()) {
            free = format!("{start}{}{number}", self.separator);
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_a_word_of_its_own() {
        let mut ids = Ids::variables();
        let given: Vec<_> = ["Web shop", "web  SHOP", "42", "Ü", "class", "tm"]
            .iter()
            .map(|name| ids.of(name))
            .collect();
        assert_eq!(
            given,
            ["web_shop", "web_shop_2", "n_42", "thing", "class_2", "tm_2"]
        );
    }
}
