//! Enumerations by their position in [`ENUMS`], for conditions that are compiled
//! before the program is built: they hold for one vocabulary only.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::vocabulary::{ENUMS, Enumeration};

/// Writes the position.
///
/// # Errors
/// The serializer's own, and for what does not stand in the table.
pub fn serialize<S: Serializer>(of: &Enumeration, to: S) -> Result<S::Ok, S::Error> {
    match ENUMS.iter().position(|known| *known == of) {
        Some(at) => (at as u8).serialize(to),
        None => Err(ser::Error::custom("not an enumeration of the vocabulary")),
    }
}

/// Reads a position.
///
/// # Errors
/// The deserializer's own, and for a position beyond the table.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Enumeration, D::Error> {
    let at = u8::deserialize(from)?;
    let of = ENUMS.get(usize::from(at)).copied();
    of.ok_or_else(|| de::Error::custom("beyond the enumerations of the vocabulary"))
}
