//! Markdown → HTML, for templates that give Markdown. Tags that stand in the
//! Markdown are the template's, for texts of models are escaped when they come
//! in; links lead only where one may follow them, and of pictures from elsewhere
//! only the words stay, so that a page asks no server for anything.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// The HTML of a text in GitHub's Markdown, without a page around it.
pub fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut events = tamed(Parser::new_ext(markdown, options));
    named_headings(&mut events);
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events.into_iter());
    out
}

/// A text without addresses that must not be followed, and without pictures that
/// would be fetched: their words stay.
fn tamed<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut pictures: Vec<bool> = Vec::new();
    let mut out = Vec::new();
    for mut event in events {
        match &mut event {
            Event::Start(Tag::Link { dest_url, .. }) if !may_be_followed(dest_url) => {
                *dest_url = CowStr::Borrowed("#");
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let is_here = scheme(dest_url).is_none() || is_drawn_here(dest_url);
                pictures.push(is_here);
                if !is_here {
                    continue;
                }
            }
            Event::End(TagEnd::Image) if pictures.pop() == Some(false) => continue,
            _ => {}
        }
        out.push(event);
    }
    out
}

/// Headings get the names by which GitHub and pandoc know them, so that a table
/// of contents leads somewhere.
fn named_headings(events: &mut [Event<'_>]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut open: Option<(usize, String)> = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => open = Some((at, String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, words)) = &mut open {
                    words.push_str(text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, words)) = open.take() else {
                    continue;
                };
                let name = name(&words);
                let count = taken.entry(name.clone()).or_default();
                let own = match *count {
                    0 => name,
                    count => format!("{name}-{count}"),
                };
                *count += 1;
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                    id.get_or_insert(CowStr::from(own));
                }
            }
            _ => {}
        }
    }
}

fn name(words: &str) -> String {
    let kept = words.trim().chars().filter_map(|c| match c {
        ' ' | '-' => Some('-'),
        c if c.is_alphanumeric() || c == '_' => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// The scheme of an address in small letters, `//` for one without but with a
/// host; `None` for a path. Blanks and controls count for nothing, as in browsers.
fn scheme(address: &str) -> Option<String> {
    let seen: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    if seen.starts_with("//") || seen.starts_with("\\\\") || seen.starts_with("/\\") {
        return Some("//".into());
    }
    let (scheme, _) = seen.split_once(':')?;
    let is_path = scheme.contains(['/', '?', '#']);
    (!is_path).then(|| scheme.to_ascii_lowercase())
}

fn may_be_followed(address: &str) -> bool {
    match scheme(address).as_deref() {
        None => true,
        Some(scheme) => matches!(scheme, "http" | "https" | "mailto"),
    }
}

/// Whether a picture stands in the address itself.
fn is_drawn_here(address: &str) -> bool {
    let address = address.trim_start().to_ascii_lowercase();
    [
        "data:image/png",
        "data:image/jpeg",
        "data:image/gif",
        "data:image/webp",
        "data:image/svg+xml",
    ]
    .iter()
    .any(|kind| address.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn tables_headings_and_tags_of_a_template_are_rendered() {
        let page = to_html(
            "## Data flows\n\nName|To\n|:--|:--|\n|a|b|\n\n<details><summary>x</summary>y</details>\n",
        );
        assert!(
            page.contains("<h2 id=\"data-flows\">Data flows</h2>"),
            "{page}"
        );
        assert!(
            page.contains("<td style=\"text-align: left\">a</td>"),
            "{page}"
        );
        assert!(page.contains("<details><summary>x</summary>"), "{page}");
    }

    #[test]
    fn links_lead_only_where_one_may_follow() {
        for (address, is_kept) in [
            ("https://x.example", true),
            ("HTTP://x.example", true),
            ("mailto:a@x.example", true),
            ("#part", true),
            ("a/b.md?c:d", true),
            ("javascript:alert(1)", false),
            ("JavaScript&#58;alert(1)", false),
            ("java&#10;script:alert(1)", false),
            ("data:text/html,x", false),
            ("vbscript:x", false),
        ] {
            let page = to_html(&format!("[x]({address})"));
            assert_eq!(!page.contains("href=\"#\""), is_kept, "{address}: {page}");
        }
    }

    #[test]
    fn pictures_from_elsewhere_are_not_fetched() {
        for (address, is_kept) in [
            ("dfd.png", true),
            ("tm/seq.svg", true),
            ("data:image/png;base64,AA", true),
            ("https://x.example/y.png", false),
            ("//x.example/y.png", false),
            ("javascript:alert(1)", false),
        ] {
            let page = to_html(&format!("![x]({address})"));
            assert_eq!(
                page.contains(&format!("src=\"{address}\"")),
                is_kept,
                "{address}: {page}"
            );
        }
    }
}
