//! What unread code may have changed.

use std::collections::HashMap;
use std::rc::Rc;

use crate::read::pytm::value::{Unread, V};

/// Collections and instances whose content is unread from some call on.
#[derive(Default)]
pub struct Touched<'a> {
    /// By address; the value is kept so that no other comes to lie there.
    pub by_address: HashMap<usize, (V<'a>, Rc<Unread>)>,
}

impl<'a> Touched<'a> {
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty()
    }

    pub fn why(&self, value: &V<'a>) -> Option<&Rc<Unread>> {
        if self.is_empty() {
            return None;
        }
        match value {
            V::List(_) | V::Deque(_) | V::Set(_) | V::Dict(_) | V::Instance(_) => {
                let (_, why) = self.by_address.get(&value.address()?)?;
                Some(why)
            }
            _ => None,
        }
    }
}
