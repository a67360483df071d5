//! Layer `inventory`: what an object of Kubernetes may say where it is read, as its API has it.

use super::super::file::File;
use super::super::form::Form;
use super::object::{each, group, text};
use crate::syntax::expect::Expect;

const PAIRS: Form = Form::Each(&Form::Scalar);

static OBJECT: Form = Form::Map(
    &["apiVersion", "kind"],
    &[
        ("apiVersion", Form::Text),
        ("kind", Form::Text),
        ("metadata", METADATA),
    ],
);
const METADATA: Form = Form::Map(
    &[],
    &[
        ("annotations", PAIRS),
        ("labels", PAIRS),
        ("name", Form::Text),
        ("namespace", Form::Text),
    ],
);

const REFERENCE: Form = Form::Map(&[], &[("key", Form::Scalar), ("name", Form::Scalar)]);
const VARIABLE: Form = Form::Map(
    &["name"],
    &[
        ("name", Form::Text),
        ("value", Form::Scalar),
        (
            "valueFrom",
            Form::Map(
                &[],
                &[("configMapKeyRef", REFERENCE), ("secretKeyRef", REFERENCE)],
            ),
        ),
    ],
);
const CONTAINER: Form = Form::Map(
    &[],
    &[
        ("args", Form::SCALARS),
        ("command", Form::SCALARS),
        ("env", Form::List(&VARIABLE)),
        (
            "envFrom",
            Form::List(&Form::Map(
                &[],
                &[("configMapRef", REFERENCE), ("secretRef", REFERENCE)],
            )),
        ),
        ("image", Form::Text),
        (
            "ports",
            Form::List(&Form::Map(
                &["containerPort"],
                &[("containerPort", Form::Scalar)],
            )),
        ),
        (
            "securityContext",
            Form::Map(
                &[],
                &[("capabilities", Form::Map(&[], &[("add", Form::SCALARS)]))],
            ),
        ),
    ],
);
const POD: Form = Form::Map(
    &[],
    &[
        ("containers", Form::List(&CONTAINER)),
        ("initContainers", Form::List(&CONTAINER)),
        ("serviceAccountName", Form::Text),
        ("volumes", Form::List(&Form::MAP)),
    ],
);
const TEMPLATE: Form = Form::Map(&[], &[("metadata", METADATA), ("spec", POD)]);
const WORKLOAD: Form = Form::Map(&[], &[("replicas", Form::Scalar), ("template", TEMPLATE)]);
const CRON_JOB: Form = Form::Map(
    &[],
    &[("jobTemplate", Form::Map(&[], &[("spec", WORKLOAD)]))],
);

const SERVICE: Form = Form::Map(
    &[],
    &[
        ("externalName", Form::Text),
        ("loadBalancerSourceRanges", Form::SCALARS),
        (
            "ports",
            Form::List(&Form::Map(&["port"], &[("port", Form::Scalar)])),
        ),
        ("selector", PAIRS),
        ("type", Form::Text),
    ],
);

const BACKEND: Form = Form::Map(
    &[],
    &[("service", Form::Map(&["name"], &[("name", Form::Text)]))],
);
const INGRESS: Form = Form::Map(
    &[],
    &[
        ("backend", BACKEND),
        ("defaultBackend", BACKEND),
        (
            "rules",
            Form::List(&Form::Map(
                &[],
                &[
                    ("host", Form::Text),
                    (
                        "http",
                        Form::Map(
                            &["paths"],
                            &[(
                                "paths",
                                Form::List(&Form::Map(&["backend"], &[("backend", BACKEND)])),
                            )],
                        ),
                    ),
                ],
            )),
        ),
        (
            "tls",
            Form::List(&Form::Map(&[], &[("hosts", Form::SCALARS)])),
        ),
    ],
);

const PEERS: Form = Form::List(&Form::Map(
    &[],
    &[
        ("ipBlock", Form::Map(&["cidr"], &[("cidr", Form::Text)])),
        ("namespaceSelector", SELECTOR),
        ("podSelector", SELECTOR),
    ],
));
const SELECTOR: Form = Form::Map(
    &[],
    &[
        ("matchExpressions", Form::List(&Form::MAP)),
        ("matchLabels", PAIRS),
    ],
);
const PORTS: Form = Form::List(&Form::Map(&[], &[("port", Form::Scalar)]));
const POLICY: Form = Form::Map(
    &[],
    &[
        (
            "egress",
            Form::List(&Form::Map(&[], &[("ports", PORTS), ("to", PEERS)])),
        ),
        (
            "ingress",
            Form::List(&Form::Map(&[], &[("from", PEERS), ("ports", PORTS)])),
        ),
        ("podSelector", SELECTOR),
        ("policyTypes", Form::SCALARS),
    ],
);

const NAMED: Form = Form::List(&Form::Map(&["name"], &[("name", Form::Text)]));
const ROUTE: Form = Form::Map(
    &[],
    &[
        ("parentRefs", NAMED),
        (
            "rules",
            Form::List(&Form::Map(&[], &[("backendRefs", NAMED)])),
        ),
    ],
);
const GATEWAY: Form = Form::Map(
    &[],
    &[(
        "listeners",
        Form::List(&Form::Map(&["protocol"], &[("protocol", Form::Text)])),
    )],
);

/// What each of these must have, also where it only says what differs from another.
static OWN: Form = Form::Map(&["metadata"], &[]);

/// What stands under `spec`, by kind.
static SPECS: [(&str, Form); 16] = [
    ("CronJob", CRON_JOB),
    ("DaemonSet", WORKLOAD),
    ("Deployment", WORKLOAD),
    ("GRPCRoute", ROUTE),
    ("Gateway", GATEWAY),
    ("HTTPRoute", ROUTE),
    ("Ingress", INGRESS),
    ("Job", WORKLOAD),
    ("NetworkPolicy", POLICY),
    ("Pod", POD),
    ("ReplicaSet", WORKLOAD),
    ("Rollout", WORKLOAD),
    ("Service", SERVICE),
    ("StatefulSet", WORKLOAD),
    ("TCPRoute", ROUTE),
    ("TLSRoute", ROUTE),
];

/// Groups whose kinds these are; others have kinds of the same names.
const GROUPS: [&str; 7] = [
    "",
    "apps",
    "argoproj.io",
    "batch",
    "extensions",
    "gateway.networking.k8s.io",
    "networking.k8s.io",
];

/// Complains about what the objects of a document may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    for node in each(file) {
        OBJECT.hold("object", node, expect);
        let kind = text(node, &["kind"]);
        let Some((kind, spec)) = SPECS.iter().find(|(known, _)| Some(*known) == kind) else {
            continue;
        };
        if !GROUPS.contains(&group(node)) {
            continue;
        }
        OWN.hold(kind, node, expect);
        if let Some(said) = node.get("spec") {
            spec.hold("spec", said, expect);
        }
    }
}
