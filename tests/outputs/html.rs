//! The HTML page. How it looks and works in a browser is tested there:
//! `tests/consumers/html.mjs`.

use tmrs::report::Verdict;

use super::{emit, emit_with, fixture, reports};

#[test]
fn the_page_holds_every_finding_once() {
    let many = ("many", fixture::many(2_000));
    for (name, report) in reports().into_iter().chain([many]) {
        let page = emit("html", &report);
        let count = page.matches("<details class=\"f\"").count();
        assert_eq!(count, report.findings.len(), "{name}");
    }
}

#[test]
fn assumed_findings_of_one_element_are_one_block() {
    let page = emit("html", &fixture::typical());
    assert_eq!(page.matches("<details class=\"block\"").count(), 2);
    assert!(page.contains("The answer settles 3 of 3 possible threats"));
}

#[test]
fn nothing_of_a_report_becomes_markup() {
    let page = emit("html", &fixture::hostile());
    // The page's own, and the one for light and dark.
    assert_eq!(page.matches("<script").count(), 2);
    for tag in [
        "<img",
        "<iframe",
        "<link",
        "<object",
        "<base",
        "javascript:alert(1)\"",
    ] {
        assert!(!page.contains(tag), "{tag}");
    }
    let typical = emit("html", &fixture::typical());
    for tag in [
        "<details",
        "</details>",
        "<section",
        "</section>",
        "<table",
        "</table>",
        "<li",
        "</li>",
    ] {
        assert_eq!(
            page.matches(tag).count(),
            typical.matches(tag).count(),
            "{tag}"
        );
    }
}

#[test]
fn the_page_admits_only_its_own_script_and_asks_for_nothing() {
    for (name, report) in reports() {
        let page = emit("html", &report);
        assert!(page.contains("default-src 'none'"), "{name}");
        assert!(page.contains("script-src 'sha256-"), "{name}");
        // The hostile report says such things itself, as text.
        for attribute in [" src=", " onclick=", " style=", "@import", "url("] {
            let absent = name == "hostile" || !page.contains(attribute);
            assert!(absent, "{name}: {attribute}");
        }
    }
}

#[test]
fn the_verdict_stands_before_the_findings() {
    let page = emit("html", &fixture::typical());
    let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(at("3 new threats fail the check</h1>") < at("<h2 id=\"findings\">"));
    let mut partial = fixture::typical();
    partial.summary.verdict = Verdict::Incomplete;
    assert!(emit("html", &partial).contains("Not every model could be judged</h1>"));
}

#[test]
fn the_diagram_of_each_model_stands_before_the_findings() {
    let report = fixture::typical();
    let page = emit("html", &report);
    let models = report.models.len();
    assert_eq!(page.matches("<svg xmlns=").count(), models);
    assert!(page.find("<svg xmlns=") < page.find("<h2 id=\"findings\">"));
    for part in [
        ">Internet</text>",
        ">Data centre</text>",
        ">orders</text>",
        ">(1) place order</text>",
    ] {
        assert_eq!(page.matches(part).count(), models, "{part}");
    }
    // The store has a critical finding, and looks like it.
    assert!(page.contains("<g class=\"n critical\"><rect class=\"g\""));
    assert!(!emit("html", &fixture::empty()).contains("<svg xmlns="));
}

#[test]
fn places_are_linked_where_files_can_be_read() {
    let report = fixture::typical();
    let linked = emit_with("html", &report, |c| {
        c.link_base = Some("https://github.com/acme/shop/blob/0123/".into());
    });
    let address = "href=\"https://github.com/acme/shop/blob/0123/services/shop/tm.py#L10\"";
    assert!(linked.contains(address));
    let hostile = emit_with("html", &report, |c| {
        c.link_base = Some("javascript:alert(1)//".into());
    });
    assert!(!hostile.contains("javascript:"));
}
