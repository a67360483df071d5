//! Layer `inventory`: what well-known actions and commands reach.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::recognised::{Row, Value};

const TABLE: &str = include_str!("known.yaml");

static ROWS: LazyLock<Vec<Known>> =
    LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// The actions that it is about, without what follows the `@`.
    #[serde(default)]
    actions: Vec<String>,
    /// The commands, by their first words.
    #[serde(default)]
    commands: Vec<String>,
    /// Which way things go.
    #[serde(default)]
    pub(super) way: Way,
    /// The input that names the host.
    pub(super) host: Option<String>,
    /// The input without which the row does not hold.
    pub(super) when: Option<String>,
    /// What is reached, by its name.
    pub(super) part: Option<String>,
    /// Its class.
    #[serde(default)]
    class: String,
    /// What holds for it.
    #[serde(default)]
    says: BTreeMap<String, Value>,
    /// What holds for the job.
    #[serde(default)]
    job: BTreeMap<String, Value>,
}

/// Which way things go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    /// The job writes there.
    #[default]
    To,
    /// It reads there.
    From,
}

impl Known {
    /// What is reached.
    pub(super) fn reached(&self) -> Row {
        row(&self.class, &self.says)
    }

    /// What it makes of the job.
    pub(super) fn of_job(&self) -> Row {
        row("Process", &self.job)
    }
}

fn row(class: &str, says: &BTreeMap<String, Value>) -> Row {
    Row {
        names: Vec::new(),
        class: class.to_owned(),
        says: says.clone(),
        asked: Vec::new(),
        open: BTreeMap::new(),
    }
}

/// The rows about an action such as `actions/cache@v4`, of that path or one above it.
pub(super) fn of_action(action: &str) -> impl Iterator<Item = &'static Known> {
    let name = action.split('@').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let is_it = move |known: &&Known| {
        known.actions.iter().any(|action| {
            let rest = name.strip_prefix(action.as_str());
            // A path below is an action of its own where the table has it.
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && !has(&name))
        })
    };
    ROWS.iter().filter(is_it)
}

fn has(action: &str) -> bool {
    ROWS.iter()
        .any(|known| known.actions.iter().any(|known| known == action))
}

/// The rows about a command line, each with the words that told it.
pub(super) fn of_command(line: &str) -> impl Iterator<Item = (&'static Known, &'static str)> {
    ROWS.iter().filter_map(move |known| {
        let mut commands = known.commands.iter();
        let command = commands.find(|command| {
            let rest = line.strip_prefix(command.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        })?;
        Some((known, command.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::recognised::attribute;
    use crate::model::vocabulary::Class;

    #[test]
    fn every_row_names_what_the_vocabulary_has() {
        let rows: Vec<Known> = serde_yaml::from_str(TABLE).unwrap();
        assert!(rows.len() > 20);
        for row in &rows {
            assert!(!row.actions.is_empty() || !row.commands.is_empty());
            assert!(row.actions.iter().all(|it| *it == it.to_ascii_lowercase()));
            assert_eq!(row.part.is_some(), !row.class.is_empty(), "{row:?}");
            if !row.class.is_empty() {
                let class = Class::named(&row.class).unwrap();
                assert!(row.says.keys().all(|it| attribute(class, it).is_some()));
            }
            let on_job = |it: &String| attribute(Class::Process, it).is_some();
            assert!(row.job.keys().all(on_job), "{row:?}");
        }
    }

    #[test]
    fn an_action_is_known_by_its_path_and_a_command_by_its_first_words() {
        let parts = |action: &str| -> Vec<Option<&str>> {
            of_action(action).map(|it| it.part.as_deref()).collect()
        };
        assert_eq!(parts("Docker/Login-Action@v3"), [Some("docker.io")]);
        assert_eq!(parts("actions/cache@v4").len(), 2);
        assert_eq!(parts("actions/cache/save@v4").len(), 1);
        assert_eq!(parts("actions/cached@v4").len(), 0);
        assert_eq!(parts("snyk/actions/node@v1"), [None]);
        assert_eq!(of_command("npm publish --access public").count(), 1);
        assert_eq!(of_command("npm published").count(), 0);
    }
}
