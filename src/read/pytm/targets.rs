//! What assignments bind: names, attributes, items, several at once.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::scope::Scope;
use super::value::{At, V};
use crate::syntax::python;
use crate::syntax::python::ast::Expr;

/// Where a target that has been evaluated puts its value.
pub(super) enum Spot<'a> {
    Attribute(V<'a>),
    Item(V<'a>, V<'a>),
    /// A name, or several targets.
    Other,
}

impl<'a> Interpreter<'a> {
    /// `target = value`, where `source` is the value's expression.
    pub(super) fn assign(
        &mut self,
        target: &'a Expr,
        value: V<'a>,
        source: &'a Expr,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let until = self.at(source);
        self.assign_until(target, value, until, scope)
    }

    /// Binds a loop's or `with`'s target: known to happen.
    pub(super) fn bind(
        &mut self,
        target: &'a Expr,
        value: V<'a>,
        at: At,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let poison = std::mem::replace(&mut self.poison, false);
        let result = self.assign_until(target, value, at, scope);
        self.poison = poison;
        result
    }

    fn assign_until(
        &mut self,
        target: &'a Expr,
        value: V<'a>,
        until: At,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        match target {
            Expr::Name(name) => {
                self.bind_name(scope, name.id.as_str(), value);
                Ok(())
            }
            Expr::Attribute(_) | Expr::Subscript(_) => {
                let spot = self.spot(target, scope)?;
                self.write_spot(spot, target, value, until, scope)
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, value, until, scope, self.at(target)),
            Expr::List(list) => self.unpack(&list.elts, value, until, scope, self.at(target)),
            Expr::Starred(starred) => self.assign_until(&starred.value, value, until, scope),
            _ => Ok(()),
        }
    }

    /// Evaluates what a target says, once: whose attribute or item it is.
    pub(super) fn spot(&mut self, target: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a, Spot<'a>> {
        Ok(match target {
            Expr::Attribute(attribute) => Spot::Attribute(self.eval(&attribute.value, scope)?),
            Expr::Subscript(subscript) => {
                let owner = self.eval(&subscript.value, scope)?;
                Spot::Item(owner, self.eval(&subscript.slice, scope)?)
            }
            _ => Spot::Other,
        })
    }

    /// What a target that has been evaluated holds.
    pub(super) fn read_spot(
        &mut self,
        spot: &Spot<'a>,
        target: &'a Expr,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a> {
        let value = match (spot, target) {
            (Spot::Attribute(owner), Expr::Attribute(attribute)) => {
                let at = self.at(&attribute.attr);
                self.attribute(owner, attribute.attr.as_str(), at)?
            }
            (Spot::Item(owner, index), _) => self.get_item(owner, index, self.at(target))?,
            _ => return self.eval(target, scope),
        };
        Ok(self.untouched(value))
    }

    /// Binds a target that has been evaluated.
    pub(super) fn write_spot(
        &mut self,
        spot: Spot<'a>,
        target: &'a Expr,
        value: V<'a>,
        until: At,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        match (spot, target) {
            (Spot::Attribute(owner), Expr::Attribute(attribute)) => {
                let at = At {
                    unit: self.unit,
                    span: python::span(&attribute.attr).to(if until.unit == self.unit {
                        until.span
                    } else {
                        python::span(&attribute.attr)
                    }),
                };
                self.set_attribute(&owner, attribute.attr.as_str(), value, at)
            }
            (Spot::Item(owner, index), _) => {
                let at = self.between(target, target);
                let at = At {
                    unit: at.unit,
                    span: if until.unit == at.unit {
                        at.span.to(until.span)
                    } else {
                        at.span
                    },
                };
                self.set_item(&owner, index, value, at)
            }
            _ => self.assign_until(target, value, until, scope),
        }
    }

    fn unpack(
        &mut self,
        targets: &'a [Expr],
        value: V<'a>,
        until: At,
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a, ()> {
        if let V::Unread(unread) = &value {
            self.may_raise(unread);
            for target in targets {
                self.assign_until(target, value.clone(), until, scope)?;
            }
            return Ok(());
        }
        let items = self.items(&value, at)?;
        let starred = targets
            .iter()
            .position(|target| matches!(target, Expr::Starred(_)));
        let fits = match starred {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        };
        if !fits {
            let message = format!("{} values for {} names", items.len(), targets.len());
            return self.raise("ValueError", message, at);
        }
        let mut items = items.into_iter();
        let extra = (items.len() + 1).saturating_sub(targets.len());
        for (position, target) in targets.iter().enumerate() {
            let value = if Some(position) == starred {
                V::list(items.by_ref().take(extra).collect())
            } else {
                items.next().unwrap_or(V::None)
            };
            self.assign_until(target, value, until, scope)?;
        }
        Ok(())
    }

    /// `del target`.
    pub(super) fn delete(&mut self, target: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let at = self.at(target);
        match target {
            Expr::Name(name) => {
                if let Some(unread) = self.doubt.clone().filter(|_| self.poison) {
                    scope.set(name.id.as_str(), V::unread(unread.at, unread.why.clone()));
                } else if !scope.delete(name.id.as_str()) {
                    let message = format!("name '{}' is not defined", name.id.as_str());
                    return self.raise("NameError", message, at);
                }
                Ok(())
            }
            Expr::Subscript(subscript) => {
                let owner = self.eval(&subscript.value, scope)?;
                let index = self.eval(&subscript.slice, scope)?;
                self.delete_item(&owner, &index, at)
            }
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value, scope)?;
                self.delete_attribute(&owner, attribute.attr.as_str(), at)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|t| self.delete(t, scope)),
            _ => Ok(()),
        }
    }
}
