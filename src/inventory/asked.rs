//! Layer `inventory`: what a person answers about a system, where no file says it.

use super::gathered::{Found, Gathered, INTERNET, Mention, To, id_of};
use super::{Fact, Inventory, Zone, images, join};
use crate::model::vocabulary::Class;
use crate::source::{Place, RepoPath, Source, Span};

/// The answers.
#[derive(Debug, Default)]
pub struct Answers {
    /// What the system is called.
    pub name: String,
    /// People and roles that use it.
    pub people: Vec<String>,
    /// Programs; what people use stands first.
    pub programs: Vec<String>,
    /// Stores, each with the program that uses it.
    pub stores: Vec<(String, String)>,
    /// Systems of others that it calls.
    pub others: Vec<String>,
    /// Whether anyone on the internet reaches it.
    pub is_public: bool,
}

/// What follows from the answers; each is a line of a file that is called `answers`.
pub fn asked(answers: &Answers) -> Inventory {
    let stores: Vec<&str> = answers
        .stores
        .iter()
        .map(|(store, _)| store.as_str())
        .collect();
    let lines = [
        answers.name.clone(),
        answers.people.join(", "),
        answers.programs.join(", "),
        stores.join(", "),
        answers.others.join(", "),
        answers.is_public.to_string(),
    ];
    let path = RepoPath::new("answers").unwrap_or_default();
    let source = Source::new(path, lines.join("\n"));
    let mut start = 0;
    let places = lines.map(|line| {
        let place = source.place(Span::new(start, start + line.len()));
        start += line.len() + 1;
        place
    });
    let [name, people, programs, stores, others, public] = &places;
    let zone = id_of(&answers.name);
    let mut gathered = Gathered {
        name: Some((answers.name.clone(), name.clone())),
        zones: vec![Zone {
            id: zone.clone(),
            name: answers.name.clone(),
            inside: None,
            facts: Vec::new(),
            place: name.clone(),
        }],
        ..Gathered::default()
    };
    let first = answers.programs.first().map(|program| id_of(program));
    let mut add = |name: &str, class: Class, place: &Place, is_inside: bool, facts: Vec<Fact>| {
        gathered.parts.push(Found {
            id: id_of(name),
            name: name.to_owned(),
            class,
            is_certain: true,
            class_place: place.clone(),
            zone: is_inside.then(|| (zone.clone(), place.clone())),
            hosts: Vec::new(),
            facts,
            place: place.clone(),
        });
    };
    for person in &answers.people {
        add(person, Class::Actor, people, false, Vec::new());
    }
    for program in &answers.programs {
        let is_public = answers.is_public && first.as_deref() == Some(&*id_of(program));
        let facts = is_public.then(|| Fact::flag("isInternetFacing", true, public));
        add(
            program,
            Class::Server,
            programs,
            true,
            facts.into_iter().collect(),
        );
    }
    for (store, _) in &answers.stores {
        let row = images::recognised(store).filter(|row| row.class() == Class::Datastore);
        let facts = row.map_or_else(Vec::new, |row| row.facts(stores));
        add(store, Class::Datastore, stores, true, facts);
    }
    for other in &answers.others {
        add(other, Class::ExternalEntity, others, false, Vec::new());
    }
    let mut call = |from: &str, to: &str, place: &Place| {
        let to = To::Part(to.to_owned());
        gathered.mention(Mention::new(from, to, place));
    };
    if let Some(first) = &first {
        if answers.is_public {
            call(INTERNET, first, public);
        }
        for person in &answers.people {
            call(&id_of(person), first, people);
        }
        for program in answers.programs.iter().skip(1) {
            call(first, &id_of(program), programs);
        }
        for other in &answers.others {
            call(first, &id_of(other), others);
        }
    }
    for (store, program) in &answers.stores {
        call(&id_of(program), &id_of(store), stores);
    }
    join::join(gathered)
}
