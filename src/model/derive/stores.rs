//! What a store is used as, where its name says so (docs/semantics.md §2).

use super::infer::assume;
use super::naming::says;
use super::roles::may_pass;
use super::{ends, is_of_kind};
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{ElementId, Model, Origin, Value};

/// Names by the member of `StoreKind` that they tell; the first that fits counts, so that the
/// key cache of a vault is a cache.
const KINDS: [(&str, &[&str]); 6] = [
    ("QUEUE", &QUEUES),
    ("CACHE", &["cache", "memcached", "redis", "valkey"]),
    (
        "OBJECTS",
        &[
            "blob storage",
            "bucket",
            "minio",
            "object storage",
            "object store",
            "s3",
        ],
    ),
    (
        "SEARCH",
        &["elasticsearch", "opensearch", "search index", "solr"],
    ),
    (
        "DOCUMENT",
        &[
            "cosmosdb",
            "couchdb",
            "document database",
            "document store",
            "dynamodb",
            "firestore",
            "mongo",
            "mongodb",
        ],
    ),
    (
        "SECRETS",
        &[
            "hashicorp vault",
            "key vault",
            "secret manager",
            "secret store",
            "secrets manager",
        ],
    ),
];

/// What takes messages and hands them on.
const QUEUES: [&str; 20] = [
    "activemq",
    "event bus",
    "event hub",
    "event stream",
    "eventbridge",
    "kafka",
    "kinesis",
    "message broker",
    "message bus",
    "mosquitto",
    "mqtt broker",
    "pub sub",
    "pubsub",
    "pulsar",
    "queue",
    "rabbitmq",
    "service bus",
    "sns",
    "sqs",
    "topic",
];

/// The same where it is drawn as a program.
const BROKERS: [&str; 5] = ["broker", "emqx", "hivemq", "iot core", "iot hub"];

/// Programs that are called after the broker that they use.
const USERS: [&str; 16] = [
    "adapter",
    "api",
    "bridge",
    "client",
    "connector",
    "consumer",
    "exporter",
    "gateway",
    "handler",
    "listener",
    "processor",
    "producer",
    "publisher",
    "service",
    "subscriber",
    "worker",
];

/// Whether a flow is no call: handed out to who asked for it before, by a store or by a broker
/// that is drawn as a program, or sent from one part of a machine to another.
pub fn hands_out(model: &Model, flow: ElementId) -> bool {
    let [Some(source), Some(sink)] = ends(model, flow) else {
        return false;
    };
    let from = model.element(source);
    if from.class.is_a(Class::Datastore) {
        return true;
    }
    if !may_pass(model.element(sink).class) {
        return false;
    }
    let within = !from.class.is_a(Class::Actor) && is_of_kind(model, flow, &["LOCAL"]);
    within
        || may_pass(from.class)
            && is_of_kind(model, flow, &["MESSAGES"])
            && (says(&from.name, &BROKERS) || says(&from.name, &QUEUES))
            && !says(&from.name, &USERS)
}

/// Brokers that hand messages to whoever listens, and keep none.
const PASSING: [&str; 3] = ["emqx", "mqtt", "nats"];

/// Tells what stores are used as by their names.
pub(super) fn find(model: &mut Model) {
    for id in model.ids() {
        if model.element(id).class.is_a(Class::Datastore) {
            store(model, id);
        }
    }
}

fn store(model: &mut Model, id: ElementId) {
    let element = model.element(id);
    let name = element.name.clone();
    let place = Some(element.name_place.clone());
    let stated = (element.named("kind")).filter(|slot| slot.origin != Origin::Default);
    let stated = stated.map(|slot| slot.value.clone());
    let told = kind(model, id);
    let is_queue = matches!(stated.as_ref().or(told.as_ref()),
        Some(Value::Member(of, at)) if of.members[*at as usize].0 == "QUEUE");
    if let Some(told) = told {
        let reason = format!("it is called “{name}”");
        assume(model, id, "kind", told, place.clone(), reason);
    }
    if is_queue && says(&name, &PASSING) {
        let reason = format!("it is called “{name}”, and such a broker hands messages on");
        let yes = Value::Bool(true);
        assume(model, id, "isEphemeral", yes, place, reason);
    }
}

/// The kind that the name of a store tells.
fn kind(model: &Model, id: ElementId) -> Option<Value> {
    let element = model.element(id);
    let (kind, _) = KINDS.iter().find(|(_, names)| says(&element.name, names))?;
    // What the model says of how it is asked weighs more than its name.
    let said = |name: &str| {
        let slot = element.named(name);
        slot.filter(|slot| slot.origin == Origin::Declared)
    };
    let is_sql = said("isSQL").is_some_and(|slot| slot.value.is_true());
    if *kind != "QUEUE" && (said("type").is_some() || is_sql) {
        return None;
    }
    let of = Enumeration::named("StoreKind")?;
    Some(Value::Member(of, of.position(kind)?))
}
