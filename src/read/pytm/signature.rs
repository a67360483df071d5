//! Arguments of Python's own functions, bound as Python binds them: too many, too few
//! and unknown ones are a `TypeError`, none is passed over.

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::{At, V};
use crate::python::{Fault, Outcome};

/// The parameters of a function: first those that must be given. `/x` cannot be given by
/// name, `*x` only by name, `*` takes all further positional ones.
pub(super) type Parameters = &'static [&'static str];

/// A function with its required and all its parameters.
pub(super) type Signature = (&'static str, usize, Parameters);

/// The arguments of one call in the order of the parameters.
pub(super) struct Given<'a> {
    values: Vec<Option<V<'a>>>,
    /// What `*` took.
    pub(super) rest: Vec<V<'a>>,
    pub(super) at: At,
}

/// What an argument turned out to be.
pub(super) enum Is<T> {
    This(T),
    /// Certainly something else: a `TypeError`.
    Other,
    /// It cannot be told.
    Unknown,
}

impl<'a> Given<'a> {
    /// The argument, if it was given.
    pub(super) fn get(&self, position: usize) -> Option<&V<'a>> {
        self.values.get(position).and_then(Option::as_ref)
    }

    /// The argument, or the default.
    pub(super) fn or(&self, position: usize, default: V<'a>) -> V<'a> {
        self.get(position).cloned().unwrap_or(default)
    }

    /// The argument, if it was given and is not `None`.
    pub(super) fn some(&self, position: usize) -> Option<&V<'a>> {
        self.get(position).filter(|value| !matches!(value, V::None))
    }
}

/// A value without the class of the file around it.
pub(super) fn plain<'a>(value: &V<'a>) -> V<'a> {
    value.inner().unwrap_or_else(|| value.clone())
}

/// Text, also of a class that extends `str`.
pub(super) fn text(value: &V<'_>) -> Is<std::rc::Rc<str>> {
    match plain(value) {
        V::Str(text) => Is::This(text.text),
        V::Unread(_) | V::Library(_) => Is::Unknown,
        _ => Is::Other,
    }
}

/// A whole number, as an index takes it.
pub(super) fn whole(value: &V<'_>) -> Is<i64> {
    match plain(value) {
        V::Int(i) => Is::This(i),
        V::Bool(b) => Is::This(i64::from(b)),
        V::Unread(_) | V::Library(_) | V::Instance(_) => Is::Unknown,
        _ => Is::Other,
    }
}

impl<'a> Interpreter<'a> {
    /// A `TypeError` if the arguments do not fit the parameters.
    pub(super) fn arguments_fit(&self, signature: &Signature, args: &Args<'a>) -> R<'a, ()> {
        let (name, required, parameters) = *signature;
        let wrong = |what: String| self.raise("TypeError", format!("{name}() {what}"), args.at);
        let by_position = positional(parameters);
        let given = args.positional.len();
        if given > by_position && !parameters.contains(&"*") {
            return wrong("is given too many arguments".to_owned());
        }
        for (keyword, _, _) in &args.keywords {
            match place(parameters, keyword) {
                Some(position) if position < given.min(by_position) => {
                    return wrong(format!("is given `{keyword}` twice"));
                }
                Some(_) => {}
                None => return wrong(format!("has no parameter `{keyword}`")),
            }
        }
        let missing = parameters
            .iter()
            .take(required)
            .skip(given)
            .any(|parameter| args.keyword(parameter).is_none());
        if missing {
            return wrong("is given too few arguments".to_owned());
        }
        Ok(())
    }

    /// Binds the arguments of a call.
    pub(super) fn given(&self, signature: &Signature, args: Args<'a>) -> R<'a, Given<'a>> {
        self.arguments_fit(signature, &args)?;
        let (_, _, parameters) = *signature;
        let at = args.at;
        let mut values: Vec<Option<V<'a>>> = vec![None; parameters.len()];
        let mut rest = Vec::new();
        let by_position = positional(parameters);
        for (position, (value, _)) in args.positional.into_iter().enumerate() {
            match values.get_mut(position).filter(|_| position < by_position) {
                Some(place) => *place = Some(value),
                None => rest.push(value),
            }
        }
        for (keyword, value, _) in args.keywords {
            if let Some(position) = place(parameters, &keyword) {
                values[position] = Some(value);
            }
        }
        Ok(Given { values, rest, at })
    }

    /// What an operation of plain values gave: its value, its exception, or unread.
    pub(super) fn outcome<T>(&self, outcome: Outcome<T>, at: At) -> R<'a, Result<T, V<'a>>> {
        match outcome {
            Ok(value) => Ok(Ok(value)),
            Err(Fault::Raises(class, message)) => {
                Err(self.raised(class, vec![V::str(message)], at))
            }
            Err(Fault::Unread(what)) => Ok(Err(V::not_read(at, what))),
            Err(Fault::Large) => Ok(Err(V::large(at))),
        }
    }
}

/// How many of the parameters take an argument by its position.
fn positional(parameters: Parameters) -> usize {
    let named = parameters
        .iter()
        .position(|parameter| parameter.starts_with('*'));
    named.unwrap_or(parameters.len())
}

/// The place of a parameter that can be given by name.
fn place(parameters: Parameters, name: &str) -> Option<usize> {
    parameters.iter().position(|parameter| {
        *parameter == name
            || parameter
                .strip_prefix('*')
                .is_some_and(|known| known == name)
    })
}

impl V<'_> {
    /// The value of something that tmrs does not read; nothing of the model is in it.
    pub(super) fn not_read(at: At, what: impl std::fmt::Display) -> Self {
        Self::outside(at, format!("tmrs does not read {what}"))
    }
}

/// The value of an argument of a wanted kind: else the function it stands in gives a
/// `TypeError`, or something unread.
macro_rules! wanted {
    ($self:ident, $is:expr, $at:expr, $what:expr) => {
        match $is {
            $crate::read::pytm::signature::Is::This(value) => value,
            $crate::read::pytm::signature::Is::Other => {
                return $self.raise(
                    "TypeError",
                    format!("{} is given something else", $what),
                    $at,
                );
            }
            $crate::read::pytm::signature::Is::Unknown => {
                return Ok(V::not_read($at, format!("{} of this", $what)));
            }
        }
    };
}

/// The value of an outcome: else the function it stands in gives the exception, or
/// something unread.
macro_rules! settled {
    ($self:ident, $outcome:expr, $at:expr) => {
        match $self.outcome($outcome, $at)? {
            Ok(value) => value,
            Err(unread) => return Ok(unread),
        }
    };
}

pub(super) use {settled, wanted};
