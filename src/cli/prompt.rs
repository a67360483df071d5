//! What commands that ask a person share.

use std::io::{BufRead, IsTerminal as _, Write};

use super::failure::Failure;

/// Decisions are a person's: without a terminal, and in CI, nobody is asked.
///
/// # Errors
/// If nobody is there, with what scripts do instead of `command`.
pub fn someone_is_there(command: &str, instead: &str) -> Result<(), Failure> {
    let set = |name: &&str| {
        std::env::var(name).is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()))
    };
    let ci = [
        "CI",
        "GITHUB_ACTIONS",
        "TF_BUILD",
        "JENKINS_URL",
        "TEAMCITY_VERSION",
    ];
    if ci.iter().any(set) {
        return Err(Failure::usage(
            format!("tmrs {command} does not run in CI"),
            "run it at a terminal; in CI use `tmrs check`",
        ));
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            format!("tmrs {command} needs a terminal"),
            format!("run it without pipes; {instead}"),
        ));
    }
    Ok(())
}

/// Asks and waits for a line; `None` when there will be none.
pub fn ask(
    question: &str,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> std::io::Result<Option<String>> {
    write!(output, "{question}")?;
    output.flush()?;
    let mut line = Vec::new();
    if input.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line);
    let said: String = line.chars().filter(|c| !c.is_control()).collect();
    Ok(Some(said.trim().to_owned()))
}
