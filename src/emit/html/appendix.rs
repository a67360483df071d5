//! What stands around the findings: what could not be judged, what was fixed,
//! models, rules, notices.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Page;
use super::shell::prose;
use crate::emit::{taxonomy, words};
use crate::escape::{html as e, shorten, url};
use crate::report::{How, ModelInfo, NoticeInfo, NoticeSeverity, RuleInfo};

/// Errors, before the findings: what follows is not everything.
pub(super) fn errors(page: &Page<'_>, out: &mut String) {
    let wanted = |n: &&NoticeInfo| n.severity == NoticeSeverity::Error;
    notices(page, "What could not be judged", wanted, out);
}

/// What the change itself settles, folded: without it these would be new.
pub(super) fn accepted(page: &Page<'_>, out: &mut String) {
    let settled = page.report.settled_by_change();
    if settled.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<details class=\"card fold\"><summary><span class=\"t\">This change accepts {}</span></summary>\
         <ul class=\"list\">",
        e(&words::by_severity(&settled))
    );
    for finding in settled {
        let reason = words::reason(finding).unwrap_or_default();
        let _ = writeln!(
            out,
            "<li><span class=\"sev {0}\">{0}</span> {1} <span class=\"mono soft\">{2}</span> on {3}: {4}</li>",
            finding.severity,
            e(&shorten(&finding.title, words::LONGEST_NAME)),
            e(&shorten(&finding.rule, words::LONGEST_NAME)),
            e(&words::element(finding)),
            e(&reason),
        );
    }
    out.push_str("</ul></details>\n");
}

/// Everything after the findings.
pub(super) fn write(page: &Page<'_>, out: &mut String) {
    fixed(page, out);
    models(page, out);
    rules(page, out);
    let wanted = |n: &&NoticeInfo| n.severity != NoticeSeverity::Error;
    notices(page, "Notices", wanted, out);
}

fn notices(page: &Page<'_>, title: &str, wanted: impl Fn(&&NoticeInfo) -> bool, out: &mut String) {
    let notices: Vec<&NoticeInfo> = page.report.notices.iter().filter(wanted).collect();
    if notices.is_empty() {
        return;
    }
    let _ = write!(out, "<h2>{title}</h2>\n<ul class=\"card list\">");
    for notice in notices {
        let place = notice.location.as_ref().map(|at| page.place(at));
        let help = notice
            .help
            .as_deref()
            .map(|help| e(&words::next_sentence(&shorten(help, words::LONGEST_TEXT))));
        let _ = writeln!(
            out,
            "<li><span class=\"st {0}\">{0}</span> {1} {2} <span class=\"soft\">{3}</span></li>",
            notice.severity.as_str(),
            e(&words::next_sentence(&shorten(
                &notice.message,
                words::LONGEST_TEXT
            ))),
            help.unwrap_or_default(),
            place.unwrap_or_default(),
        );
    }
    out.push_str("</ul>\n");
}

/// What no longer holds, and apart from it what only went with its element or model.
fn fixed(page: &Page<'_>, out: &mut String) {
    for (how, title, word) in [
        (How::Fixed, "Fixed", "fixed"),
        (How::Gone, "Gone with their element or model", "gone"),
    ] {
        let ended: Vec<_> = page.report.fixed.iter().filter(|f| f.how == how).collect();
        if ended.is_empty() {
            continue;
        }
        let _ = write!(out, "<h2>{title}</h2>\n<ul class=\"card list\">");
        for fixed in ended {
            let title = page.report.rule(&fixed.rule).map_or("", |rule| &rule.title);
            let _ = writeln!(
                out,
                "<li><span class=\"st {word}\">{word}</span> {} <span class=\"mono soft\">{}</span> on {}</li>",
                e(&shorten(title, words::LONGEST_NAME)),
                e(&shorten(&fixed.rule, words::LONGEST_NAME)),
                e(&words::named(&fixed.element.class, &fixed.element.name)),
            );
        }
        out.push_str("</ul>\n");
    }
}

fn models(page: &Page<'_>, out: &mut String) {
    if page.report.models.is_empty() {
        return;
    }
    out.push_str(
        "<h2>Models</h2>\n<div class=\"card padded scroll\" role=\"region\" aria-label=\"Models\" tabindex=\"0\">\
         <table><thead><tr><th scope=\"col\">Model</th><th scope=\"col\">File</th><th scope=\"col\">Read</th>\
         <th scope=\"col\" class=\"num\">Elements</th><th scope=\"col\" class=\"num\">Flows</th>\
         <th scope=\"col\" class=\"num\">Boundaries</th><th scope=\"col\" class=\"num\">Rules ruled out</th><th scope=\"col\" class=\"num\">Rules that ask what the model does not say</th>\
         </tr></thead><tbody>\n",
    );
    for model in &page.report.models {
        row(model, out);
    }
    out.push_str("</tbody></table></div>\n");
}

fn row(model: &ModelInfo, out: &mut String) {
    let read = if model.complete {
        "completely"
    } else {
        "<span class=\"st error\">not completely</span>"
    };
    let graph = &model.graph;
    let _ = writeln!(
        out,
        "<tr><td>{}</td><td class=\"mono\">{}</td><td>{read}</td><td class=\"num\">{}</td>\
         <td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>\
         <td class=\"num\">{}</td></tr>",
        e(&shorten(&model.name, words::LONGEST_NAME)),
        e(&shorten(&model.path, words::LONGEST_NAME)),
        graph.elements.len(),
        graph.flows.len(),
        graph.boundaries.len(),
        model.passed.len(),
        model.dormant.len(),
    );
}

/// The rules that found something.
fn rules(page: &Page<'_>, out: &mut String) {
    let used: BTreeSet<&str> = page.report.findings.iter().map(|f| &*f.rule).collect();
    let wanted = |rule: &&RuleInfo| used.contains(&*rule.id);
    let rules: Vec<&RuleInfo> = page.report.rules.iter().filter(wanted).collect();
    if rules.is_empty() {
        return;
    }
    out.push_str("<h2>Rules that found something</h2>\n<div class=\"card\">\n");
    for rule in rules {
        let _ = write!(
            out,
            "<details class=\"fold\" id=\"rule-{0}\"><summary><span class=\"sev {1}\">{1}</span>\
             <span class=\"t\">{2}<span class=\"mono\">{0}</span></span></summary>\
             <div class=\"body\"><p>{3}</p>",
            e(&shorten(&rule.id, 60)),
            rule.severity,
            e(&shorten(&rule.title, words::LONGEST_TEXT)),
            prose(&shorten(&rule.description, 4 * words::LONGEST_TEXT)),
        );
        if !rule.mitigation.trim().is_empty() {
            let mitigation = prose(&shorten(&rule.mitigation, 4 * words::LONGEST_TEXT));
            let _ = write!(out, "<p><strong>What helps:</strong> {mitigation}</p>");
        }
        references(rule, out);
        out.push_str("</div></details>\n");
    }
    out.push_str("</div>\n");
}

fn references(rule: &RuleInfo, out: &mut String) {
    let documented =
        words::help_uri(rule).map(|address| ("Documentation".to_owned(), Some(address)));
    let given = rule.references.iter().take(30).map(|reference| {
        let address = taxonomy::address(reference).or_else(|| url(reference));
        (
            shorten(reference, words::LONGEST_NAME).into_owned(),
            address,
        )
    });
    let links: Vec<String> = documented
        .into_iter()
        .chain(given)
        .map(|(text, address)| match address {
            Some(address) => format!("<a href=\"{}\">{}</a>", e(&address), e(&text)),
            None => e(&text),
        })
        .collect();
    if !links.is_empty() {
        let _ = write!(out, "<p class=\"soft\">{}</p>", links.join(" · "));
    }
}
