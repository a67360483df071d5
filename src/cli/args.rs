//! The command line's grammar. clap only: no files, no environment, no decisions.
//!
//! Only the options of the command that runs are put together (`defer`). What a
//! command is for stands at its variant: a doc comment at its options would take
//! that one's place.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::keys;
use crate::emit;
use crate::report::alerts::Assumed;

/// The formats that models are written in.
fn targets() -> PossibleValuesParser {
    PossibleValuesParser::new(crate::convert::TARGETS.iter().map(|target| target.name))
}

/// The severities of the configuration, and that nothing fails.
fn fail_on() -> PossibleValuesParser {
    let (never, severities) = keys::FAIL_ON.from_loosest.split_at(1);
    PossibleValuesParser::new(severities.iter().chain(never).copied())
}

/// Every format with a line.
fn formats() -> String {
    let mut text = "The format on standard output; auto, which is github inside a GitHub job and else human, unless said:\n".to_owned();
    for (name, about) in emit::about_all() {
        text.push_str(&format!("\n  {name:<19}{about}"));
    }
    text
}

/// The words of the configuration, the usual one first.
fn evidence() -> PossibleValuesParser {
    PossibleValuesParser::new(keys::EVIDENCE.from_loosest.iter().copied().rev())
}

/// Options of every command stand below its own.
const LAST: usize = 900;

/// Threat models, checked in every pull request.
#[derive(Debug, Parser)]
#[command(
    name = "tmrs",
    bin_name = "tmrs",
    version,
    max_term_width = 100,
    propagate_version = true
)]
#[command(
    after_help = "Exit status: 0 the gate holds, 1 it fails, 2 usage or configuration, \
3 a model could not be read or judged completely, 4 no model found."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = ColorChoice::Auto,
        value_name = "WHEN",
        display_order = LAST
    )]
    pub color: ColorChoice,
    /// How many threads to use; 0 for one a core
    #[arg(
        long,
        global = true,
        default_value_t = 0,
        value_name = "N",
        hide_short_help = true,
        display_order = LAST
    )]
    pub threads: usize,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Write a first model from what deploys the system, or add what is new to one
    Init(Init),
    /// Read every model, judge it, fail on new threats
    Check(Check),
    /// Read every model and say what does not read, without judging
    Validate(Validate),
    /// Write any output from saved JSON reports, without the models
    Render(Render),
    /// Draw the data-flow diagram
    Dfd(Dfd),
    /// Draw the sequence diagram
    Seq(Seq),
    /// Write the report of a model, as a document or by a template
    Report(Report),
    /// Write down what is open, so that only what is new fails
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// List what the models leave open, as questions, with the lines that answer them
    Questions(Questions),
    /// Explain a rule, or why it finds something, or not
    Explain(Explain),
    /// Decide over what is open, one thing to do after the other, at a terminal
    Triage(Triage),
    /// Show what changed in the models and in their threats
    Diff(Diff),
    /// Write a model in another format
    Convert(Convert),
    /// Lay out native YAML models one like the other
    Fmt(Fmt),
    /// Show the classes, attributes and enums that models can use
    Describe(Describe),
    /// List, explain, test, write and lint rules
    #[command(subcommand)]
    Rules(super::rules::args::Rules),
    /// Print a JSON Schema, for completion in editors
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the man page, or that of a command
    Man(Man),
}

// `tmrs completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

// `tmrs man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The command, such as `check` or `rules explain`; all of them on one page if none is named
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Write a page a command into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub all: Option<PathBuf>,
}

// A model on standard input.
#[derive(Debug, Default, Args)]
pub struct Stdin {
    /// What the model on standard input (PATH `-`) is called: the ending says its format, and
    /// what it imports is looked for beside it
    #[arg(long, value_name = "PATH")]
    pub stdin_name: Option<PathBuf>,
}

// `tmrs init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples: tmrs init --from compose.yaml; tmrs init --from deploy/ --output threats/shop.yaml; \
helm template . | tmrs init --from -"
)]
pub struct Init {
    /// What the model is taken from: Compose files, Kubernetes manifests, what `terraform show
    /// -json` prints, OpenAPI documents; a folder stands for the files of these kinds in it, `-`
    /// for standard input. Without it `tmrs init` asks at the terminal
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub from: Vec<PathBuf>,
    /// The model, instead of threat-model.yaml at the root; `-` prints it and writes nothing
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Write what stands beside a model too, where it is not there yet: tmrs.yaml, a workflow
    /// of GitHub, an entry for pre-commit
    #[arg(long)]
    pub write: bool,
}

// `tmrs check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Models, or folders with models; the whole repository if none is named; `-` is a model
    /// on standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// First write what was understood although it is spelt otherwise as it is meant: a name
    /// in another spelling, a control that stands flat on its element. The models say the same
    /// afterwards; nothing is answered
    #[arg(long, conflicts_with = "stdin_name")]
    pub fix: bool,
    #[command(flatten)]
    pub stdin: Stdin,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub knowing: Knowing,
    #[command(flatten)]
    pub output: Output,
}

// `tmrs validate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 every model is read completely, 2 usage or configuration, \
3 a model could not be read completely, 4 no model found."
)]
pub struct Validate {
    /// Models, or folders with models; the whole repository if none is named; `-` is a model
    /// on standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs questions`.
#[derive(Debug, Args)]
pub struct Questions {
    /// Models, or folders with models; the whole repository if none is named
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    /// Ask at the terminal, and write each answer into its model
    #[arg(long, conflicts_with_all = ["max", "format", "answers"])]
    pub answer: bool,
    /// Write the answers of this file into the models: what `--format json` prints, without
    /// the steps that are not true
    #[arg(long, value_name = "FILE", conflicts_with_all = ["max", "format"])]
    pub answers: Option<PathBuf>,
    /// List only this many, those that settle the most
    #[arg(long, value_name = "N")]
    pub max: Option<usize>,
    /// Ask also for the facts for which rules are asleep: what the models do not say, and
    /// with some answer a rule would find something
    #[arg(long, conflicts_with_all = ["answer", "answers"])]
    pub facts: bool,
    /// The language
    #[arg(long, short, value_name = "FORMAT", default_value = "human", value_parser = ["human", "markdown", "json"])]
    pub format: String,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples: tmrs explain AA01; tmrs explain AA01 \"Web server\"; tmrs explain threats/tm.py:12; \
tmrs explain AA01 Cache --why-not"
)]
pub struct Explain {
    /// A rule id, `FILE:LINE` of a finding, or a fingerprint or the first 8 digits of one
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// The name of an element, after a rule id
    #[arg(value_name = "ELEMENT")]
    pub element: Option<String>,
    /// Models, or folders with models; the whole repository if none is named
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    /// Explain why the rule finds nothing at the element
    #[arg(long)]
    pub why_not: bool,
    /// The format
    #[arg(long, short, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs triage`.
#[derive(Debug, Args)]
pub struct Triage {
    /// Models, or folders with models; the whole repository if none is named
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also what the baseline knows
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub judging: Judging,
    /// The baseline, instead of tmrs-baseline.json at the root
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

// `tmrs diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0, or with --exit-code 1 where something differs; 2 usage or configuration, \
3 a model could not be read or judged completely, 4 no model found on either side."
)]
pub struct Diff {
    /// A git revision, a model or folder of models, or a saved JSON report
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// The same; the working tree if none is named
    #[arg(value_name = "HEAD")]
    pub head: Option<PathBuf>,
    /// Compare with the merge base of BASE and the checked-out commit
    #[arg(long, conflicts_with = "head")]
    pub merge_base: bool,
    /// End with status 1 where something differs
    #[arg(long)]
    pub exit_code: bool,
    /// The format; by the ending of --output, else human
    #[arg(long, short, value_name = "FORMAT", value_parser = ["human", "markdown", "json"])]
    pub format: Option<String>,
    /// The file; `-` is standard output
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs render`.
#[derive(Debug, Args)]
pub struct Render {
    /// Reports that `tmrs check --output json=FILE` wrote; several become one, with one gate
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

// What is known already.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What is known already")]
pub struct Knowing {
    /// The baseline, instead of tmrs-baseline.json at the root
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Use no baseline: every open finding is new
    #[arg(long)]
    pub no_baseline: bool,
    /// Only what was not open at the merge base with this revision is new
    #[arg(long, value_name = "REF", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// Judge only models that changed since then: their text, imports or rules
    #[arg(long, requires = "since")]
    pub changed_only: bool,
    /// Run as a hook of pre-commit, which names the files in question: judge what the commit
    /// changes, what lies between --from-ref and --to-ref, or every model that is asked about
    #[arg(long, conflicts_with_all = ["since", "changed_only"])]
    pub pre_commit: bool,
}

// `tmrs baseline`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum BaselineCommand {
    /// Bring the baseline up to date: what is open now is known from now on
    Update(BaselineUpdate),
    /// Show what is known
    Show(BaselineShow),
    /// Say which entries are stale; exit status 1 if there are any
    Check(BaselineCheck),
}

// `tmrs baseline update`.
#[derive(Debug, Args)]
pub struct BaselineUpdate {
    /// Models, or folders with models; nothing else is touched
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only remove what is stale
    #[arg(long)]
    pub prune: bool,
    /// Only entries and findings of this rule. May be repeated
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// The baseline, instead of tmrs-baseline.json at the root
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// List everything that was added and removed
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs baseline show`.
#[derive(Debug, Args)]
pub struct BaselineShow {
    /// Only models below these paths
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only entries of this rule. May be repeated
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// The baseline, instead of tmrs-baseline.json at the root
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

// `tmrs baseline check`.
#[derive(Debug, Args)]
pub struct BaselineCheck {
    /// Models, or folders with models
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The baseline, instead of tmrs-baseline.json at the root
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// List every stale entry
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub judging: Judging,
}

// What to read and how to judge it; the same for every command that does.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reading and judging")]
pub struct Judging {
    /// Rule files, folders of rule files, or pytm threat files to judge by as well
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long)]
    pub no_default_rules: bool,
    /// Judging by no rule at all is no failure
    #[arg(long)]
    pub allow_no_rules: bool,
    /// Judge only by these rules: ids, patterns such as `INP*`, tags, or pack:NAME, separated
    /// by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Rule ids to exclude, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub exclude: Vec<String>,
    /// Fail on new findings of this risk or higher; never: only report, so that exit status 1
    /// does not occur and 2 to 4 stay
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on())]
    pub fail_on: Option<String>,
    /// Fail only on findings with at least this evidence
    #[arg(long, value_name = "EVIDENCE", value_parser = evidence())]
    pub evidence: Option<String>,
    /// The configuration file, instead of tmrs.yaml at the root
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A policy that the configuration may only tighten
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// The configuration of this revision is a policy
    #[arg(long, value_name = "REF", allow_hyphen_values = true)]
    pub policy_from: Option<String>,
    /// The function that builds the model, where nothing calls it
    #[arg(long, value_name = "NAME")]
    pub entry: Option<String>,
    /// Warn about what cannot be read without running code, instead of failing
    #[arg(long)]
    pub lenient: bool,
    /// Fail on stale and expired exclusions too
    #[arg(long)]
    pub strict: bool,
    /// Finding no model is no failure
    #[arg(long)]
    pub allow_no_models: bool,
    /// The day that expiry dates are compared with, instead of today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
}

// Where results go.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// The format on standard output; auto: github inside a GitHub job, else human
    #[arg(long, short, value_name = "FORMAT", long_help = formats())]
    pub format: Option<String>,
    /// Another output, into a file; `-` is standard output. May be repeated
    #[arg(long, short, value_name = "[FORMAT=]PATH")]
    pub output: Vec<String>,
    /// Tells several runs over one repository apart
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Let SARIF hold answered and excluded findings, as suppressed ones
    #[arg(long)]
    pub sarif_suppressions: bool,
    /// What SARIF makes of findings that are only assumed: fold makes one alert an element,
    /// each an alert a finding, omit none
    #[arg(long, value_name = "HOW", value_parser = Assumed::WORDS.map(|(word, _)| word))]
    pub sarif_assumed: Option<String>,
    /// Say more: every candidate, every baselined and answered finding
    #[arg(long, short)]
    pub verbose: bool,
    /// Show only what fails
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
}

impl Output {
    /// What SARIF makes of findings that are only assumed.
    pub fn assumed(&self) -> Assumed {
        let said = self.sarif_assumed.as_deref();
        said.and_then(Assumed::parse).unwrap_or_default()
    }
}

// `tmrs describe`.
#[derive(Debug, Args)]
pub struct Describe {
    /// Classes, enums or attributes; all classes if none is named
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}

// `tmrs dfd`.
#[derive(Debug, Args)]
pub struct Dfd {
    /// Models (`FILE#Model name` is one of several in a file), or folders with models; the
    /// whole repository if none is named; `-` is a model on standard input
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    /// The language or picture; by the ending of --output, else dot
    #[arg(long, short, value_name = "FORMAT", value_parser = ["dot", "mermaid", "svg", "png"])]
    pub format: Option<String>,
    /// Draw only what is on these levels
    #[arg(long, value_name = "N", num_args = 1.., value_delimiter = ',')]
    pub levels: Vec<i64>,
    /// Draw only this element and what it is connected to, by its name or a part of it. May be
    /// repeated
    #[arg(long, value_name = "ELEMENT")]
    pub around: Vec<String>,
    /// Draw only what is in this boundary and what that is connected to. May be repeated
    #[arg(long, value_name = "BOUNDARY")]
    pub boundary: Vec<String>,
    /// Draw a picture for each boundary with elements: those, and what they are connected to
    #[arg(long, conflicts_with_all = ["around", "boundary"])]
    pub split: bool,
    /// Colour by the worst finding
    #[arg(long)]
    pub colormap: bool,
    /// Draw responses on the arrows of their requests
    #[arg(long)]
    pub merge_responses: bool,
    /// Mark what is new or changed since the merge base with this revision
    #[arg(long, value_name = "REF", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// The file; a folder for several models, or with --split
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs convert`.
#[derive(Debug, Args)]
pub struct Convert {
    /// Models (`FILE#Model name` is one of several in a file), or folders with models; the
    /// whole repository if none is named; `-` is a model on standard input
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    /// The format: native, native-json, pytm, pytm-json, otm, threat-dragon or tm-bom. What it
    /// cannot say is listed on standard error
    #[arg(long, value_name = "FORMAT", value_parser = targets())]
    pub to: String,
    /// The file; a folder for several models
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs fmt`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0, or with --check 1 where a model would change; 2 usage or configuration, \
3 a model could not be read or formatted, 4 no model found."
)]
pub struct Fmt {
    /// Native models in YAML, or folders with them; every one of the repository if none is
    /// named; `-` formats standard input to standard output
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    /// Write nothing; name each model that would change, and end with status 1 if there is one
    #[arg(long)]
    pub check: bool,
    /// The configuration file, instead of tmrs.yaml at the root
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

// `tmrs seq`.
#[derive(Debug, Args)]
pub struct Seq {
    /// Models (`FILE#Model name` is one of several in a file), or folders with models; the
    /// whole repository if none is named; `-` is a model on standard input
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    /// The language or picture; by the ending of --output, else plantuml
    #[arg(long, short, value_name = "FORMAT", value_parser = ["plantuml", "mermaid", "svg", "png"])]
    pub format: Option<String>,
    /// The file; a folder for several models
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Models (`FILE#Model name` is one of several in a file), or folders with models; the
    /// whole repository if none is named; `-` is a model on standard input
    #[arg(value_name = "MODEL")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub stdin: Stdin,
    /// A template: Jinja over the JSON report if it ends in .j2, else pytm's language
    #[arg(long, short, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// The language; by the ending of --output, else of --template, else markdown
    #[arg(long, short, value_name = "FORMAT", value_parser = ["markdown", "html"])]
    pub format: Option<String>,
    /// The file; a folder for several models
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Write report and diagrams into this folder, under the names that the template refers to
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub all: Option<PathBuf>,
    /// Report what `tmrs check --output json=FILE` saved, without the models
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["paths", "rules", "no_default_rules", "exclude"])]
    pub from: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

// `tmrs schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// What the schema is of: a native model, tmrs.yaml, a rule file, the JSON report, a comparison
    #[arg(value_name = "KIND", value_parser = ["model", "config", "rule", "report", "diff"])]
    pub kind: String,
}
