//! Layer `inventory`: what a workflow may say where it is read, as GitHub's syntax reference has it.

use super::super::file::File;
use super::super::form::Form;
use crate::syntax::expect::Expect;

const RIGHTS: Form = Form::Any(&[Form::Scalar, Form::Each(&Form::Scalar)]);
const STEP: Form = Form::Map(
    &[],
    &[
        ("run", Form::Scalar),
        ("uses", Form::Text),
        ("with", Form::MAP),
    ],
);
const JOB: Form = Form::Map(
    &[],
    &[
        ("container", Form::Any(&[Form::Scalar, Form::MAP])),
        ("permissions", RIGHTS),
        (
            "runs-on",
            Form::Any(&[Form::Scalar, Form::SCALARS, Form::MAP]),
        ),
        ("steps", Form::List(&STEP)),
        ("uses", Form::Text),
    ],
);

static FILE: Form = Form::Map(
    &[],
    &[
        ("jobs", Form::Each(&JOB)),
        ("on", Form::Any(&[Form::Scalar, Form::SCALARS, Form::MAP])),
        ("permissions", RIGHTS),
    ],
);

/// Complains about what a workflow may not say.
pub(in super::super) fn hold(file: &File, expect: &mut Expect<'_>) {
    FILE.hold("file", &file.root, expect);
}
