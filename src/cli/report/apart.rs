//! Jinja templates are rendered by a second process of tmrs, whose memory the system bounds.
//!
//! Steps and text are bounded where a template is rendered, but not what it keeps meanwhile
//! (`{% set x = x ~ x %}` in a loop). Whoever runs out of memory is ended by the system; it must
//! not be the process that has a report to give and an exit status to keep.

use std::io::{self, BufWriter, Write as _};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::MISTAKE;
use crate::cli::failure::{Exit, Failure};
use crate::template::TemplateError;
use crate::template::jinja::{self, Becomes};
use crate::tools::{self, ToolError};

/// The only argument of the second process. It is nobody's command, so the grammar of
/// [`args`](crate::cli::args) does not have it.
pub const ARGUMENT: &str = "render-template-apart";

/// How many bytes of addresses the second process may have, where the system minds it
/// (docs/limits.md).
#[cfg(unix)]
const MOST_MEMORY: u64 = 2 << 30;

/// What the second process gets on its standard input. On its standard output it gives a
/// `Result<String, TemplateError>` in JSON.
#[derive(Serialize, Deserialize)]
struct Asked {
    template: String,
    seen: Value,
    becomes: Becomes,
}

/// Why there is no text.
#[derive(Debug)]
pub enum Failed {
    /// The template is wrong.
    Template(TemplateError),
    /// It takes too much: what it does, to stand behind its name.
    TooMuch(String),
    /// There was no second process, or it ended otherwise.
    Process(ToolError),
}

/// Renders a template over what it sees.
pub fn render(template: &str, seen: Value, becomes: Becomes) -> Result<String, Failed> {
    let asked = Asked {
        template: template.to_owned(),
        seen,
        becomes,
    };
    let broken = |error: serde_json::Error| {
        Failed::Process(ToolError::Failed {
            program: "tmrs",
            words: error.to_string(),
        })
    };
    let asked = serde_json::to_string(&asked).map_err(broken)?;
    let answer = tools::itself(ARGUMENT, &asked).map_err(why)?;
    let answer: Result<String, TemplateError> = serde_json::from_slice(&answer).map_err(broken)?;
    answer.map_err(Failed::Template)
}

/// Why the second process ended. That there is no more memory is said by Rust's own words, if
/// there was enough left to say them.
fn why(error: ToolError) -> Failed {
    const MEMORY: &str = "keeps more than 2 GiB in memory";
    match error {
        ToolError::TooSlow { seconds, .. } => {
            Failed::TooMuch(format!("takes more than {seconds} seconds"))
        }
        ToolError::Failed { words, .. } if words.starts_with("memory allocation of") => {
            Failed::TooMuch(MEMORY.to_owned())
        }
        ToolError::Failed { words, .. } if !words.starts_with(MISTAKE) => Failed::TooMuch(format!(
            "ended its rendering early, most likely it {MEMORY} ({words})"
        )),
        error => Failed::Process(error),
    }
}

/// What the second process does.
pub fn run() -> Result<Exit, Failure> {
    bound();
    let asked: Result<Asked, _> = serde_json::from_reader(io::stdin().lock());
    let asked = asked.map_err(|error| {
        Failure::usage(
            format!("{ARGUMENT} takes what tmrs itself gives it: {error}"),
            "use `tmrs report --template FILE`",
        )
    })?;
    let answer = jinja::render(&asked.template, &asked.seen, asked.becomes);
    let mut out = BufWriter::new(io::stdout().lock());
    let told = serde_json::to_writer(&mut out, &answer).map_err(io::Error::from);
    told.and_then(|()| out.flush()).map_err(|error| {
        Failure::usage(
            format!("what a template became cannot be told: {error}"),
            "use `tmrs report --template FILE`",
        )
    })?;
    Ok(Exit::Success)
}

#[cfg(unix)]
fn bound() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let now = getrlimit(Resource::As);
    let most = |limit: Option<u64>| Some(limit.map_or(MOST_MEMORY, |had| had.min(MOST_MEMORY)));
    let limit = Rlimit {
        current: most(now.current),
        maximum: most(now.maximum),
    };
    // Where it cannot be set, the limits of steps and text still hold.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
fn bound() {}
