//! What a model says beside attributes: overrides, assumptions, threats in words.

use std::rc::Rc;
use std::sync::Arc;

use super::interpreter::Interpreter;
use super::state::heap::Held;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{Class, Kind};
use crate::model::{Assumption, DeclaredThreat, Override, Said};
use crate::notice::code;

impl<'a> Interpreter<'a> {
    pub(super) fn said(&self, text: &str, at: At) -> Said {
        Said {
            text: text.into(),
            place: self.place(at),
        }
    }

    /// The text of an attribute of an object, with its place.
    fn said_in(&self, id: ObjId, name: &str) -> Option<Said> {
        let held = self.object(id).get(name)?;
        match &held.value {
            V::Str(text) => Some(self.said(&text.text, text.at.unwrap_or(held.at))),
            _ => None,
        }
    }

    fn listed(&mut self, held: &Held<'a>, what: &str) -> Vec<V<'a>> {
        match &held.value {
            V::List(items) => {
                let items = items.borrow().clone();
                if let Some(V::Unread(unread)) = items.iter().find(|v| matches!(v, V::Unread(_))) {
                    let message = format!("One of the {what} is not read");
                    let unread = Rc::clone(unread);
                    self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
                }
                items
            }
            V::Tuple(items) => items.to_vec(),
            V::Set(items) => items.borrow().keys(),
            V::Str(_) | V::Dict(_) => vec![held.value.clone()],
            V::Unread(unread) => {
                let (message, unread) = (format!("The {what} are not read"), Rc::clone(unread));
                self.incomplete(code::INCOMPLETE, held.at, message, Some(&unread));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn overrides(&mut self, held: &Held<'a>) -> Vec<Override> {
        let mut overrides = Vec::new();
        let mut nameless = 0;
        for item in self.listed(held, "overrides") {
            let finding = match item {
                V::Object(id) if self.object(id).class == Class::Finding => Some(id),
                V::Unread(_) => continue,
                _ => None,
            };
            let Some(id) = finding else {
                // Added in place, where pytm checks nothing and stops later.
                let what = "An override that is no Finding is not read";
                self.refuse(held.at, what, "add `Finding(threat_id=…)`");
                continue;
            };
            let at = self.object(id).at;
            let element = self
                .object(id)
                .get("element")
                .map(|held| held.value.clone());
            if !matches!(element, None | Some(V::None | V::Unread(_))) {
                let what = "An override that names an element is not read: pytm 1.4.0 goes in circles where it applies one";
                self.refuse(at, what, "leave the element out of this Finding");
            }
            for (name, held) in self.object(id).slots.clone() {
                if let V::Unread(unread) = &held.value {
                    let message = format!("`{name}` of this override is not read");
                    self.incomplete(code::INCOMPLETE, held.at, message, Some(&Rc::clone(unread)));
                }
            }
            let Some(rule) = self.filled(id, "threat_id") else {
                nameless += 1;
                if nameless == 2 {
                    let what =
                        "A second override without a `threat_id` is not read: pytm stops at it";
                    self.refuse(at, what, "say in `threat_id` which rule is meant");
                }
                continue;
            };
            let own = ["threat_id", "response", "severity", "cvss"];
            let fields = Class::Finding
                .attributes()
                .into_iter()
                .filter(|a| a.kind != Kind::Internal && !own.contains(&a.name))
                .filter_map(|a| Some((Arc::from(a.name), self.said_in(id, a.name)?)))
                .collect();
            overrides.push(Override {
                rule,
                place: self.place(at),
                response: self.filled(id, "response"),
                severity: self.filled(id, "severity"),
                cvss: self.filled(id, "cvss"),
                fields,
                inherited: false,
            });
        }
        overrides
    }

    fn refuse_assumption(&mut self, at: At) {
        let what = "What is no Assumption among the assumptions is not read";
        self.refuse(at, what, "add `Assumption(\"…\")`");
    }

    fn filled(&self, id: ObjId, name: &str) -> Option<Said> {
        self.said_in(id, name).filter(|said| !said.text.is_empty())
    }

    pub(super) fn assumptions(&mut self, held: &Held<'a>, class: Class) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        for item in self.listed(held, "assumptions") {
            let (id, at) = match item {
                V::Object(id) if self.object(id).class == Class::Assumption => {
                    (id, self.object(id).at)
                }
                V::Unread(_) => continue,
                // Added in place, where pytm checks nothing. It asks a TM's for what they
                // exclude, and those of an element whether they have it.
                V::Object(_) | V::Instance(_) => {
                    self.refuse_assumption(held.at);
                    continue;
                }
                _ if class == Class::TM => {
                    self.refuse_assumption(held.at);
                    continue;
                }
                V::Str(text) => {
                    let at = text.at.unwrap_or(held.at);
                    assumptions.push(Assumption {
                        name: self.said(&text.text, at),
                        description: "".into(),
                        exclude: Vec::new(),
                        place: self.place(at),
                    });
                    continue;
                }
                _ => continue,
            };
            let mut exclude = Vec::new();
            if let Some(excluded) = self.object(id).get("exclude").cloned() {
                for rule in self.listed(&excluded, "excluded ids") {
                    if let V::Str(text) = rule {
                        exclude.push(self.said(&text.text, text.at.unwrap_or(excluded.at)));
                    }
                }
            }
            let description = self.said_in(id, "description");
            assumptions.push(Assumption {
                name: self
                    .said_in(id, "name")
                    .unwrap_or_else(|| self.said("", at)),
                description: description.map_or_else(|| "".into(), |said| said.text),
                exclude,
                place: self.place(at),
            });
        }
        assumptions
    }

    /// Threats in words: titles, or mappings with more (docs/semantics.md §1).
    pub(super) fn threats(&mut self, held: &Held<'a>) -> Vec<DeclaredThreat> {
        let mut threats = Vec::new();
        for item in self.listed(held, "threats") {
            match item {
                V::Str(text) => {
                    let title = self.said(&text.text, text.at.unwrap_or(held.at));
                    threats.push(DeclaredThreat {
                        place: title.place.clone(),
                        title,
                        severity: None,
                        mitigated_by: Vec::new(),
                        response: None,
                    });
                }
                V::Dict(dict) => {
                    let dict = dict.borrow();
                    let said = |name: &str| {
                        let entry = dict.entry(&V::str(name))?;
                        match &entry.value {
                            V::Str(text) => {
                                let at = text.at.or(entry.at).unwrap_or(held.at);
                                Some(self.said(&text.text, at))
                            }
                            _ => None,
                        }
                    };
                    let controls =
                        dict.named("mitigatedBy")
                            .map_or_else(Vec::new, |value| match value {
                                V::List(items) => items.borrow().clone(),
                                V::Tuple(items) => items.to_vec(),
                                value => vec![value.clone()],
                            });
                    let mitigated_by = controls.iter().filter_map(|value| match value {
                        V::Str(text) => Some(self.said(&text.text, text.at.unwrap_or(held.at))),
                        _ => None,
                    });
                    let Some(title) = said("title") else { continue };
                    threats.push(DeclaredThreat {
                        place: title.place.clone(),
                        severity: said("severity"),
                        mitigated_by: mitigated_by.collect(),
                        response: said("response"),
                        title,
                    });
                }
                _ => {}
            }
        }
        threats
    }
}
