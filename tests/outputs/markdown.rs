//! Markdown for summaries and comments. That it renders as meant is tested with
//! a real renderer: `tests/consumers/markdown.py`.

use tmrs::report::Verdict;

use super::{emit, emit_with, fixture, reports};

#[test]
fn the_verdict_comes_first() {
    for (name, report) in reports() {
        let text = emit("markdown", &report);
        assert!(text.starts_with("## "), "{name}");
        let verdict = text.lines().nth(2).unwrap();
        let expected = match report.verdict() {
            Verdict::Passed => "**Gate passed",
            Verdict::Failed => "**Gate failed",
            Verdict::Incomplete => "**Incomplete",
            Verdict::NothingJudged => "**Nothing judged",
        };
        assert!(verdict.starts_with(expected), "{name}: {verdict}");
    }
}

#[test]
fn sizes_stay_below_what_github_accepts_and_the_cut_is_said() {
    let report = fixture::many(6_000);
    for (format, most) in [("markdown-comment", 60_000), ("markdown", 900 * 1024)] {
        let text = emit(format, &report);
        assert!(text.len() <= most, "{format}: {}", text.len());
        let hostile = emit(format, &fixture::hostile());
        assert!(hostile.len() <= most, "{format}: {}", hostile.len());
    }
    let mut mended = report;
    let one = mended.fixed[0].clone();
    mended.fixed = (0..1_000)
        .map(|n| tmrs::report::Fixed {
            because: Some(format!("{n}: {}", "a long reason ".repeat(20))),
            ..one.clone()
        })
        .collect();
    let cut = emit("markdown-comment", &mended);
    assert!(cut.contains("**Cut to fit:**") && cut.len() <= 60_000);
    assert!(!emit("markdown-comment", &fixture::typical()).contains("**Cut to fit:**"));
}

#[test]
fn folded_parts_are_closed_even_where_something_was_cut() {
    let many = ("many", fixture::many(2_000));
    for (name, report) in reports().into_iter().chain([many]) {
        for format in ["markdown", "markdown-comment"] {
            let text = emit(format, &report);
            let count = |tag: &str| text.matches(tag).count();
            assert_eq!(
                count("<details>"),
                count("</details>"),
                "{format} of {name}"
            );
        }
    }
}

#[test]
fn a_table_row_has_as_many_cells_as_its_head() {
    for (name, report) in reports() {
        let text = emit("markdown", &report);
        let mut head = None;
        for line in text.lines() {
            let cells = line.starts_with('|').then(|| line.matches('|').count());
            if let (Some(head), Some(cells)) = (head, cells) {
                assert_eq!(head, cells, "{name}: {line}");
            }
            head = if cells.is_some() {
                head.or(cells)
            } else {
                None
            };
        }
    }
}

#[test]
fn links_lead_to_the_line() {
    let report = fixture::typical();
    assert!(
        emit("markdown", &report).contains("[services/shop/tm.py:10](services/shop/tm.py#L10)")
    );
    let linked = emit_with("markdown", &report, |c| {
        c.link_base = Some("https://github.com/acme/shop/blob/0123/".into());
    });
    let address = "https://github.com/acme/shop/blob/0123/services/pay/threat%20model.yaml#L10";
    assert!(linked.contains(address));
}

#[test]
fn a_comment_can_be_found_again() {
    let mut report = fixture::typical();
    let mark = |report: &tmrs::report::Report| {
        emit("markdown-comment", report)
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(mark(&report), "<!-- tmrs:shop -->");
    report.run.category = Some("--><script>".into());
    assert_eq!(mark(&report).matches("-->").count(), 1);
}

#[test]
fn new_fixed_and_residual_are_told_apart() {
    let text = emit("markdown", &fixture::typical());
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"))
    };
    assert!(at("### Do this first") < at("### Fixed by this change"));
    assert!(at("### Fixed by this change") < at("### Residual risk"));
    assert!(at("### Residual risk") < at("<details><summary>Known before: 2 threats"));
    let question = "Does “orders” check who is calling?";
    assert!(at("### Do this first") < at(question) && at(question) < at("### Fixed"));
    assert!(text.contains("`web.controls.authenticatesSource = True`"));
}

#[test]
fn diagrams_get_the_room_that_all_else_leaves() {
    let typical = fixture::typical();
    let text = emit("markdown", &typical);
    assert_eq!(
        text.matches("```mermaid\nflowchart LR\n").count(),
        typical.models.len()
    );
    assert!(text.find("### Do this first") < text.find("```mermaid"));
    assert!(text.find("```mermaid") < text.find("### Residual risk"));
    // Beside a change only what the change draws is of interest.
    assert!(!emit("markdown-comment", &typical).contains("```mermaid"));
}

#[test]
fn what_people_read_beside_a_change_is_short_however_much_was_known() {
    let known = |count: usize| {
        let mut report = fixture::many(count);
        for finding in &mut report.findings {
            finding.status = tmrs::report::Status::Baselined;
        }
        emit("markdown-comment", &fixture::finish(report))
    };
    let (few, many) = (known(60), known(6_000));
    assert!(many.len() < few.len() + 40, "{many}");
    assert!(many.contains("Known before: 6000 threats ("), "{many}");
}

#[test]
fn a_diagram_that_mermaid_refuses_is_left_out_and_counted() {
    let mut report = fixture::typical();
    let flows = &mut report.models[0].graph.flows;
    let one = flows[0].clone();
    flows.extend((0..400).map(|n| {
        let mut flow = one.clone();
        flow.id = 1_000 + n;
        flow.name = "a long name of a flow that says the same again and again "
            .repeat(2)
            .into();
        flow
    }));
    let text = emit("markdown", &report);
    assert_eq!(text.matches("```mermaid").count(), 1);
    assert!(text.contains("1 × data-flow diagrams too large for Mermaid"));
}
