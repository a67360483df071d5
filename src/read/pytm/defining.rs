//! `def` statements: decorators, defaults, generators.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::V;
use super::value::function::{Args, Binding, Body, Function};
use super::value::scope::Scope;
use crate::syntax::python::ast::{self, Stmt};

impl<'a> Interpreter<'a> {
    /// Makes a function of a definition, with its decorators.
    pub(super) fn define(&mut self, s: &'a ast::StmtFunctionDef, scope: &Rc<Scope<'a>>) -> R<'a> {
        let mut binding = Binding::Plain;
        self.allot(super::interpreter::CHARGE, self.at(&s.name))?;
        let mut decorators = Vec::new();
        let mut answers = None;
        let mut is_abstract = false;
        let mut is_renamed = false;
        let mut is_manager = false;
        let mut fixture = None;
        for decorator in &s.decorator_list {
            let at = self.at(decorator);
            let value = self.eval(&decorator.expression, scope)?;
            match noted_by_pytest(&decorator.expression, scope) {
                Some("mark") => continue,
                Some("fixture") => {
                    fixture.get_or_insert(at);
                    continue;
                }
                _ => {}
            }
            match &value {
                V::Type("staticmethod") => binding = Binding::Static,
                V::Type("classmethod") => binding = Binding::Class,
                V::Type("property") => binding = Binding::Property,
                V::Library(name) => match &**name {
                    "abc.abstractproperty" => {
                        binding = Binding::Property;
                        is_abstract = true;
                    }
                    "functools.cached_property" => binding = Binding::Cached,
                    "abc.abstractmethod" => is_abstract = true,
                    name if name.starts_with("functools.cache")
                        && name != "functools.cached_property"
                        || name.starts_with("functools.lru_cache") =>
                    {
                        answers = self
                            .answers(name)
                            .map(|known| (known, at, decorators.len()));
                    }
                    "contextlib.contextmanager" => is_manager = true,
                    "functools.wraps()" => is_renamed = true,
                    name if TRANSPARENT.contains(&name) => {}
                    _ => decorators.push((value, at)),
                },
                V::Method(method)
                    if matches!(
                        (&method.0, &*method.1),
                        (V::Function(_), "setter" | "getter" | "deleter")
                    ) =>
                {
                    return self.accessor(s, &method.0.clone(), &method.1.clone(), scope);
                }
                _ => decorators.push((value, at)),
            }
        }
        if let Some((_, at, above)) = answers
            && (s.is_async || decorators.len() > above)
        {
            let what = "What remembers the answers of such a function is not read";
            let unread = self.refuse(at, what, "leave the decorator out");
            decorators.insert(above, (unread, at));
        }
        let answers = answers.map(|(known, ..)| known);
        let mut value = V::Function(Rc::new(Function {
            binding,
            is_manager,
            is_abstract,
            is_renamed: std::cell::Cell::new(is_renamed),
            answers,
            ..self.function_of(s, scope)?
        }));
        for (decorator, at) in decorators.into_iter().rev() {
            value = self.call(&decorator, Args::of(at, [value]))?;
        }
        // pytest alone may call one.
        Ok(fixture.map_or(value, |at| V::not_read(at, "a fixture of pytest")))
    }

    fn function_of(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Function<'a>> {
        let mut annotations: Vec<&'a ast::Expr> = s
            .parameters
            .iter()
            .filter_map(ast::AnyParameterRef::annotation)
            .collect();
        annotations.extend(s.returns.as_deref());
        self.annotations(&annotations, s.type_params.as_deref(), scope);
        Ok(Function {
            name: s.name.as_str().into(),
            unit: self.unit,
            parameters: Some(&s.parameters),
            defaults: self.defaults(Some(&s.parameters), scope)?,
            body: Body::Statements(&s.body),
            scope: scope.closure(),
            binding: Binding::Plain,
            is_generator: yields(&s.body),
            is_async: s.is_async,
            is_renamed: std::cell::Cell::new(false),
            is_abstract: false,
            setter: None,
            answers: None,
            is_manager: false,
            locals: super::locals::of(&s.body),
            owner: std::cell::RefCell::default(),
        })
    }

    /// `@name.setter`: the property with another function to set it.
    fn accessor(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        property: &V<'a>,
        which: &str,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a> {
        let V::Function(getter) = property else {
            return Ok(property.clone());
        };
        if which != "setter" {
            let at = self.at(&s.name);
            let what = format!("A property's `{which}` is not read");
            return Ok(self.refuse(at, what, "write a method"));
        }
        let setter = Rc::new(self.function_of(s, scope)?);
        Ok(V::Function(Rc::new(Function {
            setter: Some(setter),
            answers: getter.answers.clone(),
            defaults: getter.defaults.clone(),
            is_renamed: getter.is_renamed.clone(),
            locals: Rc::clone(&getter.locals),
            owner: std::cell::RefCell::default(),
            scope: Rc::clone(&getter.scope),
            name: Rc::clone(&getter.name),
            ..**getter
        })))
    }

    /// Annotations are not looked at: one that calls something, or names what is not there, is
    /// refused, unless it is never evaluated. Python evaluates them until version 3.13.
    pub(super) fn annotations(
        &mut self,
        annotations: &[&'a ast::Expr],
        parameters: Option<&'a ast::TypeParams>,
        scope: &Rc<Scope<'a>>,
    ) {
        use ast::visitor::{Visitor, walk_expr};
        #[derive(Default)]
        struct Looked<'t> {
            call: Option<&'t ast::Expr>,
            names: Vec<&'t ast::ExprName>,
        }
        impl<'t> Visitor<'t> for Looked<'t> {
            fn visit_expr(&mut self, expr: &'t ast::Expr) {
                match expr {
                    ast::Expr::Call(_) | ast::Expr::Named(_) | ast::Expr::Await(_) => {
                        self.call.get_or_insert(expr);
                    }
                    ast::Expr::Name(name) => self.names.push(name),
                    _ => walk_expr(self, expr),
                }
            }
        }
        let mut looked = Looked::default();
        for annotation in annotations {
            looked.visit_expr(annotation);
        }
        let is_there = |name: &&&ast::ExprName| {
            let name = name.id.as_str();
            let mut parameters = parameters.into_iter().flat_map(|it| it.iter());
            scope.get(name).is_some()
                || super::builtin_names::named(name).is_some()
                || parameters.any(|parameter| parameter.name().as_str() == name)
        };
        let missing = looked.names.iter().find(|name| !is_there(name)).copied();
        if looked.call.is_none() && missing.is_none() {
            return;
        }
        let postponed = self.current().module.as_ref().is_some_and(|module| {
            module.body.iter().any(|statement| {
                matches!(statement, Stmt::ImportFrom(s)
                    if s.module.as_ref().is_some_and(|name| name.as_str() == "__future__")
                        && s.names.iter().any(|alias| alias.name.as_str() == "annotations"))
            })
        });
        if postponed {
            return;
        }
        if let Some(call) = looked.call {
            let what = "A call in an annotation is not read";
            let at = self.at(call);
            self.refuse(at, what, "give it a name in a statement of its own");
        }
        if let Some(missing) = missing {
            let name = missing.id.as_str();
            let what = format!("`{name}` is nothing where this annotation names it");
            self.refuse(
                self.at(missing),
                what,
                "define it before, or put quotes around it",
            );
        }
    }

    pub(super) fn defaults(
        &mut self,
        parameters: Option<&'a ast::Parameters>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Vec<Option<V<'a>>>> {
        let mut defaults = Vec::new();
        for parameter in parameters
            .iter()
            .flat_map(|parameters| parameters.iter_non_variadic_params())
        {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.eval(default, scope)?),
                None => None,
            });
        }
        Ok(defaults)
    }
}

/// Decorators of the library that leave a function as it is called.
const TRANSPARENT: &[&str] = &[
    "contextlib.contextmanager",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
];

/// Whether a function's own statements yield.
fn yields(body: &[Stmt]) -> bool {
    use ast::visitor::{Visitor, walk_expr, walk_stmt};
    struct Finder(bool);
    impl<'t> Visitor<'t> for Finder {
        fn visit_stmt(&mut self, stmt: &'t Stmt) {
            if !self.0 && !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'t ast::Expr) {
            match expr {
                ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => self.0 = true,
                ast::Expr::Lambda(_) => {}
                _ => walk_expr(self, expr),
            }
        }
    }
    let mut finder = Finder(false);
    for statement in body {
        finder.visit_stmt(statement);
    }
    finder.0
}

/// What pytest only notes down for when tests run, by the word behind its name: a `mark` or a
/// `fixture`.
fn noted_by_pytest<'t>(decorator: &'t ast::Expr, scope: &Scope<'_>) -> Option<&'t str> {
    let mut of = match decorator {
        ast::Expr::Call(call) => &*call.func,
        of => of,
    };
    let mut word = None;
    while let ast::Expr::Attribute(attribute) = of {
        word = Some(attribute.attr.as_str());
        of = &attribute.value;
    }
    let ast::Expr::Name(name) = of else {
        return None;
    };
    match scope.get(name.id.as_str())? {
        V::Library(library) if &*library == "pytest" => word,
        _ => None,
    }
}
