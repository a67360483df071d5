//! Layer `syntax`: XML text → elements with their bytes. The only file that names `quick_xml`.
//!
//! XML 1.0 without document types: one is refused before anything in it counts, so that no
//! entity is ever expanded and nothing outside the file is read. Names are taken without their
//! prefixes. The crate reads one tag after the other; what it leaves open (one root, legal
//! characters, quoted attributes, how deep and how many) is checked here.

use std::sync::Arc;

use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader};

use super::tree::{MAX_DEPTH, Node, NodeKind, Style};
use crate::notice::{Notice, code};
use crate::source::{Source, Span};

/// How many elements one file may have.
pub const MAX_ELEMENTS: usize = 400_000;

/// One element.
#[derive(Debug)]
pub struct Element<'s> {
    /// Its name without a prefix.
    pub name: &'s str,
    /// From the start of its first tag to the end of its last.
    pub span: Span,
    /// Its first tag.
    pub tag: Span,
    /// Its attributes: names without prefixes, values as they are meant.
    attributes: Vec<(&'s str, String)>,
    /// The elements in it.
    pub children: Vec<Element<'s>>,
    text: String,
    /// Where the text stands; at the first tag if there is none.
    text_span: Span,
}

impl Element<'_> {
    /// The first element of that name in it.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| *known == name)?;
        Some(value)
    }

    /// What stands between its tags and in none of its elements.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// That text as a node at its place; `None` if it is blank.
    pub fn said(&self) -> Option<Node> {
        let text = self.text.trim();
        let kind = NodeKind::Text(text.into());
        (!text.is_empty()).then(|| Node::new(self.text_span, kind, Style::Plain))
    }
}

/// Parses the whole text and gives its outermost element; an error if it breaks the grammar or
/// a limit, and only the first one, for what follows it cannot be trusted.
pub fn parse(source: &Arc<Source>) -> Result<Element<'_>, Notice> {
    let builder = Builder {
        text: source.text(),
        open: Vec::new(),
        root: None,
        count: 0,
    };
    builder.read().map_err(|complaint| {
        let place = source.place(complaint.span);
        let mut notice = Notice::error(complaint.code, place, complaint.message);
        notice.help = complaint.help.map(Into::into);
        notice
    })
}

/// What ends the reading of a text.
struct Complaint {
    code: &'static str,
    span: Span,
    message: String,
    help: Option<&'static str>,
}

impl Complaint {
    fn syntax(span: Span, what: &str) -> Self {
        Self {
            code: code::SYNTAX,
            span,
            message: format!("this is no XML: {what}"),
            help: None,
        }
    }

    fn limit(span: Span, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            code: code::LIMIT,
            span,
            message: message.into(),
            help: Some(help),
        }
    }
}

struct Builder<'s> {
    text: &'s str,
    /// The elements around the place that is read, the outermost first.
    open: Vec<Element<'s>>,
    root: Option<Element<'s>>,
    count: usize,
}

impl<'s> Builder<'s> {
    fn read(mut self) -> Result<Element<'s>, Complaint> {
        if let Some((at, c)) = self.text.char_indices().find(|(_, c)| !is_legal(*c)) {
            let what = "a control character stands in it";
            return Err(Complaint::syntax(Span::new(at, at + c.len_utf8()), what));
        }
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_comments = true;
        loop {
            let start = position(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = position(reader.error_position()).min(self.text.len());
                    return Err(Complaint::syntax(Span::new(at, at), &in_words(&error)));
                }
            };
            let span = Span::new(start, position(reader.buffer_position()));
            match event {
                Event::Start(tag) => {
                    let element = self.element(&tag, span)?;
                    if self.open.len() > MAX_DEPTH {
                        let message = format!("elements are nested more than {MAX_DEPTH} deep");
                        let help = "nest less: no model needs so many levels";
                        return Err(Complaint::limit(span, message, help));
                    }
                    self.open.push(element);
                }
                Event::Empty(tag) => {
                    let element = self.element(&tag, span)?;
                    self.close(element);
                }
                Event::End(_) => {
                    if let Some(mut element) = self.open.pop() {
                        element.span = element.span.to(span);
                        self.close(element);
                    }
                }
                Event::Text(_) => self.chunk(span)?,
                Event::CData(_) => {
                    let inside = self.slice(span);
                    let inside = inside.strip_prefix("<![CDATA[").unwrap_or(inside);
                    let inside = inside.strip_suffix("]]>").unwrap_or(inside);
                    self.say(&plain_lines(inside), span)?;
                }
                Event::GeneralRef(reference) => {
                    let c = meant(&reference)
                        .ok_or_else(|| Complaint::syntax(span, "it has no such entity"))?;
                    self.say(c.encode_utf8(&mut [0; 4]), span)?;
                }
                Event::DocType(_) => {
                    let message = "document types are not read: they can name entities and files";
                    let help = "take `<!DOCTYPE …>` out of the file";
                    return Err(Complaint::limit(span, message, help));
                }
                Event::Decl(declaration) => check_declaration(&declaration, span)?,
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(element) = self.open.last() {
            return Err(Complaint::syntax(
                element.tag,
                &format!("`<{}>` is never closed", element.name),
            ));
        }
        let what = "there is no element in this file";
        self.root
            .ok_or_else(|| Complaint::syntax(Span::default(), what))
    }

    fn slice(&self, span: Span) -> &'s str {
        let range = span.start as usize..span.end as usize;
        self.text.get(range).unwrap_or("")
    }

    /// The element that a tag opens.
    fn element(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<Element<'s>, Complaint> {
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            let message = format!("this file has more than {MAX_ELEMENTS} elements");
            let help = "divide the model into several files";
            return Err(Complaint::limit(span, message, help));
        }
        if self.open.is_empty() && self.root.is_some() {
            let what = "a second element stands behind the first one";
            return Err(Complaint::syntax(span, what));
        }
        let start = span.start as usize + 1;
        let name = self.slice(Span::new(start, start + tag.name().as_ref().len()));
        let name =
            local(name).ok_or_else(|| Complaint::syntax(span, "this is no name of a tag"))?;
        Ok(Element {
            name,
            span,
            tag: span,
            attributes: self.attributes(tag, start)?,
            children: Vec::new(),
            text: String::new(),
            text_span: span,
        })
    }

    /// The attributes of a tag whose name starts at `start`.
    fn attributes(
        &self,
        tag: &BytesStart<'_>,
        start: usize,
    ) -> Result<Vec<(&'s str, String)>, Complaint> {
        let mut found = Vec::new();
        // What was looked at last ends here: the next name stands behind it.
        let mut from = start + tag.name().as_ref().len();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                let (at, what) = broken_attribute(&error);
                Complaint::syntax(Span::new(start + at, start + at), what)
            })?;
            let rest = self.text.get(from..).unwrap_or("");
            let name_at = from + (rest.len() - rest.trim_start().len());
            let length = attribute.key.as_ref().len();
            let at = Span::new(name_at, name_at + length);
            let name = local(self.slice(at))
                .filter(|_| name_at > from)
                .ok_or_else(|| Complaint::syntax(at, "this is no name of an attribute"))?;
            let rest = self.text.get(at.end as usize..).unwrap_or("");
            let quote = rest.find(['"', '\'']).unwrap_or(0);
            let value_at = at.end as usize + quote + 1;
            let at = Span::new(value_at, value_at + attribute.value.len());
            let raw = self.slice(at);
            from = at.end as usize + 1;
            // The namespaces are half of all attributes, and nobody asks for them.
            let is_namespace = self.slice(Span::new(name_at, name_at + 5)) == "xmlns";
            if raw.contains('<') {
                return Err(Complaint::syntax(at, "`<` stands in an attribute"));
            }
            let value = quick_xml::escape::unescape(raw).ok();
            let value = value
                .filter(|value| value.chars().all(is_legal))
                .ok_or_else(|| Complaint::syntax(at, "it has no such entity"))?;
            if !is_namespace {
                found.push((name, value.into_owned()));
            }
        }
        Ok(found)
    }

    /// Puts an element that is closed into the one around it.
    fn close(&mut self, element: Element<'s>) {
        match self.open.last_mut() {
            Some(around) => around.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// Text as it is written.
    fn chunk(&mut self, span: Span) -> Result<(), Complaint> {
        let text = self.slice(span);
        if let Some(at) = text.find("]]>") {
            let at = span.start as usize + at;
            return Err(Complaint::syntax(
                Span::new(at, at + 3),
                "`]]>` ends nothing here",
            ));
        }
        self.say(&plain_lines(text), span)
    }

    /// Adds text to the element around it.
    fn say(&mut self, text: &str, span: Span) -> Result<(), Complaint> {
        match self.open.last_mut() {
            Some(element) => {
                element.text_span = if element.text.is_empty() {
                    span
                } else {
                    element.text_span.to(span)
                };
                element.text.push_str(text);
                Ok(())
            }
            None if text.trim_matches([' ', '\t', '\n']).is_empty() => Ok(()),
            None => Err(Complaint::syntax(span, "text stands outside every element")),
        }
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Whether XML 1.0 allows a character.
fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The part of a name behind its prefix; `None` if it is no name.
fn local(name: &str) -> Option<&str> {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    let is_part = |c: char| is_first(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}');
    let mut parts = name.split(':');
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    let is_name = |part: &str| part.starts_with(is_first) && part.chars().all(is_part);
    let all = third.is_none() && is_name(first) && second.is_none_or(is_name);
    all.then_some(second.unwrap_or(first))
}

/// Line breaks as XML means them: each is one line feed.
fn plain_lines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// The character that `&…;` stands for: only the five names that XML itself has.
fn meant(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        let c = reference.resolve_char_ref().ok()??;
        return is_legal(c).then_some(c);
    }
    match &**reference {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"apos" => Some('\''),
        b"quot" => Some('"'),
        _ => None,
    }
}

/// `<?xml …?>` stands at the beginning or nowhere, and names the encoding that the file has.
fn check_declaration(declaration: &BytesDecl<'_>, span: Span) -> Result<(), Complaint> {
    if span.start != 0 {
        let what = "`<?xml …?>` may only stand at the beginning";
        return Err(Complaint::syntax(span, what));
    }
    let is_one = declaration
        .version()
        .is_ok_and(|version| &*version == b"1.0");
    let known: [&[u8]; 2] = [b"utf-8", b"us-ascii"];
    let is_known = match declaration.encoding() {
        None => true,
        Some(Ok(name)) => known.iter().any(|it| it.eq_ignore_ascii_case(&name)),
        Some(Err(_)) => false,
    };
    match (is_one, is_known) {
        (true, true) => Ok(()),
        (false, _) => Err(Complaint::syntax(span, "its version is not 1.0")),
        (_, false) => Err(Complaint::syntax(
            span,
            "it names an encoding other than UTF-8, and is UTF-8",
        )),
    }
}

/// What is wrong with an attribute, and where behind the start of the name of its tag.
fn broken_attribute(error: &AttrError) -> (usize, &'static str) {
    match error {
        AttrError::ExpectedEq(at) => (*at, "an attribute has no `=`"),
        AttrError::ExpectedValue(at) => (*at, "an attribute has no value"),
        AttrError::UnquotedValue(at) => (*at, "the value of an attribute has no quotes"),
        AttrError::ExpectedQuote(at, _) => (*at, "the value of an attribute is never closed"),
        AttrError::Duplicated(at, _) => (*at, "an attribute stands twice"),
    }
}

/// The parser's complaint as part of a sentence.
fn in_words(error: &Error) -> String {
    match error {
        Error::Syntax(error) => error.to_string(),
        Error::IllFormed(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
