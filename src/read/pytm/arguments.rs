//! `argparse`: without arguments, every option has its default.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::V;
use super::value::function::Args;

impl<'a> Interpreter<'a> {
    /// A function of `argparse` or a method of one of its parsers, which are
    /// named `argparse.#N`.
    pub(super) fn argparse(&mut self, full: &str, name: &str, args: Args<'a>) -> R<'a> {
        let owner = full
            .split_once('#')
            .and_then(|(_, rest)| rest.split('.').next())
            .and_then(|number| number.parse::<u32>().ok());
        match (name, owner) {
            ("ArgumentParser" | "add_parser", _)
                if args.keyword("parents").is_some()
                    || args.keyword("argument_default").is_some() =>
            {
                let what = "A parser that takes options or defaults from elsewhere is not read";
                Ok(self.refuse(args.at, what, "add the options to the parser itself"))
            }
            ("ArgumentParser" | "add_parser", _) => {
                let number = self.parsers.len() as u32;
                self.parsers.insert(number, Vec::new());
                Ok(V::Library(format!("argparse.#{number}").into()))
            }
            ("add_argument", Some(owner)) => {
                let option = option(&args);
                if let (Some(option), Some(known)) = (option, self.parsers.get_mut(&owner)) {
                    known.push(option);
                }
                Ok(V::None)
            }
            ("set_defaults", Some(owner)) => {
                if let Some(known) = self.parsers.get_mut(&owner) {
                    for (name, value, _) in args.keywords {
                        known.retain(|(option, _)| *option != name);
                        known.push((name, value));
                    }
                }
                Ok(V::None)
            }
            (
                "add_argument_group" | "add_mutually_exclusive_group" | "add_subparsers",
                Some(owner),
            ) => {
                if let Some(name) = args.keyword("dest").and_then(V::as_str)
                    && let Some(known) = self.parsers.get_mut(&owner)
                {
                    known.push((name.into(), V::None));
                }
                Ok(V::Library(format!("argparse.#{owner}").into()))
            }
            ("parse_args" | "parse_known_args", Some(_))
                if args
                    .either(0, "args")
                    .is_some_and(|given| !matches!(given, V::None)) =>
            {
                let what = "A command line that a model makes for itself is not read";
                Ok(self.refuse(args.at, what, "write the values where they are used"))
            }
            ("parse_args" | "parse_known_args", Some(owner)) => {
                let options = self.parsers.get(&owner).cloned().unwrap_or_default();
                let namespace = self.namespace("Namespace", options);
                Ok(if name == "parse_args" {
                    namespace
                } else {
                    V::tuple(vec![namespace, V::list(Vec::new())])
                })
            }
            ("error" | "exit", Some(_)) => self.raise("SystemExit", "exit", args.at),
            ("print_help" | "print_usage", Some(_)) => Ok(V::None),
            (_, Some(_)) => Ok(V::not_read(args.at, format!("{name}() of a parser"))),
            (_, None) => Ok(V::unread(args.at, format!("{full}() is not run"))),
        }
    }
}

/// An option's destination and the value it has when nobody gives one.
fn option<'a>(args: &Args<'a>) -> Option<(Rc<str>, V<'a>)> {
    let names: Vec<&str> = args
        .positional
        .iter()
        .filter_map(|(v, _)| v.as_str())
        .collect();
    let long = names.iter().find(|name| name.starts_with("--"));
    let chosen = long.or_else(|| names.first())?;
    let suppressed =
        |value: &V<'a>| matches!(value, V::Library(name) if &**name == "argparse.SUPPRESS");
    if matches!(
        args.keyword("action").and_then(V::as_str),
        Some("help" | "version")
    ) || args.keyword("default").is_some_and(suppressed)
    {
        return None;
    }
    let name = match args.keyword("dest").and_then(V::as_str) {
        Some(name) => name.to_owned(),
        None if chosen.starts_with('-') => chosen.trim_start_matches('-').replace('-', "_"),
        None => (*chosen).to_owned(),
    };
    let may_be_left_out = match args.keyword("nargs").and_then(V::as_str) {
        _ if chosen.starts_with('-') => !args
            .keyword("required")
            .is_some_and(|v| !matches!(v, V::Bool(false))),
        nargs => matches!(nargs, Some("?" | "*")),
    };
    let default = match args.keyword("default") {
        _ if !may_be_left_out => {
            V::unread(args.at, format!("the argument {name} of the command line"))
        }
        // Text is converted as if it stood on the command line.
        Some(V::Str(_))
            if args
                .keyword("type")
                .is_some_and(|to| !matches!(to, V::Type("str"))) =>
        {
            V::not_read(
                args.at,
                format!("what `type` makes of the default of {name}"),
            )
        }
        Some(default) => default.clone(),
        None => match args.keyword("action").and_then(V::as_str) {
            Some("store_true") => V::Bool(false),
            Some("store_false") => V::Bool(true),
            _ if chosen.starts_with('-') => V::None,
            _ => match args.keyword("nargs").and_then(V::as_str) {
                Some("*") => V::list(Vec::new()),
                _ => V::None,
            },
        },
    };
    Some((name.into(), default))
}
