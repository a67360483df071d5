//! Names of the vocabulary in the bytes of conditions that were compiled before the program was
//! built. A name is written as a mark of its letters: a new attribute moves the positions of others
//! and leaves their marks, so that the compiled form of a condition changes with its own text alone.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::Attr;
use super::vocabulary::{ENUMS, Enumeration, names};

/// A mark of a name (FNV-1a). That no two names of the vocabulary share one is tested below.
fn mark(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |mark, byte| {
        (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// How many places the table of marks has: some four times as many as there are names, so
/// that most names stand at their own.
const PLACES: usize = 2048;

/// The marks of all attributes' names with their positions in [`names`], each at the place that
/// the end of its mark names, or at the next that is free.
static MARKS: LazyLock<Vec<Option<(u32, u16)>>> = LazyLock::new(|| {
    let mut table = vec![None; PLACES];
    for (at, name) in (0..).zip(names()) {
        let mark = mark(name);
        let mut place = mark as usize % PLACES;
        while table[place].is_some() {
            place = (place + 1) % PLACES;
        }
        table[place] = Some((mark, at));
    }
    table
});

/// Where the name of that mark stands in [`names`].
fn marked(wanted: u32) -> Option<u16> {
    let mut place = wanted as usize % PLACES;
    loop {
        match MARKS[place] {
            Some((mark, at)) if mark == wanted => return Some(at),
            Some(_) => place = (place + 1) % PLACES,
            None => return None,
        }
    }
}

/// Where a name stands in [`names`]. Asked for every attribute that is read by its name.
pub(super) fn position(name: &str) -> Option<u16> {
    let at = marked(mark(name))?;
    (names()[at as usize] == name).then_some(at)
}

/// An attribute of the vocabulary by its mark, any other by its name.
#[derive(Serialize, Deserialize)]
enum Written {
    Known([u8; 4]),
    Custom(String),
}

impl Serialize for Attr {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Known(_) => Written::Known(mark(self.name()).to_le_bytes()),
            Self::Custom(name) => Written::Custom(name.to_string()),
        };
        written.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Attr {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Written::deserialize(from)? {
            Written::Known(bytes) => {
                let wanted = u32::from_le_bytes(bytes);
                let unknown = || de::Error::custom("not an attribute of the vocabulary");
                marked(wanted).map(Self::Known).ok_or_else(unknown)
            }
            Written::Custom(name) => Ok(Self::Custom(name.into())),
        }
    }
}

/// Writes the mark of an enumeration's name.
///
/// # Errors
/// The serializer's own, and for what does not stand in [`ENUMS`].
pub fn serialize<S: Serializer>(of: &Enumeration, to: S) -> Result<S::Ok, S::Error> {
    if ENUMS.contains(&of) {
        mark(of.name).to_le_bytes().serialize(to)
    } else {
        Err(ser::Error::custom("not an enumeration of the vocabulary"))
    }
}

/// Reads an enumeration by the mark of its name.
///
/// # Errors
/// The deserializer's own, and for a mark that no enumeration has.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Enumeration, D::Error> {
    let wanted = u32::from_le_bytes(<[u8; 4]>::deserialize(from)?);
    let found = ENUMS.iter().find(|known| mark(known.name) == wanted);
    found
        .copied()
        .ok_or_else(|| de::Error::custom("not an enumeration of the vocabulary"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::vocabulary::{Class, folded};

    #[test]
    fn no_class_has_two_attributes_that_are_spelt_alike() {
        for class in Class::ALL {
            let names = class.attributes().into_iter().map(|known| known.name);
            let folded: BTreeSet<String> = names.clone().map(folded).collect();
            assert_eq!(folded.len(), names.count(), "{}", class.name());
            assert!(
                folded.iter().all(|name| name.is_ascii()),
                "{}",
                class.name()
            );
        }
    }

    #[test]
    fn no_two_names_of_the_vocabulary_share_a_mark() {
        let distinct = |marks: Vec<u32>| {
            let all = marks.len();
            marks.into_iter().collect::<BTreeSet<u32>>().len() == all
        };
        assert!(distinct(names().iter().map(|name| mark(name)).collect()));
        assert!(distinct(
            ENUMS.iter().map(|known| mark(known.name)).collect()
        ));
    }

    #[test]
    fn every_name_is_found_where_it_stands_and_no_other() {
        // Far from full, so that a search ends soon.
        assert!(names().len() * 3 < PLACES);
        for (at, name) in (0..).zip(names()) {
            assert_eq!(position(name), Some(at), "{name}");
            assert_eq!(position(&format!("{name}s.")), None, "{name}");
        }
        assert_eq!(position(""), None);
    }
}
