//! What an exclusion or answer says about itself, and what policy makes of it.
//!
//! One judgement for every channel (docs/semantics.md §5): configuration, inline
//! comments, assumptions, responses. A text can say `expires: 2027-01-31`,
//! `owner: …` and `ticket: …` where its format has no keys for them.

use crate::config::{Pattern, Policy};
use crate::day::Day;
use crate::rules::Rule;

/// What an exclusion says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether it gives a reason.
    pub reason: bool,
    /// Whether it names who answers for it.
    pub owner: bool,
    /// Whether it names where it is discussed.
    pub ticket: bool,
    /// The last day on which it counts, as said.
    pub expires: Option<Expiry>,
}

/// The last day on which something counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It counts on that day, and not on the next.
    Day(Day),
    /// No calendar has the day that was written.
    Malformed(String),
}

impl Expiry {
    /// Understands a day.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        Day::parse(text).map_or_else(|| Self::Malformed(text.into()), Self::Day)
    }
}

/// Why an exclusion counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Its last day is over.
    Expired(Day),
    /// Its day is none.
    Malformed(String),
    /// Policy forbids it, in words.
    Forbidden(String),
}

impl Terms {
    /// What a reason, comment or answer says. `reason` is whether what remains
    /// beside these marks says anything.
    pub fn of(text: &str) -> Self {
        let expires = marked(text, "expires", true);
        Self {
            reason: text.chars().any(char::is_alphanumeric),
            owner: marked(text, "owner", false).is_some(),
            ticket: marked(text, "ticket", false).is_some(),
            expires: expires.map(Expiry::of),
        }
    }

    /// The last day on which it counts; `None` where it counts for ever, or never.
    pub fn until(&self) -> Option<Day> {
        match &self.expires {
            Some(Expiry::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Whether it counts on that day under that policy.
    pub fn judge(&self, policy: &Policy, today: Day) -> Result<(), Objection> {
        let day = match &self.expires {
            Some(Expiry::Malformed(text)) => return Err(Objection::Malformed(text.clone())),
            Some(Expiry::Day(day)) if *day < today => return Err(Objection::Expired(*day)),
            Some(Expiry::Day(day)) => Some(*day),
            None => None,
        };
        let said = |word: &str| match word {
            "reason" => self.reason,
            "owner" => self.owner,
            "ticket" => self.ticket,
            _ => day.is_some(),
        };
        let missing: Vec<_> = policy
            .require
            .iter()
            .map(|word| word.value)
            .filter(|word| !said(word))
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(Objection::Forbidden(format!("policy requires {missing}")));
        }
        match (policy.max_days.as_ref().map(|most| most.value), day) {
            (Some(most), None) => Err(Objection::Forbidden(format!(
                "policy wants a last day, at most {most} days ahead"
            ))),
            (Some(most), Some(day)) if today.until(day) > most => Err(Objection::Forbidden(
                format!("{day} lies more than {most} days ahead, which policy forbids"),
            )),
            _ => Ok(()),
        }
    }
}

/// The word after `key:` or `key=`; with `loose`, a day after the bare key too,
/// as in “expires on 2027-01-31”.
fn marked<'t>(text: &'t str, key: &str, loose: bool) -> Option<&'t str> {
    let bytes = text.as_bytes();
    let found = (0..text.len()).filter(|at| {
        let word = bytes.get(*at..at + key.len());
        let starts = *at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        starts && word.is_some_and(|word| word.eq_ignore_ascii_case(key.as_bytes()))
    });
    for at in found {
        let Some(rest) = text.get(at + key.len()..) else {
            continue;
        };
        let value = |rest: &'t str| {
            let rest = rest.trim_start();
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | ']'))
                .unwrap_or(rest.len());
            (end > 0).then(|| rest[..end].trim_end_matches('.'))
        };
        let spaced = rest.trim_start();
        if let Some(rest) = spaced.strip_prefix([':', '=']) {
            if let Some(value) = value(rest) {
                return Some(value);
            }
        } else if loose && rest.starts_with(char::is_whitespace) {
            let after = ["on ", "at "]
                .iter()
                .find_map(|word| spaced.strip_prefix(word));
            let value = value(after.unwrap_or(spaced));
            if let Some(value) = value.filter(|v| v.starts_with(|c: char| c.is_ascii_digit())) {
                return Some(value);
            }
        }
    }
    None
}

/// Whether a pattern means a rule: by its id, an earlier id, a tag or `pack:NAME`.
pub fn means(pattern: &Pattern, rule: &Rule) -> bool {
    rule.is_meant(|word| pattern.matches(word))
}

/// The pattern of `policy.never` that means a rule, if any.
pub fn never<'p>(policy: &'p Policy, rule: &Rule) -> Option<&'p Pattern> {
    policy.never.iter().find(|pattern| means(pattern, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_its_owner_ticket_and_last_day() {
        let day = |text: &str| Some(Expiry::Day(Day::parse(text).unwrap()));
        let wrong = |text: &str| Some(Expiry::Malformed(text.to_owned()));
        let cases = [
            (
                "accepted: until the move, expires 2027-01-31",
                day("2027-01-31"),
                false,
            ),
            ("Expires: 2027-01-31. owner: ann", day("2027-01-31"), true),
            ("(expires=2027-02-30)", wrong("2027-02-30"), false),
            ("expires on 2027-1-1", wrong("2027-1-1"), false),
            ("expires: never; owner=bo, ticket=T-1", wrong("never"), true),
            ("the cookie expires soon, its owner knows", None, false),
            ("unexpires: 2027-01-31", None, false),
            ("é expires:", None, false),
        ];
        for (text, expires, owner) in cases {
            let terms = Terms::of(text);
            assert_eq!((terms.expires, terms.owner), (expires, owner), "{text}");
        }
    }

    #[test]
    fn the_last_day_still_counts_and_the_next_does_not() {
        let today = Day::parse("2027-01-31").unwrap();
        let terms = Terms::of("x, expires 2027-01-31");
        assert_eq!(terms.judge(&Policy::default(), today), Ok(()));
        let over = terms.judge(&Policy::default(), today.plus(1));
        assert_eq!(over, Err(Objection::Expired(today)));
    }
}
