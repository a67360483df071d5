//! Layer `inventory`: what well-known container images are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Fact;
use super::environment::Setting;
use super::recognised::{Row, rows};
use crate::model::vocabulary::Class;

const TABLE: &str = include_str!("images.yaml");

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows(TABLE));

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Row>> = LazyLock::new(|| {
    let named = ROWS.iter().flat_map(|row| {
        let names = row.names.iter();
        names.map(move |name| (name.as_str(), row))
    });
    named.collect()
});

/// The row of an image such as `ghcr.io/acme/postgres:16@sha256:…`: by the last part of its
/// name, the last two where the table has those.
pub(super) fn recognised(image: &str) -> Option<&'static Row> {
    let path = image.split('@').next().unwrap_or_default();
    let mut parts = path.rsplit('/');
    let last = parts.next()?.split(':').next()?.to_ascii_lowercase();
    let both = parts
        .next()
        .map(|before| format!("{}/{last}", before.to_ascii_lowercase()));
    both.and_then(|both| BY_NAME.get(both.as_str()))
        .or_else(|| BY_NAME.get(last.as_str()))
        .copied()
}

/// Whether callers have to log in, where a setting of the image says so.
pub(super) fn login(row: &Row, settings: &[Setting]) -> Option<Fact> {
    let on = |value: &str| !["", "0", "no", "false", "off"].contains(&&*value.to_ascii_lowercase());
    let opens = settings.iter().find(|setting| {
        row.open
            .get(&setting.key)
            .is_some_and(|means| match &**means {
                "*" => on(&setting.value),
                means => setting.value.eq_ignore_ascii_case(means),
            })
    });
    if let Some(setting) = opens {
        return Some(Fact::flag("authenticatesSource", false, &setting.place));
    }
    // A variable without a value here gets one from outside.
    let asks = |setting: &&Setting| row.asked.contains(&setting.key);
    let command = |setting: &&Setting| {
        let value = &setting.value;
        setting.key == "command"
            && value.contains("--requirepass")
            && row.class() == Class::Datastore
    };
    let asking = settings
        .iter()
        .find(asks)
        .or_else(|| settings.iter().find(command));
    asking.map(|setting| Fact::flag("authenticatesSource", true, &setting.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_what_the_vocabulary_has() {
        super::super::recognised::assert_sound(TABLE);
    }

    #[test]
    fn an_image_is_recognised_wherever_it_comes_from() {
        let class = |image| recognised(image).map(|row| row.class.as_str());
        for image in [
            "postgres",
            "postgres:16-alpine",
            "docker.io/library/postgres:16",
            "registry:5000/bitnami/postgresql@sha256:0123",
            "postgis/postgis:16-3.4",
        ] {
            assert_eq!(class(image), Some("Datastore"), "{image}");
        }
        assert_eq!(class("quay.io/keycloak/keycloak:25"), Some("Server"));
        for image in [
            "",
            "prometheuscommunity/postgres-exporter",
            "acme/shop:1",
            ":",
            "@",
            "/",
        ] {
            assert_ne!(class(image), Some("Datastore"), "{image}");
        }
    }
}
