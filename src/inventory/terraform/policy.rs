//! Layer `inventory`: policies of AWS, as its reference of the JSON policy elements has them.

use serde_json::Value;

/// Whether a policy lets everybody do something, whoever they are and wherever they come from.
pub(super) fn is_for_everyone(policy: &str) -> bool {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    each(&policy["Statement"]).any(|statement| {
        let principal = &statement["Principal"];
        let all = |value: &Value| each(value).any(|it| it == "*");
        statement["Effect"] == "Allow"
            && (all(principal) || all(&principal["AWS"]))
            && statement["Condition"].is_null()
    })
}

/// Whether a policy lets its bearer do everything with everything.
pub(super) fn is_for_everything(policy: &str) -> bool {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    each(&policy["Statement"]).any(|statement| {
        let all = |key: &str| each(&statement[key]).any(|it| it == "*" || it == "*:*");
        statement["Effect"] == "Allow" && all("Action") && all("Resource")
    })
}

/// One value or several: the two are written alike.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
    .iter()
}

#[cfg(test)]
mod tests {
    use super::{is_for_everyone, is_for_everything};

    #[test]
    fn a_policy_is_for_everyone_if_it_names_nobody_and_asks_for_nothing() {
        let allow = |rest: &str| format!("{{\"Statement\": [{{\"Effect\": \"Allow\", {rest}}}]}}");
        for (rest, is_open) in [
            ("\"Principal\": \"*\"", true),
            ("\"Principal\": {\"AWS\": [\"*\"]}", true),
            ("\"Principal\": {\"AWS\": \"arn:aws:iam::1:root\"}", false),
            ("\"Principal\": {\"Service\": \"*\"}", false),
            ("\"Principal\": \"*\", \"Condition\": {\"Bool\": {}}", false),
        ] {
            assert_eq!(is_for_everyone(&allow(rest)), is_open, "{rest}");
        }
        let one = "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\"}}";
        assert!(is_for_everyone(one));
        assert!(!is_for_everyone(&one.replace("Allow", "Deny")));
        assert!(!is_for_everyone("") && !is_for_everyone("[]"));
        for (rest, is_wide) in [
            ("\"Action\": \"*\", \"Resource\": \"*\"", true),
            (
                "\"Action\": [\"s3:Get*\", \"*\"], \"Resource\": [\"*\"]",
                true,
            ),
            ("\"Action\": \"s3:*\", \"Resource\": \"*\"", false),
            ("\"Action\": \"*\", \"Resource\": \"arn:aws:s3:::a\"", false),
        ] {
            assert_eq!(is_for_everything(&allow(rest)), is_wide, "{rest}");
        }
    }
}
