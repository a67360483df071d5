//! `tmrs check --fix`: what was understood although it is spelt otherwise, written as it is
//! meant. Nothing that a person would have to decide: the models say the same afterwards.

use super::answers::Models;
use super::failure::Failure;
use super::output::say;
use super::repository::Repository;
use super::settings::Settings;
use crate::answer::respell;
use crate::escape::terminal;
use crate::notice::Notice;

/// Writes all of it, and tells each on standard error.
///
/// # Errors
/// If the models cannot be listed.
pub fn fix(repository: &Repository, settings: &Settings) -> Result<(), Failure> {
    let mut models = Models::new(repository, settings);
    let mut reading = models.reading()?;
    let mut at = 0;
    while let Some(notice) = reading.understood.get(at).cloned() {
        let left = reading.understood.len();
        match respell(&notice, &mut reading, &mut models) {
            Ok(()) => {
                say(&format!("Fixed {}\n", what(&notice)));
                // What is written as it is meant is not in the list any more.
                at += usize::from(reading.understood.len() >= left);
            }
            Err(why) => {
                let why = terminal(&why.to_string()).into_owned();
                say(&format!("Not fixed: {}: {why}\n", what(&notice)));
                at += 1;
            }
        }
    }
    Ok(())
}

/// `tm.py:12: "is_admin" is written "isAdmin"`.
fn what(notice: &Notice) -> String {
    let place = notice.place.as_ref().map_or_else(String::new, |place| {
        format!("{}:{}", place.path(), place.positions().0.line)
    });
    let meant = notice.meant.as_ref().map_or_else(String::new, |meant| {
        let group = if meant.is_flat { "controls." } else { "" };
        format!(
            "`{}` is written `{group}{}`",
            meant.written, meant.attribute
        )
    });
    terminal(&format!("{place}: {meant}")).into_owned()
}
