//! What the reader of XML takes, refuses and bounds.

use super::*;
use crate::source::RepoPath;

fn source(text: &str) -> Arc<Source> {
    Source::new(RepoPath::new("x.xml").unwrap(), text)
}

#[test]
fn every_element_stands_where_it_is_written() {
    let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a:m x='1 &lt; 2'  i:type=\"b\">\r\n <n>Tom &amp; <!-- c -->J&#233;r<![CDATA[<ô>]]></n><e/></a:m >\n<!-- end -->";
    let source = source(text);
    let root = parse(&source).unwrap();
    assert_eq!(root.name, "m");
    assert_eq!(root.attribute("x"), Some("1 < 2"));
    assert_eq!(root.attribute("type"), Some("b"));
    assert!(source.slice(root.span).starts_with("<a:m x"));
    assert!(source.slice(root.span).ends_with("</a:m >"));
    let name = root.child("n").unwrap().said().unwrap();
    assert_eq!(&**name.as_text().unwrap(), "Tom & Jér<ô>");
    assert_eq!(
        source.slice(name.span),
        "Tom &amp; <!-- c -->J&#233;r<![CDATA[<ô>]]>"
    );
    let empty = root.child("e").unwrap();
    assert_eq!(source.slice(empty.span), "<e/>");
    assert!(empty.said().is_none());
}

#[test]
fn what_is_no_xml_is_a_complaint_at_its_place() {
    let cases = [
        ("", 0, "no element"),
        ("  ", 0, "no element"),
        ("x", 0, "outside every element"),
        ("<a/>x", 4, "outside every element"),
        ("<a/><b/>", 4, "second element"),
        ("<a>", 0, "never closed"),
        ("<a><b></a>", 6, "expected"),
        ("</a>", 0, "does not match"),
        ("<a", 0, "not closed"),
        ("< a/>", 0, "no name of a tag"),
        ("<1/>", 0, "no name of a tag"),
        ("<a b/>", 4, "no `=`"),
        ("<a b=c/>", 5, "no quotes"),
        ("<a b=\"1\" b=\"2\"/>", 9, "stands twice"),
        ("<a b=\"1\"c=\"2\"/>", 8, "no name of an attribute"),
        ("<a b=\"<\"/>", 6, "`<` stands"),
        ("<a b=\"&x;\"/>", 6, "no such entity"),
        ("<a b=\"&#1;\"/>", 6, "no such entity"),
        ("<a>&x;</a>", 3, "no such entity"),
        ("<a>&#0;</a>", 3, "no such entity"),
        ("<a>&#xD800;</a>", 3, "no such entity"),
        ("<a>&</a>", 3, "not closed"),
        ("<a>]]></a>", 3, "ends nothing"),
        ("<a>\u{1}</a>", 3, "control character"),
        ("<a><!-- -- --></a>", 8, "`--`"),
        ("<a><![CDATA[</a>", 3, "not closed"),
        (" <?xml version=\"1.0\"?><a/>", 1, "beginning"),
        ("<?xml version=\"1.1\"?><a/>", 0, "version"),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
            0,
            "encoding",
        ),
    ];
    for (text, at, words) in cases {
        let source = source(text);
        let notice = parse(&source).expect_err(text);
        assert_eq!(notice.code, code::SYNTAX, "{text:?}");
        assert!(
            notice.message.contains(words),
            "{text:?}: {}",
            notice.message
        );
        let place = notice.place.as_ref().unwrap();
        assert_eq!(place.span.start, at, "{text:?}: {}", notice.message);
    }
}

#[test]
fn document_types_depth_and_counts_are_bounded() {
    let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
    let deep = "<a>".repeat(MAX_DEPTH + 2) + &"</a>".repeat(MAX_DEPTH + 2);
    let many = format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS));
    for text in [laughs, outside, &deep, &many] {
        let source = source(text);
        let notice = parse(&source).unwrap_err();
        assert_eq!(notice.code, code::LIMIT);
    }
    let at_the_limit = "<a>".repeat(MAX_DEPTH) + &"</a>".repeat(MAX_DEPTH);
    assert!(parse(&source(&at_the_limit)).is_ok());
}
