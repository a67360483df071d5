//! What is wrong, on standard error.

use super::failure::Failure;
use super::output::{Screen, say};
use crate::emit::{Context, human::Human};
use crate::notice::{Notice, Severity, code};
use crate::report::NoticeInfo;
use crate::report::alerts::Assumed;

/// Why a command could not do what was asked.
pub fn why(failure: &Failure, screen: &Screen) -> String {
    let general;
    let notices: &[Notice] = match failure {
        Failure::Usage { message, help } => {
            let notice = Notice::general(code::USAGE, Severity::Error, message.clone());
            general = [match help {
                Some(help) => notice.with_help(help.clone()),
                None => notice,
            }];
            &general
        }
        Failure::Notices(notices) => notices,
        Failure::ClosedPipe => &[],
    };
    complaints(notices, screen)
}

/// Shows notices on standard error; nothing if there are none.
pub fn tell(notices: &[Notice], screen: &Screen) {
    if !notices.is_empty() {
        say(&complaints(notices, screen));
    }
}

fn complaints(notices: &[Notice], screen: &Screen) -> String {
    let sources = |path: &str| {
        let placed = notices.iter().filter_map(|notice| notice.place.as_ref());
        let labels = notices
            .iter()
            .flat_map(|notice| &notice.labels)
            .map(|label| &label.place);
        let mut places = placed.chain(labels);
        places
            .find(|place| place.path().as_str() == path && !place.source.is_withheld())
            .map(|place| place.source.clone())
    };
    let context = Context {
        color: screen.error_color,
        width: screen.width,
        verbose: true,
        quiet: false,
        sarif_suppressions: false,
        sarif_assumed: Assumed::default(),
        started: String::new(),
        link_base: None,
        sources: &sources,
    };
    let infos: Vec<NoticeInfo> = notices.iter().map(NoticeInfo::from).collect();
    Human.complaints(&infos, &context)
}
