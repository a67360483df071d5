//! Layer `schema`: the JSON report (docs/semantics.md §7).
//!
//! The table repeats the types of `report`, which refuse unknown fields and
//! leave none out; a test reads real reports against both.

use serde_json::Value;

use super::shape::Field::{self, Any, Counts, Flag, Is, List, Natural, Or, Text, Whole, Word};
use super::shape::{Shape, whole};
use super::{Kind, document};
use crate::report::{Evidence, Measure, Severity, Status, TodoKind, Verdict};

pub(super) fn statuses() -> Vec<&'static str> {
    Status::ALL.map(Status::as_str).to_vec()
}

pub(super) fn severities() -> Vec<&'static str> {
    Severity::ALL.map(Severity::as_str).to_vec()
}

pub(super) fn evidences() -> Vec<&'static str> {
    vec![Evidence::Assumed.as_str(), Evidence::Declared.as_str()]
}

fn measures() -> Vec<&'static str> {
    vec![Measure::Risk.as_str(), Measure::Severity.as_str()]
}

fn todo_kinds() -> Vec<&'static str> {
    TodoKind::ALL.map(TodoKind::as_str).to_vec()
}

fn notices() -> Vec<&'static str> {
    vec!["note", "warning", "error"]
}

fn verdicts() -> Vec<&'static str> {
    Verdict::ALL.map(Verdict::as_str).to_vec()
}

fn ends() -> Vec<&'static str> {
    vec!["fixed", "gone"]
}

/// The schema of the JSON report.
pub(super) fn schema() -> Value {
    let description =
        "What `tmrs check --format json` writes; what is absent is null, never missing";
    document(
        Kind::Report,
        "tmrs report",
        description,
        whole(SHAPES, &super::diff::of_changes()),
    )
}

/// The shapes, the report itself first.
pub(super) static SHAPES: &[Shape] = &[
    Shape {
        name: "report",
        description: "A whole run",
        fields: &[
            ("report", Natural, "The version of this format"),
            ("tool", Is("tool"), "Who made it"),
            ("run", Is("run"), "What was run"),
            (
                "rules",
                List(&Is("ruleInfo")),
                "Every rule that was evaluated, by id",
            ),
            (
                "models",
                List(&Is("modelInfo")),
                "Every model, by path and position",
            ),
            (
                "findings",
                List(&Is("findingInfo")),
                "Every finding, whatever its status, by model, place and rule",
            ),
            (
                "doFirst",
                List(&Is("todo")),
                "What to do first about what is new or unreviewed: at most five things, the one that takes away the most risk first",
            ),
            (
                "fixed",
                List(&Is("fixed")),
                "What the base revision or baseline had and this run has not",
            ),
            (
                "changes",
                List(&Is("modelChange")),
                "What the change does to models, compared with a base revision",
            ),
            (
                "notices",
                List(&Is("noticeInfo")),
                "What the tool says about its inputs",
            ),
            ("summary", Is("summary"), "Counts, gate, exit status"),
        ],
    },
    Shape {
        name: "tool",
        description: "The program that made a report",
        fields: &[
            ("name", Text, "`tmrs`"),
            ("version", Text, "Its version"),
            ("catalogue", Text, "The version of its built-in catalogue"),
        ],
    },
    Shape {
        name: "run",
        description: "What was run",
        fields: &[
            (
                "category",
                Or(&Text),
                "`--category`: tells several runs over one repository apart",
            ),
            (
                "revision",
                Or(&Text),
                "The commit of the working tree, if known",
            ),
            ("base", Or(&Text), "The commit that was compared with"),
            ("policy", Or(&Text), "Where the policy came from"),
        ],
    },
    Shape {
        name: "ruleInfo",
        description: "A rule, as a reader of the report needs it",
        fields: &[
            ("id", Text, "The id"),
            ("title", Text, "A short statement of the threat"),
            (
                "severity",
                Word(severities),
                "`critical high medium low info`, after any remapping",
            ),
            ("likelihood", Text, "`high medium low unknown`"),
            ("description", Text, "What can happen, and who could do it"),
            ("mitigation", Text, "What helps"),
            ("example", Text, "An attack, told; may be empty"),
            ("condition", Text, "The condition, as written"),
            ("references", List(&Text), "CAPEC, CWE, ATT&CK ids and URLs"),
            ("tags", List(&Text), "`stride:…` and other words"),
            ("classes", List(&Text), "The classes it judges"),
            (
                "layer",
                Text,
                "`built-in`, `threats-file`, `user` or `declared`",
            ),
        ],
    },
    Shape {
        name: "location",
        description: "Where something stands",
        fields: &[
            ("path", Text, "Relative to the root, with forward slashes"),
            ("line", Natural, "From 1"),
            ("column", Natural, "From 1, in Unicode scalar values"),
            ("endLine", Natural, "From 1"),
            (
                "endColumn",
                Natural,
                "From 1; the column after the last character",
            ),
        ],
    },
    Shape {
        name: "related",
        description: "A secondary location with a few words",
        fields: &[
            ("message", Text, "What is there"),
            ("location", Is("location"), "Where"),
        ],
    },
    Shape {
        name: "elementRef",
        description: "A class and a name",
        fields: &[
            ("class", Text, "The class, as the model names it"),
            (
                "base",
                Text,
                "pytm's class that it is: what `class` extends where the model has a class of its own",
            ),
            ("name", Text, "The name, as written"),
        ],
    },
    Shape {
        name: "findingInfo",
        description: "One finding",
        fields: &[
            ("fingerprint", Text, "The versioned hash of its identity"),
            ("rule", Text, "The rule's id"),
            ("title", Text, "The rule's title, or an override's"),
            (
                "severity",
                Word(severities),
                "The severity that the gate uses",
            ),
            ("likelihood", Text, "`high medium low unknown`"),
            ("evidence", Word(evidences), "How sure the model makes it"),
            (
                "risk",
                Word(severities),
                "How much it matters here: by severity, evidence, reach and worth",
            ),
            (
                "reach",
                Text,
                "How outsiders reach the place: `open`, `login` or `none`",
            ),
            (
                "worth",
                Text,
                "How much is at stake there: `high`, `medium`, `low` or `unknown`",
            ),
            (
                "way",
                List(&Text),
                "The names on the way on which an outsider reaches it",
            ),
            ("riskReason", Text, "Reach and worth in a sentence"),
            ("failing", Flag, "Whether it fails the gate"),
            ("status", Word(statuses), "What became of it"),
            ("reason", Or(&Text), "Why it has that status, in a sentence"),
            (
                "withdrawn",
                List(&Is("withdrawnInfo")),
                "What the base revision said that would settle it, and nobody says now",
            ),
            (
                "settledByChange",
                Flag,
                "Whether the change itself settled it: without the entry, answer or exclusion that it adds, the finding would be new",
            ),
            (
                "advisory",
                Flag,
                "Whether it is only reported and fails no gate, however bad",
            ),
            ("exclusion", Or(&Is("exclusionInfo")), "What excludes it"),
            ("response", Or(&Text), "What the model answers"),
            ("model", Text, "The model's path"),
            (
                "modelName",
                Text,
                "Which model of that file, from 0: an index for models that share a path",
            ),
            ("element", Is("elementRef"), "Where it was found"),
            (
                "elementId",
                Natural,
                "The element's position in the model's graph",
            ),
            ("source", Or(&Text), "A flow's source"),
            ("sink", Or(&Text), "A flow's sink"),
            (
                "location",
                Is("location"),
                "The deciding declaration, else the element",
            ),
            (
                "related",
                List(&Is("related")),
                "Source, sink, further facts",
            ),
            (
                "why",
                Text,
                "Why it holds, in a sentence with names and values; empty where that is not looked into",
            ),
            (
                "because",
                List(&Is("because")),
                "The facts that made the condition true",
            ),
            (
                "deciding",
                List(&List(&Is("deciding"))),
                "Sets of answers that together refute it; of a declared finding, of changes to what the model says",
            ),
            ("message", Text, "What holds here, in a sentence or two"),
            ("cvss", Or(&Text), "A CVSS score or vector"),
            (
                "group",
                Or(&Text),
                "The group in whose display it is folded",
            ),
        ],
    },
    Shape {
        name: "exclusionInfo",
        description: "What excludes a finding",
        fields: &[
            (
                "by",
                Text,
                "`assumption`, `inline`, `configuration` or `command-line`",
            ),
            ("reason", Text, "The reason given"),
            ("location", Or(&Is("location")), "Where it stands"),
        ],
    },
    Shape {
        name: "because",
        description: "A fact that made a condition true",
        fields: &[
            ("words", Text, "What it says, in words"),
            (
                "attribute",
                Text,
                "Such as `controls.isEncrypted` or `sink.isHardened`",
            ),
            ("value", Any, "The value"),
            (
                "origin",
                Text,
                "`declared`, `derived`, `assumed` or `default`",
            ),
            (
                "reason",
                Or(&Text),
                "Why it is derived or assumed, where names or wiring tell it",
            ),
            ("location", Or(&Is("location")), "Where it is said"),
        ],
    },
    Shape {
        name: "deciding",
        description: "One answer of a deciding set",
        fields: &[
            ("element", Text, "Whose attribute"),
            ("attribute", Text, "Which"),
            ("value", Any, "The value that helps to refute the finding"),
            (
                "line",
                Or(&Text),
                "The line that says so in the model, where one line can",
            ),
        ],
    },
    Shape {
        name: "todo",
        description: "One thing to do, with everything that it closes",
        fields: &[
            ("model", Text, "The model's path"),
            ("modelName", Text, "The model's name"),
            (
                "kind",
                Word(todo_kinds),
                "`answer`: a question about what the model does not say; `change`: something that the model says can become otherwise; `mitigate`: what the rule says helps",
            ),
            ("what", Text, "The question, or what to do, in a sentence"),
            (
                "answer",
                Or(&Text),
                "The answer that closes them, such as `yes`; null where it is no question",
            ),
            ("steps", List(&Is("step")), "What the model then says"),
            ("risk", Word(severities), "The worst risk of what it closes"),
            (
                "way",
                List(&Text),
                "The names on the way on which an outsider reaches the worst of it",
            ),
            (
                "riskReason",
                Text,
                "Reach and worth of the worst of it, in a sentence",
            ),
            ("location", Is("location"), "Where the worst of it is"),
            (
                "rules",
                List(&Text),
                "The rules whose findings it closes, the worst first",
            ),
            (
                "closes",
                List(&Text),
                "The fingerprints of the findings that it closes, the worst first",
            ),
            ("failing", Whole, "How many of these fail the gate"),
        ],
    },
    Shape {
        name: "step",
        description: "One thing that the model then says",
        fields: &[
            ("element", Text, "Whose attribute"),
            ("attribute", Text, "Which"),
            ("value", Any, "The value"),
            (
                "line",
                Or(&Text),
                "The line to add, where it can be said in one",
            ),
        ],
    },
    Shape {
        name: "modelInfo",
        description: "A model",
        fields: &[
            ("path", Text, "Its file"),
            ("name", Text, "Its name"),
            ("format", Text, "`pytm` or `native`"),
            ("description", Text, "What the model says about the system"),
            ("complete", Flag, "Whether everything that matters was read"),
            (
                "passed",
                List(&Text),
                "Ids of rules that what the model says rules out",
            ),
            (
                "notApplicable",
                List(&Text),
                "Ids of rules that judge nothing that is there",
            ),
            (
                "dormant",
                List(&Is("dormantInfo")),
                "Rules that found nothing only because the model does not say what they ask",
            ),
            (
                "attributes",
                Field::Map(&Is("attributeInfo")),
                "What is said about the model itself (`isOrdered`, `onDuplicates`, …)",
            ),
            (
                "assumptions",
                List(&Is("assumptionInfo")),
                "Assumptions about the whole model",
            ),
            ("graph", Is("graph"), "What is drawn and described"),
        ],
    },
    Shape {
        name: "dormantInfo",
        description: "A rule that waits for what the model does not say",
        fields: &[
            ("rule", Text, "The rule's id"),
            (
                "wants",
                List(&Text),
                "The attributes that it asks about and nobody stated",
            ),
        ],
    },
    Shape {
        name: "assumptionInfo",
        description: "An assumption",
        fields: &[
            ("name", Text, "What is assumed"),
            ("description", Text, "Why it may be"),
            ("exclude", List(&Text), "The rule ids that it rules out"),
            ("location", Is("location"), "Where it stands"),
        ],
    },
    Shape {
        name: "graph",
        description: "What a diagram shows and a data dictionary lists",
        fields: &[
            (
                "mergeResponses",
                Flag,
                "Whether a response is drawn on the arrow of its request",
            ),
            (
                "elements",
                List(&Is("node")),
                "Everything but flows and boundaries, in the order of declaration",
            ),
            ("flows", List(&Is("edge")), "Flows, in their order"),
            (
                "boundaries",
                List(&Is("node")),
                "Boundaries, in the order of declaration",
            ),
            (
                "data",
                List(&Is("datumInfo")),
                "Data, in the order of declaration",
            ),
        ],
    },
    Shape {
        name: "node",
        description: "An element or a boundary",
        fields: &[
            ("id", Natural, "Its position in the model"),
            ("class", Text, "Its class, as the model names it"),
            (
                "base",
                Text,
                "pytm's class that it is, by which it is judged and drawn",
            ),
            ("name", Text, "Its name, as written"),
            ("description", Text, "What it is"),
            (
                "boundary",
                Or(&Natural),
                "The innermost boundary around it, by id",
            ),
            ("inScope", Flag, "Whether it is judged"),
            ("levels", List(&Whole), "The levels on which it is drawn"),
            ("location", Is("location"), "Where it is declared"),
            (
                "attributes",
                Field::Map(&Is("attributeInfo")),
                "What is said or derived about it, by attribute (`controls.…` included)",
            ),
            (
                "assumptions",
                List(&Is("assumptionInfo")),
                "Assumptions about it",
            ),
            ("claims", List(&Text), "Controls in words"),
            ("proofs", List(&Is("proofInfo")), "What proves its controls"),
        ],
    },
    Shape {
        name: "edge",
        description: "A flow",
        fields: &[
            ("id", Natural, "Its position in the model"),
            ("name", Text, "Its name, as written"),
            ("description", Text, "What it is"),
            ("source", Natural, "Where it starts, by id"),
            ("sink", Natural, "Where it ends, by id"),
            ("order", Whole, "Its number in the sequence; -1 for none"),
            ("isResponse", Flag, "Whether it answers another one"),
            (
                "response",
                Or(&Natural),
                "The flow that answers this one, by id",
            ),
            (
                "responseTo",
                Or(&Natural),
                "The flow that this one answers, by id",
            ),
            ("protocol", Text, "The protocol, after derivation"),
            ("port", Whole, "The port at the destination; -1 for none"),
            ("data", List(&Natural), "The Data it carries, by id"),
            ("note", Text, "A remark for the sequence diagram"),
            ("inScope", Flag, "Whether it is judged"),
            (
                "duplicate",
                Flag,
                "Whether it says the same as an earlier one and is left out of diagrams",
            ),
            ("levels", List(&Whole), "The levels on which it is drawn"),
            ("location", Is("location"), "Where it is declared"),
            (
                "attributes",
                Field::Map(&Is("attributeInfo")),
                "What is said or derived about it, by attribute (`controls.…` included)",
            ),
            (
                "assumptions",
                List(&Is("assumptionInfo")),
                "Assumptions about it",
            ),
            ("claims", List(&Text), "Controls in words"),
            ("proofs", List(&Is("proofInfo")), "What proves its controls"),
        ],
    },
    Shape {
        name: "datumInfo",
        description: "A piece of data",
        fields: &[
            ("id", Natural, "Its position in the model"),
            ("name", Text, "Its name, as written"),
            ("description", Text, "What it is"),
            ("classification", Text, "`UNKNOWN`, `PUBLIC`, …"),
            ("location", Is("location"), "Where it is declared"),
            (
                "attributes",
                Field::Map(&Is("attributeInfo")),
                "What is said or derived about it",
            ),
        ],
    },
    Shape {
        name: "proofInfo",
        description: "What shows that controls are in place",
        fields: &[
            ("controls", List(&Text), "Names of controls"),
            ("text", Text, "A test, a document, a ticket, an address"),
            ("location", Is("location"), "Where it is said"),
        ],
    },
    Shape {
        name: "attributeInfo",
        description: "A value that was said or derived",
        fields: &[
            ("value", Any, "The value"),
            ("origin", Text, "`declared`, `derived` or `unread`"),
            ("location", Or(&Is("location")), "Where it is said"),
        ],
    },
    Shape {
        name: "withdrawnInfo",
        description: "An attribute whose value was another one at the base",
        fields: &[
            ("element", Is("elementRef"), "Whose attribute"),
            ("attribute", Text, "Which, such as `controls.isHardened`"),
            ("was", Text, "What it was, in words"),
            (
                "is",
                Or(&Text),
                "What it is now, in words; null where nobody says it any more",
            ),
            (
                "location",
                Or(&Is("location")),
                "Where it was said, at the base",
            ),
        ],
    },
    Shape {
        name: "fixed",
        description: "What the base or baseline had and this run has not",
        fields: &[
            ("fingerprint", Text, "The fingerprint it had"),
            ("rule", Text, "The rule's id"),
            ("model", Text, "The model's path"),
            ("element", Is("elementRef"), "Where it was found"),
            ("how", Word(ends), "What became of it"),
            (
                "because",
                Or(&Text),
                "Why, compared with a base revision: what the change declares, or took away",
            ),
        ],
    },
    Shape {
        name: "noticeInfo",
        description: "A notice, as reports write it",
        fields: &[
            ("code", Text, "A stable code"),
            ("severity", Word(notices), "`error`, `warning` or `note`"),
            ("message", Text, "What is wrong"),
            ("location", Or(&Is("location")), "Where"),
            ("related", List(&Is("related")), "Further places"),
            ("help", Or(&Text), "What to do next"),
        ],
    },
    Shape {
        name: "summary",
        description: "Counts, gate, exit status",
        fields: &[
            ("models", Natural, "How many models were judged"),
            (
                "findings",
                Natural,
                "How many findings there are, whatever their status",
            ),
            (
                "byStatus",
                Counts(statuses),
                "Counts by status, every status present",
            ),
            (
                "bySeverity",
                Counts(severities),
                "Counts by severity, every severity present",
            ),
            (
                "newBySeverity",
                Counts(severities),
                "Counts of new findings by severity, every severity present",
            ),
            ("residual", Natural, "How many are accepted or transferred"),
            ("gate", Is("gate"), "The gate"),
            (
                "verdict",
                Word(verdicts),
                "What the run comes to: `passed`, `failed`, `incomplete` or `nothing judged`",
            ),
            (
                "exit",
                Natural,
                "The exit status that the run has by itself (docs/semantics.md §5)",
            ),
        ],
    },
    Shape {
        name: "gate",
        description: "What fails a run, and whether it does",
        fields: &[
            (
                "by",
                Word(measures),
                "What is compared: the risk here, or the severity of the rule",
            ),
            (
                "failOn",
                Word(severities),
                "The least risk or severity that fails",
            ),
            ("evidence", Word(evidences), "The least evidence that fails"),
            (
                "reportOnly",
                Flag,
                "Whether findings are only reported, however severe (`--fail-on never`)",
            ),
            (
                "passed",
                Flag,
                "Whether everything was judged and nothing fails the run: whether the verdict is `passed`",
            ),
            ("failing", Natural, "How many findings fail"),
            (
                "fingerprints",
                List(&Text),
                "The fingerprints of the findings that fail",
            ),
            (
                "models",
                List(&Is("modelGate")),
                "The models of which something else fails, by path",
            ),
        ],
    },
    Shape {
        name: "modelGate",
        description: "What fails of one model, where the configuration says so (`models`)",
        fields: &[
            ("model", Text, "The model's path"),
            ("by", Word(measures), "What is compared"),
            (
                "failOn",
                Word(severities),
                "The least risk or severity that fails",
            ),
            ("evidence", Word(evidences), "The least evidence that fails"),
            ("reportOnly", Flag, "Whether findings are only reported"),
        ],
    },
];
