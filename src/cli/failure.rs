//! Why a command could not do what was asked, and exit statuses.

use crate::compare;
use crate::notice::Notice;

/// How the program ends (docs/semantics.md §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was judged and the gate holds; what was asked holds.
    Success,
    /// The gate fails; what was asked does not hold.
    Fails,
    /// Usage, configuration, rules or output: nothing was judged.
    Usage,
    /// A model could not be read or judged completely.
    Incomplete,
    /// No model was found.
    NoModels,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Fails => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::NoModels => 4,
        }
    }

    /// The exit of a report's own number.
    pub fn of(number: u8) -> Self {
        match number {
            0 => Self::Success,
            1 => Self::Fails,
            3 => Self::Incomplete,
            4 => Self::NoModels,
            _ => Self::Usage,
        }
    }
}

/// Why nothing was judged. Each ends with exit status 2, but a closed pipe.
#[derive(Debug)]
pub enum Failure {
    /// What was asked makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: Option<String>,
    },
    /// Configuration, rules or baseline are malformed.
    Notices(Vec<Notice>),
    /// The reader of the output went away.
    ClosedPipe,
}

impl Failure {
    /// A usage error with its remedy.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// The same, with what it is about before it.
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        match self {
            Self::Usage { message, help } => Self::Usage {
                message: format!("{what}: {message}"),
                help,
            },
            other => other,
        }
    }
}

impl From<compare::Error> for Failure {
    fn from(error: compare::Error) -> Self {
        match error {
            compare::Error::Usage { message, help } => Self::usage(message, help),
            compare::Error::Notices(notices) => Self::Notices(notices),
        }
    }
}
