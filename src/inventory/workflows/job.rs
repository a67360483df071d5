//! Layer `inventory`: a job of a workflow.

use std::collections::BTreeSet;

use super::super::file::{File, below, entry, items};
use super::super::gathered::{Found, Gathered, id_of};
use super::super::{Fact, Zone};
use super::known::{self, Known, Way};
use super::{CONTRIBUTOR, REPOSITORY, goes, part, reached};
use crate::model::vocabulary::Class;
use crate::source::{Place, Span};
use crate::syntax::tree::{Key, Node, NodeKind};

/// What is known of a workflow before its jobs.
pub(super) struct Workflow<'f> {
    file: &'f File,
    /// The first part of its jobs' names: those of the file, for several workflows may bear one name.
    stem: String,
    /// The events that anyone can cause.
    outside: Vec<(String, Place)>,
}

/// Texts of an event that whoever caused it wrote.
const WRITTEN: [&str; 8] = [
    ".body",
    ".default_branch",
    ".email",
    ".head.label",
    ".head.ref",
    ".message",
    ".page_name",
    ".title",
];

/// How labels of runners begin that GitHub itself runs.
const HOSTED: [&str; 3] = ["ubuntu-", "windows-", "macos-"];

impl<'f> Workflow<'f> {
    pub(super) fn of(file: &'f File, outside: Vec<(String, Place)>) -> Self {
        let stem = file.source.path().file_name();
        let stem = stem.split('.').next().unwrap_or(stem);
        Self {
            file,
            stem: stem.to_owned(),
            outside,
        }
    }

    /// Adds a job, and what it reaches.
    pub(super) fn job(&self, (key, body): (&Key, &Node), gathered: &mut Gathered) {
        let file = self.file;
        let place = file.key(key);
        let id = id_of(&format!("{}-{}", self.stem, key.text));
        let mut facts = vec![Fact::flag("buildsSoftware", true, &place)];
        if let Some((key, _)) = entry(body, &["container"]) {
            facts.push(Fact::flag("runsInContainer", true, &file.key(key)));
        }
        facts.extend(self.rights(body, &id, gathered));
        // What a condition on the event leaves of them is not worked out.
        let is_conditional = body
            .get("if")
            .and_then(|it| it.as_text())
            .is_some_and(|it| {
                ["event_name", "github.ref", "github.event."]
                    .iter()
                    .any(|word| it.contains(word))
            });
        for (event, place) in self.outside.iter().filter(|_| !is_conditional) {
            goes(gathered, CONTRIBUTOR, &id, Vec::new(), place);
            if event.starts_with("pull_request") {
                facts.push(Fact::flag("runsUserCode", true, place));
            }
        }
        let around = file.root.get("env");
        let given = secret(file, body).or_else(|| secret(file, around?));
        if let Some(place) = given {
            facts.push(Fact::flag("holdsSecrets", true, &place));
            let says = vec![Fact::word("kind", "SECRETS", &place)];
            let store = "Secrets of the workflows";
            let store = reached(gathered, store, Class::Datastore, says, &place);
            goes(gathered, &store, &id, Vec::new(), &place);
        }
        if let Some((_, value)) = entry(body, &["uses"]) {
            self.uses(value, None, &id, &mut facts, gathered);
        }
        for step in items(body, &["steps"]) {
            if let Some((_, value)) = entry(step, &["uses"]) {
                self.uses(value, step.get("with"), &id, &mut facts, gathered);
            }
            if let Some((_, value)) = entry(step, &["run"]) {
                self.runs(value, &id, &mut facts, gathered);
            }
        }
        let mut said = BTreeSet::new();
        facts.retain(|fact| said.insert(fact.attribute));
        let zone = self.zone(body, gathered);
        let name = format!("{}: {}", self.stem, key.text);
        let job = part(&id, &name, Class::Process, facts, &place);
        gathered.parts.push(Found { zone, ..job });
    }

    /// What its token may do: that of the workflow, unless it says so itself.
    fn rights(&self, body: &Node, id: &str, gathered: &mut Gathered) -> Vec<Fact> {
        let file = self.file;
        let said = entry(body, &["permissions"]).or_else(|| entry(&file.root, &["permissions"]));
        let Some((key, rights)) = said else {
            return Vec::new();
        };
        let place = file.key(key);
        let mut facts = Vec::new();
        let Some(each) = rights.as_map() else {
            if file.text(rights).as_deref() == Some("write-all") {
                facts.push(Fact::flag("implementsPOLP", false, &place));
            }
            return facts;
        };
        let writes = |(_, value): &&(Key, Node)| value.as_text().is_some_and(|it| &**it == "write");
        if !each.iter().any(|right| writes(&right)) {
            facts.push(Fact::flag("implementsPOLP", true, &place));
        }
        for (key, _) in each.iter().filter(writes) {
            match &*key.text {
                "id-token" => facts.push(Fact::flag("usesCloudIdentity", true, &file.key(key))),
                "contents" => goes(gathered, id, REPOSITORY, Vec::new(), &file.key(key)),
                _ => {}
            }
        }
        facts
    }

    /// Where it runs, if that is said in words that are known.
    fn zone(&self, body: &Node, gathered: &mut Gathered) -> Option<(String, Place)> {
        let (key, runs_on) = entry(body, &["runs-on"])?;
        let labels = below(runs_on, &["labels"]).unwrap_or(runs_on);
        let labels = self.file.texts(labels);
        let labels = || labels.iter().map(|(label, _)| label.to_ascii_lowercase());
        let (id, name) = if labels().any(|label| label == "self-hosted") {
            ("self-hosted-runners", "Self-hosted runners")
        } else if labels().any(|label| HOSTED.iter().any(|start| label.starts_with(start))) {
            ("github-hosted-runners", "GitHub-hosted runners")
        } else {
            return None;
        };
        let place = self.file.key(key);
        gathered.zones.push(Zone {
            id: id.to_owned(),
            name: name.to_owned(),
            inside: None,
            facts: Vec::new(),
            place: place.clone(),
        });
        Some((id.to_owned(), place))
    }

    /// An action, or a workflow of others: who wrote it, whether it is pinned, what it reaches.
    fn uses(
        &self,
        value: &Node,
        with: Option<&Node>,
        id: &str,
        facts: &mut Vec<Fact>,
        gathered: &mut Gathered,
    ) {
        let Some(action) = self.file.text(value) else {
            return;
        };
        let place = self.file.at(value.span);
        let (supplier, is_pinned) = supplier(&action);
        // One of the repository itself is no one else's.
        if action.starts_with("./") || supplier.trim().is_empty() {
            return;
        }
        if !is_pinned {
            facts.push(Fact::flag("verifiesProvenance", false, &place));
        }
        let supplier = reached(
            gathered,
            supplier,
            Class::ExternalEntity,
            Vec::new(),
            &place,
        );
        let pinned = Fact::flag("verifiesProvenance", is_pinned, &place);
        goes(gathered, &supplier, id, vec![pinned], &place);
        if action.split('@').next() == Some("actions/checkout") {
            goes(gathered, REPOSITORY, id, Vec::new(), &place);
        }
        for known in known::of_action(&action) {
            let input = |name: &str| with.and_then(|with| entry(with, &[name]));
            let when = known.when.as_deref().map(input);
            if let Some(None) = when {
                continue;
            }
            let place = when
                .flatten()
                .map_or_else(|| place.clone(), |(key, _)| self.file.key(key));
            let named = known.host.as_deref().and_then(input);
            let named = named.and_then(|(_, value)| self.file.text(value));
            let named = named.filter(|name| !name.trim().is_empty() && !name.contains("${{"));
            tell(known, named.as_deref(), id, &place, facts, gathered);
        }
    }

    /// Commands: what they reach, and whether they hold what strangers wrote.
    fn runs(&self, value: &Node, id: &str, facts: &mut Vec<Fact>, gathered: &mut Gathered) {
        let file = self.file;
        let written = file.source.slice(value.span);
        let at = |words: &str| {
            let start = written.find(words).unwrap_or(0) + value.span.start as usize;
            file.at(Span::new(start, start + words.len()))
        };
        let Some(text) = file.text(value) else {
            return;
        };
        if let Some(expression) = strangers_text(&text) {
            facts.push(Fact::flag("evaluatesInput", true, &at(expression)));
        }
        for line in text.split(['\n', ';', '|', '&']) {
            let line = line.trim().trim_start_matches("sudo ").trim_start();
            for (known, command) in known::of_command(line) {
                let host = known.part.as_deref() == Some("Registry of images");
                let host = host.then(|| registry(&line[command.len()..])).flatten();
                tell(known, host, id, &at(command), facts, gathered);
            }
        }
    }
}

/// Adds what a known action or command says.
fn tell(
    known: &Known,
    named: Option<&str>,
    id: &str,
    place: &Place,
    facts: &mut Vec<Fact>,
    gathered: &mut Gathered,
) {
    facts.extend(known.of_job().facts(place));
    let Some(part) = named.or(known.part.as_deref()) else {
        return;
    };
    let row = known.reached();
    let there = reached(gathered, part, row.class(), row.facts(place), place);
    match known.way {
        Way::To => goes(gathered, id, &there, Vec::new(), place),
        Way::From => goes(gathered, &there, id, Vec::new(), place),
    }
}

/// Who wrote an action, and whether the action is fixed by the hash of its content.
fn supplier(action: &str) -> (&str, bool) {
    if let Some(image) = action.strip_prefix("docker://") {
        let name = image.split('@').next().unwrap_or(image);
        // A colon before the last slash is that of a port.
        let last = name.rfind('/').map_or(0, |at| at + 1);
        let tag = name[last..].find(':').map_or(name.len(), |at| last + at);
        return (&name[..tag], image.contains("@sha256:"));
    }
    let (name, version) = action.split_once('@').unwrap_or((action, ""));
    let mut slashes = name.match_indices('/').map(|(at, _)| at);
    let repository = slashes.nth(1).map_or(name, |at| &name[..at]);
    let is_hash = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    (repository, is_hash)
}

/// The first place at which a job is given a secret other than its own token.
fn secret(file: &File, node: &Node) -> Option<Place> {
    match &node.kind {
        NodeKind::Text(text) => {
            let mut rest = text
                .match_indices("secrets.")
                .map(|(at, word)| &text[at + word.len()..]);
            let own = |rest: &str| rest.to_ascii_uppercase().starts_with("GITHUB_TOKEN");
            let is_one = text.contains("${{") && rest.any(|rest| !own(rest));
            is_one.then(|| file.at(node.span))
        }
        NodeKind::List(items) => items.iter().find_map(|item| secret(file, item)),
        NodeKind::Map(entries) => entries.iter().find_map(|(key, value)| {
            let inherits =
                &*key.text == "secrets" && value.as_text().is_some_and(|it| &**it == "inherit");
            if inherits {
                Some(file.key(key))
            } else {
                secret(file, value)
            }
        }),
        _ => None,
    }
}

/// An expression in a command by which the text of an event becomes part of the command.
fn strangers_text(text: &str) -> Option<&str> {
    let starts = text.match_indices("${{").map(|(at, _)| at);
    let mut expressions = starts.filter_map(|at| {
        let length = text[at..].find("}}")?;
        Some(&text[at..at + length])
    });
    expressions.find(|expression| {
        let by_event = expression.contains("github.event.")
            && WRITTEN.iter().any(|end| {
                let mut found = expression.match_indices(end);
                found.any(|(at, end)| {
                    let next = expression[at + end.len()..].chars().next();
                    next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                })
            });
        by_event || expression.contains("github.head_ref")
    })
}

/// The host of the image that a command is given.
fn registry(arguments: &str) -> Option<&str> {
    let mut words = arguments.split_whitespace();
    let image = words.find(|word| !word.starts_with('-'))?;
    let image = image.trim_matches(['"', '\'']);
    let image = image.rsplit("://").next().unwrap_or(image);
    let (host, _) = image.split_once('/')?;
    let is_host = host.contains(['.', ':'])
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    is_host.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_pinned_by_a_hash_alone() {
        let hash = "0123456789abcdef0123456789abcdef01234567";
        for (action, name, is_pinned) in [
            ("actions/checkout@v4".to_owned(), "actions/checkout", false),
            (format!("actions/checkout@{hash}"), "actions/checkout", true),
            (format!("a/b/c/d@{hash}"), "a/b", true),
            ("a/b".to_owned(), "a/b", false),
            (format!("a/b@{}", &hash[1..]), "a/b", false),
            ("docker://ghcr.io/x/y:1".to_owned(), "ghcr.io/x/y", false),
            ("docker://host:5000/y".to_owned(), "host:5000/y", false),
            (format!("docker://x@sha256:{hash}"), "x", true),
            ("docker://".to_owned(), "", false),
            ("@".to_owned(), "", false),
        ] {
            assert_eq!(supplier(&action), (name, is_pinned), "{action}");
        }
    }

    #[test]
    fn text_of_a_stranger_in_a_command_is_seen_and_numbers_are_not() {
        for (text, is_one) in [
            ("echo ${{ github.event.issue.title }}", true),
            ("echo ${{github.event.comment.body}} x", true),
            ("git push origin ${{ github.head_ref }}", true),
            ("echo ${{ github.event.pull_request.number }}", false),
            ("echo ${{ github.event.pull_request.title_length }}", false),
            ("echo $TITLE", false),
            ("echo ${{ github.event.issue.title", false),
            ("echo ${{ matrix.title }}", false),
        ] {
            assert_eq!(strangers_text(text).is_some(), is_one, "{text}");
        }
    }

    #[test]
    fn the_host_of_an_image_is_told_where_it_is_written_out() {
        for (arguments, host) in [
            (" ghcr.io/acme/shop:1", Some("ghcr.io")),
            (" --quiet \"localhost:5000/x\"", Some("localhost:5000")),
            (" acme/shop", None),
            (" $REGISTRY/shop", None),
            (" oci://ghcr.io/x", Some("ghcr.io")),
            ("", None),
        ] {
            assert_eq!(registry(arguments), host, "{arguments}");
        }
    }
}
