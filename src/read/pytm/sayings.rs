//! `element.attribute = value`: which attribute is meant, and whether pytm would take the value.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::state::heap::Held;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{self, Attribute, Class, Kind, Since};
use crate::notice::{Meant, Notice, Severity, code, nearest};

/// How many attributes one object may be given.
const MAX_ATTRIBUTES: usize = 2_000;

/// What a value should have been.
pub(super) type Wanted = &'static str;

fn meant_by(name: &str, attribute: &'static Attribute, is_flat: bool) -> Meant {
    Meant {
        written: name.to_owned(),
        attribute: attribute.name,
        is_flat,
    }
}

impl<'a> Interpreter<'a> {
    /// Says something about an object; the last word counts.
    pub(super) fn say(&mut self, id: ObjId, name: &str, value: V<'a>, at: At) -> R<'a, ()> {
        self.allot(128, at)?;
        if self.object(id).slots.len() >= MAX_ATTRIBUTES {
            return Err(self.limit(at, "an object with so many attributes"));
        }
        let class = self.object(id).class;
        if self.object(id).finished && class.is_element() && self.registry.is_late() {
            self.note_late(class, at, Severity::Warning);
        }
        if (class, name, self.object(id).finished) == (Class::Finding, "threat", false)
            && !matches!(value, V::None)
        {
            let what = "What a Finding takes over from a Threat is not read";
            self.refuse(at, what, "say in `threat_id` which rule is meant");
            return Ok(());
        }
        let value = self.fitted(id, name, plain_value(value, at), at);
        let value = match (&self.doubt, self.object(id).finished) {
            (Some(unread), true) => V::Unread(Rc::clone(unread)),
            _ => value,
        };
        if name.starts_with('_') {
            self.hold(id, name, value, at);
            return Ok(());
        }
        if name == "controls" && class.is_element() {
            return self.say_controls(id, value, at);
        }
        if let Some(attribute) = class.attribute(name) {
            return self.say_known(id, attribute, true, value, at);
        }
        if name == "threats" && class.is_element() {
            self.hold(id, name, value, at);
            return Ok(());
        }
        let meant = vocabulary::respelled(class, name);
        if let Some(attribute) = meant {
            let message = format!("`{name}` is read as `{}`", attribute.name);
            self.notice(
                Notice::note(code::RESPELLED_ATTRIBUTE, self.place(at), message)
                    .with_help(format!("pytm ignores `{name}`; write `{}`", attribute.name))
                    .with_meant(meant_by(name, attribute, false)),
            );
            return self.say_known(id, attribute, false, value, at);
        }
        if let Some(control) = vocabulary::flat_control(class, name) {
            let message = format!("`{name}` is read as `controls.{}`", control.name);
            let help = format!(
                "pytm 1.x ignores `{name}` here; write `controls.{}`",
                control.name
            );
            self.notice(
                Notice::note(code::FLAT_CONTROL, self.place(at), message)
                    .with_help(help)
                    .with_meant(meant_by(name, control, true)),
            );
            if !matches!(value, V::Bool(_) | V::Unread(_)) {
                // pytm keeps it as it is, under the name that it does not know.
                let what = format!("What reading `{name}` gives after this is not read");
                self.refuse(at, what, "write True or False");
                return Ok(());
            }
            let controls = self.controls_of(id, at)?;
            return self.say_known(controls, control, false, value, at);
        }
        if class == Class::Finding && !value.is_data() {
            // pytm writes out what an override holds, and stops at what leads back to it.
            let what = "What pytm makes of an object that a Finding is given is not read";
            self.refuse(at, what, "leave it out");
            return Ok(());
        }
        self.note_unknown(id, name, at);
        self.hold(id, name, value, at);
        Ok(())
    }

    pub(super) fn hold(&mut self, id: ObjId, name: &str, value: V<'a>, at: At) {
        self.object_mut(id).set(
            name,
            Held {
                value,
                at,
                said: true,
            },
        );
    }

    fn note_unknown(&mut self, id: ObjId, name: &str, at: At) {
        let (class, user) = (self.object(id).class, self.object(id).user.is_some());
        if user || class == Class::TM && name == "threats" {
            return;
        }
        let message = format!(
            "No {} has an attribute `{name}`; it is kept for own rules",
            class.name()
        );
        let mut notice = Notice::warning(code::UNKNOWN_ATTRIBUTE, self.place(at), message);
        let own = class.attributes().into_iter().map(|a| a.name);
        let controls = Class::Controls.attributes().into_iter().map(|a| a.name);
        let own_name = nearest(name, own).map(ToOwned::to_owned);
        let control = || nearest(name, controls).map(|control| format!("controls.{control}"));
        if let Some(meant) = own_name.or_else(|| class.is_element().then(control).flatten()) {
            notice = notice.with_help(format!("Did you mean `{meant}`?"));
        }
        self.notice(notice);
    }

    /// An attribute of the vocabulary; `as_named` is false where pytm has none of the name that
    /// is written, so that nothing happens there.
    fn say_known(
        &mut self,
        id: ObjId,
        attribute: &'static Attribute,
        as_named: bool,
        value: V<'a>,
        at: At,
    ) -> R<'a, ()> {
        if attribute.name == "name"
            && self.object(id).class.is_element()
            && self.object(id).get("name").is_some()
        {
            return self.raise("ValueError", "a name cannot be overwritten", at);
        }
        // Whichever value it is, an attribute of another kind does not take it.
        let alike = value.alike();
        let asked = alike.as_ref().unwrap_or(&value);
        let taken = match self.admit(id, attribute, asked, at) {
            Err(exit) => match *exit {
                Exit::Unread(unread) => Ok(V::Unread(unread)),
                other => return Err(Box::new(other)),
            },
            Ok(taken) => taken,
        };
        let value = match taken {
            Ok(_) if alike.is_some() => value,
            Ok(value) => value,
            Err(wanted) => {
                let message = format!("`{}` wants {wanted}", attribute.name);
                let class = self.object(id).class;
                if as_named
                    && self.caught("ValidationError")
                    && is_surely_refused(class, attribute, &value)
                {
                    return self.raise("ValidationError", message, at);
                }
                let help = match attribute.since {
                    Since::Pytm => format!("give it that, or leave `{}` out", attribute.name),
                    Since::Tmrs(_) => "`tmrs describe` shows what it may be".to_owned(),
                };
                self.refuse_value(at, message, &help)
            }
        };
        if let (V::Unread(unread), "name", true) =
            (&value, attribute.name, self.object(id).finished)
        {
            self.has_unread_name(id, unread, at);
        }
        if let (Class::Dataflow, V::Object(other)) = (self.object(id).class, &value) {
            self.pair(id, attribute.name, *other, at);
        }
        self.hold(id, attribute.name, value, at);
        Ok(())
    }

    /// A value that pytm does not take: told once, here, and unread from here on.
    pub(super) fn refuse_value(&mut self, at: At, message: String, help: &str) -> V<'a> {
        let place = self.place(at);
        self.told.insert(place.clone());
        let notice = Notice::at(code::WRONG_TYPE, self.fatal(), place, message.clone());
        self.notice(notice.with_help(help));
        V::unread(at, message)
    }

    /// A request and its response know each other as soon as one is told of the other.
    fn pair(&mut self, id: ObjId, name: &str, other: ObjId, at: At) {
        let (request, response) = match name {
            "responseTo" => (other, id),
            "response" => (id, other),
            _ => return,
        };
        let follows = [
            (response, "isResponse", V::Bool(true)),
            (request, "response", V::Object(response)),
            (response, "responseTo", V::Object(request)),
        ];
        for (flow, name, value) in follows {
            if self.object(flow).get(name).is_none() {
                let said = false;
                self.object_mut(flow).set(name, Held { value, at, said });
            }
        }
    }
}

/// What a library's name stands for is not read.
pub(super) fn plain_value(value: V<'_>, at: At) -> V<'_> {
    match value {
        V::Library(library) if !library.starts_with("pytm") => {
            V::outside(at, format!("`{library}` is not read"))
        }
        value => value,
    }
}

/// Whether it is pydantic that refuses a value, and no code of pytm's that runs before it:
/// plain values of attributes of which nothing else is made.
fn is_surely_refused(class: Class, attribute: &Attribute, value: &V<'_>) -> bool {
    let kind = matches!(
        attribute.kind,
        Kind::Bool | Kind::Int | Kind::Text | Kind::Enum(_) | Kind::Boundary | Kind::Flow
    );
    let plain = matches!(
        value,
        V::None
            | V::Bool(_)
            | V::Int(_)
            | V::Float(_)
            | V::Str(_)
            | V::List(_)
            | V::Tuple(_)
            | V::Set(_)
            | V::Dict(_)
            | V::Object(_)
    );
    kind && plain && attribute.since == Since::Pytm && class != Class::Assumption
}
