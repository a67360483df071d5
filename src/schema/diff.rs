//! Layer `schema`: what `tmrs diff --format json` writes.
//!
//! The table repeats the types of `report::diff`; a test holds real comparisons
//! against it.

use serde_json::Value;

use super::report::{self, evidences, severities, statuses};
use super::shape::Field::{Any, Counts, Flag, Is, List, Natural, Or, Text, Word};
use super::shape::{Shape, whole};
use super::{Kind, document};
use crate::report::diff::{Change, Fate, PartKind, Topic};

fn kinds_of_sides() -> Vec<&'static str> {
    vec!["revision", "path", "report", "working-tree"]
}

fn changes() -> Vec<&'static str> {
    Change::ALL.map(Change::as_str).to_vec()
}

fn kinds_of_parts() -> Vec<&'static str> {
    PartKind::ALL.map(PartKind::as_str).to_vec()
}

fn topics() -> Vec<&'static str> {
    Topic::ALL.map(Topic::as_str).to_vec()
}

fn fates() -> Vec<&'static str> {
    Fate::ALL.map(Fate::as_str).to_vec()
}

/// The schema of a comparison.
pub(super) fn schema() -> Value {
    let shared = ["tool", "location", "related", "elementRef", "noticeInfo"];
    let others = report::SHAPES.iter();
    let others: Vec<&Shape> = others.filter(|s| shared.contains(&s.name)).collect();
    let description =
        "What `tmrs diff --format json` writes; what is absent is null, never missing";
    document(
        Kind::Diff,
        "tmrs comparison",
        description,
        whole(SHAPES, &others),
    )
}

/// The shapes that a report needs too.
pub(super) fn of_changes() -> Vec<&'static Shape> {
    let shared = ["modelRef", "partDiff", "detailDiff"];
    let of_diff = SHAPES.iter().filter(|s| shared.contains(&s.name));
    of_diff.chain([&MODEL_CHANGE]).collect()
}

/// A model in the report of a check against a base revision.
static MODEL_CHANGE: Shape = Shape {
    name: "modelChange",
    description: "A model that a change adds, alters or takes away",
    fields: &[
        ("change", Word(changes), "What happens to it"),
        ("base", Or(&Is("modelRef")), "What it is called at the base"),
        ("head", Or(&Is("modelRef")), "What it is called now"),
        (
            "details",
            List(&Is("detailDiff")),
            "What it says about itself that differs",
        ),
        (
            "parts",
            List(&Is("partDiff")),
            "Its elements, boundaries, flows and data that differ",
        ),
    ],
};

/// The shapes, the comparison itself first.
static SHAPES: &[Shape] = &[
    Shape {
        name: "diff",
        description: "What changed between two sides",
        fields: &[
            ("diff", Natural, "The version of this format"),
            ("tool", Is("tool"), "Who compared"),
            ("base", Is("side"), "What was compared with"),
            ("head", Is("side"), "What was compared"),
            (
                "models",
                List(&Is("modelDiff")),
                "Every model in which something differs, by path and name",
            ),
            ("summary", Is("summary"), "Counts"),
        ],
    },
    Shape {
        name: "side",
        description: "One side of a comparison",
        fields: &[
            ("kind", Word(kinds_of_sides), "What it is"),
            ("name", Text, "As it was named"),
            ("revision", Or(&Text), "The commit, where one is known"),
            (
                "catalogue",
                Text,
                "The version of the catalogue that judged",
            ),
            ("models", Natural, "How many models it has"),
            ("complete", Flag, "Whether everything was read and judged"),
            (
                "notices",
                List(&Is("noticeInfo")),
                "What could not be, and why",
            ),
        ],
    },
    Shape {
        name: "modelDiff",
        description: "A model in which something differs",
        fields: &[
            ("change", Word(changes), "What happened to it"),
            ("base", Or(&Is("modelRef")), "What it is called at the base"),
            ("head", Or(&Is("modelRef")), "What it is called now"),
            (
                "details",
                List(&Is("detailDiff")),
                "What it says about itself that differs",
            ),
            (
                "parts",
                List(&Is("partDiff")),
                "Its elements, boundaries, flows and data that differ",
            ),
            (
                "threats",
                List(&Is("threatDiff")),
                "Its findings that differ, the worst first",
            ),
        ],
    },
    Shape {
        name: "modelRef",
        description: "A model's file and name",
        fields: &[("path", Text, "The file"), ("name", Text, "The name")],
    },
    Shape {
        name: "partDiff",
        description: "A part that differs",
        fields: &[
            ("change", Word(changes), "What happened to it"),
            ("kind", Word(kinds_of_parts), "What it is"),
            ("element", Is("elementRef"), "Its class and name"),
            ("source", Or(&Text), "A flow's source"),
            ("sink", Or(&Text), "A flow's sink"),
            (
                "location",
                Is("location"),
                "Where it stands now, else where it stood",
            ),
            (
                "details",
                List(&Is("detailDiff")),
                "What differs; of an added part what a reviewer asks first",
            ),
        ],
    },
    Shape {
        name: "detailDiff",
        description: "Something about a part that differs",
        fields: &[
            ("topic", Word(topics), "What it is about"),
            ("change", Word(changes), "What happened"),
            (
                "subject",
                Text,
                "The attribute, control, boundary, data or assumption",
            ),
            ("before", Any, "What it was, null where nobody said"),
            ("after", Any, "What it is, null where nobody says"),
            (
                "direction",
                Or(&Text),
                "`raised` or `lowered`, of a classification",
            ),
            (
                "location",
                Or(&Is("location")),
                "Where it is said now, else where it was said",
            ),
        ],
    },
    Shape {
        name: "threatDiff",
        description: "A finding that differs",
        fields: &[
            ("change", Word(fates), "What became of it"),
            ("rule", Text, "The rule's id"),
            ("title", Text, "Its title"),
            ("element", Is("elementRef"), "Where it is or was found"),
            ("source", Or(&Text), "A flow's source"),
            ("sink", Or(&Text), "A flow's sink"),
            ("fingerprint", Text, "Its fingerprint now, else then"),
            ("before", Or(&Is("standing")), "What it was"),
            ("after", Or(&Is("standing")), "What it is"),
            (
                "reason",
                Or(&Text),
                "Why, where the model doesn't tell: a rule that only one side was judged by",
            ),
            (
                "location",
                Is("location"),
                "Where it is now, else where it was",
            ),
        ],
    },
    Shape {
        name: "standing",
        description: "What a finding is on one side",
        fields: &[
            ("severity", Word(severities), "How bad"),
            ("evidence", Word(evidences), "How sure"),
            (
                "status",
                Word(statuses),
                "`new` for all that is open: a baseline plays no part here",
            ),
        ],
    },
    Shape {
        name: "summary",
        description: "Counts of a comparison",
        fields: &[
            ("same", Flag, "Whether nothing differs"),
            ("models", Counts(changes), "Models by what happened to them"),
            ("parts", Counts(changes), "Parts by what happened to them"),
            (
                "crossingsAdded",
                Natural,
                "Boundaries that flows cross and did not",
            ),
            (
                "crossingsRemoved",
                Natural,
                "Boundaries that flows crossed and do not",
            ),
            (
                "classificationsRaised",
                Natural,
                "Classifications that were raised",
            ),
            (
                "controlsAdded",
                Natural,
                "Controls that are in place and were not",
            ),
            (
                "controlsRemoved",
                Natural,
                "Controls that were in place and are not",
            ),
            ("threats", Counts(fates), "Findings by what became of them"),
            (
                "newBySeverity",
                Counts(severities),
                "New findings that are open, by severity",
            ),
        ],
    },
];
