//! Threats: those that a model makes, and those that pytm reads from its file.
//!
//! A Threat that a model makes is registered nowhere, for pytm judges by its threats file. So
//! it is unread, but for what pydantic takes for its attributes: all else ends the program.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::pytm_names::{FIXED, OF_THREAT, TEXTS};
use super::value::function::Args;
use super::value::{At, Part, Unread, V};

/// The spellings of pytm's threats file, which its constructor takes, too.
const OF_FILE: [(&str, &str); 2] = [("SID", "id"), ("Likelihood Of Attack", "likelihood")];

/// Whether pytm takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fits {
    Yes,
    No,
    Unknown,
}

impl Fits {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Yes,
        }
    }
}

impl<'a> Interpreter<'a> {
    /// A call of `Threat` (pytm 1.4.0, `Threat._normalize_input`).
    pub(super) fn threat(&mut self, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some((_, at)) = args.positional.first() {
            let message = "Threat takes its attributes by name";
            return self.raise("TypeError", message, *at);
        }
        let given = |name: &str| args.keywords.iter().any(|(known, _, _)| &**known == name);
        let has_id = given("id") || given("SID") || args.doubt.is_some();
        // The target is looked up before anything is checked.
        let (targets, others): (Vec<_>, Vec<_>) = args
            .keywords
            .iter()
            .partition(|(name, _, _)| &**name == "target");
        for (name, value, at) in targets.into_iter().chain(others) {
            let meant = OF_FILE.iter().find(|(written, _)| *written == &**name);
            let name = match meant {
                // The name that pytm itself has for it comes first.
                Some((_, meant)) if given(meant) => continue,
                Some((_, meant)) => meant,
                None => &**name,
            };
            match fits(name, value, false) {
                Fits::Yes => {}
                Fits::No if name == "target" => {
                    let message = "the `target` of a Threat is the name of a class, or several";
                    return self.raise("TypeError", message, *at);
                }
                Fits::No => {
                    let wanted = match name {
                        "condition" => "a condition that pytm takes",
                        _ => "text",
                    };
                    let message = format!("`{name}` of a Threat has to be {wanted}");
                    return self.raise("ValidationError", message, *at);
                }
                Fits::Unknown => {
                    self.refuse_for_threat(name, unknown(name), *at);
                }
            }
        }
        if !has_id {
            return self.raise("ValidationError", "this Threat has no `id`", at);
        }
        Ok(V::Unread(Rc::new(Unread {
            at,
            why: "a Threat that a model makes is not read".to_owned(),
            inert: true,
            told: false,
            part: Part::Threat,
        })))
    }

    /// An attribute of a Threat that the model made, or of what pytm keeps for itself.
    pub(super) fn set_on_part(&mut self, part: Part, name: &str, value: &V<'a>, at: At) {
        if part == Part::Kept {
            self.refuse_change(at);
            return;
        }
        let is_fixed = OF_THREAT.contains(&name) || FIXED.contains(&name);
        if is_fixed || name.starts_with("__") && name.ends_with("__") {
            let what = format!("`{name}` of a Threat cannot be set; Python stops here");
            self.refuse(at, what, "leave it out");
            return;
        }
        match fits(name, value, true) {
            Fits::Yes => {}
            Fits::No => {
                let what = format!("pytm stops at this value for `{name}` of a Threat");
                self.refuse_for_threat(name, what, at);
            }
            Fits::Unknown => self.refuse_for_threat(name, unknown(name), at),
        }
    }

    /// Refuses a change of what pytm keeps for itself.
    pub(super) fn refuse_change(&mut self, at: At) -> V<'a> {
        let what = "What changes in what pytm keeps for itself is not read";
        self.refuse(
            at,
            what,
            "give the TM a `threatsFile`, and use the classes of pytm",
        )
    }

    fn refuse_for_threat(&mut self, name: &str, what: String, at: At) {
        let instead = match name {
            "target" => "give it a list of names of classes, such as `[\"Server\"]`",
            _ => "give it text",
        };
        self.refuse(at, what, instead);
    }
}

fn unknown(name: &str) -> String {
    format!("Whether pytm takes this for `{name}` of a Threat is not read")
}

/// Whether pydantic takes a value for an attribute of a Threat, when it is made or later.
fn fits(name: &str, value: &V<'_>, later: bool) -> Fits {
    let alike = value.alike();
    let value = alike.as_ref().unwrap_or(value);
    match name {
        "target" => fits_target(value, later),
        "condition" if !later => fits_condition(value),
        name if TEXTS.contains(&name) => fits_text(value),
        _ => Fits::Yes,
    }
}

/// It is looked through once, when the Threat is made.
fn fits_condition(value: &V<'_>) -> Fits {
    match value {
        V::Str(text) => match super::conditions::is_taken(&text.text) {
            Some(true) => Fits::Yes,
            Some(false) => Fits::No,
            None => Fits::Unknown,
        },
        value => fits_text(value),
    }
}

fn fits_text(value: &V<'_>) -> Fits {
    match value {
        V::Str(_) | V::Unread(_) => Fits::Yes,
        // Members of enums and bytes become text.
        V::Member(..) | V::Bytes(_) | V::Instance(_) | V::Library(_) => Fits::Unknown,
        _ => Fits::No,
    }
}

/// pytm goes through it and looks each item up among its classes; later on pydantic wants it
/// to be a tuple, or what makes one.
fn fits_target(value: &V<'_>, later: bool) -> Fits {
    let all = |items: &[V<'_>]| items.iter().map(fits_name).fold(Fits::Yes, Fits::and);
    match value {
        V::Unread(_) => Fits::Yes,
        V::List(items) => all(&items.borrow()),
        V::Tuple(items) => all(items),
        V::Set(items) => all(&items.borrow().keys()),
        V::Dict(_) | V::Str(_) | V::Class(_) | V::Type(_) | V::ExceptionClass(_) if later => {
            Fits::No
        }
        V::Dict(items) => all(&items.borrow().keys()),
        V::Str(_) | V::Class(_) | V::Type(_) | V::ExceptionClass(_) => Fits::Yes,
        V::UserClass(class) if class.is_enum() => Fits::Unknown,
        V::UserClass(_) if later => Fits::No,
        V::UserClass(_) => Fits::Yes,
        V::Bytes(_)
        | V::Deque(_)
        | V::Range(..)
        | V::View(..)
        | V::Iter(_)
        | V::File(_)
        | V::Instance(_)
        | V::Library(_)
        | V::Alias(_) => Fits::Unknown,
        _ => Fits::No,
    }
}

/// One name of a class, or a class.
fn fits_name(value: &V<'_>) -> Fits {
    match value {
        V::Str(_)
        | V::Unread(_)
        | V::Class(_)
        | V::UserClass(_)
        | V::Enum(_)
        | V::Type(_)
        | V::ExceptionClass(_) => Fits::Yes,
        V::Instance(_) | V::Library(_) | V::Alias(_) => Fits::Unknown,
        _ => Fits::No,
    }
}
