//! `functools.cache` and `functools.lru_cache`: functions that remember their answers.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::V;
use super::value::function::{Answers, Args, Function};

impl<'a> Interpreter<'a> {
    /// An empty memory for the decorator of that name, if it is one of these.
    pub(super) fn answers(&mut self, decorator: &str) -> Option<Rc<Answers<'a>>> {
        let most = match decorator {
            "functools.cache" => None,
            "functools.lru_cache" => Some(128),
            _ => {
                let most = decorator.strip_prefix("functools.lru_cache(")?;
                most.trim_end_matches(')').parse().ok()
            }
        };
        let known = Rc::default();
        let held = V::Dict(Rc::clone(&known));
        self.gives(&held, &held);
        Some(Rc::new(Answers { known, most }))
    }

    /// The answer that is known, else the one that the function gives now.
    pub(super) fn remembered(
        &mut self,
        function: &Rc<Function<'a>>,
        answers: &Answers<'a>,
        args: Args<'a>,
        first: Option<V<'a>>,
    ) -> R<'a> {
        let at = args.at;
        let positional = args.positional.iter().map(|(value, _)| value.clone());
        let named =
            |(name, value, _): &(Rc<str>, V<'a>, _)| V::tuple(vec![V::str(name), value.clone()]);
        // Python keeps a single number or text apart from all else that equals it.
        let alone = match (args.positional.as_slice(), args.keywords.is_empty()) {
            ([(V::Int(_) | V::Str(_), _)], true) => V::None,
            _ => V::Ellipsis,
        };
        let key = V::tuple(vec![
            alone,
            V::tuple(positional.collect()),
            V::tuple(args.keywords.iter().map(named).collect()),
        ]);
        if let Some(unread) = args.unread() {
            answers.known.borrow_mut().doubt = Some(unread);
            return self.call_body(function, args, first);
        }
        if let Some(unread) = self.unhashable(&key, at)? {
            return Ok(unread);
        }
        if let Some(known) = answers.known.borrow().get(&key).cloned() {
            return Ok(known);
        }
        let full = answers
            .most
            .is_some_and(|most| answers.known.borrow().len() >= most);
        if full || answers.known.borrow().doubt.is_some() {
            let what = "Whether this function remembers its answer here is not read";
            return Ok(self.refuse(at, what, "call a function that remembers nothing"));
        }
        if let Some(unread) = self.doubt.clone() {
            answers.known.borrow_mut().doubt = Some(unread);
        }
        self.allot(128, at)?;
        let answer = self.call_body(function, args, first)?;
        let mut known = answers.known.borrow_mut();
        known.insert(key, answer.clone(), None);
        Ok(answer)
    }
}
