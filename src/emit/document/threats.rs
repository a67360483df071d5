//! What threatens the system, by severity and by element; what was decided about
//! it; what nobody has said yet; what the threats mean.

use std::collections::BTreeMap;

use super::Document;
use super::parts::{Block, Column, Inline, Line, Section, Table, joined, plain, text};
use crate::emit::groups::Group;
use crate::emit::{first, taxonomy, words};
use crate::escape::{shorten, url};
use crate::report::{FIRST, FindingInfo, RuleInfo, Severity, Status};

/// The sections about threats.
pub(super) fn sections(document: &Document<'_>) -> Vec<Section> {
    let threats = Threats::of(document);
    [
        threats.first(),
        threats.by_severity(),
        threats.by_element(),
        threats.questions(),
        threats.residual(),
        threats.answered(),
        threats.explained(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

struct Threats<'a> {
    document: &'a Document<'a>,
    /// Rules with their numbers for links, by id.
    rules: BTreeMap<&'a str, (usize, &'a RuleInfo)>,
}

impl<'a> Threats<'a> {
    fn of(document: &'a Document<'a>) -> Self {
        let rules = document.rules().into_iter();
        Self {
            document,
            rules: rules.map(|(at, rule)| (&*rule.id, (at, rule))).collect(),
        }
    }

    /// A rule's id, linked to what it means.
    fn id(&self, id: &str) -> Inline {
        let text = shorten(id, words::LONGEST_NAME).into_owned();
        match self.rules.get(id) {
            Some((at, _)) => Inline::Link {
                to: format!("rule-{at}"),
                text,
            },
            None => Inline::Code(text),
        }
    }

    /// `INP05 Input becomes SQL`.
    fn titled(&self, finding: &FindingInfo) -> Line {
        let title = shorten(&finding.title, words::LONGEST_TEXT);
        vec![self.id(&finding.rule), text(format!(" {title}"))]
    }

    /// One row a rule and evidence, the elements beside it.
    fn by_severity(&self) -> Option<Section> {
        let mut blocks = Vec::new();
        for severity in Severity::ALL.into_iter().rev() {
            let wanted = |f: &FindingInfo| f.status.is_open() && f.severity == severity;
            let findings = self.document.findings(wanted);
            if findings.is_empty() {
                continue;
            }
            let count = words::plural(findings.len(), "threat");
            blocks.push(Block::Heading {
                id: format!("severity-{severity}"),
                line: vec![Inline::Severity(severity), text(format!(" {count}"))],
            });
            blocks.push(Block::Table(self.of_severity(&findings)));
        }
        (!blocks.is_empty()).then_some(Section {
            id: "by-severity",
            title: "Threats by severity",
            blocks,
        })
    }

    fn of_severity(&self, findings: &[&'a FindingInfo]) -> Table {
        let mut rows: Vec<(&FindingInfo, Vec<Line>)> = Vec::new();
        for finding in findings {
            let to = format!("element-{}", finding.element_id);
            let text = words::element(finding);
            let element = vec![Inline::Link { to, text }];
            let is = |row: &&mut (&FindingInfo, Vec<Line>)| {
                let like = row.0;
                like.rule == finding.rule
                    && like.title == finding.title
                    && like.evidence == finding.evidence
            };
            match rows.iter_mut().find(is) {
                Some((_, elements)) => elements.push(element),
                None => rows.push((finding, vec![element])),
            }
        }
        let rows = rows.into_iter().map(|(finding, elements)| {
            vec![
                self.titled(finding),
                vec![Inline::Tag(finding.evidence.as_str())],
                joined(elements, ", "),
            ]
        });
        Table {
            name: "Threats of one severity",
            columns: vec![
                Column::Text("Threat"),
                Column::Text("Evidence"),
                Column::Text("Where"),
            ],
            rows: rows.collect(),
        }
    }

    fn by_element(&self) -> Option<Section> {
        let groups = self.document.open();
        let blocks: Vec<Block> = groups
            .iter()
            .flat_map(|group| self.element(group))
            .collect();
        (!blocks.is_empty()).then_some(Section {
            id: "by-element",
            title: "Threats by element",
            blocks,
        })
    }

    /// One element: what is declared in full, then what is assumed as a table.
    fn element(&self, group: &Group<'a>) -> Vec<Block> {
        let Some(first) = group.first() else {
            return Vec::new();
        };
        let mut blocks = vec![Block::Heading {
            id: format!("element-{}", first.element_id),
            line: plain(words::element(first)),
        }];
        blocks.extend(group.single.iter().map(|finding| self.threat(finding)));
        let Some(block) = &group.block else {
            return blocks;
        };
        let mut line = plain(format!("{}.", words::block(block)));
        if block.settled > 0 {
            line.push(text(" "));
            line.push(Inline::Link {
                to: "questions".into(),
                text: "Open questions".into(),
            });
        }
        blocks.push(Block::Line(line));
        let rows = block.findings.iter().map(|finding| {
            vec![
                vec![Inline::Severity(finding.severity)],
                self.titled(finding),
                plain(words::why(finding)),
            ]
        });
        blocks.push(Block::Table(Table {
            name: "Possible threats of one element",
            columns: vec![
                Column::Text("Severity"),
                Column::Text("Possible threat"),
                Column::Text("Because"),
            ],
            rows: rows.collect(),
        }));
        blocks
    }

    /// One declared finding with everything that is known of it.
    fn threat(&self, finding: &FindingInfo) -> Block {
        let mut line = self.titled(finding);
        // Without a base everything is new, and nobody needs to be told.
        if finding.status != Status::New {
            line.extend([text(" "), Inline::Tag(words::status(finding.status))]);
        }
        let mut body = Vec::new();
        if finding.because.is_empty() {
            body.push(Block::Line(vec![
                text(format!("{} ", words::message(finding))),
                Inline::Place(finding.location.clone()),
            ]));
        } else {
            body.push(Block::List(
                finding.because.iter().take(12).map(fact).collect(),
            ));
        }
        if let Some(response) = &finding.response {
            body.push(Block::Line(vec![
                Inline::Strong("The model answers: ".into()),
                text(shorten(response, words::LONGEST_TEXT)),
            ]));
        }
        let helps = self
            .rules
            .get(&*finding.rule)
            .map(|(_, rule)| rule.mitigation.trim());
        if let Some(helps) = helps.filter(|text| !text.is_empty()) {
            body.push(Block::Line(vec![
                Inline::Strong("What helps: ".into()),
                Inline::Prose(shorten(helps, words::LONGEST_TEXT).into_owned()),
            ]));
        }
        let mut soft = format!("Likelihood {}", finding.likelihood);
        if let Some(cvss) = &finding.cvss {
            soft.push_str(&format!(" · CVSS {}", shorten(cvss, words::LONGEST_NAME)));
        }
        body.push(Block::Line(vec![Inline::Soft(soft)]));
        Block::Threat {
            severity: finding.severity,
            line,
            body,
        }
    }

    /// What to do first, each with its way and what it closes.
    fn first(&self) -> Option<Section> {
        let tasks = self.document.tasks();
        let items: Vec<Line> = tasks
            .iter()
            .take(FIRST)
            .map(|task| {
                let mut line = vec![Inline::Strong(first::what(&task.todo))];
                line.push(text(format!(
                    " {}. {}",
                    first::closes(&task.todo),
                    words::sentence(&first::risk(&task.todo))
                )));
                for said in first::lines(&task.todo).0 {
                    line.push(text(" "));
                    line.push(Inline::Code(said));
                }
                line
            })
            .collect();
        (!items.is_empty()).then(|| Section {
            id: "first",
            title: first::HEADING,
            blocks: vec![Block::List(items)],
        })
    }

    /// Every question whose answer settles something.
    fn questions(&self) -> Option<Section> {
        let rows: Vec<Vec<Line>> = self
            .document
            .tasks()
            .iter()
            .filter_map(|task| {
                let answer = task.todo.answer.as_deref()?;
                let said = first::lines(&task.todo).0.into_iter();
                let said = said.map(|line| vec![Inline::Code(line)]);
                Some(vec![
                    plain(first::what(&task.todo)),
                    plain(shorten(answer, words::LONGEST_NAME)),
                    joined(said, " "),
                    plain(task.findings.len().to_string()),
                ])
            })
            .collect();
        (!rows.is_empty()).then(|| Section {
            id: "questions",
            title: "Open questions",
            blocks: vec![
                Block::Line(plain(
                    "The model does not say these things. The answer beside each settles so many of the threats that are assumed; if it is true, say it in the model.",
                )),
                Block::Table(Table {
                    name: "Open questions",
                    columns: vec![
                        Column::Text("Question"),
                        Column::Text("Answer"),
                        Column::Text("In the model"),
                        Column::Number("Settles"),
                    ],
                    rows,
                }),
            ],
        })
    }

    fn residual(&self) -> Option<Section> {
        let findings = self.document.findings(|f| f.status.is_residual());
        self.decided(
            "residual",
            "Residual risk",
            "What was accepted or transferred stays a risk.",
            &findings,
        )
    }

    fn answered(&self) -> Option<Section> {
        let wanted = |s: Status| !s.is_open() && !s.is_residual() && s != Status::OutOfScope;
        let findings = self.document.findings(|f| wanted(f.status));
        let intro =
            "What somebody decided does not threaten this system, with the reason that was given.";
        self.decided("answered", "Exclusions and answers", intro, &findings)
    }

    fn decided(
        &self,
        id: &'static str,
        title: &'static str,
        intro: &str,
        findings: &[&FindingInfo],
    ) -> Option<Section> {
        let rows = findings.iter().map(|finding| {
            let by = finding.exclusion.as_ref().map(|exclusion| &*exclusion.by);
            let at = finding.exclusion.as_ref().and_then(|e| e.location.clone());
            let mut reason = plain(words::reason(finding).unwrap_or_default());
            if let Some(by) = by {
                reason.push(Inline::Soft(format!(" ({by})")));
            }
            vec![
                vec![Inline::Severity(finding.severity)],
                self.titled(finding),
                plain(words::element(finding)),
                vec![Inline::Tag(words::status(finding.status))],
                reason,
                vec![Inline::Place(
                    at.unwrap_or_else(|| finding.location.clone()),
                )],
            ]
        });
        (!findings.is_empty()).then(|| Section {
            id,
            title,
            blocks: vec![
                Block::Line(plain(intro)),
                Block::Table(Table {
                    name: title,
                    columns: vec![
                        Column::Text("Severity"),
                        Column::Text("Threat"),
                        Column::Text("Element"),
                        Column::Text("Decision"),
                        Column::Text("Reason"),
                        Column::Text("Where"),
                    ],
                    rows: rows.collect(),
                }),
            ],
        })
    }

    /// What each rule that found something means.
    fn explained(&self) -> Option<Section> {
        let mut rules: Vec<_> = self.rules.values().collect();
        rules.sort_by_key(|(at, rule)| (std::cmp::Reverse(rule.severity), *at));
        let blocks: Vec<Block> = rules
            .into_iter()
            .flat_map(|(at, rule)| explained(*at, rule))
            .collect();
        (!blocks.is_empty()).then_some(Section {
            id: "explained",
            title: "Threats explained",
            blocks,
        })
    }
}

/// What a fact says, and where.
fn fact(fact: &crate::report::Because) -> Line {
    let mut line = vec![text(words::capital(&words::fact(fact)))];
    match &fact.location {
        Some(at) if fact.origin != "default" => {
            line.push(text(format!(", {} at ", fact.origin)));
            line.push(Inline::Place(at.clone()));
        }
        _ => {}
    }
    line
}

fn explained(at: usize, rule: &RuleInfo) -> Vec<Block> {
    let title = shorten(&rule.title, words::LONGEST_TEXT);
    let id = shorten(&rule.id, words::LONGEST_NAME);
    let mut blocks = vec![
        Block::Heading {
            id: format!("rule-{at}"),
            line: vec![
                Inline::Severity(rule.severity),
                text(format!(" {title} ")),
                Inline::Code(id.into_owned()),
            ],
        },
        Block::Line(vec![Inline::Prose(
            shorten(&rule.description, 4 * words::LONGEST_TEXT).into_owned(),
        )]),
    ];
    if !rule.mitigation.trim().is_empty() {
        blocks.push(Block::Line(vec![
            Inline::Strong("What helps: ".into()),
            Inline::Prose(shorten(&rule.mitigation, 4 * words::LONGEST_TEXT).into_owned()),
        ]));
    }
    let references: Vec<Line> = rule
        .references
        .iter()
        .take(30)
        .map(|reference| {
            let text = shorten(reference, words::LONGEST_NAME).into_owned();
            match taxonomy::address(reference).or_else(|| url(reference)) {
                Some(address) => vec![Inline::Web { address, text }],
                None => plain(text),
            }
        })
        .collect();
    if !references.is_empty() {
        blocks.push(Block::Line(joined(references, " · ")));
    }
    blocks
}
