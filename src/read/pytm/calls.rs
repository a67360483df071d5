//! Calls: arguments, parameters, and what is called.

use std::rc::Rc;

use super::interpreter::{CHARGE, Exit, Interpreter, R};
use super::value::dict::Dict;
use super::value::function::{Args, Body, Function};
use super::value::iterator::{Generator, Iter, Walk};
use super::value::scope::Scope;
use super::value::{At, V};
use crate::notice::code;
use crate::syntax::python::ast::{self, Expr};

impl<'a> Interpreter<'a> {
    pub(super) fn call_expression(&mut self, e: &'a ast::ExprCall, scope: &Rc<Scope<'a>>) -> R<'a> {
        let at = self.at(e);
        let function = self.eval(&e.func, scope)?;
        if matches!(&function, V::Type("super")) && e.arguments.args.is_empty() {
            return Ok(self.zero_argument_super(at));
        }
        if let V::Builtin(builtin) = &function
            && matches!(builtin.name, "globals" | "locals" | "vars" | "dir")
            && e.arguments.args.is_empty()
        {
            return self.names_as_dict(builtin.name, scope, at);
        }
        if let (V::Unread(unread), Expr::Attribute(method)) = (&function, &*e.func)
            && matches!(method.attr.as_str(), "process" | "resolve")
            && !self.registry.elements.is_empty()
        {
            let (unread, message) = (
                Rc::clone(unread),
                "Which model is processed here is not read",
            );
            self.incomplete(code::INCOMPLETE, at, message.to_owned(), Some(&unread));
        }
        let args = self.arguments(&e.arguments, scope, at)?;
        self.call(&function, args)
    }

    fn zero_argument_super(&self, at: At) -> V<'a> {
        match self.frames.last() {
            Some(frame) => match (&frame.owner, &frame.first) {
                (Some(owner), Some(first)) => V::Super(Rc::new((Rc::clone(owner), first.clone()))),
                _ => V::unread(at, "super() outside a method"),
            },
            None => V::unread(at, "super() outside a method"),
        }
    }

    fn names_as_dict(&mut self, which: &str, scope: &Rc<Scope<'a>>, at: At) -> R<'a> {
        let bound = if which == "globals" {
            scope.global().bound()
        } else {
            scope.bound()
        };
        self.allot(CHARGE + bound.len() * 64, at)?;
        if which == "dir" {
            // Python has names of its own there, more of them in some versions.
            return Ok(V::not_read(at, "the names that `dir()` gives"));
        }
        let mut dict = Dict::default();
        for (name, value) in bound {
            dict.insert(V::str(name), value, None);
        }
        let names = V::dict(dict);
        self.views.push(names.clone());
        self.snapshots.push((None, names.clone()));
        Ok(names)
    }

    fn arguments(
        &mut self,
        arguments: &'a ast::Arguments,
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a, Args<'a>> {
        let mut args = Args::none(at);
        for argument in &arguments.args {
            let here = self.at(argument);
            let Expr::Starred(starred) = argument else {
                let value = self.eval(argument, scope)?;
                args.positional.push((value, here));
                continue;
            };
            match self.eval(&starred.value, scope)? {
                V::Unread(unread) => args.doubt = Some(unread),
                value => {
                    for item in self.items(&value, here)? {
                        args.positional.push((item, here));
                    }
                }
            }
        }
        for keyword in &arguments.keywords {
            let here = self.at(keyword);
            let value = self.eval(&keyword.value, scope)?;
            if let Some(name) = &keyword.arg {
                if args
                    .keywords
                    .iter()
                    .any(|(known, _, _)| **known == *name.as_str())
                {
                    let message = format!("multiple values for keyword argument '{name}'");
                    return self.raise("TypeError", message, here);
                }
                args.keywords.push((name.as_str().into(), value, here));
                continue;
            }
            match super::signature::plain(&value) {
                V::Dict(dict) => {
                    let dict = dict.borrow();
                    args.doubt = args.doubt.or_else(|| dict.doubt.clone());
                    for entry in dict.iter() {
                        let Some(name) = entry.key.as_str() else {
                            return self.raise("TypeError", "keywords must be strings", here);
                        };
                        if args.keywords.iter().any(|(known, _, _)| &**known == name) {
                            let message = format!("multiple values for keyword argument '{name}'");
                            return self.raise("TypeError", message, here);
                        }
                        let at = entry.at.unwrap_or(here);
                        args.keywords.push((name.into(), entry.value.clone(), at));
                    }
                }
                V::Unread(unread) => args.doubt = Some(unread),
                _ => return self.raise("TypeError", "argument after ** is no mapping", here),
            }
        }
        Ok(args)
    }

    /// Calls anything.
    pub(super) fn call(&mut self, function: &V<'a>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        self.step(|_| at)?;
        self.allot(CHARGE, at)?;
        let given: usize = args.positional.iter().map(|(v, _)| v.weight()).sum();
        self.spend(given + function.weight(), at)?;
        if let V::Method(method) = function
            && let Some(unread) = self.touched.why(&method.0)
        {
            let unread = Rc::clone(unread);
            return self.unread_call(&unread, &args);
        }
        let outside = matches!(
            function,
            V::Builtin(_) | V::Type(_) | V::Method(_) | V::Library(_)
        );
        match self.call_one(function, args) {
            // It went through something of which it is unread what it gives.
            Err(exit) if outside && matches!(*exit, Exit::Unread(_)) => {
                let Exit::Unread(unread) = *exit else {
                    return Ok(V::None);
                };
                if let V::Method(method) = function {
                    self.touch(&method.0, &unread);
                }
                Ok(V::beyond(&unread))
            }
            result => result,
        }
    }

    fn call_one(&mut self, function: &V<'a>, mut args: Args<'a>) -> R<'a> {
        let at = args.at;
        match function {
            V::Function(function) => self.call_function(function, args, None),
            V::Bound(bound) => {
                args.positional.insert(0, (bound.1.clone(), at));
                match &bound.0 {
                    V::Function(function) => self.call_function(function, args, None),
                    other => self.call(other, args),
                }
            }
            V::Partial(partial) => {
                let mut all = Args::of(at, partial.positional.iter().cloned());
                all.positional.append(&mut args.positional);
                all.keywords.clone_from(&partial.keywords);
                all.keywords
                    .retain(|(name, _, _)| args.keyword(name).is_none());
                all.keywords.append(&mut args.keywords);
                all.doubt = args.doubt;
                self.call(&partial.function, all)
            }
            V::Builtin(builtin) => self.call_builtin(builtin.name, args),
            V::Method(method) => self.call_method(&method.0, &method.1, args),
            V::Type(name) => self.call_type(name, args),
            V::Class(class) => self.construct(*class, None, args).map(V::Object),
            V::Enum(e) => self.member_by_value(e, &args),
            V::UserClass(class) => self.instantiate(class, args),
            V::Instance(_) => match self.attribute_or_none(function, "__call__", at)? {
                Some(method) => self.call(&method, args),
                None => self.raise("TypeError", "object is not callable", at),
            },
            V::Library(name) => self.call_library(name, args),
            V::Alias(_) if function.union().is_none() => {
                self.call(&function.clone().without_parameters(), args)
            }
            V::ExceptionClass(name) if super::exceptions::takes_more(name) => {
                Ok(V::not_read(at, format!("what `{name}()` is made of")))
            }
            V::ExceptionClass(name) => Ok(V::Exception(Rc::new(super::value::Raised {
                class: Rc::clone(name),
                user: None,
                arguments: args.positional.into_iter().map(|(v, _)| v).collect(),
                words: None,
            }))),
            V::Unread(unread) => self.unread_call(unread, &args),
            V::Iter(iter) if iter.is_manager() => {
                let what = "What a context manager does as a decorator is not read";
                Ok(self.refuse(at, what, "write a `with` in the function"))
            }
            _ => self.raise("TypeError", "object is not callable", at),
        }
    }

    /// Calls a function of the file; `first` is told to `super()` as `self`.
    pub(super) fn call_function(
        &mut self,
        function: &Rc<Function<'a>>,
        args: Args<'a>,
        first: Option<V<'a>>,
    ) -> R<'a> {
        if let Some(answers) = &function.answers {
            return self.remembered(function, answers, args, first);
        }
        if !function.is_async {
            return self.call_body(function, args, first);
        }
        if function.is_generator {
            let what = "An asynchronous generator is not read";
            return Ok(self.refuse(args.at, what, "write a plain one"));
        }
        // It runs where it is awaited, if anywhere.
        let coroutine = Walk::Coroutine(Rc::clone(function), Box::new(args));
        Ok(V::Iter(Iter::new(coroutine)))
    }

    /// Runs a function's body; a generator waits until it is asked for an item.
    pub(super) fn call_body(
        &mut self,
        function: &Rc<Function<'a>>,
        args: Args<'a>,
        first: Option<V<'a>>,
    ) -> R<'a> {
        let at = args.at;
        if self.calls >= super::interpreter::MAX_CALLS {
            let most = super::interpreter::MAX_CALLS;
            return Err(self.limit(at, &format!("more than {most} calls inside one another")));
        }
        let scope = self.keep(Scope::inside(&function.scope));
        scope.declare(&function.locals);
        let first = first.or_else(|| args.get(0).cloned());
        self.bind_parameters(function, args, &scope)?;
        if function.is_generator {
            let generator = Generator {
                function: Rc::clone(function),
                scope,
                first,
                at,
                places: Vec::new(),
                abandoned: Rc::clone(&self.abandoned),
            };
            return Ok(V::Iter(Iter::new(Walk::Generator(Box::new(generator)))));
        }
        let owner = function
            .owner
            .borrow()
            .as_ref()
            .and_then(std::rc::Weak::upgrade);
        self.frames.push(super::interpreter::Frame {
            owner,
            first,
            may_return_more: false,
        });
        self.sites.push(at);
        self.calls += 1;
        let unit = std::mem::replace(&mut self.unit, function.unit);
        let before = self.remember();
        self.poison = false;
        let of_loop = self.leaving.of_loop.take();
        let of_function = self.leaving.of_function.take();
        let may_fail = std::mem::take(&mut self.import_may_fail);
        let result = match function.body {
            Body::Statements(body) => self.run(body, &scope).map(|()| V::None),
            Body::Expression(body) => self.eval(body, &scope),
        };
        self.leaving.of_loop = of_loop;
        let returned = std::mem::replace(&mut self.leaving.of_function, of_function);
        self.settle(before);
        self.import_may_fail = may_fail;
        self.unit = unit;
        self.calls -= 1;
        self.sites.pop();
        let frame = self.frames.pop();
        let value = match result {
            Ok(value) => value,
            Err(exit) => match *exit {
                Exit::Return(value) => value,
                other => return Err(Box::new(other)),
            },
        };
        Ok(match returned {
            // An earlier `return` may have happened instead.
            Some(why) if frame.is_some_and(|frame| frame.may_return_more) => {
                V::unread(why.at, why.why.clone())
            }
            Some(why) => V::perhaps(&why, &value, &V::None),
            None => value,
        })
    }

    fn bind_parameters(
        &mut self,
        function: &Rc<Function<'a>>,
        mut args: Args<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let at = args.at;
        let Some(parameters) = function.parameters else {
            return Ok(());
        };
        let known = parameters.args.len() + parameters.kwonlyargs.len();
        self.spend(known * args.keywords.len() * 8, at)?;
        let positional = parameters.posonlyargs.len() + parameters.args.len();
        let mut given = std::mem::take(&mut args.positional).into_iter();
        let list = parameters.iter_non_variadic_params();
        for (position, parameter) in list.enumerate() {
            let name = parameter.parameter.name.as_str();
            let from_position = if position < positional {
                given.next()
            } else {
                None
            };
            let value = match from_position {
                Some((value, _)) => Some(value),
                None if position < parameters.posonlyargs.len() => None,
                None => args.take(name).map(|(value, _)| value),
            };
            let default = || function.defaults.get(position).cloned().flatten();
            let value = value.or_else(default).or_else(|| {
                let unread = args.doubt.as_ref()?;
                Some(V::Unread(Rc::clone(unread)))
            });
            let Some(value) = value else {
                let message = format!("{}() needs `{name}`", function.name);
                return self.raise("TypeError", message, at);
            };
            scope.set(name, value);
        }
        let rest: Vec<_> = given.map(|(value, _)| value).collect();
        match &parameters.vararg {
            Some(parameter) => scope.set(parameter.name.as_str(), V::tuple(rest)),
            None if !rest.is_empty() => {
                let message = format!("{}() got too many arguments", function.name);
                return self.raise("TypeError", message, at);
            }
            None => {}
        }
        match &parameters.kwarg {
            Some(parameter) => {
                let mut dict = Dict::default();
                dict.doubt = args.doubt;
                for (name, value, at) in args.keywords {
                    dict.insert(V::str(name), value, Some(at));
                }
                scope.set(parameter.name.as_str(), V::dict(dict));
            }
            None => {
                if let Some((name, _, at)) = args.keywords.first() {
                    let message = format!("{}() has no parameter `{name}`", function.name);
                    return self.raise("TypeError", message, *at);
                }
            }
        }
        Ok(())
    }
}
