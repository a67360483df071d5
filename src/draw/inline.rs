//! A picture that Graphviz drew, as a part of a page: without what only files of
//! their own have, and without the titles that browsers show as tips.

/// The `<svg>` element alone; `None` if there is none.
pub fn inline(svg: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(svg).ok()?;
    let start = text.find("<svg")?;
    let end = text.rfind("</svg>")? + "</svg>".len();
    let text = without(text.get(start..end)?, "<!--", "-->");
    Some(without(&text, "<title>", "</title>"))
}

/// A text without everything from `open` to the next `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(open) {
        out.push_str(before);
        rest = inside.split_once(close).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn only_the_drawing_is_left() {
        let file = "<?xml?>\n<!-- by x -->\n<svg a=\"b\"><!-- c --><g><title>n0</title><path/></g></svg>\n";
        assert_eq!(
            inline(file.as_bytes()).as_deref(),
            Some("<svg a=\"b\"><g><path/></g></svg>")
        );
        assert_eq!(inline(b"no picture"), None);
        assert_eq!(inline(b"\xff"), None);
    }
}
