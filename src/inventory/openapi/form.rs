//! Layer `inventory`: what a description of an API may say where it is read, as the OpenAPI
//! Specification has it.

use super::super::file::{File, entries};
use super::super::form::Form;
use super::METHODS;
use crate::syntax::expect::Expect;

const ASKED: Form = Form::List(&Form::Each(&Form::SCALARS));

static FILE: Form = Form::Map(
    &[],
    &[
        (
            "components",
            Form::Map(&[], &[("securitySchemes", Form::Each(&Form::MAP))]),
        ),
        ("consumes", Form::SCALARS),
        ("host", Form::Text),
        ("info", Form::Map(&[], &[("title", Form::Scalar)])),
        ("paths", Form::Each(&Form::MAP)),
        ("schemes", Form::SCALARS),
        ("security", ASKED),
        ("securityDefinitions", Form::Each(&Form::MAP)),
        (
            "servers",
            Form::List(&Form::Map(&["url"], &[("url", Form::Text)])),
        ),
    ],
);

static OPERATION: Form = Form::Map(
    &[],
    &[
        ("parameters", Form::List(&Form::MAP)),
        (
            "requestBody",
            Form::Map(&[], &[("content", Form::Each(&Form::MAP))]),
        ),
        ("security", ASKED),
    ],
);

/// Complains about what a description of an API may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    FILE.hold("file", &file.root, expect);
    for (_, item) in entries(&file.root, &["paths"]) {
        for (method, operation) in entries(item, &[]) {
            if METHODS.contains(&&*method.text) {
                OPERATION.hold(&method.text, operation, expect);
            }
        }
    }
}
