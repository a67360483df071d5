//! The questions of `tmrs init` at a terminal, where no source says what there is.

use std::io::{BufRead, Result, Write};

use super::prompt::ask;
use crate::inventory::asked::Answers;

/// Asks; `None` when the person leaves.
pub fn answers(input: &mut dyn BufRead, out: &mut dyn Write) -> Result<Option<Answers>> {
    writeln!(
        out,
        "A few questions, for a first model. Several names are parted by commas; Enter leaves one out."
    )?;
    let mut asked = Answers::default();
    let Some(name) = ask("What is the system called? ", input, out)? else {
        return Ok(None);
    };
    asked.name = if name.is_empty() {
        "System".to_owned()
    } else {
        name
    };
    for (question, into) in [
        (
            "Who uses it? Roles, such as Customer, Clerk: ",
            &mut asked.people,
        ),
        (
            "Which programs of yours run? The one that people use first, such as web, api: ",
            &mut asked.programs,
        ),
    ] {
        let Some(said) = ask(question, input, out)? else {
            return Ok(None);
        };
        *into = names(&said);
    }
    if asked.programs.is_empty() {
        // Somebody serves whoever uses it.
        asked.programs.push(asked.name.clone());
    }
    let Some(stores) = ask(
        "Where does it keep data? Such as postgres, redis: ",
        input,
        out,
    )?
    else {
        return Ok(None);
    };
    for store in names(&stores) {
        let first = asked.programs[0].clone();
        let user = if asked.programs.len() > 1 {
            let programs = asked.programs.join(", ");
            let question = format!("Which of {programs} uses {store}? [{first}] ");
            let Some(said) = ask(&question, input, out)? else {
                return Ok(None);
            };
            let known = asked
                .programs
                .iter()
                .find(|known| known.eq_ignore_ascii_case(&said));
            known.cloned().unwrap_or(first)
        } else {
            first
        };
        asked.stores.push((store, user));
    }
    let Some(others) = ask(
        "Which systems of others does it call? Such as Stripe: ",
        input,
        out,
    )?
    else {
        return Ok(None);
    };
    asked.others = names(&others);
    let question = "Can anyone on the internet reach it? [y/N] ";
    let Some(public) = ask(question, input, out)? else {
        return Ok(None);
    };
    asked.is_public = ["y", "yes"].contains(&&*public.to_ascii_lowercase());
    Ok(Some(asked))
}

/// The names in an answer, each once.
fn names(said: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in said
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_what_was_said() {
        let said = "Shop\nCustomer, Clerk\nweb, api\npostgres, redis\napi\n\nStripe\ny\n";
        let mut out = Vec::new();
        let asked = answers(&mut said.as_bytes(), &mut out).unwrap().unwrap();
        assert_eq!(asked.people, ["Customer", "Clerk"]);
        let stores = [("postgres", "api"), ("redis", "web")];
        assert_eq!(
            asked.stores,
            stores.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert!(asked.is_public && asked.others == ["Stripe"]);
        let text = crate::init::first(&crate::inventory::asked::asked(&asked), "tmrs init").text;
        assert!(text.contains("kind: RELATIONAL # answers:4"), "{text}");
        assert!(
            text.contains("api-to-postgres:") && text.contains("internet-to-web:"),
            "{text}"
        );
    }

    #[test]
    fn whoever_leaves_gets_no_model() {
        for said in ["", "Shop\n", "Shop\nCustomer\nweb\n"] {
            let mut out = Vec::new();
            assert!(answers(&mut said.as_bytes(), &mut out).unwrap().is_none());
        }
    }
}
