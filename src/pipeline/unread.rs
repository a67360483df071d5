//! Files that are or may be models and are not read: each is said, with what to do.

use super::readings::Readings;
use crate::discover::{Discovery, SUBMODULE};
use crate::notice::{Notice, code};
use crate::read::native::{self, UNMARKED};
use crate::read::{MODELS, pytm};
use crate::source::{OpenError, RepoPath, Source, Span};

/// Why a file that may be a model is not read, and what to do about it.
const UNREAD: [(&str, &str); 4] = [
    (
        pytm::NOTEBOOK,
        "export it as a Python script, or exclude it under `paths: exclude`",
    ),
    (
        pytm::RUNS_A_MODEL,
        "import the model, or give its file the ending `.py`; `paths: exclude` leaves this file out",
    ),
    (
        pytm::NAMED_OTHERWISE,
        "give it the ending `.py`, or exclude it under `paths: exclude`",
    ),
    (
        native::NAMED_OTHERWISE,
        "give it the ending `.yaml` or `.json`, or exclude it under `paths: exclude`",
    ),
];

/// Files that bear the mark and are not read, and submodules: both are said.
pub(super) fn unread(left: &[(RepoPath, String)], readings: &mut Readings) {
    for (path, why) in left {
        let place = Source::new(path.clone(), "").place(Span::default());
        if why == SUBMODULE {
            let message = format!("{path} is a submodule: models in it are not judged here");
            let help = "run tmrs in the submodule's own repository";
            readings
                .notices
                .push(Notice::note(code::UNREADABLE, place, message).with_help(help));
        } else if let Some((_, help)) = UNREAD.iter().find(|(known, _)| known == why) {
            let message = format!("{path} may be a model, but {why}");
            readings
                .notices
                .push(Notice::error(code::UNREADABLE, place, message).with_help(*help));
            readings.incomplete = true;
            readings.broken.insert(path.clone());
        } else if why == UNMARKED {
            let notice = Notice::warning(code::NOT_A_MODEL, place, format!("left out: {UNMARKED}"));
            let help = "add the line `tmrs: 1`, or exclude the file under `paths: exclude`";
            readings.notices.push(notice.with_help(help));
        }
    }
}

/// Files that could not be opened, and files that were named and are no models.
pub(super) fn unopened<R>(found: &Discovery<R>, readings: &mut Readings) {
    for (path, error) in &found.unreadable {
        let help = match error {
            OpenError::TooLarge { .. } => {
                "split the model, or exclude the file under `paths: exclude`"
            }
            OpenError::NotUtf8 { .. } | OpenError::Encoding(_) => "save the file as UTF-8",
            OpenError::LfsPointer(_) => "run `git lfs pull` first",
            OpenError::LeadsOut(_) => {
                "put the model itself there, or exclude the link under `paths: exclude`"
            }
            OpenError::Unlisted(_) => "let it be read, or exclude it under `paths: exclude`",
            _ => "name a file of this repository",
        };
        let place = error.place(path);
        readings
            .notices
            .push(Notice::error(code::UNREADABLE, place, error.to_string()).with_help(help));
        readings
            .looked_at
            .push((path.clone(), format!("left: {error}")));
        readings.incomplete = true;
        readings.broken.insert(path.clone());
    }
    for (source, reason) in &found.unmarked {
        let notice = Notice::error(
            code::NOT_A_MODEL,
            source.place(Span::default()),
            format!("{} is no threat model: {reason}", source.path()),
        );
        readings.notices.push(notice.with_help(MODELS));
        readings
            .looked_at
            .push((source.path().clone(), format!("left: {reason}")));
        readings.incomplete = true;
    }
}
