//! Notices as notifications of the invocation.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif::{
    Location as SarifLocation, Message, Notification, ReportingDescriptor,
    ReportingDescriptorReference,
};

use super::{MOST_RESULTS, pascal, places, plain, text};
use crate::emit::words;
use crate::notice::CODES;
use crate::report::{NoticeInfo, NoticeSeverity, Report};

/// The code of the one notification that is SARIF's own.
const LEFT_OUT: &str = "results-left-out";
/// More notices than this tell nobody more.
const MOST: usize = 1_000;

/// Codes about rules and configuration rather than models.
fn is_configuration(code: &str) -> bool {
    [
        "config",
        "rule-",
        "condition-",
        "threats-file",
        "exclusion",
        "baseline",
        "policy",
    ]
    .iter()
    .any(|start| code.starts_with(start))
}

/// Execution notifications and configuration notifications.
pub(super) fn split(report: &Report, left_out: usize) -> (Vec<Notification>, Vec<Notification>) {
    let index = index(report);
    let (configuration, mut execution): (Vec<_>, Vec<_>) = report
        .notices
        .iter()
        .take(MOST)
        .map(|notice| (is_configuration(&notice.code), notification(notice, &index)))
        .partition(|(configuration, _)| *configuration);
    if left_out > 0 {
        let message = format!(
            "{left_out} findings are left out: code scanning keeps {MOST_RESULTS} results of a run. The worst ones are here, the JSON report has all."
        );
        let mut notification = Notification::builder()
            .message(Message::builder().text(message).build())
            .build();
        notification.level = Some("warning".into());
        notification.descriptor = Some(reference(LEFT_OUT, &index));
        execution.push((false, notification));
    }
    let strip = |list: Vec<(bool, Notification)>| list.into_iter().map(|(_, n)| n).collect();
    (strip(execution), strip(configuration))
}

fn notification(notice: &NoticeInfo, index: &BTreeMap<String, i64>) -> Notification {
    let mut message = words::sentence(&plain(&notice.message));
    if let Some(help) = &notice.help {
        message.push(' ');
        message.push_str(&words::next_sentence(&plain(help)));
    }
    let mut notification = Notification::builder()
        .message(Message::builder().text(message).build())
        .descriptor(reference(&notice.code, index))
        .level(match notice.severity {
            NoticeSeverity::Error => "error",
            NoticeSeverity::Warning => "warning",
            NoticeSeverity::Note => "note",
        })
        .build();
    if let Some(location) = &notice.location {
        let place = SarifLocation::builder()
            .physical_location(places::physical(location))
            .build();
        notification.locations = Some(vec![place]);
    }
    notification
}

fn reference(code: &str, index: &BTreeMap<String, i64>) -> ReportingDescriptorReference {
    let mut reference = ReportingDescriptorReference::builder()
        .id(plain(code))
        .build();
    reference.index = index.get(&plain(code)).copied();
    reference
}

/// The codes that the report uses, in the order of the table, then any other.
fn codes(report: &Report) -> Vec<(String, String)> {
    let used: BTreeSet<String> = report
        .notices
        .iter()
        .take(MOST)
        .map(|notice| plain(&notice.code))
        .collect();
    let known = CODES.iter().filter(|(code, _)| used.contains(*code));
    let other = used
        .iter()
        .filter(|used| CODES.iter().all(|(code, _)| code != used));
    known
        .map(|(code, about)| ((*code).to_owned(), words::sentence(about)))
        .chain(other.map(|code| (code.clone(), "A notice about the inputs.".into())))
        .chain([(
            LEFT_OUT.into(),
            "More findings than code scanning keeps.".into(),
        )])
        .collect()
}

fn index(report: &Report) -> BTreeMap<String, i64> {
    let codes = codes(report).into_iter();
    codes.zip(0..).map(|((code, _), at)| (code, at)).collect()
}

/// Descriptors of the codes that the report uses.
pub(super) fn descriptors(report: &Report) -> Vec<ReportingDescriptor> {
    codes(report)
        .into_iter()
        .map(|(code, about)| {
            ReportingDescriptor::builder()
                .name(format!("{}Notice", pascal(&code)))
                .id(code)
                .short_description(text(about.as_str()))
                .full_description(text(about.as_str()))
                .help(text(about))
                .help_uri(env!("CARGO_PKG_REPOSITORY"))
                .build()
        })
        .collect()
}
