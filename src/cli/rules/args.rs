//! The grammar of `tmrs rules`. clap only.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `tmrs rules`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Rules {
    /// List rules
    List(List),
    /// Show everything about a rule
    Explain(Explain),
    /// Run the tests that rule files hold
    Test(Test),
    /// Write a rule file to start from
    New(New),
    /// Find rules that are valid but doubtful
    Lint(Lint),
}

// `tmrs rules list`.
#[derive(Debug, Args)]
pub struct List {
    /// Only rules of these packs
    #[arg(long, value_name = "PACK", value_delimiter = ',', value_parser = ["core", "extended", "model"])]
    pub pack: Vec<String>,
    /// Only rules of these families, such as inp or zone
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub family: Vec<String>,
    /// Only rules with one of these tags or references, such as stride or CWE-89
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    pub tag: Vec<String>,
    /// Only rules of these severities
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = ["critical", "high", "medium", "low", "info"])]
    pub severity: Vec<String>,
    /// Only rules that judge elements of these classes
    #[arg(long, value_name = "CLASS", value_delimiter = ',')]
    pub class: Vec<String>,
    /// How to show them
    #[arg(long, short, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,
    #[command(flatten)]
    pub from: From,
}

/// How a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Columns for a terminal
    Table,
    /// Everything about each rule
    Json,
    /// A table in Markdown
    Markdown,
}

// `tmrs rules explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Rule ids, or ids that they had earlier
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    /// How to show them
    #[arg(long, short, value_enum, default_value_t = ExplainFormat::Text, value_name = "FORMAT")]
    pub format: ExplainFormat,
    #[command(flatten)]
    pub from: From,
}

/// How a rule is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// Plain text for a terminal
    Text,
    /// Markdown
    Markdown,
}

// Which rules there are.
#[derive(Debug, Args)]
pub struct From {
    /// Rule files, folders of rule files, or pytm threat files to add
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long)]
    pub no_default_rules: bool,
}

// `tmrs rules test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Rule files or folders of rule files; the built-in catalogue if none is named
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to show the outcome
    #[arg(long, short, value_enum, default_value_t = TestFormat::Text, value_name = "FORMAT")]
    pub format: TestFormat,
    /// Show passed tests too
    #[arg(long, short)]
    pub verbose: bool,
}

/// How the outcome of tests is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// Plain text for a terminal
    Text,
    /// `JUnit` XML
    Junit,
}

// `tmrs rules new`.
#[derive(Debug, Args)]
pub struct New {
    /// The id of the new rule
    #[arg(value_name = "ID")]
    pub id: String,
    /// The file to write, instead of ID.yaml in the working directory; `-` is standard output
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

// `tmrs rules lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Rule files, folders of rule files, or pytm threat files; the built-in catalogue if none is named
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}
