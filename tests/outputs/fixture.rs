//! Reports that the tests of outputs share: empty, typical, hostile, many.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tmrs::report::{
    AssumptionInfo, Because, Beside, Deciding, DormantInfo, Edge, ElementRef, Evidence,
    ExclusionInfo, FindingInfo, Fixed, Gate, Graph, How, Level, Location, Measure, ModelInfo, Node,
    NoticeInfo, NoticeSeverity, Related, Report, RuleInfo, Run, Severity, Status, Summary, Tool,
    VERSION, Verdict,
};

/// A report without models.
pub(crate) fn empty() -> Report {
    finish(Report {
        report: VERSION,
        tool: Tool {
            name: "tmrs".into(),
            version: "0.1.0".into(),
            catalogue: "0.1".into(),
        },
        run: Run::default(),
        rules: Vec::new(),
        models: Vec::new(),
        findings: Vec::new(),
        do_first: Vec::new(),
        fixes: Vec::new(),
        fixed: Vec::new(),
        changes: Vec::new(),
        notices: Vec::new(),
        summary: Summary {
            models: 0,
            findings: 0,
            by_status: BTreeMap::new(),
            by_severity: BTreeMap::new(),
            new_by_severity: BTreeMap::new(),
            residual: 0,
            gate: Gate::new(Level {
                by: Measure::Severity,
                fail_on: Severity::High,
                evidence: Evidence::Assumed,
                report_only: false,
            }),
            verdict: Verdict::NothingJudged,
            exit: 0,
            beside: Beside::default(),
        },
    })
}

/// Two models, every status, declared and assumed, notices, fixed findings.
pub(crate) fn typical() -> Report {
    let mut report = empty();
    report.run.category = Some("shop".into());
    report.run.revision = Some("0123456789abcdef0123456789abcdef01234567".into());
    report.rules = rules();
    report.models = vec![
        model("services/shop/tm.py", "Shop", "pytm"),
        model("services/pay/threat model.yaml", "Payments", "native"),
    ];
    report.findings = findings();
    report.fixed = vec![
        fixed("AA01", "Server", "old web", How::Fixed),
        fixed("DS01", "Datastore", "old cache", How::Gone),
    ];
    report.notices = vec![
        NoticeInfo {
            code: "unknown-attribute".into(),
            severity: NoticeSeverity::Warning,
            message: "Server has no attribute isHardend".into(),
            location: Some(at("services/shop/tm.py", 30, 5, 14)),
            related: vec![Related {
                message: "the class is chosen here".into(),
                location: at("services/shop/tm.py", 28, 1, 10),
            }],
            help: Some("did you mean controls.isHardened".into()),
        },
        NoticeInfo {
            code: "config".into(),
            severity: NoticeSeverity::Note,
            message: "an exclusion matches nothing".into(),
            location: Some(at("tmrs.yaml", 12, 3, 20)),
            related: Vec::new(),
            help: None,
        },
    ];
    finish(report)
}

/// `count` open findings over 60 elements, mild ones first.
pub(crate) fn many(count: usize) -> Report {
    let mut report = typical();
    let template = report.findings[0].clone();
    report.findings = (0..count)
        .map(|n| {
            let mut finding = template.clone();
            finding.fingerprint = format!("{n:032x}");
            finding.severity = Severity::ALL[n * 5 / count.max(1)];
            finding.risk = finding.severity;
            finding.status = [Status::New, Status::Baselined][n % 2];
            finding.evidence = [Evidence::Declared, Evidence::Assumed][n % 3 / 2];
            finding.rule = report.rules[n % 4].id.clone();
            finding.title = (&*report.rules[n % 4].title).into();
            finding.element.name = format!("web {}", n % 60).into();
            finding.element_id = (n % 60) as u32;
            finding.location = at("services/shop/tm.py", 10 + (n % 60) as u32, 1, 20);
            finding
        })
        .collect();
    finish(report)
}

/// What attackers write into models, rules, reasons and paths.
pub(crate) const HOSTILE: &[&str] = &[
    "a\nb\r\n::error file=x::pwned",
    "%0A::error::pwned %25 %",
    "]]><x>&amp;&bogus;<!--",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a | b || c",
    "`code` ``` ~~~ $x$ $(touch pwned)",
    "@octocat @org/team #1 GH-1 owner/repo#2",
    "\u{202e}gnp.exe\u{200b}\u{feff}\u{2066}x",
    "\u{1b}[31mred\u{1b}]8;;http://evil.example\u{7}link\u{9b}m",
    "nul\0bell\u{7}\u{fffe}\u{ffff}",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) {0} {{1}}",
    "https://evil.example www.evil.example evil@evil.example",
    "=cmd|'/c calc'!A1",
    "\"'\\ ${{ github.token }} ' OR 1=1 --",
    "# heading\n- list\n1. one\n> quote\n---\n\n| t |\n|---|",
    "</summary></details></table></body>",
    "::stop-commands::x",
    "##[error]x ##vso[task.setvariable]y",
];

/// The typical report with every free text hostile, the same text always alike.
pub(crate) fn hostile() -> Report {
    let mut value = serde_json::to_value(typical()).unwrap();
    fill(&mut value, "", &poisoned);
    let mut report: Report = serde_json::from_value(value).unwrap();
    let long: Arc<str> = "x".repeat(100_000).into();
    report.findings[1].element.name = long;
    finish(report)
}

/// Words that are the report's own, not free text.
const OURS: &[&str] = &[
    "kind",
    "fingerprint",
    "severity",
    "risk",
    "reach",
    "worth",
    "likelihood",
    "evidence",
    "status",
    "origin",
    "by",
    "how",
    "format",
    "class",
    "classes",
    "layer",
    "failOn",
    "code",
    "version",
    "name@tool",
    "protocol",
    "classification",
    "revision",
    "bySeverity",
    "byStatus",
    "newBySeverity",
    "verdict",
];

/// Changes every free text of a report.
pub(super) fn fill(value: &mut Value, key: &str, change: &dyn Fn(&str) -> String) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                fill(value, key, change);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| fill(value, key, change)),
        Value::String(text) if !OURS.contains(&key) => {
            let changed = change(text);
            // What no path can hold stays out of paths.
            *text = match key {
                "path" | "model" => changed.replace('\0', "").replace("//", "/"),
                _ => changed,
            };
        }
        _ => {}
    }
}

fn poisoned(text: &str) -> String {
    let which = text
        .bytes()
        .fold(7usize, |sum, b| sum * 31 % 9973 + b as usize);
    let evil = HOSTILE[which % HOSTILE.len()];
    if text.starts_with("DECLARED/") {
        format!("{text}{evil}")
    } else {
        format!("{evil}{text}")
    }
}

fn rules() -> Vec<RuleInfo> {
    let rule =
        |id: &str, title: &str, severity, references: &[&str], tags: &[&str], layer: &str| {
            RuleInfo {
            id: id.into(),
            title: title.into(),
            severity,
            likelihood: "medium".into(),
            description: format!("{title}. An outsider does what was meant for known users only.")
                .into(),
            mitigation:
                "Let every caller prove who it is, and say so with `controls.authenticatesSource`."
                    .into(),
            example: "".into(),
            condition: "not target.controls.authenticatesSource".into(),
            references: references.iter().map(|&r| r.into()).collect(),
            tags: tags.iter().map(|&t| t.into()).collect(),
            classes: vec!["Server".into(), "Dataflow".into()],
            layer: layer.into(),
        }
        };
    vec![
        rule(
            "AA01",
            "Callers are not authenticated",
            Severity::High,
            &["CAPEC-114", "CWE-287", "CWE-306"],
            &[
                "stride:spoofing",
                "owasp:A07:2021",
                "owasp-api:API2:2023",
                "attack:T1078",
                "authentication",
            ],
            "built-in",
        ),
        rule(
            "DS01",
            "The store is open to its network",
            Severity::Critical,
            &["CWE-284", "https://example.org/stores"],
            &["stride:information-disclosure", "storage"],
            "built-in",
        ),
        rule(
            "FLOW02",
            "Sensitive data travels in clear",
            Severity::Medium,
            &["CWE-319"],
            &[
                "stride:information-disclosure",
                "stride:tampering",
                "transport",
            ],
            "user",
        ),
        rule(
            "LLM01",
            "Prompts are not kept apart from data",
            Severity::Low,
            &[],
            &[
                "owasp-llm:LLM01:2025",
                "attack:AML.T0051",
                "stride:elevation-of-privilege",
            ],
            "built-in",
        ),
        rule(
            "INF01",
            "Nobody says who owns it",
            Severity::Info,
            &[],
            &[],
            "built-in",
        ),
        rule(
            "DECLARED/sql-injection",
            "SQL Injection",
            Severity::High,
            &[],
            &[],
            "declared",
        ),
    ]
}

fn at(path: &str, line: u32, column: u32, length: u32) -> Location {
    Location {
        path: path.into(),
        line,
        column,
        end_line: line,
        end_column: column + length,
    }
}

fn node(id: u32, class: &str, name: &str, boundary: Option<u32>, location: Location) -> Node {
    Node {
        id,
        class: class.into(),
        base: class.into(),
        name: name.into(),
        description: format!("What {name} does."),
        boundary,
        in_scope: true,
        levels: vec![0],
        location,
        attributes: BTreeMap::new(),
        assumptions: Vec::new(),
        claims: vec!["reviewed by hand".into()],
        proofs: Vec::new(),
    }
}

fn model(path: &str, name: &str, format: &str) -> ModelInfo {
    ModelInfo {
        path: path.into(),
        name: name.into(),
        format: format.into(),
        description: "Where people buy things.".into(),
        complete: true,
        passed: vec!["INF01".into()],
        not_applicable: vec!["LLM01".into()],
        dormant: vec![DormantInfo {
            rule: "OID01".into(),
            wants: vec!["usesJWT".into()],
        }],
        attributes: BTreeMap::new(),
        assumptions: vec![AssumptionInfo {
            name: "The network is ours".into(),
            description: "Nobody else is on it.".into(),
            exclude: vec!["DS01".into()],
            location: at(path, 5, 1, 10),
        }],
        graph: Graph {
            merge_responses: false,
            elements: vec![
                node(1, "Actor", "user", Some(10), at(path, 8, 1, 20)),
                node(2, "Server", "web", Some(11), at(path, 10, 1, 20)),
                node(3, "Datastore", "orders", Some(11), at(path, 12, 1, 20)),
            ],
            flows: vec![Edge {
                id: 4,
                name: "place order".into(),
                description: String::new(),
                source: 1,
                sink: 2,
                order: 1,
                is_response: false,
                response: None,
                response_to: None,
                protocol: "HTTP".into(),
                port: 80,
                data: Vec::new(),
                note: String::new(),
                in_scope: true,
                duplicate: false,
                levels: vec![0],
                location: at(path, 14, 1, 30),
                attributes: BTreeMap::new(),
                assumptions: Vec::new(),
                claims: Vec::new(),
                proofs: Vec::new(),
            }],
            boundaries: vec![
                node(10, "Boundary", "Internet", None, at(path, 3, 1, 20)),
                node(11, "Boundary", "Data centre", None, at(path, 4, 1, 20)),
            ],
            data: Vec::new(),
        },
    }
}

struct Seed {
    rule: &'static str,
    title: &'static str,
    severity: Severity,
    evidence: Evidence,
    status: Status,
    model: (&'static str, &'static str),
    element: (&'static str, &'static str, u32),
    line: u32,
}

fn findings() -> Vec<FindingInfo> {
    use Evidence::{Assumed, Declared};
    let shop = ("services/shop/tm.py", "Shop");
    let pay = ("services/pay/threat model.yaml", "Payments");
    let web = ("Server", "web", 2);
    let orders = ("Datastore", "orders", 3);
    let flow = ("Dataflow", "place order", 4);
    let auth = ("AA01", "Callers are not authenticated", Severity::High);
    let open = (
        "DS01",
        "The store is open to its network",
        Severity::Critical,
    );
    let clear = (
        "FLOW02",
        "Sensitive data travels in clear",
        Severity::Medium,
    );
    let prompt = (
        "LLM01",
        "Prompts are not kept apart from data",
        Severity::Low,
    );
    let sql = ("DECLARED/sql-injection", "SQL Injection", Severity::High);
    let sql_low = ("DECLARED/sql-injection", "SQL Injection", Severity::Low);
    let rows = [
        (auth, Declared, Status::New, shop, web, 10),
        (open, Declared, Status::New, shop, orders, 12),
        (clear, Declared, Status::New, shop, flow, 14),
        (auth, Assumed, Status::New, shop, orders, 12),
        (clear, Assumed, Status::New, shop, orders, 12),
        (prompt, Assumed, Status::Unreviewed, shop, orders, 12),
        (sql, Declared, Status::Baselined, shop, web, 10),
        (sql_low, Declared, Status::New, pay, web, 10),
        (auth, Declared, Status::Mitigated, pay, web, 10),
        (open, Declared, Status::Accepted, pay, orders, 12),
        (clear, Declared, Status::Transferred, pay, flow, 14),
        (prompt, Assumed, Status::Avoided, pay, web, 10),
        (auth, Declared, Status::FalsePositive, pay, orders, 12),
        (clear, Declared, Status::Excluded, pay, web, 10),
        (prompt, Declared, Status::OutOfScope, pay, orders, 12),
        (open, Assumed, Status::Baselined, pay, web, 10),
    ];
    rows.into_iter()
        .zip(0u128..)
        .map(|((rule, evidence, status, model, element, line), n)| {
            let seed = Seed {
                rule: rule.0,
                title: rule.1,
                severity: rule.2,
                evidence,
                status,
                model,
                element,
                line,
            };
            finding(&seed, n)
        })
        .collect()
}

fn finding(seed: &Seed, n: u128) -> FindingInfo {
    let path = seed.model.0;
    let flow = seed.element.0 == "Dataflow";
    let assumed = seed.evidence == Evidence::Assumed;
    let answered = !seed.status.is_open();
    let name = seed.element.1;
    let why = if assumed {
        format!(
            "“{name}” uses HTTP (protocol); nobody said whether it checks who is calling \
             (authenticatesSource)."
        )
    } else {
        format!("“{name}” does not check who is calling (authenticatesSource).")
    };
    FindingInfo {
        fingerprint: format!("{:032x}", 0xfeed_0000_0000_0000_u128 + n),
        rule: seed.rule.into(),
        title: seed.title.into(),
        severity: seed.severity,
        likelihood: "medium".into(),
        evidence: seed.evidence,
        risk: seed.severity,
        reach: "open".into(),
        worth: "high".into(),
        way: ["user".into(), "web".into()].into(),
        risk_reason: "reached from Internet without a login: user → web; orders is SENSITIVE"
            .into(),
        failing: false,
        status: seed.status,
        withdrawn: Vec::new(),
        settled_by_change: false,
        reason: answered.then(|| "The gateway in front of it does that".into()),
        exclusion: (seed.status == Status::Excluded).then(|| ExclusionInfo {
            by: "configuration".into(),
            reason: "Tracked in SHOP-12".into(),
            location: Some(at("tmrs.yaml", 4, 5, 10)),
        }),
        response: (seed.status == Status::Mitigated).then(|| "mitigated by the gateway".into()),
        model: path.into(),
        model_name: seed.model.1.into(),
        element: ElementRef {
            class: seed.element.0.into(),
            base: seed.element.0.into(),
            name: seed.element.1.into(),
        },
        element_id: seed.element.2,
        advisory: false,
        source: flow.then(|| "user".into()),
        sink: flow.then(|| "web".into()),
        location: at(path, seed.line, 1, 20),
        related: if flow {
            vec![
                Related {
                    message: "source: Actor “user”".into(),
                    location: at(path, 8, 1, 20),
                },
                Related {
                    message: "sink: Server “web”".into(),
                    location: at(path, 10, 1, 20),
                },
            ]
        } else {
            Vec::new()
        },
        why: why.clone(),
        because: vec![
            Because {
                words: if assumed {
                    "nobody said whether “web” checks who is calling (authenticatesSource)"
                } else {
                    "“web” does not check who is calling (authenticatesSource)"
                }
                .into(),
                attribute: "controls.authenticatesSource".into(),
                value: json!(false),
                origin: if assumed { "default" } else { "declared" }.into(),
                reason: None,
                location: (!assumed).then(|| at(path, seed.line + 1, 1, 34)),
            },
            Because {
                words: "“web” uses HTTP (protocol)".into(),
                attribute: "protocol".into(),
                value: json!("HTTP"),
                origin: "derived".into(),
                reason: None,
                location: Some(at(path, seed.line, 12, 6)),
            },
        ],
        deciding: if assumed {
            vec![vec![Deciding {
                whose: None,
                element: seed.element.1.into(),
                attribute: "controls.authenticatesSource".into(),
                value: json!(true),
                line: Some("web.controls.authenticatesSource = True".into()),
            }]]
        } else {
            Vec::new()
        },
        message: format!("{}. {why}", seed.title),
        cvss: (n == 1).then(|| "9.1".into()),
        group: None,
    }
}

fn fixed(rule: &str, class: &str, name: &str, how: How) -> Fixed {
    Fixed {
        fingerprint: format!("{:032x}", 0xbeef_u128 + rule.len() as u128),
        rule: rule.into(),
        model: "services/shop/tm.py".into(),
        element: ElementRef {
            class: class.into(),
            base: class.into(),
            name: name.into(),
        },
        how,
        because: None,
    }
}

/// Counts and gate as the pipeline would have them.
pub(crate) fn finish(mut report: Report) -> Report {
    let gate = report.summary.gate.clone();
    for finding in &mut report.findings {
        finding.failing = gate.fails(finding);
    }
    let findings = &report.findings;
    let fails = findings.iter().filter(|f| f.failing);
    let fingerprints: Vec<String> = fails.map(|f| f.fingerprint.clone()).collect();
    let failing = fingerprints.len();
    let count =
        |wanted: &dyn Fn(&FindingInfo) -> bool| findings.iter().filter(|f| wanted(f)).count();
    let verdict = match (failing, report.models.len()) {
        (0, 0) => Verdict::NothingJudged,
        (0, _) => Verdict::Passed,
        _ => Verdict::Failed,
    };
    report.summary = Summary {
        models: report.models.len(),
        findings: findings.len(),
        by_status: Status::ALL.map(|s| (s, count(&|f| f.status == s))).into(),
        by_severity: Severity::ALL
            .map(|s| (s, count(&|f| f.severity == s)))
            .into(),
        new_by_severity: Severity::ALL
            .map(|s| (s, count(&|f| f.severity == s && f.status == Status::New)))
            .into(),
        residual: count(&|f| f.status.is_residual()),
        gate: Gate {
            passed: verdict == Verdict::Passed,
            failing,
            fingerprints,
            ..gate.clone()
        },
        verdict,
        exit: u8::from(failing > 0),
        beside: Beside::of(findings, &gate),
    };
    report.do_first = report.first_things();
    report
}
