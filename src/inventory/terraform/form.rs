//! Layer `inventory`: what a plan or state may say where it is read, as Terraform's JSON Output
//! Format has it.

use super::super::file::File;
use super::super::form::Form;
use crate::syntax::expect::Expect;

/// What is there, or is to be.
const RESOURCE: Form = Form::Map(
    &["address", "type", "name"],
    &[
        ("address", Form::Text),
        ("mode", Form::Text),
        ("name", Form::Text),
        ("type", Form::Text),
        ("values", Form::MAP),
    ],
);
static MODULE: Form = Form::Map(
    &[],
    &[
        ("child_modules", Form::List(&MODULE)),
        ("resources", Form::List(&RESOURCE)),
    ],
);
static VALUES: Form = Form::Map(&[], &[("root_module", Form::Of(&MODULE))]);

/// Who names whom.
const CONFIGURED: Form = Form::Map(
    &["address"],
    &[("address", Form::Text), ("expressions", Form::MAP)],
);
static CALL: Form = Form::Map(
    &[],
    &[("expressions", Form::MAP), ("module", Form::Of(&SOURCE))],
);
static SOURCE: Form = Form::Map(
    &[],
    &[
        ("module_calls", Form::Each(&CALL)),
        ("resources", Form::List(&CONFIGURED)),
    ],
);

static FILE: Form = Form::Map(
    &[],
    &[
        (
            "configuration",
            Form::Map(&[], &[("root_module", Form::Of(&SOURCE))]),
        ),
        ("planned_values", Form::Of(&VALUES)),
        ("values", Form::Of(&VALUES)),
    ],
);

/// Complains about what a plan or state may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    FILE.hold("file", &file.root, expect);
}
