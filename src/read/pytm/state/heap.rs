//! pytm's objects on the heap: elements, Data, Controls, TMs, and what was said of them.

use std::rc::Rc;

use crate::model::vocabulary::Class;
use crate::read::pytm::value::class::UserClass;
use crate::read::pytm::value::{At, V};

/// What was said about one attribute, last.
#[derive(Clone)]
pub struct Held<'a> {
    pub value: V<'a>,
    pub at: At,
    /// False for an empty collection that reading the attribute made.
    pub said: bool,
}

/// One object.
pub struct Object<'a> {
    pub class: Class,
    pub user: Option<Rc<UserClass<'a>>>,
    /// The constructor call.
    pub at: At,
    pub name_at: At,
    /// Calls and loops around the constructor, outermost first.
    pub sites: Vec<At>,
    pub slots: Vec<(Rc<str>, Held<'a>)>,
    /// Controls in words: the words, where, and whether they are understood.
    pub claims: Vec<(Rc<str>, At, bool)>,
    pub initialised: bool,
    /// Construction is over.
    pub finished: bool,
}

impl<'a> Object<'a> {
    pub fn get(&self, name: &str) -> Option<&Held<'a>> {
        self.slots
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, held)| held)
    }

    pub fn set(&mut self, name: &str, held: Held<'a>) {
        match self.slots.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, slot)) => *slot = held,
            None => self.slots.push((name.into(), held)),
        }
    }
}
