//! What a reader needs first and last: what this is, how it stands, what could
//! not be judged, and how to read it.

use super::Document;
use super::parts::{Block, Column, Inline, Line, Section, Table, plain, text};
use crate::emit::words;
use crate::escape::shorten;
use crate::report::{Evidence, FindingInfo, NoticeInfo, NoticeSeverity, Severity, Status};

/// What the model is and how it stands.
pub(super) fn summary(document: &Document<'_>) -> Section {
    let open = |severity| {
        let wanted = |f: &FindingInfo| f.status.is_open() && f.severity == severity;
        document.findings(wanted).len()
    };
    let with = |wanted: fn(Status) -> bool| document.findings(|f| wanted(f.status)).len();
    let worst_first = Severity::ALL.into_iter().rev();
    let mut blocks: Vec<Block> = paragraphs(&document.model.description);
    blocks.push(Block::Line(verdict(document)));
    blocks.push(Block::Counts {
        tiles: vec![
            ("Open threats", with(Status::is_open)),
            ("Residual risk", with(Status::is_residual)),
            ("Mitigated", with(|s| s == Status::Mitigated)),
            (
                "Excluded or answered",
                with(|s| {
                    matches!(
                        s,
                        Status::Excluded | Status::FalsePositive | Status::Avoided
                    )
                }),
            ),
            ("Elements", document.model.graph.elements.len()),
            ("Data flows", document.model.graph.flows.len()),
            ("Boundaries", document.model.graph.boundaries.len()),
        ],
        bar: worst_first.map(|s| (s, open(s))).collect(),
    });
    if !document.findings(|_| true).is_empty() {
        blocks.push(Block::Table(matrix(document)));
    }
    blocks.push(Block::Table(origin(document)));
    Section {
        id: "summary",
        title: "Summary",
        blocks,
    }
}

/// A text of several paragraphs.
pub(super) fn paragraphs(said: &str) -> Vec<Block> {
    let said = shorten(said, 4 * words::LONGEST_TEXT).replace("\r\n", "\n");
    said.split("\n\n")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .map(|part| Block::Line(plain(part)))
        .collect()
}

/// How it stands, in a sentence or two.
fn verdict(document: &Document<'_>) -> Line {
    let open = document.findings(|f| f.status.is_open());
    let declared = |f: &&&FindingInfo| f.evidence == Evidence::Declared;
    let declared = open.iter().filter(declared).count();
    let mut line = Line::new();
    if !document.model.complete {
        line.push(Inline::Strong(
            "The model could not be judged completely; what follows is not everything. ".into(),
        ));
    }
    if open.is_empty() {
        line.push(Inline::Strong("No threat is open.".into()));
        return line;
    }
    let are = if open.len() == 1 { "is" } else { "are" };
    line.push(Inline::Strong(format!(
        "{} {are} open.",
        words::plural(open.len(), "threat")
    )));
    let assumed = open.len() - declared;
    line.push(text(match (declared, assumed) {
        (_, 0) => " The model declares what makes each of them possible.".to_owned(),
        (0, _) => {
            " Each follows from something that the model does not say; answers may settle it."
                .to_owned()
        }
        _ => format!(
            " {declared} from what the model declares, {assumed} from what it does not say and answers may settle."
        ),
    }));
    line
}

/// Findings by severity and by what became of them.
fn matrix(document: &Document<'_>) -> Table {
    type Of = fn(&FindingInfo) -> bool;
    let columns: [(&'static str, Of); 6] = [
        ("Open, declared", |f| {
            f.status.is_open() && f.evidence == Evidence::Declared
        }),
        ("Open, assumed", |f| {
            f.status.is_open() && f.evidence == Evidence::Assumed
        }),
        ("Residual risk", |f| f.status.is_residual()),
        ("Mitigated", |f| f.status == Status::Mitigated),
        ("Excluded or answered", |f| {
            matches!(
                f.status,
                Status::Excluded | Status::FalsePositive | Status::Avoided
            )
        }),
        ("Out of scope", |f| f.status == Status::OutOfScope),
    ];
    let worst_first = Severity::ALL.into_iter().rev();
    let rows = worst_first.map(|severity| {
        let count = |of: Of| {
            let count = document.findings(|f| f.severity == severity && of(f)).len();
            plain(count.to_string())
        };
        let counts = columns.iter().map(|(_, of)| count(*of));
        std::iter::once(vec![Inline::Severity(severity)])
            .chain(counts)
            .collect()
    });
    Table {
        name: "Findings by severity and status",
        rows: rows.collect(),
        columns: std::iter::once(Column::Text("Severity"))
            .chain(columns.iter().map(|(name, _)| Column::Number(name)))
            .collect(),
    }
}

/// Where all this comes from.
fn origin(document: &Document<'_>) -> Table {
    let (report, model) = (document.report, document.model);
    let mut rows = vec![
        row("Model", vec![Inline::Code(model.path.to_string())]),
        row("Written in", plain(&*model.format)),
        row(
            "Read",
            plain(if model.complete {
                "completely"
            } else {
                "not completely"
            }),
        ),
    ];
    if let Some(revision) = &report.run.revision {
        rows.push(row("Revision", vec![Inline::Code(revision.clone())]));
    }
    if let Some(base) = &report.run.base {
        rows.push(row("Compared with", vec![Inline::Code(base.clone())]));
    }
    let found = document.rules().len();
    rows.push(row(
        "Rules",
        plain(format!(
            "{found} found something, {} are ruled out by what the model says, {} have nothing to \
             judge, {} ask what the model does not say",
            model.passed.len(),
            model.not_applicable.len(),
            model.dormant.len()
        )),
    ));
    rows.push(row(
        "Made by",
        plain(format!(
            "tmrs {}, catalogue {}",
            report.tool.version, report.tool.catalogue
        )),
    ));
    Table {
        name: "Where this report comes from",
        columns: vec![Column::Text("About"), Column::Text("This report")],
        rows,
    }
}

fn row(name: &str, value: Line) -> Vec<Line> {
    vec![plain(name), value]
}

/// Errors, before everything else.
pub(super) fn unread(document: &Document<'_>) -> Option<Section> {
    said(document, "unread", "What could not be judged", |s| {
        s == NoticeSeverity::Error
    })
}

/// Warnings and notes.
pub(super) fn notices(document: &Document<'_>) -> Option<Section> {
    said(document, "notices", "Remarks on the model", |s| {
        s != NoticeSeverity::Error
    })
}

fn said(
    document: &Document<'_>,
    id: &'static str,
    title: &'static str,
    wanted: impl Fn(NoticeSeverity) -> bool,
) -> Option<Section> {
    let of_another = |notice: &NoticeInfo| {
        let at = notice.location.as_ref().map(|at| &at.path);
        let mut models = document.report.models.iter().map(|model| &model.path);
        at.is_some_and(|at| *at != document.model.path && models.any(|path| path == at))
    };
    let notices = document.report.notices.iter();
    let items: Vec<Line> = notices
        .filter(|notice| wanted(notice.severity) && !of_another(notice))
        .map(|notice| {
            let message = shorten(&notice.message, words::LONGEST_TEXT);
            let mut line = plain(words::next_sentence(&message));
            if let Some(help) = &notice.help {
                let help = words::next_sentence(&shorten(help, words::LONGEST_TEXT));
                line.push(text(format!(" {help}")));
            }
            if let Some(at) = &notice.location {
                line.extend([text(" "), Inline::Place(at.clone())]);
            }
            line
        })
        .collect();
    (!items.is_empty()).then(|| Section {
        id,
        title,
        blocks: vec![Block::List(items)],
    })
}

/// What the words mean.
pub(super) fn reading() -> Section {
    let item = |word: &str, meaning: &str| {
        vec![
            Inline::Strong(format!("{word}: ")),
            Inline::Prose(meaning.to_owned()),
        ]
    };
    Section {
        id: "reading",
        title: "How to read this report",
        blocks: vec![Block::List(vec![
            item(
                "Threat",
                "something that somebody could do to the system as it is modelled. Each was found by a rule, whose id stands beside it; “Threats explained” tells what can happen and what helps.",
            ),
            item(
                "Severity",
                "critical, high, medium, low or info: how bad it is if it happens to a system of the usual worth. It is the rule's unless the model says otherwise.",
            ),
            item(
                "Declared",
                "the model itself says what makes the threat possible; the facts stand beside it, with the line that says them.",
            ),
            item(
                "Assumed",
                "the threat is possible because the model does not say otherwise. “Open questions” lists the answers that settle most of these.",
            ),
            item(
                "Open",
                "neither mitigated nor answered, whether it is new or was known before.",
            ),
            item(
                "Residual risk",
                "what was accepted or transferred to somebody else. It stays, and is counted.",
            ),
            item(
                "Excluded or answered",
                "somebody decided that it does not apply, is avoided, or rests on an assumption that rules it out. The decision, its reason and its place are listed.",
            ),
            item(
                "Mitigated",
                "the model answers the finding with what stands against it. A control that the model declares does not show here: the threat is then not found at all.",
            ),
            item(
                "Out of scope",
                "found on an element that the model takes out of scope. It is counted only.",
            ),
        ])],
    }
}
