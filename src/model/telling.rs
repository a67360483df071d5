//! How it is told what a model says of an attribute, and what it leaves open: in sentences,
//! where [`super::asking`] has the questions.

use super::asking::of_one;

/// What is said of an attribute, as far as sentences differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held<'a> {
    /// It is true.
    Yes,
    /// It is false.
    No,
    /// It is empty.
    Nothing,
    /// It has this value, in words.
    Value(&'a str),
}

/// What nobody said, as it goes on from “nobody said”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// `whether X` and this: several about one thing can share the word.
    Whether(String),
    /// All of it.
    Other(String),
}

/// What an element does or is, after its name: `does not check who is calling`. `None` for
/// attributes that the vocabulary has no words for.
pub fn predicate(attribute: &str, held: Held<'_>) -> Option<String> {
    match held {
        Held::Yes => holds(attribute),
        Held::No => {
            let asked = of_one(attribute)?;
            if let Some(rest) = asked.strip_prefix("{does} {} ") {
                return Some(format!("does not {}", short(rest)));
            }
            if let Some(rest) = asked.strip_prefix("{has} {} ") {
                return Some(format!("has not {}", short(rest)));
            }
            let rest = asked.strip_prefix("{is} {} ")?;
            Some(format!("is not {}", short(rest)))
        }
        Held::Nothing => Some(format!("states no {attribute}")),
        Held::Value("NONE") if attribute == "tlsVersion" => Some("uses no TLS".to_owned()),
        Held::Value(value) => {
            let at = SAID
                .binary_search_by_key(&attribute, |(name, _)| name)
                .ok()?;
            Some(SAID[at].1.replace("{v}", value))
        }
    }
}

/// What nobody said about an attribute of a thing of that name, which may be “it”.
pub fn open(attribute: &str, name: &str) -> Open {
    if let Ok(at) = OPEN.binary_search_by_key(&attribute, |(known, _)| known) {
        return Open::Other(OPEN[at].1.replace("{}", name));
    }
    if let Some(predicate) = holds(attribute) {
        return Open::Whether(predicate);
    }
    let asked = of_one(attribute);
    let told = asked.as_deref().and_then(|asked| {
        let asked = asked.trim_end_matches('?');
        let (before, verb) = match asked.split_once("{does} {} ") {
            Some((before, rest)) => (before, third_person(rest)),
            None => {
                let (before, rest) = asked.split_once("{is} {}")?;
                (before, format!("is{rest}"))
            }
        };
        Some(format!("{}{name} {}", lower(before), short(&verb)))
    });
    Open::Other(told.unwrap_or_else(|| format!("what {attribute} of {name} is")))
}

/// What is so where the answer to the question about an attribute is yes.
fn holds(attribute: &str) -> Option<String> {
    if let Ok(at) = HOLDS.binary_search_by_key(&attribute, |(name, _)| name) {
        return Some(HOLDS[at].1.to_owned());
    }
    let asked = of_one(attribute)?;
    if let Some(rest) = asked.strip_prefix("{does} {} ") {
        return Some(third_person(short(rest)));
    }
    for (verb, told) in [("{is} {} ", "is"), ("{has} {} ", "has")] {
        if let Some(rest) = asked.strip_prefix(verb) {
            return Some(format!("{told} {}", short(rest)));
        }
    }
    None
}

/// Without what only helps to understand a question: its examples.
fn short(asked: &str) -> &str {
    let asked = asked.trim_end_matches('?');
    let examples = [": ", ", for example", ", such as", ", as "];
    let ends = examples.iter().filter_map(|word| asked.find(word));
    asked
        .get(..ends.min().unwrap_or(asked.len()))
        .unwrap_or(asked)
}

/// The same with its first word, a verb, in the third person.
fn third_person(stem: &str) -> String {
    let (verb, rest) = match stem.split_once([' ', ',']) {
        Some((verb, _)) => stem.split_at(verb.len()),
        None => (stem, ""),
    };
    let consonant_and_y = verb
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    let sibilant = ["s", "x", "z", "ch", "sh", "o"];
    let verb = match (verb, consonant_and_y) {
        ("have", _) => "has".to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        _ if sibilant.iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
        _ => format!("{verb}s"),
    };
    format!("{verb}{rest}")
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Of attributes whose question has more than one verb.
static HOLDS: &[(&str, &str)] = &[
    ("buildsSoftware", "builds, tests or deploys software"),
    (
        "controlsPageScripts",
        "keeps a list of the scripts on its payment pages and notices changes to them",
    ),
    ("hasAgentCapabilities", "chooses and calls tools"),
    ("isProxy", "only passes requests on"),
    (
        "isPublic",
        "serves or keeps only what is meant for everyone",
    ),
    ("isResponse", "answers another flow"),
    (
        "minimisesData",
        "keeps and passes on only the data that the purpose needs",
    ),
    (
        "scansDependencies",
        "tracks code of others and checks it for known flaws",
    ),
];

/// Of attributes whose values are more than yes and no.
static SAID: &[(&str, &str)] = &[
    ("OS", "runs on {v}"),
    (
        "authenticationScheme",
        "has its callers prove who they are by {v}",
    ),
    ("classification", "is {v}"),
    ("codeType", "is written in {v} code"),
    ("credentialsLife", "has the lifetime {v}"),
    ("data", "carries {v}"),
    ("description", "is described as {v}"),
    ("dstPort", "goes to port {v}"),
    ("environment", "runs in {v}"),
    ("format", "has the format {v}"),
    ("inBoundary", "stands in {v}"),
    ("inputs", "receives {v}"),
    ("kind", "is of the kind {v}"),
    ("levels", "stands on level {v}"),
    ("maxClassification", "may hold data up to {v}"),
    ("minTLSVersion", "accepts {v} and later"),
    ("name", "is called {v}"),
    ("order", "has the number {v}"),
    ("outputs", "sends {v}"),
    ("port", "listens on port {v}"),
    ("protocol", "uses {v}"),
    ("protocolKind", "speaks {v}"),
    ("response", "is answered by {v}"),
    ("responseTo", "answers {v}"),
    ("sink", "goes to {v}"),
    ("source", "comes from {v}"),
    ("srcPort", "comes from port {v}"),
    ("technologies", "is built with {v}"),
    ("tlsVersion", "uses {v}"),
    ("trust", "is {v}"),
    ("type", "is of the type {v}"),
    ("usesEncryptionAlgorithm", "is encrypted with {v}"),
];

/// Of attributes that are asked for in other words, or not at all.
static OPEN: &[(&str, &str)] = &[
    (
        "authenticationScheme",
        "by which scheme the callers of {} prove who they are",
    ),
    ("data", "which data {} carries"),
    ("description", "what {} is for"),
    ("dstPort", "to which port {} goes"),
    ("environment", "in which stage {} runs"),
    ("format", "in which format {} is"),
    ("inBoundary", "in which boundary {} stands"),
    ("inputs", "what {} receives"),
    ("kind", "what kind of store {} is"),
    ("maxClassification", "how confidential data in {} may be"),
    (
        "minTLSVersion",
        "what the oldest TLS version is that {} accepts",
    ),
    ("outputs", "what {} sends"),
    ("port", "on which port {} listens"),
    ("protocolKind", "which protocol {} uses"),
    ("technologies", "with what {} is built"),
    ("trust", "who controls what is in {}"),
    ("type", "of which type {} is"),
    ("usesEncryptionAlgorithm", "which algorithm encrypts {}"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::Class;

    #[test]
    fn the_tables_are_sorted_and_speak_of_what_the_vocabulary_has() {
        for table in [HOLDS, SAID, OPEN] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
            for (name, _) in table {
                let mut classes = Class::ALL.iter();
                let is_known = classes.any(|class| class.attribute(name).is_some());
                assert!(is_known || *name == "name", "{name} is no attribute");
            }
        }
    }

    #[test]
    fn everything_that_is_asked_by_yes_or_no_can_be_told() {
        let mut told = 0;
        for class in Class::ALL {
            for attribute in class.attributes() {
                let asked = of_one(attribute.name).unwrap_or_default();
                if asked.starts_with('{') {
                    let yes = predicate(attribute.name, Held::Yes);
                    let no = predicate(attribute.name, Held::No);
                    assert!(
                        yes.is_some() && no.is_some() && yes != no,
                        "{}",
                        attribute.name
                    );
                    told += 1;
                }
            }
        }
        assert!(told > 100);
    }

    #[test]
    fn what_is_said_reads_as_english() {
        let cases = [
            (
                "authenticatesSource",
                Held::No,
                "does not check who is calling",
            ),
            ("authenticatesSource", Held::Yes, "checks who is calling"),
            ("isHardened", Held::No, "is not hardened"),
            ("usesXMLParser", Held::Yes, "parses XML"),
            (
                "changesThings",
                Held::Yes,
                "has tools that change data or make things happen",
            ),
            ("isCredentials", Held::Yes, "lets someone log in"),
            ("tlsVersion", Held::Value("TLSv11"), "uses TLSv11"),
            ("tlsVersion", Held::Value("NONE"), "uses no TLS"),
            ("protocol", Held::Nothing, "states no protocol"),
            (
                "codeType",
                Held::Value("Managed"),
                "is written in Managed code",
            ),
        ];
        for (attribute, held, expected) in cases {
            assert_eq!(predicate(attribute, held).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_open_reads_as_english() {
        let whether = |text: &str| Open::Whether(text.to_owned());
        let other = |text: &str| Open::Other(text.to_owned());
        let cases = [
            (
                "verifiesTokens",
                whether("checks signature, issuer, audience and expiry of tokens"),
            ),
            ("isEncrypted", whether("is encrypted")),
            ("carriesX", other("what carriesX of “a” is")),
            ("tlsVersion", other("which TLS version “a” uses")),
            ("OS", other("which operating system “a” runs on")),
            ("credentialsLife", other("how long “a” is valid")),
            ("classification", other("how confidential “a” is")),
            ("environment", other("in which stage “a” runs")),
            ("trust", other("who controls what is in “a”")),
        ];
        for (attribute, expected) in cases {
            assert_eq!(open(attribute, "“a”"), expected, "{attribute}");
        }
    }
}
