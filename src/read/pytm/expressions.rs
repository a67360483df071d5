//! Expressions.

use std::rc::Rc;

use super::comprehensions::data_of_kept;
use super::interpreter::{CHARGE, Interpreter, R};
use super::namespaces;
use super::value::dict::Dict;
use super::value::function::{Binding, Body, Function};
use super::value::scope::Scope;
use super::value::{At, Part, Text, Unread, V};
use crate::notice::{Notice, code};
use crate::syntax::python::ast::{self, Expr};

impl<'a> Interpreter<'a> {
    pub(super) fn eval(&mut self, expr: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a> {
        self.down(|s| s.at(expr))?;
        let result = self.plain(expr, scope);
        self.up();
        if self.touched.is_empty() && self.tries.is_empty() {
            return result;
        }
        let value = self.untouched(result?);
        if let V::Unread(unread) = &value
            && !matches!(
                expr,
                Expr::Name(_) | Expr::Named(_) | Expr::NumberLiteral(_)
            )
            && !(unread.part == Part::Threat && unread.at == self.at(expr))
        {
            self.may_raise(unread);
        }
        Ok(value)
    }

    fn plain(&mut self, expr: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a> {
        let at = self.at(expr);
        match expr {
            Expr::NoneLiteral(_) => Ok(V::None),
            Expr::BooleanLiteral(e) => Ok(V::Bool(e.value)),
            Expr::EllipsisLiteral(_) => Ok(V::Ellipsis),
            Expr::NumberLiteral(e) => Ok(number(&e.value, at)),
            Expr::StringLiteral(e) if self.has_surrogate(e.value.to_str(), e) => {
                Ok(V::not_read(at, "a lone surrogate"))
            }
            Expr::StringLiteral(e) => Ok(V::Str(Text {
                text: self.text(e.value.to_str(), e).into(),
                at: Some(at),
            })),
            Expr::BytesLiteral(e) => Ok(V::Bytes(e.value.bytes().collect())),
            Expr::FString(e) => self.f_string(e, scope, at),
            Expr::Name(e) => self.name(e, scope),
            Expr::Attribute(e) => {
                let owner = self.eval(&e.value, scope)?;
                let at = self.at(&e.attr);
                self.attribute(&owner, e.attr.as_str(), at)
            }
            Expr::Subscript(e) => {
                let owner = self.eval(&e.value, scope)?;
                let index = self.eval(&e.slice, scope)?;
                self.get_item(&owner, &index, at)
            }
            Expr::Slice(e) => {
                let mut part = |part: &'a Option<Box<Expr>>| match part {
                    Some(part) => self.eval(part, scope),
                    None => Ok(V::None),
                };
                let parts = [part(&e.lower)?, part(&e.upper)?, part(&e.step)?];
                Ok(V::Slice(Rc::new(parts)))
            }
            Expr::Call(e) => self.call_expression(e, scope),
            Expr::List(e) => Ok(match self.elements(&e.elts, scope, at)? {
                Ok(items) => V::list(items),
                Err(unread) => V::Unread(unread),
            }),
            Expr::Tuple(e) => Ok(match self.elements(&e.elts, scope, at)? {
                Ok(items) => V::tuple(items),
                Err(unread) => V::Unread(unread),
            }),
            Expr::Set(e) => {
                let items = match self.elements(&e.elts, scope, at)? {
                    Ok(items) => items,
                    Err(unread) => return Ok(V::Unread(unread)),
                };
                for item in &items {
                    self.refuse_twin(item, at)?;
                }
                self.set_of(items, at)
            }
            Expr::Dict(e) => self.dict_display(e, scope),
            Expr::BinOp(e) => {
                let left = self.eval(&e.left, scope)?;
                let right = self.eval(&e.right, scope)?;
                self.binary(e.op, left, right, at)
            }
            Expr::UnaryOp(e) => {
                let operand = self.eval(&e.operand, scope)?;
                self.unary(e.op, &operand, at)
            }
            Expr::BoolOp(e) => self.bool_op(e, scope),
            Expr::Compare(e) => self.compare_chain(e, scope),
            Expr::If(e) => self.conditional(e, scope),
            Expr::Named(e) => {
                let value = self.eval(&e.value, scope)?;
                if let Expr::Name(name) = &*e.target {
                    self.bind_name(&scope.outside(), name.id.as_str(), value.clone());
                }
                Ok(value)
            }
            Expr::Lambda(e) => self.lambda(e, scope, at),
            Expr::ListComp(e) => {
                let (items, doubt) =
                    self.comprehension(&e.generators, scope, |s, scope| s.eval(&e.elt, scope))?;
                Ok(match doubt {
                    Some(unread) => data_of_kept(&items, &unread).unwrap_or(V::Unread(unread)),
                    None => V::list(items),
                })
            }
            Expr::SetComp(e) => {
                let (items, doubt) =
                    self.comprehension(&e.generators, scope, |s, scope| s.eval(&e.elt, scope))?;
                match doubt {
                    Some(unread) => Ok(data_of_kept(&items, &unread).unwrap_or(V::Unread(unread))),
                    None => self.set_of(items, at),
                }
            }
            Expr::Generator(e) => self.generator_expression(e, scope, at),
            Expr::DictComp(e) => self.dict_comprehension(e, scope),
            Expr::Starred(e) => self.eval(&e.value, scope),
            Expr::Await(e) => {
                let value = self.eval(&e.value, scope)?;
                self.awaited(value, at)
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => self.yield_inside(at),
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => Ok(V::unread(
                at,
                format!("`{}` is outside what tmrs reads", self.snippet(at)),
            )),
        }
    }

    fn lambda(&mut self, e: &'a ast::ExprLambda, scope: &Rc<Scope<'a>>, at: At) -> R<'a> {
        self.allot(CHARGE, at)?;
        Ok(V::Function(Rc::new(Function {
            name: "<lambda>".into(),
            unit: self.unit,
            parameters: e.parameters.as_deref(),
            defaults: self.defaults(e.parameters.as_deref(), scope)?,
            body: Body::Expression(&e.body),
            scope: scope.closure(),
            binding: Binding::Plain,
            is_generator: lambda_yields(&e.body),
            is_async: false,
            is_renamed: std::cell::Cell::new(false),
            is_abstract: false,
            setter: None,
            answers: None,
            is_manager: false,
            locals: Rc::default(),
            owner: std::cell::RefCell::default(),
        })))
    }

    /// A name: bound, a builtin, or one of pytm's that nobody imported.
    fn name(&mut self, e: &'a ast::ExprName, scope: &Rc<Scope<'a>>) -> R<'a> {
        let name = e.id.as_str();
        if let Some(value) = scope.get(name) {
            return Ok(value);
        }
        let at = self.at(e);
        if let Some(class) = scope.unbound(name) {
            let message = format!("cannot access local variable '{name}'");
            return self.raise(class, message, at);
        }
        if let Some(value) = super::builtin_names::named(name) {
            return Ok(value);
        }
        if name == "__file__" {
            return Ok(V::str(super::paths::absolute(
                self.current().source.path().as_str(),
            )));
        }
        if namespaces::of_vocabulary(name).is_some()
            && let Some(value) = self.member_of_pytm("pytm", name)
        {
            if self.caught("NameError") {
                return self.raise("NameError", format!("name '{name}' is not defined"), at);
            }
            if self.unimported.insert(name) {
                let message = format!("`{name}` is used without its import; Python stops here");
                let notice =
                    Notice::at(code::MISSING_IMPORT, self.fatal(), self.place(at), message);
                self.incomplete_as(notice.with_help(format!("Add `from pytm import {name}`")));
            }
            return Ok(value);
        }
        self.raise("NameError", format!("name '{name}' is not defined"), at)
    }

    /// The items of a list, tuple or set display, or why nobody knows how many there are.
    fn elements(
        &mut self,
        items: &'a [Expr],
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a, Result<Vec<V<'a>>, Rc<Unread>>> {
        let mut unread = None;
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let Expr::Starred(starred) = item {
                let value = self.eval(&starred.value, scope)?;
                if let V::Unread(one) = value {
                    unread.get_or_insert(one);
                } else {
                    let at = self.at(item);
                    values.extend(self.items(&value, at)?);
                }
            } else {
                values.push(self.eval(item, scope)?);
            }
        }
        self.allot(CHARGE + values.len() * 32, at)?;
        Ok(unread.map_or(Ok(values), Err))
    }

    fn dict_display(&mut self, e: &'a ast::ExprDict, scope: &Rc<Scope<'a>>) -> R<'a> {
        let mut dict = Dict::default();
        for item in &e.items {
            let at = self.at(item);
            let Some(name) = &item.key else {
                match self.eval(&item.value, scope)? {
                    V::Dict(other) => {
                        for entry in other.borrow().iter() {
                            dict.insert(entry.key.clone(), entry.value.clone(), entry.at);
                        }
                    }
                    V::Unread(unread) => dict.doubt = Some(unread),
                    V::Instance(_) | V::Library(_) => {
                        if let V::Unread(unread) = V::not_read(at, "what this gives as a mapping") {
                            dict.doubt = Some(unread);
                        }
                    }
                    _ => return self.raise("TypeError", "not a mapping", at),
                }
                continue;
            };
            let name = self.eval(name, scope)?;
            let value = self.eval(&item.value, scope)?;
            self.insert(&mut dict, name, value, Some(at), at)?;
        }
        let at = self.at(e);
        self.allot(CHARGE + dict.len() * 64, at)?;
        Ok(V::dict(dict))
    }

    fn bool_op(&mut self, e: &'a ast::ExprBoolOp, scope: &Rc<Scope<'a>>) -> R<'a> {
        let mut unread: Option<Rc<Unread>> = None;
        let mut last = V::None;
        // Whether all that it may be is plain data.
        let mut data = true;
        for value in &e.values {
            data &= last.is_data();
            last = match &unread {
                None => self.eval(value, scope)?,
                Some(unread) => {
                    let unread = Rc::clone(unread);
                    self.in_doubt(&unread, |s| s.eval(value, scope))?
                }
            };
            match self.truth(&last, self.at(value))? {
                Err(why) => {
                    unread.get_or_insert(why);
                }
                Ok(truth) if truth == (e.op == ast::BoolOp::Or) => break,
                Ok(_) => {}
            }
        }
        let Some(unread) = unread else {
            return Ok(last);
        };
        data &= last.is_data();
        Ok(if data {
            V::Unread(unread)
        } else {
            V::beyond(&unread)
        })
    }

    fn conditional(&mut self, e: &'a ast::ExprIf, scope: &Rc<Scope<'a>>) -> R<'a> {
        let test = self.eval(&e.test, scope)?;
        match self.truth(&test, self.at(&*e.test))? {
            Ok(true) => self.eval(&e.body, scope),
            Ok(false) => self.eval(&e.orelse, scope),
            Err(unread) => self.in_doubt(&unread, |s| {
                let one = s.eval(&e.body, scope)?;
                let other = s.eval(&e.orelse, scope)?;
                Ok(V::perhaps(&unread, &one, &other))
            }),
        }
    }

    fn compare_chain(&mut self, e: &'a ast::ExprCompare, scope: &Rc<Scope<'a>>) -> R<'a> {
        let at = self.at(e);
        let mut left = self.eval(&e.left, scope)?;
        for (op, right) in e.ops.iter().zip(&*e.comparators) {
            let right = self.eval(right, scope)?;
            let holds = self.compare(*op, &left, &right, at)?;
            match self.truth(&holds, at)? {
                Ok(true) => {}
                Ok(false) | Err(_) => return Ok(holds),
            }
            left = right;
        }
        Ok(V::Bool(true))
    }
}

fn number<'a>(number: &ast::Number, at: At) -> V<'a> {
    match number {
        ast::Number::Int(int) => int.as_i64().map_or_else(|| V::large(at), V::Int),
        ast::Number::Float(float) => V::Float(*float),
        ast::Number::Complex { .. } => V::unread(at, "a complex number"),
    }
}

fn lambda_yields(body: &Expr) -> bool {
    matches!(body, Expr::Yield(_) | Expr::YieldFrom(_))
}
