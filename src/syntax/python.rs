//! Python text → ruff's tree. Only this file and its parts name ruff's crates; the
//! tree's types are re-exported for `read::pytm` and `condition`.
//!
//! ruff's parser stands any nesting, but whoever walks or drops its tree does
//! so recursively. So nesting is bounded *before* a tree exists: no tree that
//! leaves here is deeper than about [`MAX_DEPTH`].

mod mangle;

pub use ruff_python_ast as ast;
pub use ruff_text_size::{Ranged, TextRange, TextSize};

use std::borrow::Cow;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseError, ParseOptions, lexer};

use crate::source::{MAX_FILE_BYTES, Span};

/// How deep statements and expressions may nest. A chain of operators, calls
/// or attributes counts one level a link, as in the tree.
pub const MAX_DEPTH: usize = 300;

/// How many complaints about one text are kept.
const MAX_ERRORS: usize = 20;

/// What breaks Python's grammar, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in the parser's words.
    pub message: String,
    /// Where, in bytes of the parsed text.
    pub span: Span,
    /// It is sound Python perhaps, but deeper or larger than tmrs reads.
    pub limit: bool,
}

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its statements.
    pub body: ast::Suite,
    /// Every comment with its `#`, in order.
    pub comments: Vec<Span>,
}

/// Parses one expression, as if it stood in parentheses (so it may span lines).
///
/// # Errors
/// Everything that breaks the grammar, in order; or one error that a limit was passed.
pub fn parse_expression(text: &str) -> Result<ast::Expr, Vec<SyntaxError>> {
    bound(text, Mode::ParenthesizedExpression)?;
    let options = ParseOptions::from(Mode::ParenthesizedExpression);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    check(text, parsed.errors())?;
    match parsed.into_syntax() {
        ast::Mod::Expression(expression) => Ok(*expression.body),
        ast::Mod::Module(_) => Err(vec![SyntaxError {
            message: "Expected an expression".to_owned(),
            span: Span::new(0, text.len()),
            limit: false,
        }]),
    }
}

/// Parses a whole file.
///
/// # Errors
/// Everything that breaks the grammar, in order; or one error that a limit was passed.
pub fn parse_module(text: &str) -> Result<Module, Vec<SyntaxError>> {
    bound(text, Mode::Module)?;
    let options = ParseOptions::from(Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    check(text, parsed.errors())?;
    let comments = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind() == TokenKind::Comment)
        .map(span)
        .collect();
    match parsed.into_syntax() {
        ast::Mod::Module(mut module) => {
            mangle::private_names(&mut module.body);
            Ok(Module {
                body: module.body,
                comments,
            })
        }
        ast::Mod::Expression(_) => Ok(Module {
            body: ast::Suite::new(),
            comments,
        }),
    }
}

/// A text as Python reads it: every end of a line is `\n`. ruff keeps what stands there.
pub fn newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The span of a node or token.
pub fn span(node: &impl Ranged) -> Span {
    let range = node.range();
    Span::new(range.start().to_usize(), range.end().to_usize())
}

fn check(text: &str, errors: &[ParseError]) -> Result<(), Vec<SyntaxError>> {
    if errors.is_empty() {
        return Ok(());
    }
    let errors = errors.iter().take(MAX_ERRORS).map(|error| {
        let at = span(error);
        // At the end of the text there is nothing to point at.
        let end = at.end.min(text.len() as u32);
        SyntaxError {
            message: error.error.to_string(),
            span: Span::new(at.start.min(end) as usize, end as usize),
            limit: false,
        }
    });
    Err(errors.collect())
}

/// Refuses what would make a tree too deep to walk and drop.
fn bound(text: &str, mode: Mode) -> Result<(), Vec<SyntaxError>> {
    let limit = |message: String, at: usize| {
        Err(vec![SyntaxError {
            message,
            span: Span::new(at, at),
            limit: true,
        }])
    };
    if text.len() as u64 > MAX_FILE_BYTES {
        return limit(format!("Longer than {MAX_FILE_BYTES} bytes"), 0);
    }
    // Every level takes a byte at least.
    if text.len() <= MAX_DEPTH {
        return Ok(());
    }
    let at = match too_deep_lines(text) {
        Some(at) => at,
        None if too_deep_tokens(text, mode) => first_too_deep(text, mode),
        None => return Ok(()),
    };
    limit(format!("Nested deeper than {MAX_DEPTH} levels"), at)
}

/// About where the tokens become too deep: the lexer does not tell where it is,
/// so the shortest prefix that is too deep is searched for.
fn first_too_deep(text: &str, mode: Mode) -> usize {
    let (mut sound, mut deep) = (0, text.len());
    while deep - sound > 1 {
        let middle = text.floor_char_boundary(usize::midpoint(sound, deep));
        if middle <= sound {
            break;
        }
        if too_deep_tokens(&text[..middle], mode) {
            deep = middle;
        } else {
            sound = middle;
        }
    }
    sound
}

/// The first line that is indented below too many others, whether or not it
/// stands in brackets: the parser's recovery may see a block there.
fn too_deep_lines(text: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let indent = line.len() - line.trim_start_matches([' ', '\t', '\u{c}']).len();
        if !line.trim().is_empty() {
            while open.last().is_some_and(|&outer| outer >= indent) {
                open.pop();
            }
            open.push(indent);
            if open.len() > MAX_DEPTH {
                return Some(at);
            }
        }
        at += line.len();
    }
    None
}

/// Links of the chain at one bracket level.
#[derive(Clone, Copy, Default)]
struct Links {
    /// Of operators that bind tighter than `and` and `or`, which are flat.
    tight: usize,
    /// Of conditional expressions, lambdas and statement keywords.
    loose: usize,
}

/// Whether the sum of open brackets and chains passes the limit somewhere.
fn too_deep_tokens(text: &str, mode: Mode) -> bool {
    let mut lexer = lexer::lex(text, mode);
    let mut levels = vec![Links::default()];
    let mut indents = 0_usize;
    let mut depth = 0_usize;
    loop {
        let kind = lexer.next_token();
        let nested = levels.len() > 1;
        let Some(level) = levels.last_mut() else {
            return false;
        };
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Comma | TokenKind::Semi => {
                depth -= level.tight + level.loose;
                *level = Links::default();
            }
            TokenKind::Newline => {
                levels = vec![Links::default()];
                depth = 0;
            }
            TokenKind::And | TokenKind::Or => {
                depth -= level.tight;
                level.tight = 0;
            }
            _ if opens(kind) => {
                // The call or subscript itself is a link of the chain outside.
                level.tight += 1;
                levels.push(Links::default());
                depth += 2;
            }
            _ if closes(kind) && nested => {
                if let Some(inner) = levels.pop() {
                    depth -= inner.tight + inner.loose + 1;
                }
            }
            _ if nests_loosely(kind) => {
                level.loose += 1;
                depth += 1;
            }
            _ if kind.is_operator() || kind.is_keyword() => {
                level.tight += 1;
                depth += 1;
            }
            _ => {}
        }
        if depth + indents > MAX_DEPTH {
            return true;
        }
    }
}

fn opens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart
    )
}

fn closes(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd
    )
}

fn nests_loosely(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::If
            | TokenKind::Else
            | TokenKind::Lambda
            | TokenKind::ColonEqual
            | TokenKind::Yield
            | TokenKind::Await
            | TokenKind::For
            | TokenKind::While
            | TokenKind::Try
            | TokenKind::With
            | TokenKind::Def
            | TokenKind::Class
            | TokenKind::Async
            | TokenKind::Match
            | TokenKind::Case
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_may_span_lines_and_keeps_its_byte_ranges() {
        let tree = parse_expression("target.inScope and\n  'é' in target.name").unwrap();
        let ast::Expr::BoolOp(both) = &tree else {
            panic!("not a BoolOp: {tree:?}")
        };
        assert_eq!(span(&both.values[1]), Span::new(21, 40));
    }

    #[test]
    fn every_grammar_error_has_a_place_inside_the_text() {
        for text in ["target.", "(", "a b", "", "1 +", "for x in y", "x)"] {
            let errors = parse_expression(text).unwrap_err();
            assert!(!errors.is_empty(), "{text}");
            for error in errors {
                assert!(error.span.end as usize <= text.len(), "{text}: {error:?}");
                assert!(!error.limit);
            }
        }
    }

    #[test]
    fn comments_of_a_file_are_kept() {
        let text = "# one\nx = 1  # two\n'''# three'''\n";
        let module = parse_module(text).unwrap();
        let comments: Vec<_> = module.comments.iter().map(|c| &text[c.range()]).collect();
        assert_eq!(comments, ["# one", "# two"]);
        assert_eq!(module.body.len(), 2);
    }

    #[test]
    fn whatever_nests_deeper_than_the_limit_is_refused_and_nothing_overflows() {
        let n = 100_000;
        let texts = [
            "(".repeat(n),
            "[".repeat(n) + &"]".repeat(n),
            "not ".repeat(n) + "x",
            "-".repeat(n) + "x",
            "x".to_owned() + &".a".repeat(n),
            "x".to_owned() + &"()".repeat(n),
            "x".to_owned() + &"[0]".repeat(n),
            "x + ".repeat(n) + "x",
            "x ** ".repeat(n) + "x",
            "x if y else ".repeat(n) + "z",
            "lambda: ".repeat(n) + "x",
            "lambda: x or ".repeat(n) + "x",
            "f'{".repeat(n),
            "{0:".repeat(n),
            "x, (".repeat(n),
            "await ".repeat(n) + "x",
            "*".repeat(n) + "x",
        ];
        for text in &texts {
            let start = &text[..12.min(text.len())];
            assert!(parse_expression(text).unwrap_err()[0].limit, "{start}");
            assert!(parse_module(text).unwrap_err()[0].limit, "{start}");
        }
        let mut nested = String::from("(\n");
        for depth in 0..2_000 {
            nested += &" ".repeat(depth);
            nested += "if x, y:\n";
        }
        assert!(parse_module(&nested).unwrap_err()[0].limit);
    }

    #[test]
    fn long_flat_texts_are_fine() {
        let n = 20_000;
        let texts = [
            "x or ".repeat(n) + "x",
            "not x.y and ".repeat(n) + "x",
            format!("[{}]", "f(x.y, -1), ".repeat(n)),
            "'a' ".repeat(n),
            format!("{{{}}}", "'a': x.y(1), ".repeat(n)),
        ];
        for text in &texts {
            assert!(parse_expression(text).is_ok(), "{}", &text[..12]);
        }
        assert!(parse_module(&"x.y = a.b(c) + 1\nif x:\n    y\n".repeat(n)).is_ok());
    }
}
