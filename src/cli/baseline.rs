//! `tmrs baseline`: write down what is open, show it, say what of it is stale.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{BaselineCheck, BaselineCommand, BaselineShow, BaselineUpdate, Judging};
use super::complaints::tell;
use super::failure::{Exit, Failure};
use super::known::BaselineFile;
use super::nothing::{Wanted, no_model};
use super::output::{Screen, print};
use super::repository::Repository;
use super::settings::Settings;
use crate::emit::plural;
use crate::escape::terminal;
use crate::pipeline::Judged;
use crate::report::Measure;
use crate::source::{RepoPath, Tree as _};
use crate::triage::baseline::{
    Baseline, Change, Changes, Comparison, Entry, Extent, State, compare, update,
};

/// So many lines of one kind are printed without `--verbose`.
const LINES: usize = 20;

/// Runs the command.
pub fn run(command: BaselineCommand, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        BaselineCommand::Update(arguments) => run_update(&arguments, screen),
        BaselineCommand::Show(arguments) => show(&arguments),
        BaselineCommand::Check(arguments) => check(&arguments, screen),
    }
}

/// The settings of a run, and the baseline that it is about.
fn prepared(
    judging: &Judging,
    named: Option<&Path>,
    repository: &Repository,
) -> Result<(Settings, BaselineFile), Failure> {
    let mut settings = Settings::resolve(judging, repository)?;
    let file = BaselineFile::new(named, settings.side.baseline());
    let large = &mut settings.side.reading.filter.large;
    large.extend(file.inside(repository));
    Ok((settings, file))
}

/// What the models come to, and which files were looked at.
fn judged(
    settings: &Settings,
    repository: &Repository,
) -> Result<(Judged, Vec<(RepoPath, String)>), Failure> {
    let side = settings.side(repository);
    let readings = side.read()?;
    let looked_at = readings.looked_at.clone();
    let judged = side.judge(readings, &repository.paths)?;
    side.by_some_rule(&judged)?;
    Ok((judged, looked_at))
}

fn run_update(arguments: &BaselineUpdate, screen: &Screen) -> Result<Exit, Failure> {
    let repository = Repository::find(&arguments.paths)?;
    let named = arguments.baseline.as_deref();
    let (settings, file) = prepared(&arguments.judging, named, &repository)?;
    // Malformed: say so before the models are judged.
    let exists = file.exists(&repository);
    let (judged, looked_at) = judged(&settings, &repository)?;
    if judged.models.is_empty() && !judged.is_incomplete() && !settings.gate.allow_no_models {
        tell(&judged.notices, screen);
        return nothing(&repository, &looked_at, screen);
    }
    let changes = Changes {
        prune: arguments.prune,
        rules: arguments.rule.clone(),
        policy: settings.side.config.policy.clone(),
        by_risk: settings.gate.levels.usual.by == Measure::Risk,
    };
    let extent = Extent {
        tree: &repository.tree,
        paths: &repository.paths,
    };
    let catalogue = settings.catalogue_version();
    let (change, text) = file.replace(&repository, |last| {
        let last = last.unwrap_or_default();
        let comparison = compare(&last, &judged, &extent);
        let change = update(&last, &judged, &comparison, &extent, catalogue, &changes);
        unknown_rules(&changes, &last, &judged)?;
        let text = change.baseline.write();
        let told = told(&change, &file, arguments.verbose);
        Ok((text, (change, told)))
    })?;
    tell(&judged.notices, screen);
    print(&text)?;
    if !exists {
        propose_union(&repository, &file)?;
    }
    Ok(if judged.is_incomplete() {
        Exit::Incomplete
    } else if !change.refused.is_empty() {
        Exit::Fails
    } else {
        Exit::Success
    })
}

/// Says that there is no model, and that nothing was written because of that.
fn nothing(
    repository: &Repository,
    looked_at: &[(RepoPath, String)],
    screen: &Screen,
) -> Result<Exit, Failure> {
    let notice = no_model(repository, looked_at, Wanted::Models);
    tell(&[notice], screen);
    print("Nothing judged: the baseline is left as it is.\n")?;
    Ok(Exit::NoModels)
}

/// A rule that neither this tmrs nor the run nor the baseline knows is a slip.
fn unknown_rules(changes: &Changes, last: &Baseline, judged: &Judged) -> Result<(), Failure> {
    for id in &changes.rules {
        let known = crate::rules::built_in::by_id(id).is_some()
            || last.entries.iter().any(|entry| *entry.rule == **id)
            || judged
                .findings
                .iter()
                .any(|finding| finding.rule.answers_to(id))
            || judged
                .models
                .iter()
                .flat_map(|subject| &subject.rules)
                .any(|rule| rule.rule.answers_to(id));
        if !known {
            return Err(Failure::usage(
                format!("--rule {}: no rule has that id", terminal(id)),
                "`tmrs rules list` shows all ids",
            ));
        }
    }
    Ok(())
}

/// What an update did.
fn told(change: &Change, file: &BaselineFile, verbose: bool) -> String {
    let mut text = String::new();
    let most = if verbose { usize::MAX } else { LINES };
    let mut list = |sign: char, entries: &[(&Entry, &str)]| {
        for (entry, why) in entries.iter().take(most) {
            let _ = writeln!(text, "{sign} {}{why}", line_of(entry));
        }
        if entries.len() > most {
            let _ = writeln!(
                text,
                "{sign} … and {} more (--verbose lists all)",
                entries.len() - most
            );
        }
    };
    let added: Vec<_> = change.added.iter().map(|entry| (entry, "")).collect();
    list('+', &added);
    let removed: Vec<_> = change
        .removed
        .iter()
        .map(|(entry, state)| (entry, why(*state)))
        .collect();
    list('-', &removed);
    let refused: Vec<_> = change
        .refused
        .iter()
        .map(|entry| (entry, ": policy does not allow it"))
        .collect();
    list('!', &refused);
    let _ = write!(
        text,
        "{}: {} known ({} added, {} removed",
        file.shown,
        plural(change.baseline.entries.len(), "finding"),
        change.added.len(),
        change.removed.len()
    );
    if change.rewritten > 0 {
        let _ = write!(text, ", {} rewritten", change.rewritten);
    }
    text.push_str(")\n");
    if change.left > 0 {
        let _ = writeln!(
            text,
            "{} left as they are: outside the named paths, in models that were not read completely, or of rules that did not run",
            plural(change.left, "entry")
        );
    }
    text
}

/// Why an entry is stale, to follow it.
fn why(state: State) -> &'static str {
    match state {
        State::Answered(_) => " (answered or excluded)",
        State::Fixed => " (fixed)",
        State::Gone | State::NotJudged => " (gone)",
        State::Open(_) => "",
    }
}

fn line_of(entry: &Entry) -> String {
    let mut text = format!(
        "{:<8} {:<8} {} {} “{}”",
        entry.severity.as_str(),
        entry.evidence.as_str(),
        terminal(&entry.rule),
        entry.class.name(),
        terminal(&entry.element)
    );
    if let (Some(source), Some(sink)) = (&entry.source, &entry.sink) {
        let _ = write!(text, " ({} → {})", terminal(source), terminal(sink));
    }
    let _ = write!(text, ", {}", terminal(entry.path.as_str()));
    text
}

/// Proposes the line that lets branches merge, unless it is there.
fn propose_union(repository: &Repository, file: &BaselineFile) -> Result<(), Failure> {
    if !repository.has_git {
        return Ok(());
    }
    let Some(inside) = file.inside(repository) else {
        return Ok(());
    };
    let inside = inside.as_str();
    let attributes = RepoPath::new(".gitattributes")
        .and_then(|path| repository.tree.open(&path).ok())
        .map_or_else(String::new, |source| source.text().to_owned());
    let name = inside.rsplit('/').next().unwrap_or(inside);
    let there = attributes
        .lines()
        .any(|line| line.contains(name) && line.contains("merge=union"));
    if there {
        return Ok(());
    }
    let quoted = inside.contains(char::is_whitespace);
    let pattern = if quoted {
        format!("\"{inside}\"")
    } else {
        inside.to_owned()
    };
    print(format!(
        "To let git merge the baselines of two branches, add this line to .gitattributes:\n  {} merge=union\n",
        terminal(&pattern)
    ))
}

fn show(arguments: &BaselineShow) -> Result<Exit, Failure> {
    let repository = Repository::find(&arguments.paths)?;
    let baseline = the_baseline(arguments.baseline.as_deref(), &repository)?;
    let extent = Extent {
        tree: &repository.tree,
        paths: &repository.paths,
    };
    let mut text = String::new();
    let mut count = 0;
    for entry in &baseline.entries {
        let wanted =
            arguments.rule.is_empty() || arguments.rule.iter().any(|id| **id == *entry.rule);
        if wanted && extent.includes(&entry.path) {
            count += 1;
            let _ = writeln!(text, "{}", line_of(entry));
        }
    }
    let _ = writeln!(
        text,
        "{} known, catalogue {}",
        plural(count, "finding"),
        terminal(&baseline.catalogue)
    );
    print(&text)?;
    Ok(Exit::Success)
}

fn the_baseline(
    named: Option<&std::path::Path>,
    repository: &Repository,
) -> Result<Baseline, Failure> {
    let (config, _) = super::settings::configured(None, repository)?;
    let configured = config.baseline.map(|path| path.value);
    BaselineFile::new(named, configured.as_ref()).demand(repository)
}

fn check(arguments: &BaselineCheck, screen: &Screen) -> Result<Exit, Failure> {
    let repository = Repository::find(&arguments.paths)?;
    let named = arguments.baseline.as_deref();
    let (settings, file) = prepared(&arguments.judging, named, &repository)?;
    let baseline = file.demand(&repository)?;
    let (judged, looked_at) = judged(&settings, &repository)?;
    let extent = Extent {
        tree: &repository.tree,
        paths: &repository.paths,
    };
    let comparison = compare(&baseline, &judged, &extent);
    tell(&judged.notices, screen);
    let (text, stale) = stale_entries(&baseline, &comparison, &file, arguments.verbose);
    print(&text)?;
    let canonical = baseline.is_canonical();
    if !canonical {
        let place = baseline
            .source
            .as_ref()
            .map(|source| source.place(crate::source::Span::default()));
        let notice = crate::notice::Notice {
            place,
            ..crate::notice::Notice::general(
                crate::notice::code::BASELINE,
                crate::notice::Severity::Warning,
                "the baseline is not in its canonical form",
            )
        };
        tell(
            &[notice.with_help("run `tmrs baseline update --prune`")],
            screen,
        );
    }
    Ok(if judged.is_incomplete() {
        Exit::Incomplete
    } else if stale > 0 || (settings.gate.strict && !canonical) {
        Exit::Fails
    } else if judged.models.is_empty() && !settings.gate.allow_no_models {
        return nothing(&repository, &looked_at, screen);
    } else {
        Exit::Success
    })
}

/// The stale entries with their lines, and how many there are.
fn stale_entries(
    baseline: &Baseline,
    comparison: &Comparison,
    file: &BaselineFile,
    verbose: bool,
) -> (String, usize) {
    let mut text = String::new();
    let most = if verbose { usize::MAX } else { LINES };
    let (mut stale, mut left) = (0, 0);
    for (entry, state) in baseline.entries.iter().zip(&comparison.entries) {
        left += usize::from(*state == State::NotJudged);
        if !state.is_stale() {
            continue;
        }
        stale += 1;
        if stale <= most {
            let line = baseline
                .place(entry)
                .map_or(1, |place| place.positions().0.line);
            let _ = writeln!(
                text,
                "{}:{line}: stale{}: {}",
                file.shown,
                why(*state),
                line_of(entry)
            );
        }
    }
    if stale > most {
        let _ = writeln!(text, "… and {} more (--verbose lists all)", stale - most);
    }
    let _ = write!(
        text,
        "{}: {} of {} stale",
        file.shown,
        stale,
        plural(baseline.entries.len(), "entry")
    );
    if left > 0 {
        let _ = write!(text, ", {left} not judged by this run");
    }
    text.push('\n');
    if stale > 0 {
        text.push_str("`tmrs baseline update --prune` removes what is stale\n");
    }
    (text, stale)
}
