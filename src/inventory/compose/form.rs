//! Layer `inventory`: what a Compose file may say where it is read, as the Compose Specification
//! has it.

use std::collections::BTreeSet;

use super::super::file::{File, entries};
use super::super::form::Form;
use super::ports;
use crate::notice::{Notice, code, did_you_mean};
use crate::source::Place;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Key, Node};

const PAIRS: Form = Form::Any(&[Form::Each(&Form::Scalar), Form::SCALARS]);
const COMMAND: Form = Form::Any(&[Form::Scalar, Form::SCALARS]);
/// By name alone, or with more about it.
const NAMED: Form = Form::Any(&[Form::SCALARS, Form::Each(&Form::MAP)]);

const SERVICE: Form = Form::Map(
    &[],
    &[
        ("build", Form::Any(&[Form::Scalar, Form::MAP])),
        ("cap_add", Form::SCALARS),
        ("command", COMMAND),
        ("container_name", Form::Scalar),
        ("depends_on", NAMED),
        ("deploy", Form::Map(&[], &[("replicas", Form::Scalar)])),
        ("entrypoint", COMMAND),
        ("env_file", Form::Any(&[Form::Scalar, Form::List(&ENTRY)])),
        ("environment", PAIRS),
        ("expose", Form::SCALARS),
        ("hostname", Form::Scalar),
        ("image", Form::Scalar),
        ("labels", PAIRS),
        ("links", Form::SCALARS),
        (
            "networks",
            Form::Any(&[Form::SCALARS, Form::Each(&NETWORK)]),
        ),
        ("ports", Form::List(&Form::Any(&[Form::Scalar, PORT]))),
        ("privileged", Form::Scalar),
        ("secrets", Form::List(&ENTRY)),
        ("volumes", Form::List(&ENTRY)),
    ],
);
const ENTRY: Form = Form::Any(&[Form::Scalar, Form::Map(&[], &[("source", Form::Scalar)])]);
const NETWORK: Form = Form::Map(&[], &[("aliases", Form::SCALARS)]);
const PORT: Form = Form::Map(
    &["target"],
    &[
        ("app_protocol", Form::Scalar),
        ("host_ip", Form::Scalar),
        ("target", Form::Scalar),
    ],
);

static FILE: Form = Form::Map(
    &[],
    &[
        ("name", Form::Scalar),
        ("networks", Form::Each(&Form::MAP)),
        ("services", Form::Each(&SERVICE)),
        ("volumes", Form::Each(&Form::MAP)),
    ],
);

/// Complains about what a Compose file may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    FILE.hold("file", &file.root, expect);
    for (_, service) in services(file) {
        for node in service
            .get("ports")
            .and_then(Node::as_list)
            .unwrap_or_default()
        {
            if let Some(said) = ports::unreadable(file, node) {
                let message = format!("`{said}` is no port");
                let help =
                    "write `CONTAINER`, `HOST:CONTAINER` or `ADDRESS:HOST:CONTAINER`, in numbers";
                expect.error(code::WRONG_TYPE, node.span, message, Some(help.to_owned()));
            }
        }
    }
}

/// Complains about services that others need and that none of the files has.
pub(super) fn missing(files: &[File]) -> Vec<Notice> {
    // What an included file has is not known.
    if files.iter().any(|file| file.root.get("include").is_some()) {
        return Vec::new();
    }
    let all = files.iter().flat_map(services);
    let known: BTreeSet<&str> = all.map(|(key, _)| &*key.text).collect();
    let mut notices = Vec::new();
    for file in files {
        for (service, body) in services(file) {
            for (name, place) in needed(file, body) {
                if known.contains(&*name) {
                    continue;
                }
                let service = &service.text;
                let message = format!("`{service}` needs `{name}`, and no service is called so");
                let help = did_you_mean(&name, known.iter().copied());
                let help =
                    help.unwrap_or_else(|| "name the file that has it with --from too".into());
                let notice = Notice::error(code::UNKNOWN_REFERENCE, place, message);
                notices.push(notice.with_help(help));
            }
        }
    }
    notices
}

fn services(file: &File) -> &[(Key, Node)] {
    entries(&file.root, &["services"])
}

/// The services without which a service does not start.
fn needed(file: &File, body: &Node) -> Vec<(String, Place)> {
    let waits = body.get("depends_on").map(|node| file.names(node));
    let waits = waits
        .into_iter()
        .flatten()
        .filter_map(|(name, place, said)| {
            let is_needed = said.and_then(|said| said.get("required")?.as_bool());
            (is_needed != Some(false)).then_some((name, place))
        });
    let links = body.get("links").map(|node| file.texts(node));
    let links = links.into_iter().flatten().map(|(link, place)| {
        let name = link.split(':').next().unwrap_or_default();
        (name.to_owned(), place)
    });
    waits.chain(links).collect()
}
