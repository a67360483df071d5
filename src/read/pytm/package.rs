//! The package `pytm` itself: its names, `pytm.flows`, `pytm.load`.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::namespaces::{self, Member};
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::{At, ObjId, V};
use crate::model::vocabulary::{Class, Enumeration};

impl<'a> Interpreter<'a> {
    /// `pytm.name`, `pytm.pytm.name`, `pytm.flows.name`; nothing if pytm has no such name.
    pub(super) fn pytm_attribute(&mut self, library: &Rc<str>, name: &str) -> Option<V<'a>> {
        match name {
            "__file__" => return Some(V::str(format!("{}/__init__.py", super::paths::PYTM))),
            "__name__" => return Some(V::str(library)),
            _ => {}
        }
        if namespaces::is_module(library) {
            return self.member_of_pytm(library, name);
        }
        // Reports are no part of a model.
        library
            .starts_with("pytm.report_util")
            .then(|| V::Library(format!("{library}.{name}").into()))
    }

    /// What a module of pytm has under a name.
    pub(super) fn member_of_pytm(&mut self, module: &str, name: &str) -> Option<V<'a>> {
        Some(match namespaces::member(module, name)? {
            Member::Class(class) => V::Class(class),
            Member::Enum(e) => V::Enum(e),
            Member::Library(full) => match full.rsplit_once('.') {
                Some(("typing", name)) => self.library_attribute(&"typing".into(), name),
                _ => V::Library(full.into()),
            },
        })
    }

    /// Refuses a name that pytm does not have.
    pub(super) fn no_such_name(&mut self, name: &str, at: At) -> V<'a> {
        let classes = Class::ALL.into_iter().map(Class::name);
        let names = classes.chain(crate::model::vocabulary::ENUMS.iter().map(|e| e.name));
        let help = match crate::notice::nearest(name, names) {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None => "`tmrs describe` lists the classes of pytm".to_owned(),
        };
        self.refuse(at, format!("pytm has no `{name}`; Python stops here"), help)
    }

    /// A function of pytm.
    pub(super) fn pytm_function(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        match name {
            "req_reply" => self.request_and_reply(args),
            "reply" => self.reply(args),
            "load" | "loads" => self.load_model(&args),
            // They print, and say what the command line says.
            "_describe_classes" | "_list_elements" | "sev_to_color" => Ok(V::None),
            "Threat" => self.threat(args),
            "get_args" => Ok(V::outside(args.at, "the command line of pytm is not read")),
            _ => {
                let what = format!("What `pytm.{name}()` does is not read");
                Ok(self.refuse(args.at, what, "build the model with pytm's classes"))
            }
        }
    }

    fn request_and_reply(&mut self, mut args: Args<'a>) -> R<'a> {
        let at = args.at;
        let mut parts = Vec::new();
        for name in ["src", "dest", "req_name"] {
            match args.take(name) {
                Some(part) => parts.push(part),
                None => return self.raise("TypeError", format!("req_reply() needs `{name}`"), at),
            }
        }
        let given = args
            .take("reply_name")
            .filter(|(name, _)| !matches!(name, V::None));
        let (reply_name, reply_at) = match given {
            Some(given) => given,
            None => (self.reply_name(&parts[2].0, at)?, parts[2].1),
        };
        let flow = |a: &(V<'a>, At), b: &(V<'a>, At), name: (V<'a>, At)| Args {
            positional: vec![a.clone(), b.clone(), name],
            keywords: Vec::new(),
            at,
            doubt: None,
        };
        let request = flow(&parts[0], &parts[1], parts[2].clone());
        let request = V::Object(self.construct(Class::Dataflow, None, request)?);
        let reply = flow(&parts[1], &parts[0], (reply_name, reply_at));
        let reply = self.construct(Class::Dataflow, None, reply)?;
        self.say(reply, "responseTo", request.clone(), at)?;
        Ok(V::tuple(vec![request, V::Object(reply)]))
    }

    fn reply(&mut self, mut args: Args<'a>) -> R<'a> {
        let at = args.at;
        let Some((request, request_at)) = args.take("req") else {
            return self.raise("TypeError", "reply() needs a request", at);
        };
        let V::Object(id) = &request else {
            return Ok(V::unread(at, "the reply to an unread flow"));
        };
        let named = args
            .keywords
            .iter()
            .position(|(name, _, _)| &**name == "name");
        let name = if let Some(position) = named {
            let (_, name, at) = args.keywords.remove(position);
            (name, at)
        } else {
            let name = self.object_attribute(*id, "name", at)?;
            (self.reply_name(&name, at)?, request_at)
        };
        let source = self.object_attribute(*id, "sink", at)?;
        let sink = self.object_attribute(*id, "source", at)?;
        args.positional = vec![(source, request_at), (sink, request_at), name];
        let reply = self.construct(Class::Dataflow, None, args)?;
        self.say(reply, "responseTo", request.clone(), at)?;
        Ok(V::tuple(vec![request, V::Object(reply)]))
    }

    fn reply_name(&mut self, name: &V<'a>, at: At) -> R<'a> {
        Ok(match self.text_of(name, at)? {
            Ok(name) => V::str(format!("Reply to {name}")),
            Err(unread) => unread,
        })
    }

    /// `pytm.load(file)`: a whole model as pytm writes it to JSON.
    fn load_model(&mut self, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let given = args.positional.iter().map(|(value, _)| value.clone());
        let data = self.load_data(Args::of(at, given), "json", &"json.load".into())?;
        let V::Dict(data) = data else {
            if let V::Unread(unread) = &data {
                let message = "The model that is loaded here is not read".to_owned();
                let unread = Rc::clone(unread);
                self.incomplete(crate::notice::code::INCOMPLETE, at, message, Some(&unread));
            }
            return Ok(data);
        };
        let data = data.borrow().clone();
        let boundaries = self.loaded(&data, "boundaries", Class::Boundary, at)?;
        for (dict, id) in &boundaries.made {
            if let Some(entry) = dict.entry(&V::str("inBoundary")) {
                let parent = boundaries.get(&entry.value);
                self.say(*id, "inBoundary", parent, entry.at.unwrap_or(at))?;
            }
        }
        let pieces = self.loaded(&data, "data", Class::Data, at)?;
        let elements = self.loaded_elements(&data, &boundaries, at)?;
        self.loaded_flows(&data, &elements, &pieces, at)?;
        let mut tm = Args::none(data.at.unwrap_or(at));
        for entry in data.iter() {
            let name = entry.key.as_str().unwrap_or("");
            if !matches!(name, "boundaries" | "data" | "elements" | "flows") {
                let at = entry.at.unwrap_or(at);
                tm.keywords.push((name.into(), entry.value.clone(), at));
            }
        }
        self.construct(Class::TM, None, tm).map(V::Object)
    }

    /// The objects of one section, with their names and their entries.
    fn loaded(
        &mut self,
        data: &Dict<'a>,
        section: &str,
        class: Class,
        at: At,
    ) -> R<'a, Loaded<'a>> {
        let mut loaded = Loaded::default();
        for item in self.section(data, section, at)? {
            let mut kept = item.clone();
            kept.remove(&V::str("inBoundary"));
            if class == Class::Data {
                for (key, attribute, of) in MEMBERS {
                    if let Some(name) = kept.remove(&V::str(key)) {
                        let at = item.entry(&V::str(key)).and_then(|entry| entry.at);
                        kept.insert(V::str(attribute), member(of, name), at);
                    }
                }
            }
            let id = self.object_of_dict(class, &kept, at)?;
            loaded.add(&item, id);
        }
        Ok(loaded)
    }

    fn section(&mut self, data: &Dict<'a>, section: &str, at: At) -> R<'a, Vec<Dict<'a>>> {
        let Some(list) = data.named(section).cloned() else {
            return Ok(Vec::new());
        };
        let items = self.items(&list, at)?;
        Ok(items
            .iter()
            .filter_map(|item| match item {
                V::Dict(dict) => Some(dict.borrow().clone()),
                _ => None,
            })
            .collect())
    }

    fn loaded_elements(
        &mut self,
        data: &Dict<'a>,
        boundaries: &Loaded<'a>,
        at: At,
    ) -> R<'a, Loaded<'a>> {
        let mut loaded = Loaded::default();
        for item in self.section(data, "elements", at)? {
            let mut kept = item.clone();
            let class = match kept.remove(&V::str("__class__")) {
                Some(V::Str(name)) => Class::named(&name.text),
                _ => Some(Class::Asset),
            };
            if let Some(entry) = item.entry(&V::str("inBoundary")) {
                let boundary = boundaries.get(&entry.value);
                kept.insert(V::str("inBoundary"), boundary, entry.at);
            }
            let Some(class) = class.filter(|class| class.is_element()) else {
                let at = item.at.unwrap_or(at);
                return self.raise("ValueError", "unknown element class", at);
            };
            let id = self.object_of_dict(class, &kept, at)?;
            loaded.add(&item, id);
        }
        Ok(loaded)
    }

    fn loaded_flows(
        &mut self,
        data: &Dict<'a>,
        elements: &Loaded<'a>,
        pieces: &Loaded<'a>,
        at: At,
    ) -> R<'a, ()> {
        for item in self.section(data, "flows", at)? {
            let mut kept = item.clone();
            for end in ["source", "sink"] {
                if let Some(entry) = item.entry(&V::str(end)) {
                    kept.insert(V::str(end), elements.get(&entry.value), entry.at);
                }
            }
            if let Some(entry) = item.entry(&V::str("data")) {
                let at = entry.at.unwrap_or(at);
                let names = self.items(&entry.value.clone(), at)?;
                let carried = names.iter().map(|name| pieces.get(name)).collect();
                kept.insert(V::str("data"), V::list(carried), entry.at);
            }
            self.object_of_dict(Class::Dataflow, &kept, at)?;
        }
        Ok(())
    }
}

/// What Data of a loaded model says by the name of a member: the key, the attribute, the enum.
const MEMBERS: [(&str, &str, &str); 2] = [
    ("classification", "classification", "Classification"),
    ("lifetime", "credentialsLife", "Lifetime"),
];

/// The member of that name; what names none stays, and is refused as such.
fn member<'a>(of: &str, name: V<'a>) -> V<'a> {
    let of = Enumeration::named(of);
    let found = of.and_then(|of| Some(V::Member(of, of.position(name.as_str()?)?)));
    found.unwrap_or(name)
}

/// What a section of a loaded model holds.
#[derive(Default)]
struct Loaded<'a> {
    made: Vec<(Dict<'a>, ObjId)>,
    names: BTreeMap<String, ObjId>,
}

impl<'a> Loaded<'a> {
    fn add(&mut self, item: &Dict<'a>, id: ObjId) {
        if let Some(name) = item.named("name").and_then(V::as_str) {
            self.names.insert(name.to_owned(), id);
        }
        self.made.push((item.clone(), id));
    }

    /// The object of that name; text that names none stays text, and is refused as such.
    fn get(&self, name: &V<'a>) -> V<'a> {
        match name.as_str().and_then(|name| self.names.get(name)) {
            Some(id) => V::Object(*id),
            None => name.clone(),
        }
    }
}
