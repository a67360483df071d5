//! Layer `inventory`: what a workflow may say where it is read, as GitHub's syntax reference has it.

use super::super::file::File;
use super::super::form::Form;
use crate::syntax::expect::Expect;

const TEXTS: Form = Form::List(&Form::Scalar);
const NOTHING_READ: Form = Form::Map(&[], &[]);
const RIGHTS: Form = Form::Any(&[Form::Scalar, Form::Each(&Form::Scalar)]);
const STEP: Form = Form::Map(
    &[],
    &[
        ("run", Form::Scalar),
        ("uses", Form::Text),
        ("with", NOTHING_READ),
    ],
);
const JOB: Form = Form::Map(
    &[],
    &[
        ("container", Form::Any(&[Form::Scalar, NOTHING_READ])),
        ("permissions", RIGHTS),
        ("runs-on", Form::Any(&[Form::Scalar, TEXTS, NOTHING_READ])),
        ("steps", Form::List(&STEP)),
        ("uses", Form::Text),
    ],
);

static FILE: Form = Form::Map(
    &[],
    &[
        ("jobs", Form::Each(&JOB)),
        ("on", Form::Any(&[Form::Scalar, TEXTS, NOTHING_READ])),
        ("permissions", RIGHTS),
    ],
);

/// Complains about what a workflow may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    FILE.hold("the file", &file.root, expect);
}
