//! Layer `inventory`: workflows of GitHub Actions, as their syntax reference has them: what builds,
//! tests and ships the software, with what and for whom.

mod form;
mod job;
mod known;

use super::Fact;
use super::file::{File, entries};
use super::gathered::{Found, Gathered, Mention, To, id_of};
use crate::model::vocabulary::Class;
use crate::source::Place;
use job::Workflow;

pub(super) use form::hold;

/// The part that stands for the code.
const REPOSITORY: &str = "repository";

/// The part that stands for whoever proposes changes.
const CONTRIBUTOR: &str = "contributor";

/// Events that anyone can cause who may open an issue or a pull request.
const OUTSIDE: [&str; 7] = [
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "pull_request",
    "pull_request_review_comment",
    "pull_request_target",
];

/// Whether a document has jobs that run somewhere, and says when.
pub(super) fn is(file: &File) -> bool {
    let root = &file.root;
    let runs = |job: &crate::syntax::tree::Node| {
        job.get("runs-on").is_some() || job.get("uses").and_then(|it| it.as_text()).is_some()
    };
    root.entry("on").is_some() && entries(root, &["jobs"]).iter().any(|(_, job)| runs(job))
}

/// Adds what the workflows of a repository say.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    let Some((key, _)) = files.first().and_then(|file| file.root.entry("jobs")) else {
        return;
    };
    let place = files[0].key(key);
    if gathered.parts.is_empty() {
        let name = ("Pipeline".to_owned(), place.clone());
        gathered.name.get_or_insert(name);
    }
    gathered.parts.push(part(
        REPOSITORY,
        "Repository",
        Class::Datastore,
        vec![Fact::word("kind", "FILES", &place)],
        &place,
    ));
    for file in files {
        let outside = outside(file);
        if let Some((_, place)) = outside.first() {
            let contributor = part(CONTRIBUTOR, "Contributor", Class::Actor, Vec::new(), place);
            gathered.parts.push(contributor);
        }
        let workflow = Workflow::of(file, outside);
        for (key, body) in entries(&file.root, &["jobs"]) {
            workflow.job((key, body), gathered);
        }
    }
}

/// The events that anyone can cause, each where it stands.
fn outside(file: &File) -> Vec<(String, Place)> {
    let events = file.root.get("on").map(|on| file.names(on));
    let events = events.into_iter().flatten();
    let events = events.map(|(name, place, _)| (name, place));
    events
        .filter(|(name, _)| OUTSIDE.contains(&&**name))
        .collect()
}

/// A part that a table or the kind of source knows for sure.
fn part(id: &str, name: &str, class: Class, facts: Vec<Fact>, place: &Place) -> Found {
    Found {
        id: id.to_owned(),
        name: name.to_owned(),
        class,
        is_certain: true,
        class_place: place.clone(),
        zone: None,
        hosts: Vec::new(),
        facts,
        place: place.clone(),
    }
}

/// Whoever or whatever has that name, as a part; gives its id.
fn reached(
    gathered: &mut Gathered,
    name: &str,
    class: Class,
    facts: Vec<Fact>,
    place: &Place,
) -> String {
    let id = id_of(&name.to_lowercase());
    gathered.parts.push(part(&id, name, class, facts, place));
    id
}

/// One part reaches another.
fn goes(gathered: &mut Gathered, from: &str, to: &str, facts: Vec<Fact>, place: &Place) {
    let mention = Mention::new(from, To::Part(to.to_owned()), place);
    gathered.mention(mention.with(facts));
}
