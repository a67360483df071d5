//! What pytm's classes have beside the attributes that a model gives them: class variables,
//! which no object can be given, and names that pytm and pydantic keep for themselves.

use super::interpreter::{Interpreter, R};
use super::pytm_names::{
    FIXED, IGNORED_IN_DUPLICATES, KEPT_BY_OTHERS, KEPT_BY_TM, OF_KEPT, OF_PYDANTIC, OF_TM, is_text,
};
use super::value::{At, ObjId, V};
use crate::model::vocabulary::Class;

impl<'a> Interpreter<'a> {
    /// What a class of pytm, and so each of its objects, keeps under a name for itself.
    pub(super) fn hidden(&self, class: Class, name: &str, at: At) -> Option<V<'a>> {
        let of_tm = class == Class::TM;
        Some(match name {
            "_duplicate_ignored_attrs" if of_tm => {
                V::tuple(IGNORED_IN_DUPLICATES.iter().map(V::str).collect())
            }
            "_threats" if of_tm => {
                V::kept_by_pytm(at, "pytm fills its list of threats from a file")
            }
            "_state" | "_state_attributes" if of_tm => {
                V::kept_by_pytm(at, "what pytm keeps for itself is not read")
            }
            name if KEPT_BY_TM.contains(&name) && of_tm
                || KEPT_BY_OTHERS.contains(&name) && !of_tm
                || OF_PYDANTIC.contains(&name) =>
            {
                V::kept_by_pytm(at, format!("`{name}` is what pytm keeps for itself"))
            }
            _ => return None,
        })
    }

    /// An attribute of what pytm keeps for itself.
    pub(super) fn attribute_of_kept(&mut self, kept: &V<'a>, name: &str, at: At) -> V<'a> {
        let known = name.starts_with("__") || OF_KEPT.split_whitespace().any(|known| known == name);
        match kept {
            V::Unread(unread) if is_text(name) => {
                // Nothing of the model is in the texts of threats.
                V::outside(unread.at, unread.why.clone())
            }
            _ if known => kept.clone(),
            _ => {
                let what = format!("`{name}` of what pytm keeps for itself is not read");
                self.refuse(at, what, "leave it out")
            }
        }
    }

    /// Stops as pydantic does where an object is given what only its class can have.
    pub(super) fn refuses_to_be_set(&mut self, id: ObjId, name: &str, at: At) -> R<'a, ()> {
        let object = self.object(id);
        let class = object.class;
        let of_own = object
            .user
            .as_ref()
            .is_some_and(|user| user.has_class_variable(name));
        if of_own || class == Class::TM && OF_TM.contains(&name) {
            let of = object
                .user
                .as_ref()
                .map_or_else(|| class.name().to_owned(), |user| user.name.to_string());
            let message =
                format!("`{name}` is a class variable of {of}; no object can be given it");
            return self.raise("AttributeError", message, at);
        }
        if FIXED.contains(&name) {
            let message = format!("`{name}` of pydantic cannot be set");
            return self.raise("AttributeError", message, at);
        }
        if name.starts_with("__") && name.ends_with("__") {
            let what = format!("What setting `{name}` of an object of pytm changes is not read");
            self.refuse(
                at,
                what,
                "give it attributes, or make an object of the other class",
            );
        }
        Ok(())
    }
}
