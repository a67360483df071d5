//! What each language would misread stays text.

use super::*;

#[test]
fn a_workflow_command_stays_one_line_and_one_command() {
    assert_eq!(
        workflow_data("50%\n::error::x\r\n%0A"),
        "50%25%0A\\u{3a}:error::x%0A%250A"
    );
    assert_eq!(workflow_property("a,b: c\nd"), "a%2Cb%3A c\\nd");
    assert_eq!(workflow_data("\u{1b}[31m"), "\\u{1b}[31m");
}

#[test]
fn markdown_shows_text_as_it_is_written() {
    for (text, shown) in [
        ("plain text, 100% of it", "plain text, 100% of it"),
        ("*bold* _it_ snake_case", "\\*bold\\* \\_it\\_ snake_case"),
        (
            "<script>a|b</script>",
            "&lt;script&gt;a&#124;b&lt;/script&gt;",
        ),
        ("@admin see #12", "@&#8203;admin see \\#&#8203;12"),
        ("[x](javascript:1)", "\\[x\\](javascript:1)"),
        (
            "https://evil www.evil.example",
            "https&#58;//evil www&#46;evil.example",
        ),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("0.1.0", "0.1.0"),
        ("two\nlines", "two lines"),
        (
            "GH-1 (gh-2) high-3 GH-x",
            "GH-&#8203;1 (gh-&#8203;2) high-3 GH-x",
        ),
        ("x ::error::y a::b", "x &#58;:error::y a::b"),
    ] {
        assert_eq!(markdown(text), shown);
    }
}

#[test]
fn no_text_on_a_terminal_is_a_command_of_a_runner() {
    for (text, shown) in [
        ("std::vec ## a # [b]", "std::vec ## a # [b]"),
        ("::error::x", "\\u{3a}:error::x"),
        // Where a line may be broken.
        ("a ::error::x", "a \\u{3a}:error::x"),
        ("a##[error]b", "a#\\u{23}[error]b"),
        ("a##vso[task.complete]b", "a#\\u{23}vso[task.complete]b"),
        ("#\u{200b}#[error]", "#\\u{200b}#[error]"),
        // Where something in brackets may follow.
        ("a##", "a#\\u{23}"),
    ] {
        assert_eq!(terminal(text), shown);
    }
    assert_eq!(snippet("x = '##[error]'"), "x = '#?[error]'");
    assert_eq!(html("a ::b ##[c]"), "a &#58;:b #&#35;[c]");
    assert_eq!(dot("##[c]"), "#&#35;[c]");
    assert_eq!(markdown_code("##[c]"), "\\#&#8203;#\\[c\\]");
}

#[test]
fn names_in_backticks_are_code_in_prose() {
    assert_eq!(
        markdown_prose("Set `controls.isHardened`, *please*."),
        "Set `controls.isHardened`, \\*please\\*."
    );
    assert_eq!(markdown_prose("a ` b"), "a \\` b");
    assert_eq!(markdown_prose("`<x>` b"), "\\`&lt;x&gt;\\` b");
    assert_eq!(markdown_prose("` `"), "\\` \\`");
}

#[test]
fn code_with_backticks_is_no_code() {
    assert_eq!(
        markdown_code("controls.isEncrypted"),
        "`controls.isEncrypted`"
    );
    assert_eq!(markdown_code("a`b"), "a\\`b");
}

#[test]
fn labels_of_drawings_keep_only_what_is_seen() {
    assert_eq!(visible("a\u{202e}b\tc\0\u{FFFF}d"), "ab cd");
    assert_eq!(dot_label("]<b>"), "&#93;&#60;b&#62;");
    assert_eq!(dot("a\"b\\c&lt;"), "a\\\"b\\\\c&amp;lt;");
}

#[test]
fn mermaid_reads_no_markup_in_names() {
    assert_eq!(mermaid("a-b (c), \"d\""), "a-b (c), #34;d#34;");
    assert_eq!(
        mermaid("%%{init: x}%%"),
        "#37;#37;#123;init#58; x#125;#37;#37;"
    );
    assert_eq!(mermaid("$$x"), "#36;\u{2060}#36;\u{2060}x");
    assert_eq!(mermaid("the End"), "the #69;nd");
    assert_eq!(mermaid("- 1. x"), "#45; 1#46; x");
}

#[test]
fn plantuml_reads_no_markup_in_names() {
    assert_eq!(
        plantuml("%getenv(\"X\")"),
        "<U+0025>getenv(<U+0022>X<U+0022>)"
    );
    assert_eq!(
        plantuml("**b** [[u]]"),
        "<U+002A><U+002A>b<U+002A><U+002A> <U+005B><U+005B>u<U+005D><U+005D>"
    );
}

#[test]
fn html_cannot_be_left() {
    assert_eq!(
        html("</script>\"'&\u{202e}\0"),
        "&lt;/script&gt;&quot;&#39;&amp;\\u{202e}\\u{0}"
    );
}

#[test]
fn xml_holds_only_what_xml_allows() {
    assert_eq!(xml("a\u{FFFE}b\0c\nd"), "a\\u{fffe}b\\u{0}c\nd");
}

#[test]
fn a_spreadsheet_computes_nothing() {
    assert_eq!(csv("=1+1"), "'=1+1");
    assert_eq!(csv(" @x"), "' @x");
    assert_eq!(csv("a=b"), "a=b");
}

#[test]
fn only_web_addresses_are_links() {
    assert_eq!(url("javascript:alert(1)"), None);
    assert_eq!(url("file:///etc/passwd"), None);
    assert_eq!(
        url("HTTPS://x.example/a b\"<>)"),
        Some("https://x.example/a%20b%22%3C%3E%29".into())
    );
}

#[test]
fn a_path_becomes_a_relative_uri() {
    assert_eq!(uri_path("a b/ä:#.py"), "a%20b/%C3%A4%3A%23.py");
}
