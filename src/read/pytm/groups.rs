//! `itertools.groupby`: groups that share one iterator, as in Python. Whoever asks for the
//! next group passes over what is left of the one before.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::value::function::Args;
use super::value::iterator::{Groups, Iter, Shared, Walk};
use super::value::{At, V};
use super::walk::Next;

impl<'a> Interpreter<'a> {
    /// `itertools.groupby(items, key=None)`.
    pub(super) fn groupby(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(items) = args.either(0, "iterable").cloned() else {
            return self.raise("TypeError", "groupby() wants something to go through", at);
        };
        let groups = Groups {
            items: self.iterate(&items, at)?,
            key: args.either(1, "key").cloned().unwrap_or(V::None),
            seen: None,
            wanted: None,
            count: 0,
        };
        Ok(V::Iter(Iter::new(Walk::Groups(Rc::new(RefCell::new(
            groups,
        ))))))
    }

    /// The next key with its group.
    pub(super) fn next_group(&mut self, groups: &Shared<'a>, at: At) -> R<'a, Next<'a>> {
        // From here on the group before gives nothing more, also where no other comes.
        groups.borrow_mut().count += 1;
        loop {
            let (seen, wanted) = {
                let groups = groups.borrow();
                let seen = groups.seen.as_ref().map(|(key, _)| key.clone());
                (seen, groups.wanted.clone())
            };
            match (seen, wanted) {
                (None, _) => {}
                (Some(_), None) => break,
                (Some(seen), Some(wanted)) => {
                    if !self.is_same_key(&seen, &wanted, at)? {
                        break;
                    }
                }
            }
            if let Some(end) = self.look_on(groups, at)? {
                return Ok(end);
            }
        }
        let mut shared = groups.borrow_mut();
        let key = shared.seen.as_ref().map_or(V::None, |(key, _)| key.clone());
        shared.wanted = Some(key.clone());
        let group = Walk::Group(Rc::clone(groups), key.clone(), shared.count);
        Ok(Next::Item(V::tuple(vec![key, V::Iter(Iter::new(group))])))
    }

    /// The next item of a group, unless another group was asked for since.
    pub(super) fn next_of_group(
        &mut self,
        groups: &Shared<'a>,
        key: &V<'a>,
        number: usize,
        at: At,
    ) -> R<'a, Next<'a>> {
        if groups.borrow().count != number {
            return Ok(Next::End);
        }
        let is_given = matches!(groups.borrow().seen, None | Some((_, None)));
        if is_given && let Some(end) = self.look_on(groups, at)? {
            return Ok(end);
        }
        let seen = groups.borrow().seen.as_ref().map(|(key, _)| key.clone());
        let Some(seen) = seen else {
            return Ok(Next::End);
        };
        if !self.is_same_key(&seen, key, at)? {
            return Ok(Next::End);
        }
        let item = groups
            .borrow_mut()
            .seen
            .as_mut()
            .and_then(|(_, item)| item.take());
        Ok(item.map_or(Next::End, Next::Item))
    }

    /// Looks at one more item; what ends the walk, if there is none.
    fn look_on(&mut self, groups: &Shared<'a>, at: At) -> R<'a, Option<Next<'a>>> {
        let (items, key) = {
            let groups = groups.borrow();
            (Rc::clone(&groups.items), groups.key.clone())
        };
        let item = match self.advance(&items, at)? {
            Next::Item(item) => item,
            other => return Ok(Some(other)),
        };
        let key = match key {
            V::None => item.clone(),
            key => self.call(&key, Args::of(at, [item.clone()]))?,
        };
        groups.borrow_mut().seen = Some((key, Some(item)));
        Ok(None)
    }

    fn is_same_key(&mut self, one: &V<'a>, other: &V<'a>, at: At) -> R<'a, bool> {
        self.equal(one, other, at)?
            .map_err(|unread| Box::new(Exit::Unread(unread)))
    }
}
