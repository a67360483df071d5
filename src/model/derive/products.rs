//! Products that are installed and not written (docs/semantics.md §2).
//!
//! Nobody mends an injection in Keycloak or Grafana in a project that only runs it: flaws in the
//! code of a product are told as one threat, that its updates stay away (SUP05).

use super::infer::{assume, deny, infer_control};
use super::naming::says;
use super::roles::may_pass;
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Origin, Slot, Value};
use crate::source::Place;

/// Products that hardly anybody adds code of their own to. Shops, ERP systems and website
/// builders are none of them: what is added there is where their flaws are.
const PRODUCTS: [&str; 55] = [
    "active directory",
    "adfs",
    "airflow",
    "alertmanager",
    "ambassador",
    "apache kafka",
    "argo cd",
    "argocd",
    "artifactory",
    "authelia",
    "authentik",
    "backstage",
    "bitbucket",
    "confluence",
    "emqx",
    "entra id",
    "gitea",
    "github",
    "gitlab",
    "globaleaks",
    "grafana",
    "guacamole",
    "harbor",
    "hashicorp vault",
    "hivemq",
    "influxdb",
    "jenkins",
    "jira",
    "jupyterhub",
    "keycloak",
    "kibana",
    "kubernetes dashboard",
    "mattermost",
    "metabase",
    "minio",
    "mlflow",
    "mosquitto",
    "nextcloud",
    "nexus",
    "okta",
    "opensearch dashboards",
    "oracle opera",
    "owncloud",
    "pgadmin",
    "phpmyadmin",
    "prometheus",
    "rabbitmq",
    "rundeck",
    "securedrop",
    "sonarqube",
    "splunk",
    "superset",
    "tableau",
    "trino",
    "zabbix",
];

/// How a description says that something was bought as it is.
const BOUGHT: [&str; 7] = [
    "bought",
    "commercial product",
    "cots",
    "off the shelf",
    "standard product",
    "standard software",
    "vendor product",
];

/// What it says where something was added to it.
const EXTENDED: [&str; 9] = [
    "add on",
    "custom",
    "customised",
    "customized",
    "extended",
    "extension",
    "in house",
    "own",
    "plugin",
];

/// What is one's own beside a product, or between it and others.
const OWN: [&str; 9] = [
    "adapter",
    "bridge",
    "client",
    "connector",
    "exporter",
    "importer",
    "integration",
    "plugin",
    "sync",
];

/// Directories that ask whoever comes who they are, know what each may do, and keep no password
/// as it was typed.
const DIRECTORIES: [&str; 4] = ["active directory", "azure ad", "entra id", "freeipa"];

/// What such a directory does by itself.
const GUARDED: [&str; 3] = ["authenticatesSource", "authorizesSource", "hashesPasswords"];

/// Tells them by their names.
pub(super) fn find(model: &mut Model) {
    for id in model.ids() {
        directory(model, id);
        if may_pass(model.element(id).class)
            && let Some((place, reason)) = product(model, id)
        {
            assume(model, id, "isOffTheShelf", Value::Bool(true), place, reason);
        }
        deny(model, id, "isOffTheShelf");
    }
}

/// Where a model says that a program is a product, and how: by its name, or by a description
/// that begins with one or says that it was bought, with nothing of one's own added.
fn product(model: &Model, id: ElementId) -> Option<(Option<Place>, String)> {
    let element = model.element(id);
    if says(&element.name, &OWN) {
        return None;
    }
    if says(&element.name, &PRODUCTS) {
        let reason = format!("it is called “{}”", element.name);
        return Some((Some(element.name_place.clone()), reason));
    }
    let slot = element.named("description")?;
    let words = slot.value.as_text()?;
    let first: Vec<&str> = words.split_whitespace().take(3).collect();
    let is_product = says(&first.join(" "), &PRODUCTS) || says(words, &BOUGHT);
    (is_product && !says(words, &EXTENDED)).then(|| {
        let reason = "its description says so".to_owned();
        (slot.place.clone(), reason)
    })
}

fn directory(model: &mut Model, id: ElementId) {
    let element = model.element(id);
    let able = element.class.is_a(Class::Asset) && !element.class.is_a(Class::ExternalEntity);
    if !able || !says(&element.name, &DIRECTORIES) || says(&element.name, &OWN) {
        return;
    }
    let reason = format!("it is called “{}”", element.name);
    let place = Some(element.name_place.clone());
    for control in GUARDED {
        let slot = Slot {
            value: Value::Bool(true),
            origin: Origin::Assumed,
            place: place.clone(),
        };
        infer_control(model, id, control, slot, reason.clone());
    }
}
