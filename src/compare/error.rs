//! Why two sides cannot be compared: nothing is judged then.

use crate::notice::Notice;
use crate::source::TreeError;

/// What is wrong, and what to do next.
#[derive(Debug)]
pub enum Error {
    /// What was asked cannot be done here.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: String,
    },
    /// Configuration or rules are malformed.
    Notices(Vec<Notice>),
}

impl Error {
    /// A usage error with its remedy.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: help.into(),
        }
    }

    /// The files of a tree cannot be listed.
    pub fn unlisted(error: &TreeError) -> Self {
        Self::usage(
            error.to_string(),
            "check the permissions of the repository's folders",
        )
    }
}
