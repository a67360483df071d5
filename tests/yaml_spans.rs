//! Spans of keys and values in hostile YAML and JSON, checked against the text
//! itself: no second parser is asked.

use proptest::prelude::*;
use tmrs::source::{RepoPath, Source, Span};
use tmrs::syntax::tree::{Node, NodeKind, Style};
use tmrs::syntax::{self, tree::Document};

fn parse(path: &str, text: &str) -> (std::sync::Arc<Source>, Document) {
    let source = Source::new(RepoPath::new(path).unwrap(), text);
    let document = syntax::parse(&source);
    (source, document)
}

/// Every key slices to its text, every plain or quoted scalar to what it says,
/// and children lie inside their parents.
fn check(source: &Source, node: &Node, inside: Option<Span>) {
    let written = source.slice(node.span);
    let aliased = written.starts_with('*') && node.span != node.content;
    if let Some(parent) = inside {
        assert!(
            parent.contains(node.span),
            "{written:?} lies outside its parent {:?} in {:?}",
            source.slice(parent),
            source.text()
        );
    }
    let inside = (!aliased).then_some(node.span);
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| check(source, item, inside)),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                let key_text = source.slice(key.span);
                let bare = ['"', '\'']
                    .into_iter()
                    .find_map(|q| key_text.strip_prefix(q)?.strip_suffix(q))
                    .unwrap_or(key_text)
                    .replace("''", "'");
                assert!(
                    bare == *key.text || key_text.contains('\\') || key_text.starts_with('*'),
                    "{key_text:?} is not {:?}",
                    key.text
                );
                // A merged entry stays where it is written.
                check(source, value, inside.filter(|map| map.contains(key.span)));
            }
        }
        NodeKind::Text(text) if node.style == Style::Plain && !text.contains([' ', '\n']) => {
            assert_eq!(source.slice(node.content), &**text);
        }
        NodeKind::Text(text) => every_character_is_found(source, node, text),
        NodeKind::Bool(value) => {
            assert_eq!(source.slice(node.content).to_lowercase(), value.to_string());
        }
        NodeKind::Null | NodeKind::Int(_) | NodeKind::Float(_) => {}
    }
}

fn every_character_is_found(source: &Source, node: &Node, text: &str) {
    for (at, c) in text.char_indices() {
        let found = source.slice(node.text_span(source, at..at + c.len_utf8()));
        assert!(
            found.starts_with(c) || found.starts_with('\\') || c.is_whitespace(),
            "{c:?} of {text:?} was found as {found:?}"
        );
    }
}

const YAML: &[&str] = &[
    "a: 1\nb: 2\n",
    "a: 1\r\nb:\r\n  - x\r\n  - y: z\r\n",
    "\u{feff}a: 1\nb: ä\n",
    "größe: 1\n鍵: \"值\"\n😀: {ü: 'ö', ß: x}\nlast: end\n",
    "a:\tb\nc:  \t d # comment\n",
    "'quoted ''key''': \"value \\u00e9 \\n\"\n\"double\": 'it''s'\n",
    "# first\n\na: # why\n  # more ü\n  b: c # ü\n  # end\nd: e\n",
    "a: |\n  line one\n   indented\n\n  line ü two\nb: >-\n  folded\n  words\n\n  more\nc: |+2\n   kept\n\nd: x\n",
    "a: >\r\n  one ü\r\n  two\r\nb: |\r\n  three\r\n  four\r\nc: d\r\n",
    "a: &x {b: 1, ü: [c, *y]}\nd: e",
    "base: &base {kind: a, ü: b}\nuse:\n  <<: *base\n  more: c\nagain: *base\ntext: &t äöü\nsame: *t\n",
    "a: one\n  two\n  three\nb: 'x\n  y'\nc: \"x \\\n   y\n\n   z\"\n",
    "? a\n: b\n? 'c d'\n: - e\n  - f\n",
    "a: {b: c, d: [e, {f: g}], \"h\":i}\nj:\n- k\n- l\n",
    "--- # start\na: 1\n...\n",
    "a:\nb: ~\nc: {d: , e}\n",
    "a\u{a0}b: c\u{2028}d\n",
    "a: b\rc: d\r",
];

#[test]
fn every_key_and_value_is_where_its_span_says() {
    for text in YAML {
        let (source, document) = parse("x.yaml", text);
        let Some(root) = &document.root else {
            assert!(text.contains("*y"), "{text:?}: {:?}", document.notices);
            continue;
        };
        assert!(
            document.notices.is_empty(),
            "{text:?}: {:?}",
            document.notices
        );
        check(&source, root, None);
        for comment in &document.comments {
            assert_eq!(source.slice(comment.span), format!("#{}", comment.text));
        }
    }
}

#[test]
fn json_has_the_same_spans_with_every_line_ending() {
    let text = "{\n  \"größe\": [1, \"a\\nb\\u00e9\\ud83d\\ude00\", {\"x\": null}],\n  \"鍵\": {\"y\": true}\n}\n";
    for text in [
        text.to_owned(),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
    ] {
        let (source, document) = parse("x.json", &text);
        assert!(document.notices.is_empty(), "{:?}", document.notices);
        check(&source, &document.root.unwrap(), None);
    }
}

#[test]
fn a_mistake_is_pointed_at_where_it_is() {
    let cases = [
        ("x.yaml", "ä:\n\t- b\n", "- b"),
        ("x.yaml", "ü: [1, 2\nb: 3\n", ": 3"),
        ("x.yaml", "a: 1\r\nü: 2\r\na: 3\r\n", "a: 3"),
        ("x.yaml", "ü: !Ref x\n", "!Ref x"),
        ("x.json", "{\"ü\": 1,}", ",}"),
        ("x.json", "{\"ü\": [{} {}]}", " {}]}"),
        ("x.json", "{\"ü\": 1, \"ü\": 2}", "\"ü\": 2}"),
    ];
    for (path, text, at) in cases {
        let (source, document) = parse(path, text);
        let place = document.notices[0].place.clone().unwrap();
        let rest = &source.text()[place.span.start as usize..];
        assert!(rest.starts_with(at), "{text:?}: {rest:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_parser_panic(text in "[ \\n\\r\\ta-c:{}\\[\\],&*!|>'\"#%@`?<~\\-0-9.ü😀\\\\]{0,80}") {
        for path in ["x.yaml", "x.json"] {
            let (source, document) = parse(path, &text);
            if document.root.is_none() {
                prop_assert!(!document.notices.is_empty());
            }
            for notice in &document.notices {
                let place = notice.place.as_ref().unwrap();
                prop_assert!(place.span.end as usize <= source.text().len());
            }
            if let Some(root) = &document.root {
                walk(&source, root);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for path in ["x.yaml", "x.json"] {
            parse(path, &text);
        }
    }
}

/// Every span lies inside the text and cuts no character.
fn walk(source: &Source, node: &Node) {
    assert!(source.text().get(node.span.range()).is_some());
    if let Some(text) = node.as_text() {
        let span = node.text_span(source, 0..text.len());
        assert!(source.text().get(span.range()).is_some());
    }
    for item in node.as_list().unwrap_or_default() {
        walk(source, item);
    }
    for (key, value) in node.as_map().unwrap_or_default() {
        assert!(source.text().get(key.span.range()).is_some());
        walk(source, value);
    }
}
