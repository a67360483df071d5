//! SARIF 2.1.0 as GitHub code scanning and other viewers accept it. The one
//! place that knows `serde_sarif`.
//!
//! One run. `rules` makes the descriptors, `taxonomies` what they refer to,
//! `results` the findings, `notifications` the notices.

mod fixes;
mod notifications;
mod paths;
mod places;
mod results;
mod rules;
mod taxonomies;
mod undescribed;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location as SarifLocation, Message, MultiformatMessageString,
    PropertyBag, Run, RunAutomationDetails, Sarif as Log, Tool, ToolComponent,
    ToolComponentReference, VersionControlDetails,
};

use super::{Context, EmitError, Emitter, json, words};
use crate::escape::{shorten, terminal, uri_path, url};
use crate::report::alerts::Alert;
use crate::report::{Report, Status};

/// `--format sarif`.
pub struct Sarif;

/// GitHub keeps 5,000 results of a run (OUTPUTS).
const MOST_RESULTS: usize = 5_000;
/// The schema by which validators know the version.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The symbol for the root of the repository.
const ROOT: &str = "SRCROOT";

impl Emitter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["sarif", "sarif.json"]
    }

    fn proposes(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report, context: &Context<'_>) -> Result<String, EmitError> {
        let log = Log::builder()
            .schema(SCHEMA)
            .version("2.1.0")
            .runs(vec![run(report, context)])
            .build();
        json::compact(&log).map_err(|error| EmitError::Format {
            format: "sarif",
            reason: error.to_string(),
        })
    }
}

fn run(report: &Report, context: &Context<'_>) -> Run {
    let (kept, left_out) = worst(report, context);
    let rules = rules::Rules::of(report, &kept);
    let flows = paths::Flows::of(report);
    let fixes = fixes::Fixes::of(report);
    let results = results::Results {
        rules: &rules,
        flows: &flows,
        fixes: &fixes,
        context,
    };
    let results: Vec<_> = kept
        .iter()
        .filter_map(|alert| match alert {
            Alert::Finding(finding) => Some(results.of_finding(finding)),
            Alert::Undescribed(element) => results.of_undescribed(element),
        })
        .collect();
    let taxonomies = taxonomies::used_by(&rules.taxa);
    let mut run = Run::builder()
        .tool(Tool::builder().driver(driver(report, rules)).build())
        .invocations(vec![invocation(report, left_out)])
        .column_kind("unicodeCodePoints")
        .language("en-US")
        .default_encoding("utf-8")
        .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root())]))
        .results(results)
        .build();
    if !taxonomies.is_empty() {
        run.taxonomies = Some(taxonomies);
    }
    run.automation_details = report.run.category.as_deref().map(|category| {
        let category = terminal(category.trim_end_matches('/')).into_owned();
        RunAutomationDetails::builder()
            .id(format!("{category}/"))
            .build()
    });
    run.version_control_provenance = provenance(report, context).map(|details| vec![details]);
    run
}

fn root() -> ArtifactLocation {
    ArtifactLocation::builder()
        .description(Message::from("The root of the repository."))
        .build()
}

/// The alerts that are written, in the report's order, and how many are not:
/// the worst ones, open before answered, new before known, severe before mild.
fn worst<'a>(report: &'a Report, context: &Context<'_>) -> (Vec<Alert<'a>>, usize) {
    let alerts = report.alerts(context.sarif_assumed, context.sarif_suppressions);
    let left_out = alerts.len().saturating_sub(MOST_RESULTS);
    if left_out == 0 {
        return (alerts, 0);
    }
    let mut kept: Vec<(usize, Alert<'a>)> = alerts.into_iter().enumerate().collect();
    kept.sort_by_cached_key(|(_, alert)| {
        alert.worst().map(|f| {
            (
                !f.status.is_open(),
                f.status == Status::Baselined,
                std::cmp::Reverse((f.severity, report.weakens(f), f.evidence)),
            )
        })
    });
    kept.truncate(MOST_RESULTS);
    kept.sort_by_key(|(at, _)| *at);
    (kept.into_iter().map(|(_, alert)| alert).collect(), left_out)
}

fn driver(report: &Report, rules: rules::Rules) -> ToolComponent {
    let tool = &report.tool;
    let taxonomies = taxonomies::references(&rules.taxa);
    let mut driver = ToolComponent::builder()
        .name("tmrs")
        .full_name(format!("tmrs {}", terminal(&tool.version)))
        .organization("tmrs")
        .semantic_version(terminal(&tool.version))
        .version(terminal(&tool.version))
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .short_description(text("Checks threat models in every pull request."))
        .rules(rules.descriptors)
        .notifications(notifications::descriptors(report))
        .properties(bag([("catalogue", json!(tool.catalogue))]))
        .build();
    if !taxonomies.is_empty() {
        driver.supported_taxonomies = Some(taxonomies);
    }
    driver
}

fn invocation(report: &Report, left_out: usize) -> Invocation {
    let (execution, configuration) = notifications::split(report, left_out);
    Invocation::builder()
        .execution_successful(report.verdict().is_whole())
        .exit_code(i64::from(report.summary.exit))
        .tool_execution_notifications(execution)
        .tool_configuration_notifications(configuration)
        .properties(bag([
            ("verdict", json!(report.verdict())),
            ("why", json!(words::verdict(report))),
        ]))
        .build()
}

/// The commit, where the link base says which repository it belongs to.
fn provenance(report: &Report, context: &Context<'_>) -> Option<VersionControlDetails> {
    let (repository, linked) = context.link_base.as_deref()?.split_once("/blob/")?;
    let repository = repository.trim_end_matches("/-");
    let revision = report.run.revision.as_deref();
    let revision = revision.unwrap_or(linked.trim_end_matches('/'));
    let root = ArtifactLocation::builder().uri_base_id(ROOT).build();
    Some(
        VersionControlDetails::builder()
            .repository_uri(url(repository)?)
            .revision_id(terminal(revision))
            .mapped_to(root)
            .build(),
    )
}

/// A text with links to related locations (SARIF §3.11.6): `[what](id)`.
fn with_links(text: &str, related: &[SarifLocation]) -> String {
    const MOST: usize = 5;
    let link = |location: &SarifLocation| {
        let message = location.message.as_ref()?.text.as_deref()?;
        let label = message
            .trim_end_matches('.')
            .replace(['[', ']', '(', ')', '\\'], " ");
        let label = shorten(label.trim(), 80);
        (!label.trim().is_empty()).then_some(format!("[{}]({})", label, location.id?))
    };
    let links: Vec<String> = related.iter().filter_map(link).take(MOST).collect();
    if links.is_empty() {
        return text.to_owned();
    }
    format!("{text} See {}.", links.join(", "))
}

/// A text of one form.
fn text(text: impl Into<String>) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// Properties beyond the standard.
fn bag<const N: usize>(pairs: [(&str, Value); N]) -> PropertyBag {
    PropertyBag::builder()
        .additional_properties(
            pairs
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.to_owned(), shown(value)))
                .collect::<BTreeMap<_, _>>(),
        )
        .build()
}

/// Words as the one word that viewers expect of a name: `CallersAreNotAuthenticated`.
fn pascal(text: &str) -> String {
    let mut name = String::new();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()).take(20) {
        let shouted = word.chars().all(|c| !c.is_ascii_lowercase());
        let mut chars = word.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        if shouted {
            name.extend(chars.map(|c| c.to_ascii_lowercase()));
        } else {
            name.push_str(chars.as_str());
        }
    }
    name.chars().take(120).collect()
}

/// A value whose texts hide nothing.
fn shown(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(terminal(&text).into_owned()),
        Value::Array(list) => list.into_iter().map(shown).collect(),
        Value::Object(map) => map.into_iter().map(|(k, v)| (k, shown(v))).collect(),
        other => other,
    }
}

/// Text for a message: no placeholder and no embedded link can come of it
/// (SARIF §3.11.5, §3.11.6).
fn plain(text: &str) -> String {
    let text = terminal(text).replace("](", "] (");
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        out.push(c);
        let placeholder = || {
            let digits = text[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit());
            digits.starts_with('}')
        };
        if c == '{' && placeholder() {
            out.push(' ');
        }
    }
    out
}

/// A reference to a component by name and guid.
fn component(name: &str, guid: &str) -> ToolComponentReference {
    ToolComponentReference::builder()
        .name(name)
        .guid(guid)
        .build()
}

/// A relative URI below the root.
fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation::builder()
        .uri(uri_path(path))
        .uri_base_id(ROOT)
        .build()
}
