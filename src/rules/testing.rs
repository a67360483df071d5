//! Layer `rules`: the `tests:` of a rule file, as data. Reading their models and
//! running them is `ruletest`'s.

use std::sync::Arc;

use super::built_in::BuiltIn;
use super::fields::Fields;
use super::file::rule_nodes;
use crate::notice::{Notice, code};
use crate::source::{Place, RepoPath, Source, Span};
use crate::syntax;
use crate::syntax::tree::Node;

/// One test of a rule.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// The rule's id.
    pub rule: Arc<str>,
    /// What it shows, as a sentence.
    pub name: Arc<str>,
    /// For a test that finds nothing: `control` or `not-applicable`.
    pub why: Option<Arc<str>>,
    /// The model, as in the native format, without the mark.
    pub model: Node,
    /// The ids on which the rule must find something, and only there.
    pub finds: Vec<(Arc<str>, Span)>,
    /// The test's own place.
    pub place: Place,
}

/// The tests of every rule in a file, in the order of the file; and what is
/// wrong with their form.
pub fn tests(source: &Arc<Source>) -> (Vec<RuleTest>, Vec<Notice>) {
    let document = syntax::parse(source);
    let mut notices = document.notices;
    let mut tests = Vec::new();
    let Some(root) = document.root else {
        return (tests, notices);
    };
    for rule in rule_nodes(&root) {
        let Some(id) = rule.get("id").and_then(Node::as_text) else {
            continue;
        };
        let Some(listed) = rule.get("tests") else {
            continue;
        };
        let Some(items) = listed.as_list() else {
            let message = format!("`tests` must be a list, this is {}", listed.described());
            let place = source.place(listed.span);
            notices.push(Notice::error(code::RULE_FIELD, place, message));
            continue;
        };
        for item in items {
            tests.extend(test(source, id, item, &mut notices));
        }
    }
    (tests, notices)
}

/// The source of a built-in rule's file.
pub fn built_in_source(rule: &BuiltIn) -> Option<Arc<Source>> {
    Some(Source::new(RepoPath::new(rule.path)?, rule.yaml()))
}

fn test(
    source: &Arc<Source>,
    rule: &Arc<str>,
    item: &Node,
    notices: &mut Vec<Notice>,
) -> Option<RuleTest> {
    let mut fields = Fields::new(source, item, notices);
    fields.only(&["name", "why", "model", "finds"]);
    let name = fields.required("name");
    let why = fields.word("why", "control, not-applicable", |word| {
        ["control", "not-applicable"]
            .contains(&word)
            .then(|| Arc::from(word))
    });
    for key in ["model", "finds"] {
        if item.get(key).is_none() {
            let message = format!("the key `{key}` is missing");
            fields.complain(code::MISSING_KEY, item.span, message);
        }
    }
    let finds = fields.texts("finds");
    let model = fields.value("model").cloned();
    let (name, model) = name.zip(model)?;
    (!fields.broken).then(|| RuleTest {
        rule: Arc::clone(rule),
        name,
        why,
        model,
        finds,
        place: source.place(item.span),
    })
}
