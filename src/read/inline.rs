//! Layer `read`: comments that speak to tmrs, `# tmrs: exclude[INP16, AC01] reason`
//! and `# tmrs: evidence[isEncrypted] where it is proved`.
//!
//! One grammar for every format that has comments (docs/semantics.md §4, §5, §6). Inside
//! the brackets stand exact rule ids, or names of controls, and, at most once,
//! `element=GLOB`, which a comment needs where one line makes several elements.

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use crate::model::vocabulary::Class;
use crate::model::{Element, InlineExclusion, Proof, Said};
use crate::notice::{Notice, code, nearest};
use crate::source::{Place, Source, Span};

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Rules do not count here.
    Exclude,
    /// Controls are proved.
    Evidence,
}

/// A comment that excludes rules, or proves controls, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineComment {
    /// Which of both.
    pub verb: Verb,
    /// Exact rule ids or names of controls, at least one.
    pub names: Vec<Said>,
    /// The pattern that element names must match, if it is limited to some.
    pub element: Option<Said>,
    /// Why, which may be empty; or where it is proved.
    pub reason: Arc<str>,
    /// The whole comment.
    pub place: Place,
}

/// The names that a pattern means, the same on every system; `None` if it is malformed.
pub fn names(pattern: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(pattern).backslash_escape(true).build();
    glob.ok().map(|glob| glob.compile_matcher())
}

impl InlineComment {
    /// Says what it says on an element.
    pub fn put_on(&self, element: &mut Element) {
        let (names, text, place) = (self.names.clone(), &self.reason, self.place.clone());
        match self.verb {
            Verb::Exclude => element.exclusions.push(InlineExclusion {
                rules: names,
                reason: Arc::clone(text),
                place,
            }),
            Verb::Evidence => element.proofs.push(Proof {
                controls: names,
                text: Arc::clone(text),
                place,
            }),
        }
    }
}

/// Reads the comment at `span`, which starts with its `#`. `None` if it does
/// not speak to tmrs; an error if it does, but not clearly.
pub fn parse(source: &Arc<Source>, span: Span) -> Option<Result<InlineComment, Notice>> {
    let text = source.slice(span);
    let said = text.trim_start_matches('#').trim_start();
    let said = said.strip_prefix("tmrs:")?.trim_start();
    let word_end = said
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(said.len());
    let (word, rest) = said.split_at(word_end);
    let speaks =
        rest.starts_with('[') || nearest(word, ["exclude", "ignore", "evidence"]).is_some();
    if !speaks {
        return None;
    }
    let verb = match word {
        "exclude" => Some(Verb::Exclude),
        "evidence" => Some(Verb::Evidence),
        _ => None,
    };
    let inside = rest.trim_start().strip_prefix('[');
    let inside = inside.and_then(|inside| inside.split_once(']'));
    let (Some(verb), Some((items, reason))) = (verb, inside) else {
        return Some(Err(malformed(
            source.place(span),
            "this comment is not understood",
        )));
    };
    let start = span.start as usize + text.find('[').map_or(0, |at| at + 1);
    Some(parse_items(
        source,
        start,
        verb,
        (items, reason),
        source.place(span),
    ))
}

fn parse_items(
    source: &Arc<Source>,
    start: usize,
    verb: Verb,
    (items, reason): (&str, &str),
    place: Place,
) -> Result<InlineComment, Notice> {
    let mut names = Vec::new();
    let mut element = None;
    let mut at = start;
    for part in items.split(',') {
        let item = part.trim();
        let from = at + (part.len() - part.trim_start().len());
        at += part.len() + 1;
        if item.is_empty() {
            continue;
        }
        let said = |from: usize, text: &str| Said {
            text: text.into(),
            place: source.place(Span::new(from, from + text.len())),
        };
        match item.split_once('=') {
            Some((key, pattern)) if key.trim() == "element" && element.is_none() => {
                let pattern = pattern.trim();
                element = Some(said(from + item.len() - pattern.len(), pattern));
            }
            Some(_) => {
                return Err(malformed(
                    place,
                    "only `element=` may stand beside the names",
                ));
            }
            None if verb == Verb::Evidence => {
                is_control(item).map_err(|message| malformed(place.clone(), &message))?;
                names.push(said(from, item));
            }
            None if item.contains(['*', '?', ' ']) => {
                return Err(malformed(place, &format!("`{item}` is no exact rule id")));
            }
            None => names.push(said(from, item)),
        }
    }
    if names.is_empty() {
        return Err(malformed(place, "this comment names nothing"));
    }
    if verb == Verb::Evidence && reason.trim().is_empty() {
        return Err(malformed(place, "this comment does not say what proves it"));
    }
    Ok(InlineComment {
        verb,
        names,
        element,
        reason: reason.trim().into(),
        place,
    })
}

/// Whether that is the name of a control; else what is wrong.
fn is_control(name: &str) -> Result<(), String> {
    if Class::Controls.attribute(name).is_some() {
        return Ok(());
    }
    let known = Class::Controls
        .attributes()
        .into_iter()
        .map(|attribute| attribute.name);
    let meant =
        nearest(name, known).map_or_else(String::new, |known| format!("; did you mean {known}?"));
    Err(format!("`{name}` is no control{meant}"))
}

fn malformed(place: Place, message: &str) -> Notice {
    Notice::error(code::INLINE_COMMENT, place, message)
        .with_help("write `# tmrs: exclude[INP16, AC01] reason`, with exact rule ids, or `# tmrs: evidence[isEncrypted] where it is proved`")
}

/// The notice for a comment that stands beside no element.
pub fn beside_nothing(comment: &InlineComment) -> Notice {
    Notice::warning(
        code::INLINE_COMMENT,
        comment.place.clone(),
        "this comment stands beside no element, so it says nothing",
    )
    .with_help("put it on a line of the element, or on the line above")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    fn read(comment: &str) -> Option<Result<InlineComment, Notice>> {
        let text = format!("x: 1 {comment}");
        let end = text.len();
        let source = Source::new(RepoPath::new("x.yaml").unwrap(), text);
        parse(&source, Span::new(5, end))
    }

    #[test]
    fn ids_pattern_and_reason_are_read_with_their_places() {
        let comment = read("#tmrs: exclude[INP16, element=Queue *,AC01]  no PHP ü here ");
        let comment = comment.unwrap().unwrap();
        let ids: Vec<_> = comment.names.iter().map(|rule| rule.place.text()).collect();
        assert_eq!(ids, ["INP16", "AC01"]);
        assert_eq!(comment.element.unwrap().place.text(), "Queue *");
        assert_eq!(&*comment.reason, "no PHP ü here");
    }

    #[test]
    fn evidence_names_controls_and_where_they_are_proved() {
        let comment = read("# tmrs: evidence[isEncrypted, usesMFA] docs/scan.md");
        let comment = comment.unwrap().unwrap();
        assert_eq!(comment.verb, Verb::Evidence);
        let names: Vec<_> = comment.names.iter().map(|name| &*name.text).collect();
        assert_eq!(names, ["isEncrypted", "usesMFA"]);
        assert_eq!(&*comment.reason, "docs/scan.md");
    }

    #[test]
    fn what_does_not_speak_to_tmrs_is_left_alone() {
        for comment in [
            "# a remark",
            "# tmrs is great",
            "# tmrs: the model of pay",
            "# TODO: x",
        ] {
            assert!(read(comment).is_none(), "{comment}");
        }
    }

    #[test]
    fn what_is_unclear_is_an_error() {
        let unclear = [
            "# tmrs: exclude INP16",
            "# tmrs: exclude[]",
            "# tmrs: exclude[INP*] all",
            "# tmrs: ignore[INP16]",
            "# tmrs: exlude[INP16] typo",
            "# tmrs: exclude[INP16",
            "# tmrs: exclude[INP16, class=Server]",
            "# tmrs: exclude",
            "# tmrs: evidence[isEncrypted]",
            "# tmrs: evidence[isEncripted] a test",
            "# tmrs: evidence[INP16] a test",
            "# tmrs: evidnce[isEncrypted] a test",
        ];
        for comment in unclear {
            assert!(read(comment).unwrap().is_err(), "{comment}");
        }
    }
}
