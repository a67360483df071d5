//! Layer `inventory`: the settings of a workload, wherever they come from.

use super::super::Fact;
use super::super::environment::Setting;
use super::super::file::{entries, entry, items};
use super::Cluster;
use super::object::text;
use super::workload::Workload;
use crate::source::Place;
use crate::syntax::tree::Node;

/// The driver by which volumes hold what a store of secrets has.
const SECRET_STORE: &str = "secrets-store.csi.k8s.io";

/// Everything that its containers are told.
pub(super) fn settings(workload: &Workload<'_>, cluster: &Cluster<'_>) -> Vec<Setting> {
    let file = workload.object.file;
    let mut settings = Vec::new();
    for container in workload.containers() {
        for variable in items(container, &["env"]) {
            let Some((key, name)) = variable.entry("name") else {
                continue;
            };
            let Some(name) = file.text(name) else {
                continue;
            };
            if let Some(value) = variable.get("value").and_then(|value| file.text(value)) {
                let place = entry(variable, &["value"]).map(|(key, _)| file.key(key));
                let place = place.unwrap_or_else(|| file.key(key));
                settings.push(Setting {
                    key: name,
                    value,
                    place,
                });
                continue;
            }
            let before = settings.len();
            for (of, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
                let Some(reference) = variable.get("valueFrom").and_then(|from| from.get(of))
                else {
                    continue;
                };
                let named = text(reference, &["name"]).zip(text(reference, &["key"]));
                if let Some((object, key)) = named {
                    let of = held(cluster, workload, kind, object);
                    let of = of.into_iter().filter(|setting| setting.key == key);
                    settings.extend(of.map(|setting| Setting {
                        key: name.clone(),
                        ..setting
                    }));
                }
            }
            if settings.len() == before {
                // What it is told stands elsewhere; that it is told is known.
                let (value, place) = (String::new(), file.key(key));
                settings.push(Setting {
                    key: name,
                    value,
                    place,
                });
            }
        }
        for from in items(container, &["envFrom"]) {
            for (of, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                if let Some(object) = text(from, &[of, "name"]) {
                    settings.extend(held(cluster, workload, kind, object));
                }
            }
        }
        for key in ["command", "args"] {
            let arguments = container.get(key).map(|node| file.texts(node));
            for (value, place) in arguments.unwrap_or_default() {
                let key = "command".to_owned();
                settings.push(Setting { key, value, place });
            }
        }
    }
    for volume in items(workload.spec, &["volumes"]) {
        if let Some(object) = text(volume, &["configMap", "name"]) {
            settings.extend(held(cluster, workload, "ConfigMap", object));
        }
    }
    settings
}

/// What an object holds that is there in plain text.
fn held(cluster: &Cluster<'_>, workload: &Workload<'_>, kind: &str, name: &str) -> Vec<Setting> {
    let Some(object) = cluster.object(kind, workload.object.namespace, name) else {
        return Vec::new();
    };
    let path = if kind == "Secret" {
        "stringData"
    } else {
        "data"
    };
    let held = entries(object.node, &[path]).iter();
    let held = held.filter_map(|(key, value)| {
        Some(Setting {
            key: key.text.to_string(),
            value: object.file.text(value)?,
            place: object.file.key(key),
        })
    });
    held.collect()
}

/// What follows from how it is told.
pub(super) fn facts(workload: &Workload<'_>, settings: &[Setting]) -> Vec<Fact> {
    let file = workload.object.file;
    let mut facts = Vec::new();
    let told = workload.containers().find_map(|container| {
        let (key, _) = container
            .entry("env")
            .or_else(|| container.entry("envFrom"))?;
        Some(file.key(key))
    });
    facts.extend(told.map(|place| Fact::flag("usesEnvironmentVariables", true, &place)));
    let given = secret(workload, settings);
    facts.extend(given.map(|place| Fact::flag("holdsSecrets", true, &place)));
    let stored = volumes(workload, |volume| {
        let (key, driver) = entry(volume, &["csi", "driver"])?;
        (&**driver.as_text()? == SECRET_STORE).then(|| file.key(key))
    });
    facts.extend(stored.map(|place| Fact::flag("usesSecretStore", true, &place)));
    facts
}

/// Where it is given a secret that lets it log in elsewhere: the password that it asks of its
/// own callers is none.
fn secret(workload: &Workload<'_>, settings: &[Setting]) -> Option<Place> {
    let file = workload.object.file;
    let row = workload.image.as_ref().map(|(row, _)| *row);
    let asked = |name: &str| row.is_some_and(|row| row.asked.iter().any(|asked| asked == name));
    let of_container = workload.containers().find_map(|container| {
        let variable = items(container, &["env"]).iter().find_map(|variable| {
            let (key, _) = entry(variable, &["valueFrom", "secretKeyRef"])?;
            (!asked(text(variable, &["name"])?)).then(|| file.key(key))
        });
        let all = || {
            items(container, &["envFrom"]).iter().find_map(|from| {
                let (key, _) = from.entry("secretRef")?;
                Some(file.key(key))
            })
        };
        // A store that is given all of a secret is given its own password, as a rule.
        variable.or_else(|| all().filter(|_| !workload.is_store()))
    });
    let of_pod = || {
        volumes(workload, |volume| {
            let (key, _) = volume.entry("secret")?;
            (!workload.is_store()).then(|| file.key(key))
        })
    };
    let written = || {
        let mut of = settings
            .iter()
            .filter(|it| it.is_secret() && !asked(&it.key));
        of.next().map(|setting| setting.place.clone())
    };
    of_container.or_else(of_pod).or_else(written)
}

fn volumes<T>(workload: &Workload<'_>, of: impl Fn(&Node) -> Option<T>) -> Option<T> {
    items(workload.spec, &["volumes"]).iter().find_map(of)
}
