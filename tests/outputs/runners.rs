//! Runners read what they print: no line of any output of any command is a workflow command of
//! GitHub's or Azure's, whatever names, titles, paths and reports say.

use serde_json::Value;
use tmrs::emit::FORMATS;
use tmrs::report::Report;

use super::{emit_with, fixture};
use crate::harness::Repo;

/// Beside [`fixture::HOSTILE`]: commands, and the pieces that become one where texts are put
/// together, wrapped, cut or stripped.
const COMMANDS: &[&str] = &[
    "::error title=x::pwned",
    "::add-mask::x",
    "   ::set-output name=verdict::passed",
    "a ::error::pwned and more words, so that a line is broken somewhere before ::error::pwned",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww::error::pwned",
    "one\n::error::pwned\r::error::pwned\r\n::error::pwned",
    "\u{85}::error::pwned",
    "\u{2028}::error::pwned",
    "\u{a0}\u{3000}::error::pwned",
    "\u{1b}[1m::error::pwned",
    "##[error]pwned",
    "a##[set-output name=verdict]passed",
    "###[error]pwned",
    "#\u{200b}#[error]pwned",
    "##\u{feff}[error]pwned",
    "##vso[task.setvariable variable=PATH]x",
    "a ##VSO[task.complete result=Succeeded]x",
    "##",
    "#",
    "[error]x",
    "::",
    ":",
    "a\u{9b}31m b",
    "user\u{202e}txt.exe\u{202c}\u{2066}x\u{2069}\u{200e}\u{61c}",
];

fn corpus() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().chain(fixture::HOSTILE).copied()
}

/// The lines of a text that a runner would obey.
fn obeyed(text: &str) -> Vec<&str> {
    let is_obeyed = |line: &&str| {
        let lower = line.to_ascii_lowercase();
        let mut start = line.trim_start();
        while let Some((_, after)) = start
            .strip_prefix("\u{1b}[")
            .and_then(|s| s.split_once('m'))
        {
            start = after.trim_start();
        }
        start.starts_with("::") || lower.contains("##[") || lower.contains("##vso[")
    };
    text.split(['\n', '\r']).filter(is_obeyed).collect()
}

/// The typical report with this text wherever a report holds a text.
fn full_of(evil: &str) -> Report {
    let mut value = serde_json::to_value(fixture::typical()).unwrap();
    fixture::fill(&mut value, "", &|text| format!("{evil}{text}"));
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_runner_obeys_no_text_of_a_report() {
    for evil in corpus() {
        let report = full_of(evil);
        for format in FORMATS.iter().filter(|format| format.name() != "github") {
            let is_drawn = format.name() == "human";
            for width in if is_drawn { &[20, 61, 100][..] } else { &[100] } {
                for color in if is_drawn {
                    &[false, true][..]
                } else {
                    &[false]
                } {
                    let text = emit_with(format.name(), &report, |context| {
                        context.width = *width;
                        context.color = *color;
                        context.verbose = true;
                    });
                    let found = obeyed(&text);
                    assert!(
                        found.is_empty(),
                        "{} of {evil:?}: {found:#?}",
                        format.name()
                    );
                }
            }
        }
    }
}

#[test]
fn annotations_are_the_only_commands_of_their_output() {
    for evil in corpus() {
        let text = emit_with("github", &full_of(evil), |_| {});
        let mut found = obeyed(&text);
        found.retain(|line| !is_annotation(line));
        assert!(found.is_empty(), "{evil:?}: {found:#?}");
    }
}

#[test]
fn json_is_the_same_to_programs_and_shows_nothing_hidden() {
    for evil in corpus() {
        let report = full_of(evil);
        let text = emit_with("json", &report, |_| {});
        let hidden = text.chars().find(|&c| {
            (c.is_control() && c != '\n')
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
                || "\u{200b}\u{200e}\u{200f}\u{61c}\u{feff}".contains(c)
        });
        assert_eq!(hidden, None, "{evil:?}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::to_value(&report).unwrap(), "{evil:?}");
    }
}

/// A model in YAML with this text wherever a model holds one, and one in Python.
fn models(evil: &str) -> [String; 2] {
    let text = Value::from(evil).to_string();
    let yaml = format!(
        "tmrs: 1\nname: {text}\ndescription: {text}\nelements:\n  zone: {{class: Boundary, name: {text}}}\n  \
         reader: {{class: Actor, name: {text}, description: {text}}}\n  \
         web: {{class: Server, name: {text}, protocol: {text}, in: zone}}\n  \
         {text}: {{class: Server, name: {text}, unknownAttribute: {text}}}\ndata:\n  d: {{name: {text}}}\n\
         flows:\n  read: {{source: reader, sink: web, name: {text}, note: {text}, data: [d]}}\n"
    );
    let python = format!(
        "from pytm import TM, Server, Actor, Dataflow, Boundary\ntm = TM({text})\ntm.description = {text}\n\
         zone = Boundary({text})\nweb = Server({text}, inBoundary=zone)\nweb.unknown = {text}  # {comment}\n\
         reader = Actor({text})\nDataflow(reader, web, {text}, note={text})\ntm.process()\n",
        comment = evil.replace(|c: char| c.is_control(), " "),
    );
    [yaml, python]
}

const RUNS: &[&[&str]] = &[
    &["check", "-v"],
    &["check", "-v", "--color", "always"],
    &["check", "--format", "short"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif"],
    &["check", "--format", "markdown"],
    &["check", "--format", "junit"],
    &["check", "--format", "gitlab"],
    &["check", "--format", "csv"],
    &["check", "--format", "html"],
    &["check", "--since", "HEAD~1", "-v"],
    &["check", "--lenient", "-v"],
    &["diff", "HEAD~1"],
    &["diff", "HEAD~1", "--format", "json"],
    &["diff", "HEAD~1", "--format", "markdown"],
    &["dfd", "yaml"],
    &["dfd", "yaml", "--format", "mermaid"],
    &["seq", "yaml"],
    &["seq", "yaml", "--format", "mermaid"],
    &["seq", "yaml", "--format", "svg"],
    &["report", "yaml"],
    &["report", "yaml", "--format", "html"],
    &["report", "yaml", "--template", "template.txt"],
    &["report", "yaml", "--template", "pytm.txt"],
    &["questions"],
    &["triage"],
    &["describe", "Server"],
    &["render", "saved.json", "--format", "human"],
    &["render", "saved.json", "--format", "markdown"],
    &["baseline", "update"],
    &["baseline", "show"],
    &["baseline", "check"],
    &["rules", "lint", "rules.yaml"],
    &["rules", "test", "rules.yaml"],
    &["rules", "list", "--rules", "rules.yaml"],
];

/// Where the program finds itself: on no runner, on GitHub's, on Azure's.
const PLACES: [Option<&str>; 3] = [None, Some("GITHUB_ACTIONS"), Some("TF_BUILD")];

/// Whether a line is an annotation of ours and nothing more.
fn is_annotation(line: &str) -> bool {
    let levels = ["::error ", "::warning ", "::notice "];
    levels.iter().any(|level| line.starts_with(level))
        && !line.contains("##[")
        && !line.contains("##vso[")
        && line.contains("title=")
}

/// Everything that the program prints in this repository, in that place.
fn prints_no_command(repo: &Repo, what: &str, arguments: &[&str], place: Option<&str>) {
    let mut command = repo.command(arguments);
    command.envs(place.map(|name| (name, "true")));
    let run = crate::harness::run(&mut command);
    assert!(
        (0..=4).contains(&run.code),
        "{arguments:?} of {what}: {run:?}"
    );
    for text in [&run.out, &run.err] {
        let mut found = obeyed(text);
        // There annotations are what is printed where no format is asked for.
        found.retain(|line| place != Some("GITHUB_ACTIONS") || !is_annotation(line));
        assert!(found.is_empty(), "{arguments:?} of {what}: {found:#?}");
    }
}

#[test]
fn no_command_prints_what_a_runner_obeys() {
    for (at, evil) in corpus().enumerate() {
        let repo = Repo::with(&[("README", "")]);
        let [yaml, python] = models(evil);
        repo.write("yaml/tm.yaml", &yaml)
            .write("python/tm.py", &python);
        repo.write(
            "template.txt",
            "{{ model.name }}\n{% for e in model.elements %}\n{{ e.name }}\n{% endfor %}",
        );
        repo.write(
            "pytm.txt",
            "{tm.name}\n{tm.description}\n{elements:repeat:{{item.name}}\n}",
        );
        let text = Value::from(evil).to_string();
        repo.write(
            "rules.yaml",
            &format!("- id: X1\n  title: {text}\n  target: [Server]\n  severity: high\n  likelihood: {text}\n  when: {text}\n  tests: [{{name: {text}, model: {{}}}}]\n"),
        );
        let saved = serde_json::to_string(&full_of(evil)).unwrap();
        repo.write("saved.json", &saved).commit("Models");
        for (number, arguments) in RUNS.iter().enumerate() {
            // Each text in the command that shows most, and every command with some of them.
            if number == 0 || (number + at) % 8 == 0 {
                let place = PLACES[(number + at / 8) % PLACES.len()];
                prints_no_command(&repo, &format!("{evil:?}"), arguments, place);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn no_path_becomes_a_command() {
    for name in [
        "::error title=x::pwned",
        "##[error]pwned",
        "##vso[task.complete]x",
        ":",
        "##",
        "a ::error::x",
    ] {
        let repo = Repo::with(&[("README", "")]);
        repo.write(&format!("{name}.yaml"), "tmrs: 1\nname: [\n");
        repo.write(
            &format!("{name}/tm.py"),
            "from pytm import TM, Server\nTM('x').process()\nServer(input())\n",
        );
        repo.write(&format!("{name}/good.yaml"), &models("plain")[0]);
        repo.write("saved.json", "{\"::error::x\": \"##[error]\"");
        repo.commit("Models");
        let good = format!("{name}/good.yaml");
        for arguments in [
            &["check", "-v"][..],
            &["check", "--format", "short"],
            &["check", "--since", "HEAD~1", "-v"],
            &["check", &good, "-v"],
            &["check", name],
            &["check", &format!("--format={name}")],
            &["check", &format!("--{name}")],
            &[name],
            &["render", "saved.json"],
            &["render", name],
            &["diff", "HEAD~1"],
            &["dfd", name],
            &["describe", name],
            &["rules", "explain", name],
            &["rules", "lint", name],
            &["rules", "new", "--output", "-", name],
        ] {
            for place in PLACES {
                prints_no_command(&repo, name, arguments, place);
            }
        }
    }
}
