//! Layer `read`: which attribute a key means (docs/semantics.md §1).

use super::values::untyped;
use super::{Builder, EXTRAS};
use crate::model::vocabulary::{self, Attribute, Class, Kind};
use crate::model::{Attr, Owner, Slot, Slots, Value};
use crate::notice::{Meant, Notice, Severity, code, did_you_mean, nearest};
use crate::source::Place;
use crate::syntax::tree::{Key, Node};

impl Builder<'_> {
    /// Takes one entry of a body: an attribute by its name, by another spelling
    /// of it, by a control's flat spelling, or one that only this model uses.
    pub(super) fn attribute(&mut self, owner: Owner, class: Class, key: &Key, node: &Node) {
        if let Some(attribute) = class.attribute(&key.text) {
            self.known(owner, class, attribute, key, node);
        } else if let Some(attribute) = vocabulary::respelled(class, &key.text) {
            self.note_respelling(key, attribute.name);
            self.known(owner, class, attribute, key, node);
        } else if let (Owner::Element(id), Some(control)) =
            (owner, vocabulary::flat_control(class, &key.text))
        {
            let message = format!("`{}` is taken for `controls.{}`", key.text, control.name);
            let help = format!("write it under `controls:` as `{}`", control.name);
            self.understood(key, code::FLAT_CONTROL, message, help, control.name);
            self.known(Owner::Controls(id), Class::Controls, control, key, node);
        } else {
            self.custom(owner, class, key, node);
        }
    }

    pub(super) fn note_respelling(&mut self, key: &Key, name: &'static str) {
        let message = format!("`{}` is taken for `{name}`", key.text);
        let help = format!("write `{name}`");
        self.understood(key, code::RESPELLED_ATTRIBUTE, message, help, name);
    }

    /// Notes that a key was taken for an attribute.
    fn understood(
        &mut self,
        key: &Key,
        code: &'static str,
        message: String,
        help: String,
        attribute: &'static str,
    ) {
        let meant = Meant {
            written: key.text.to_string(),
            attribute,
            is_flat: code == code::FLAT_CONTROL,
        };
        let notice = Notice::note(code, self.expect.place(key.span), message);
        let notice = notice.with_help(help).with_meant(meant);
        self.expect.notices.push(notice);
    }

    pub(super) fn known(
        &mut self,
        owner: Owner,
        class: Class,
        attribute: &'static Attribute,
        key: &Key,
        node: &Node,
    ) {
        if let Some(instead) = follows(class, attribute) {
            let message = format!("`{}` is not for a model to say", attribute.name);
            self.expect
                .error(code::UNKNOWN_KEY, key.span, message, Some(instead.into()));
            return;
        }
        let Some(slot) = self.slot(attribute.name, attribute.kind, key, node) else {
            return;
        };
        let name = Attr::named(attribute.name);
        // A control in words and by its name says one thing twice, which does no harm.
        let is_same = |first: &Slot| match (&first.value, &slot.value) {
            (Value::Bool(first), Value::Bool(again)) => first == again,
            _ => false,
        };
        let first = self.slots(owner).get(&name).filter(|it| !is_same(it));
        match first.and_then(|first| first.place.clone()) {
            Some(first) => self.said_twice(key, attribute.name, first),
            None => self.slots(owner).set(name, slot),
        }
    }

    /// Complains of what another spelling says already.
    pub(super) fn said_twice(&mut self, key: &Key, name: &str, first: Place) {
        let place = self.expect.place(key.span);
        let message = format!("`{}` is `{name}`, which is said twice", key.text);
        let notice = Notice::error(code::DUPLICATE_KEY, place, message);
        let notice = notice.with_label(first, "it is said here, too");
        self.expect
            .notices
            .push(notice.with_help("keep one of the two"));
    }

    /// Keeps what no class has, for rules of the user's own, and says so.
    pub(super) fn custom(&mut self, owner: Owner, class: Class, key: &Key, node: &Node) {
        let names: Vec<_> = class.attributes().into_iter().map(|a| a.name).collect();
        let controls: Vec<_> = Class::Controls
            .spec()
            .attributes
            .iter()
            .map(|a| a.name)
            .collect();
        let known = |names: &[&'static str]| nearest(&key.text, names.iter().copied());
        let own_keys = if class.is_element() { &EXTRAS[..] } else { &[] };
        let mut help = did_you_mean(
            &key.text,
            names.iter().copied().chain(own_keys.iter().copied()),
        );
        if help.is_none() && class.is_element() {
            help = known(&controls).map(|name| format!("did you mean `controls.{name}`?"));
        }
        // A slip of the pen loses a fact, and with it threats: what the model means is not
        // what is judged. A name of one's own loses nothing.
        let severity = if help.is_some() {
            Severity::Error
        } else {
            Severity::Note
        };
        let message = format!("{} has no attribute `{}`", class.name(), key.text);
        let help = help.map(|help| format!("{help} A name of your own must be further from it"));
        let help = help.or_else(|| {
            Some("it is kept for rules of your own; `tmrs describe` lists what is known".into())
        });
        self.expect
            .say(code::UNKNOWN_ATTRIBUTE, severity, key.span, message, help);
        let slot = Slot::declared(untyped(node), self.expect.entry_place(key, node));
        self.slots(owner).set(Attr::named(&key.text), slot);
    }

    fn slots(&mut self, owner: Owner) -> &mut Slots {
        match owner {
            Owner::Element(id) => &mut self.model.element_mut(id).slots,
            Owner::Controls(id) => &mut self.model.element_mut(id).controls,
            Owner::Data(id) => &mut self.model.data[id.0 as usize].slots,
        }
    }
}

/// Why a model does not say this attribute, if it does not.
pub(super) fn follows(class: Class, attribute: &Attribute) -> Option<&'static str> {
    match (attribute.kind, attribute.name) {
        (Kind::Internal, _) => Some("leave it out: it is no part of a model"),
        (Kind::Flows, "inputs" | "outputs") if class.is_element() => {
            Some("leave it out: it follows from `flows:`")
        }
        _ => None,
    }
}
