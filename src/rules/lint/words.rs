//! Layer `rules`: whether a rule speaks the words of the field: the name of its
//! threat in the title, and weaknesses, not categories, among its references.

use crate::rules::Rule;

/// The names under which a weakness is searched for; one of them belongs in the title.
const TERMS: [(&str, &[&str]); 32] = [
    ("CWE-22", &["path traversal"]),
    ("CWE-23", &["path traversal"]),
    ("CWE-78", &["command injection"]),
    ("CWE-79", &["cross-site scripting"]),
    ("CWE-80", &["cross-site scripting"]),
    ("CWE-83", &["cross-site scripting"]),
    ("CWE-88", &["argument injection"]),
    ("CWE-89", &["SQL injection"]),
    ("CWE-90", &["LDAP injection"]),
    ("CWE-91", &["XML injection"]),
    ("CWE-98", &["file inclusion"]),
    ("CWE-113", &["splitting"]),
    ("CWE-120", &["buffer overflow"]),
    ("CWE-134", &["format string"]),
    ("CWE-307", &["brute force", "credential stuffing"]),
    ("CWE-352", &["cross-site request forgery", "CSRF"]),
    ("CWE-434", &["file upload"]),
    ("CWE-444", &["request smuggling"]),
    ("CWE-502", &["deserialization"]),
    ("CWE-601", &["open redirect"]),
    ("CWE-611", &["XXE", "XML external entity"]),
    ("CWE-639", &["IDOR", "object-level authorization"]),
    ("CWE-640", &["password reset", "password recovery"]),
    ("CWE-776", &["entity expansion"]),
    ("CWE-915", &["mass assignment"]),
    ("CWE-916", &["password hashing"]),
    ("CWE-918", &["server-side request forgery", "SSRF"]),
    ("CWE-943", &["NoSQL injection"]),
    ("CWE-1021", &["clickjacking"]),
    ("CWE-1336", &["template injection"]),
    ("CWE-1395", &["vulnerable components"]),
    ("CWE-1427", &["prompt injection", "jailbreak"]),
];

/// Numbers of CWE that name a category, not a weakness.
const CATEGORIES: [u32; 40] = [
    2, 16, 19, 133, 136, 137, 189, 199, 254, 255, 264, 265, 275, 310, 320, 355, 361, 371, 387, 388,
    389, 398, 399, 411, 417, 429, 438, 452, 465, 557, 569, 722, 723, 724, 725, 726, 728, 729, 730,
    840,
];

/// The names of which the title has none, if its first CWE has names at all.
pub(super) fn missing_terms(rule: &Rule) -> Option<(&str, &'static [&'static str])> {
    let first = rule.references.iter().find(|it| it.starts_with("CWE-"))?;
    let (_, names) = TERMS.iter().find(|(weakness, _)| **weakness == **first)?;
    let title = rule.title.to_lowercase();
    let named = names
        .iter()
        .any(|name| title.contains(&name.to_lowercase()));
    (!named).then_some((&**first, *names))
}

/// References that are categories of CWE.
pub(super) fn categories(rule: &Rule) -> impl Iterator<Item = &str> {
    rule.references
        .iter()
        .map(|reference| &**reference)
        .filter(|reference| {
            let number = reference.strip_prefix("CWE-").map(str::parse);
            matches!(number, Some(Ok(number)) if CATEGORIES.contains(&number))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_weakness_stands_twice_and_none_is_a_category() {
        for (at, (weakness, _)) in TERMS.iter().enumerate() {
            assert!(TERMS[at + 1..].iter().all(|(other, _)| other != weakness));
            let number: u32 = weakness[4..].parse().unwrap();
            assert!(!CATEGORIES.contains(&number), "{weakness}");
        }
        assert!(CATEGORIES.is_sorted());
    }
}
