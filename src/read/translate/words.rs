//! Layer `read`: tables of the words of another format and what they mean here.
//!
//! docs/other-tools.md prints them.

use crate::model::vocabulary::Class;

/// A table of one format.
#[derive(Debug)]
pub struct Table {
    /// What the words say in the format, as a heading.
    pub title: &'static str,
    /// Its rows.
    pub words: &'static [Word],
}

/// What some words of a format mean.
#[derive(Debug)]
pub struct Word {
    /// The words, in lower case.
    pub words: &'static [&'static str],
    /// The class of what is called so, if they tell.
    pub class: Option<Class>,
    /// What else they say: attributes, and controls with `controls.` before their names.
    pub says: &'static [(&'static str, Fact)],
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// A text, or the member of an enum.
    Is(&'static str),
}

/// A word that names a class.
pub(in crate::read) const fn class(
    class: Class,
    words: &'static [&'static str],
    says: &'static [(&'static str, Fact)],
) -> Word {
    Word {
        words,
        class: Some(class),
        says,
    }
}

/// A word that says something.
pub(in crate::read) const fn says(
    words: &'static [&'static str],
    says: &'static [(&'static str, Fact)],
) -> Word {
    Word {
        words,
        class: None,
        says,
    }
}

impl Table {
    /// The row of exactly that word, whatever its case.
    pub(in crate::read) fn word(&self, word: &str) -> Option<&'static Word> {
        let wanted = word.trim().to_lowercase();
        let mut rows = self.words.iter();
        rows.find(|row| row.words.contains(&wanted.as_str()))
    }

    /// The row of the longest word that stands in a longer one: `database` in
    /// `orders-database`.
    pub(in crate::read) fn word_in(&self, text: &str) -> Option<&'static Word> {
        let parts = |text: &str| -> String {
            let words = text.split(|c: char| !c.is_alphanumeric());
            let words = words.filter(|word| !word.is_empty());
            words.fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
        };
        let text = parts(text);
        let rows = self.words.iter();
        let found = rows.flat_map(|row| row.words.iter().map(move |word| (parts(word), row)));
        found
            .filter(|(word, _)| text.contains(word.as_str()))
            .max_by_key(|(word, _)| word.len())
            .map(|(_, row)| row)
    }
}
