//! STRIDE, CWE, CAPEC and the other catalogues that rules refer to: what a tag or
//! reference means, and where it is explained.

use std::collections::BTreeSet;

use crate::report::RuleInfo;

/// A catalogue, how rules refer to it, and where it is published.
pub(super) struct Taxonomy {
    /// What it is called.
    pub(super) name: &'static str,
    /// Who publishes it.
    pub(super) organization: &'static str,
    /// By what SARIF files refer to it.
    pub(super) guid: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    /// Where it is published.
    pub(super) home: &'static str,
    /// What a tag or reference begins with.
    prefix: &'static str,
    /// The id in what follows the prefix; `None` where it is none.
    id: fn(&str) -> Option<String>,
    /// Where one entry is explained.
    pub(super) entry: fn(&str) -> Option<String>,
}

pub(super) static TAXONOMIES: &[Taxonomy] = &[
    Taxonomy {
        name: "STRIDE",
        organization: "Microsoft",
        guid: "4d4dbb3c-6ff3-4b5c-9d0a-8f1a3f3a9a10",
        about: "Six kinds of threats: spoofing, tampering, repudiation, information disclosure, denial of service, elevation of privilege.",
        home: "https://learn.microsoft.com/azure/security/develop/threat-modeling-tool-threats",
        prefix: "stride:",
        id: stride,
        entry: |_| None,
    },
    Taxonomy {
        name: "CWE",
        organization: "MITRE",
        guid: "0a7a2f0e-3f7c-4c8b-9f43-1c2c55a0b7d1",
        about: "The Common Weakness Enumeration.",
        home: "https://cwe.mitre.org/data/",
        prefix: "cwe-",
        id: |rest| number(rest).map(|n| format!("CWE-{n}")),
        entry: |id| {
            Some(format!(
                "https://cwe.mitre.org/data/definitions/{}.html",
                id.get(4..)?
            ))
        },
    },
    Taxonomy {
        name: "CAPEC",
        organization: "MITRE",
        guid: "7f6b4b62-15d8-4a0c-8f0e-2d5bd1a6c5e2",
        about: "The Common Attack Pattern Enumeration and Classification.",
        home: "https://capec.mitre.org/data/",
        prefix: "capec-",
        id: |rest| number(rest).map(|n| format!("CAPEC-{n}")),
        entry: |id| {
            Some(format!(
                "https://capec.mitre.org/data/definitions/{}.html",
                id.get(6..)?
            ))
        },
    },
    Taxonomy {
        name: "MITRE ATLAS",
        organization: "MITRE",
        guid: "b6b2a0de-9c55-4d1b-8a3f-6f60f9e8a3c3",
        about: "Tactics and techniques of attacks on systems that learn.",
        home: "https://atlas.mitre.org/",
        prefix: "attack:AML.",
        id: |rest| technique(rest).map(|id| format!("AML.{id}")),
        entry: |id| Some(format!("https://atlas.mitre.org/techniques/{id}")),
    },
    Taxonomy {
        name: "MITRE ATT&CK",
        organization: "MITRE",
        guid: "2c1f6d8b-7e0a-4f5d-a1c9-3b7e4d5f6a84",
        about: "Tactics and techniques of attackers as they were observed.",
        home: "https://attack.mitre.org/",
        prefix: "attack:",
        id: technique,
        entry: |id| {
            Some(format!(
                "https://attack.mitre.org/techniques/{}/",
                id.replace('.', "/")
            ))
        },
    },
    Taxonomy {
        name: "OWASP Top 10 for LLM Applications",
        organization: "OWASP",
        guid: "91f0d3a7-5b2c-4e6f-b8d4-7a9c0e1f2b65",
        about: "The most critical risks of applications built on language models.",
        home: "https://genai.owasp.org/llm-top-10/",
        prefix: "owasp-llm:",
        id: word,
        entry: |_| None,
    },
    Taxonomy {
        name: "OWASP API Security Top 10",
        organization: "OWASP",
        guid: "c3a9e5f1-0d7b-4a2c-9e6f-5b8d1c3a7f46",
        about: "The most critical risks of programming interfaces on the web.",
        home: "https://owasp.org/API-Security/",
        prefix: "owasp-api:",
        id: word,
        entry: |_| None,
    },
    Taxonomy {
        name: "OWASP Top 10",
        organization: "OWASP",
        guid: "e8d2b6c4-3f1a-4c9e-8b5d-0a7f6e4c2d97",
        about: "The most critical risks of web applications.",
        home: "https://owasp.org/Top10/",
        prefix: "owasp:",
        id: word,
        entry: |_| None,
    },
];

/// The six kinds, as STRIDE spells them.
const STRIDE: &[(&str, &str)] = &[
    ("spoofing", "Spoofing"),
    ("tampering", "Tampering"),
    ("repudiation", "Repudiation"),
    ("information-disclosure", "InformationDisclosure"),
    ("denial-of-service", "DenialOfService"),
    ("elevation-of-privilege", "ElevationOfPrivilege"),
];

fn stride(rest: &str) -> Option<String> {
    let wanted = rest.to_ascii_lowercase();
    let (_, id) = STRIDE.iter().find(|(word, _)| *word == wanted)?;
    Some((*id).to_owned())
}

fn number(rest: &str) -> Option<u32> {
    (rest.len() <= 6).then(|| rest.parse().ok()).flatten()
}

/// `T1078` or `T1574.007`.
fn technique(rest: &str) -> Option<String> {
    let fits = rest.starts_with('T') && rest.len() <= 12;
    (fits && rest[1..].bytes().all(|b| b.is_ascii_digit() || b == b'.')).then(|| rest.to_owned())
}

/// `A07:2021`, `LLM01:2025`.
fn word(rest: &str) -> Option<String> {
    let fits = !rest.is_empty() && rest.len() <= 20;
    (fits && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':')).then(|| rest.to_owned())
}

/// An entry that a rule refers to: the taxonomy's position in the table, the id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taxon {
    /// The catalogue's position in [`TAXONOMIES`].
    pub(super) taxonomy: usize,
    /// The id, as the catalogue spells it.
    pub(super) id: String,
}

impl Taxon {
    /// Where the catalogue tells of it, if it has a page for each entry.
    pub(super) fn address(&self) -> Option<String> {
        (TAXONOMIES[self.taxonomy].entry)(&self.id)
    }

    /// The tag by which GitHub's filters know it.
    pub(super) fn tag(&self) -> String {
        let id = &self.id;
        match TAXONOMIES[self.taxonomy].name {
            "CWE" => format!("external/cwe/cwe-{:0>3}", id.trim_start_matches("CWE-")),
            "CAPEC" => format!("external/capec/{}", id.to_lowercase()),
            "STRIDE" => format!("stride/{}", kebab(id)),
            "MITRE ATT&CK" | "MITRE ATLAS" => format!("external/attack/{}", id.to_lowercase()),
            _ => format!("external/owasp/{}", id.to_lowercase()),
        }
    }
}

fn kebab(id: &str) -> &str {
    STRIDE
        .iter()
        .find(|(_, name)| *name == id)
        .map_or(id, |(word, _)| word)
}

/// What a rule refers to, in the order of the table.
pub(super) fn of(rule: &RuleInfo) -> BTreeSet<Taxon> {
    rule.references
        .iter()
        .chain(&rule.tags)
        .filter_map(|text| taxon(text.trim()))
        .collect()
}

/// Understands tags, ids and the addresses that pytm's threat files have.
fn taxon(reference: &str) -> Option<Taxon> {
    let reference = reference
        .strip_suffix(".html")
        .and_then(|address| address.split_once(".mitre.org/data/definitions/"))
        .and_then(|(site, id)| Some(format!("{}-{id}", site.rsplit("//").next()?)))
        .unwrap_or_else(|| reference.to_owned());
    TAXONOMIES.iter().enumerate().find_map(|(taxonomy, t)| {
        let start = reference.get(..t.prefix.len())?;
        if !start.eq_ignore_ascii_case(t.prefix) {
            return None;
        }
        let id = (t.id)(&reference[t.prefix.len()..])?;
        Some(Taxon { taxonomy, id })
    })
}

/// Where a reference's entry is published.
pub(super) fn address(reference: &str) -> Option<String> {
    let taxon = taxon(reference.trim())?;
    (TAXONOMIES[taxon.taxonomy].entry)(&taxon.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_understood_in_every_spelling() {
        for (reference, expected) in [
            ("CWE-319", Some("external/cwe/cwe-319")),
            ("cwe-20", Some("external/cwe/cwe-020")),
            (
                "https://cwe.mitre.org/data/definitions/319.html",
                Some("external/cwe/cwe-319"),
            ),
            (
                "http://capec.mitre.org/data/definitions/157.html",
                Some("external/capec/capec-157"),
            ),
            ("CAPEC-157", Some("external/capec/capec-157")),
            ("stride:Denial-of-Service", Some("stride/denial-of-service")),
            ("attack:T1574.007", Some("external/attack/t1574.007")),
            ("attack:AML.T0051", Some("external/attack/aml.t0051")),
            ("owasp-llm:LLM01:2025", Some("external/owasp/llm01:2025")),
            ("CWE-", None),
            ("CWE-99999999999999999999", None),
            ("stride:nothing", None),
            ("attack:ü", None),
            ("https://example.org", None),
        ] {
            assert_eq!(
                taxon(reference).map(|t| t.tag()).as_deref(),
                expected,
                "{reference}"
            );
        }
    }
}
