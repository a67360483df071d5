//! Filters and findings, by element.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Page;
use crate::emit::groups::{Group, groups};
use crate::emit::words;
use crate::escape::{html as e, shorten};
use crate::report::{Block, Evidence, FindingInfo, Report, Severity, Status};

/// The numbers by which filters know models, elements and rules.
struct Numbers<'a> {
    models: BTreeMap<(&'a str, &'a str), usize>,
    elements: BTreeMap<(&'a str, &'a str), usize>,
    rules: BTreeMap<&'a str, usize>,
}

impl<'a> Numbers<'a> {
    fn of(report: &'a Report) -> Self {
        let mut numbers = Self {
            models: BTreeMap::new(),
            elements: BTreeMap::new(),
            rules: BTreeMap::new(),
        };
        for finding in &report.findings {
            numbers.models.insert(model(finding), 0);
            numbers.elements.insert(element(finding), 0);
            numbers.rules.insert(&finding.rule, 0);
        }
        numbers
            .models
            .values_mut()
            .zip(0..)
            .for_each(|(n, at)| *n = at);
        numbers
            .elements
            .values_mut()
            .zip(0..)
            .for_each(|(n, at)| *n = at);
        numbers
            .rules
            .values_mut()
            .zip(0..)
            .for_each(|(n, at)| *n = at);
        numbers
    }
}

fn model(finding: &FindingInfo) -> (&str, &str) {
    (&finding.model_name, &finding.model)
}

fn element(finding: &FindingInfo) -> (&str, &str) {
    (&finding.element.class, &finding.element.name)
}

/// The filters and every finding.
pub(super) fn write(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let numbers = Numbers::of(report);
    out.push_str("<h2 id=\"findings\">Findings</h2>\n");
    filters(report, &numbers, out);
    if report.findings.is_empty() {
        out.push_str("<p class=\"card none\">Nothing was found.</p>\n");
    }
    out.push_str("<p class=\"card none\" id=\"none\" hidden>No finding fits these filters.</p>\n");
    for group in groups(report, |_| true) {
        section(page, &numbers, &group, out);
    }
}

fn filters(report: &Report, numbers: &Numbers<'_>, out: &mut String) {
    out.push_str("<form id=\"filters\" class=\"card\" aria-label=\"Filters\" hidden>\n");
    let any_open = report.findings.iter().any(|f| f.status.is_open());
    chips(
        out,
        "Status",
        "s",
        Status::ALL.iter().map(|status| {
            let count = report
                .findings
                .iter()
                .filter(|f| f.status == *status)
                .count();
            let pressed = any_open && status.is_open();
            (status.as_str(), words::status(*status), count, pressed)
        }),
    );
    chips(
        out,
        "Severity",
        "v",
        Severity::ALL.iter().rev().map(|severity| {
            let count = report
                .findings
                .iter()
                .filter(|f| f.severity == *severity)
                .count();
            (severity.as_str(), severity.as_str(), count, false)
        }),
    );
    chips(
        out,
        "Evidence",
        "e",
        [Evidence::Declared, Evidence::Assumed]
            .iter()
            .map(|evidence| {
                let count = report
                    .findings
                    .iter()
                    .filter(|f| f.evidence == *evidence)
                    .count();
                (evidence.as_str(), evidence.as_str(), count, false)
            }),
    );
    out.push_str("<div class=\"picks\">");
    let models = numbers
        .models
        .iter()
        .map(|((name, path), n)| (*n, format!("{} ({})", cut(name), cut(path))));
    pick(out, "Model", "m", models);
    let elements = numbers.elements.iter();
    pick(
        out,
        "Element",
        "l",
        elements.map(|((class, name), n)| (*n, words::named(class, name))),
    );
    let rules = numbers.rules.iter().map(|(id, n)| {
        let title = report.rule(id).map_or("", |rule| &rule.title);
        (*n, format!("{} {}", cut(id), cut(title)))
    });
    pick(out, "Rule", "r", rules);
    out.push_str(
        "<label>Words<input id=\"words\" type=\"search\" autocomplete=\"off\"></label></div>\n\
         <div class=\"row\"><p id=\"shown\" role=\"status\"></p>\
         <button type=\"button\" id=\"fold\" aria-pressed=\"false\">Unfold all</button>\
         <button type=\"button\" id=\"reset\">Show everything</button></div>\n</form>\n",
    );
}

fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    shorten(text, 60)
}

/// One row of chips: value, word, count, whether it is pressed at first.
fn chips<'a>(
    out: &mut String,
    name: &str,
    by: &str,
    values: impl Iterator<Item = (&'a str, &'a str, usize, bool)>,
) {
    let _ = write!(out, "<fieldset><legend>{name}</legend>");
    for (value, word, count, pressed) in values.filter(|(.., count, _)| *count > 0) {
        let _ = write!(
            out,
            "<button type=\"button\" class=\"chip\" data-by=\"{by}\" data-value=\"{value}\" \
             aria-pressed=\"{pressed}\">{word} <span>{count}</span></button>"
        );
    }
    out.push_str("</fieldset>\n");
}

fn pick(out: &mut String, name: &str, by: &str, values: impl Iterator<Item = (usize, String)>) {
    let _ = write!(
        out,
        "<label>{name}<select data-by=\"{by}\"><option value=\"\">All</option>"
    );
    for (number, text) in values {
        let _ = write!(out, "<option value=\"{number}\">{}</option>", e(&text));
    }
    out.push_str("</select></label>");
}

/// One element with all its findings.
fn section(page: &Page<'_>, numbers: &Numbers<'_>, group: &Group<'_>, out: &mut String) {
    let Some(first) = group.first() else { return };
    let _ = writeln!(
        out,
        "<section class=\"card el\"><header><h3>{}</h3><span class=\"soft\">{} · {}</span></header>",
        e(&words::element(first)),
        e(&cut(&first.model_name)),
        page.place(&first.location)
    );
    let open = group.single.iter().filter(|f| f.status.is_open());
    for finding in open {
        single(page, numbers, finding, out);
    }
    if let Some(found) = &group.block {
        block(page, numbers, found, out);
    }
    let answered = group.single.iter().filter(|f| !f.status.is_open());
    for finding in answered {
        single(page, numbers, finding, out);
    }
    out.push_str("</section>\n");
}

/// What is assumed of the element: the questions, then the findings.
fn block(page: &Page<'_>, numbers: &Numbers<'_>, block: &Block<'_>, out: &mut String) {
    let Some(worst) = block.findings.first() else {
        return;
    };
    let text = e(&words::block(block));
    let _ = writeln!(
        out,
        "<details class=\"block\"><summary><span class=\"sev {0}\">{0}</span>\
         <span class=\"t\">{text}</span><span class=\"tags\"><span class=\"st\">assumed</span></span>\
         </summary><div class=\"body\">",
        worst.severity
    );
    let questions = words::questions(block);
    if !questions.is_empty() {
        out.push_str("<ul class=\"ask\">");
        for question in questions {
            let _ = write!(out, "<li>{}</li>", e(&words::capital(&question)));
        }
        out.push_str("</ul>\n");
    }
    for finding in &block.findings {
        single(page, numbers, finding, out);
    }
    out.push_str("</div></details>\n");
}

/// One finding.
fn single(page: &Page<'_>, numbers: &Numbers<'_>, finding: &FindingInfo, out: &mut String) {
    let number = |n: Option<&usize>| n.copied().unwrap_or(0);
    let fails = if page.report.summary.gate.fails(finding) {
        "<span class=\"st new\">fails</span>"
    } else {
        ""
    };
    let assumed = match finding.evidence {
        Evidence::Assumed => "<span class=\"st\">assumed</span>",
        Evidence::Declared => "",
    };
    let _ = writeln!(
        out,
        "<details class=\"f\" data-s=\"{status}\" data-v=\"{severity}\" data-e=\"{evidence}\" \
         data-m=\"{model}\" data-l=\"{element}\" data-r=\"{rule}\"><summary>\
         <span class=\"sev {severity}\">{severity}</span>\
         <span class=\"t\">{title}<span class=\"mono\">{id}</span></span>\
         <span class=\"tags\">{fails}{assumed}<span class=\"st {status}\">{word}</span></span>\
         </summary><div class=\"body\">",
        status = finding.status.as_str(),
        severity = finding.severity,
        evidence = finding.evidence.as_str(),
        model = number(numbers.models.get(&model(finding))),
        element = number(numbers.elements.get(&element(finding))),
        rule = number(numbers.rules.get(&*finding.rule)),
        title = e(&shorten(&finding.title, words::LONGEST_TEXT)),
        id = e(&cut(&finding.rule)),
        word = words::status(finding.status),
    );
    body(page, finding, out);
    out.push_str("</div></details>\n");
}

fn body(page: &Page<'_>, finding: &FindingInfo, out: &mut String) {
    let _ = writeln!(
        out,
        "<p>{} {}</p>",
        e(&words::why(finding)),
        page.place(&finding.location)
    );
    if let Some(reason) = words::reason(finding) {
        let word = words::capital(words::status(finding.status));
        let _ = write!(out, "<p><strong>{word}:</strong> {}", e(&reason));
        if let Some(at) = finding.exclusion.as_ref().and_then(|x| x.location.as_ref()) {
            let _ = write!(out, " {}", page.place(at));
        }
        out.push_str("</p>\n");
    }
    if let Some(response) = finding
        .response
        .as_ref()
        .filter(|r| finding.reason.as_ref() != Some(*r))
    {
        let response = shorten(response, words::LONGEST_TEXT);
        let _ = writeln!(
            out,
            "<p><strong>The model answers:</strong> {}</p>",
            e(&response)
        );
    }
    facts(page, finding, out);
    if !finding.related.is_empty() {
        out.push_str("<p class=\"soft\">See also ");
        for (at, related) in finding.related.iter().take(12).enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            let message = shorten(&related.message, words::LONGEST_NAME);
            let _ = write!(
                out,
                "{comma}{} {}",
                e(&message),
                page.place(&related.location)
            );
        }
        out.push_str("</p>\n");
    }
    let mitigation = page.report.rule(&finding.rule).map(|r| r.mitigation.trim());
    if let Some(mitigation) = mitigation.filter(|text| !text.is_empty()) {
        let mitigation = super::shell::prose(&shorten(mitigation, words::LONGEST_TEXT));
        let _ = writeln!(out, "<p><strong>What helps:</strong> {mitigation}</p>");
    }
    let mut line = format!("Likelihood {}", e(&finding.likelihood));
    if let Some(cvss) = &finding.cvss {
        let _ = write!(line, " · CVSS {}", e(&cut(cvss)));
    }
    let _ = write!(
        line,
        " · <a href=\"#rule-{0}\">rule {0}</a> · <code>{1}</code>",
        e(&cut(&finding.rule)),
        e(&cut(&finding.fingerprint))
    );
    let _ = writeln!(out, "<p class=\"soft\">{line}</p>");
}

/// The facts that made the condition true.
fn facts(page: &Page<'_>, finding: &FindingInfo, out: &mut String) {
    if finding.because.is_empty() {
        return;
    }
    out.push_str(
        "<table><thead><tr><th scope=\"col\">Because</th>\
         <th scope=\"col\">Said</th></tr></thead><tbody>",
    );
    for fact in finding.because.iter().take(20) {
        let said = match (fact.origin.as_str(), &fact.location) {
            ("default", _) => "by nobody".to_owned(),
            (_, None) => e(&fact.origin),
            (origin, Some(at)) => format!("{} at {}", e(origin), page.place(at)),
        };
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{said}</td></tr>",
            e(&words::fact(fact))
        );
    }
    out.push_str("</tbody></table>\n");
}
