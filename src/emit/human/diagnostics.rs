//! What a notice says as a diagnostic.

use super::shown::Shown;
use crate::escape::terminal;
use crate::report::{NoticeInfo, NoticeSeverity};

pub(super) fn notice_diagnostic(notice: &NoticeInfo) -> Shown {
    let mut labels = Vec::new();
    if let Some(location) = &notice.location {
        labels.push((location.clone(), "here".to_owned()));
    }
    labels.extend(
        notice
            .related
            .iter()
            .map(|r| (r.location.clone(), terminal(&r.message).into_owned())),
    );
    Shown {
        title: terminal(&notice.message).into_owned(),
        code: notice.code.clone(),
        severity: match notice.severity {
            NoticeSeverity::Error => miette::Severity::Error,
            NoticeSeverity::Warning => miette::Severity::Warning,
            NoticeSeverity::Note => miette::Severity::Advice,
        },
        help: notice
            .help
            .as_deref()
            .map(|help| terminal(help).into_owned()),
        at: notice.location.clone(),
        labels,
        source: None,
        spans: Vec::new(),
    }
}
