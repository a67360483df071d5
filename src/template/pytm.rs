//! pytm's template language as pytm 1.4.0's `SuperFormatter` works: Python's
//! format strings, in which a specification is expanded first and then read as
//! `repeat:…`, `call:…`, `if:…` or `not:…`.

use super::TemplateError;
use super::facts::{Escape, Facts};
use super::object::Object;
use super::pattern::{Field, Piece, split};
use super::{MOST_BYTES, TOO_LONG};
use crate::report::{ModelInfo, Report};

/// How often Python expands a specification inside a specification.
const MOST_RECURSION: usize = 2;
/// How deep templates may call for templates.
const MOST_DEPTH: usize = 24;
/// Renders a template of pytm's language over one model of a report.
pub fn render(
    template: &str,
    report: &Report,
    model: &ModelInfo,
    escape: Escape,
) -> Result<String, TemplateError> {
    let facts = Facts::new(report, model, escape);
    let mut formatter = Formatter {
        facts: &facts,
        written: 0,
    };
    let mut out = String::new();
    let pieces = split(template).map_err(|m| TemplateError::at(template, m.at, m.reason))?;
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Field(field) => {
                let text = formatter
                    .field(&field, None, MOST_RECURSION, 0)
                    .map_err(|reason| TemplateError::at(template, field.at, &reason))?;
                out.push_str(&text);
            }
        }
    }
    Ok(out)
}

struct Formatter<'f, 'a> {
    facts: &'f Facts<'a>,
    /// Bytes of repeated text so far.
    written: usize,
}

/// A text, or why there is none.
type Formatted = Result<String, String>;

impl<'a> Formatter<'_, 'a> {
    /// Python's `format(template, item=item)`.
    fn format(&mut self, template: &str, item: &Object<'a>, depth: usize) -> Formatted {
        if depth > MOST_DEPTH {
            return Err("templates are nested too deeply".into());
        }
        let text = self.expand(template, Some(item), MOST_RECURSION, depth)?;
        // Empty texts cost time too.
        self.written += text.len() + 16;
        if self.written > MOST_BYTES {
            return Err(TOO_LONG.into());
        }
        Ok(text)
    }

    /// A format string with its fields replaced.
    fn expand(
        &mut self,
        text: &str,
        item: Option<&Object<'a>>,
        recursion: usize,
        depth: usize,
    ) -> Formatted {
        let pieces = split(text).map_err(|malformed| malformed.reason.to_owned())?;
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Field(field) => out.push_str(&self.field(&field, item, recursion, depth)?),
            }
        }
        Ok(out)
    }

    fn field(
        &mut self,
        field: &Field<'_>,
        item: Option<&Object<'a>>,
        recursion: usize,
        depth: usize,
    ) -> Formatted {
        let object = self.look_up(field.name, item)?;
        let object = match field.conversion {
            None => object,
            Some('s') => Object::Text(object.show(self.facts)),
            Some('r' | 'a') => Object::Text(object.repr(self.facts)),
            Some(letter) => return Err(format!("there is no conversion “!{letter}”")),
        };
        let specification = match recursion {
            0 if field.specification.is_empty() => String::new(),
            0 => return Err("fields stand too deeply inside specifications".into()),
            _ => self.expand(field.specification, item, recursion - 1, depth)?,
        };
        self.apply(&object, &specification, depth)
    }

    /// The object that `item.source.name` or `findings[0]` names.
    fn look_up(&self, name: &str, item: Option<&Object<'a>>) -> Result<Object<'a>, String> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let root = match item {
            Some(item) => (first == "item").then(|| item.clone()),
            None => self.facts.root(first),
        };
        let mut object = root.ok_or_else(|| match item {
            Some(_) => format!("“{first}” is unknown here; inside `repeat` and `call` there is only `item`"),
            None => format!("“{first}” is unknown; a template starts from tm, dataflows, threats, findings, elements, assets, actors, boundaries or data"),
        })?;
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix('[') {
                let (index, tail) = tail.split_once(']').ok_or("“]” is missing")?;
                let at: usize = index
                    .parse()
                    .map_err(|_| format!("“{index}” is no index"))?;
                let items = object.items().unwrap_or_default();
                object = items
                    .get(at)
                    .cloned()
                    .ok_or_else(|| format!("there is no item {at}"))?;
                rest = tail;
                continue;
            }
            let tail = rest
                .strip_prefix('.')
                .ok_or("“.” or “[” is missing after “]”")?;
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            let attribute = &tail[..end];
            object = object
                .attribute(attribute, self.facts)
                .ok_or_else(|| self.unknown(&object, attribute))?;
            rest = &tail[end..];
        }
        Ok(object)
    }

    fn unknown(&self, object: &Object<'a>, attribute: &str) -> String {
        let class = object.class_name(self.facts);
        let near = object
            .attribute_names(self.facts)
            .into_iter()
            .map(|name| (strsim::damerau_levenshtein(name, attribute), name))
            .filter(|(distance, _)| *distance <= 2)
            .min();
        let hint = near.map(|(_, name)| format!("; did you mean “{name}”?"));
        format!(
            "{class} has no attribute “{attribute}”{}",
            hint.unwrap_or_default()
        )
    }

    /// What a specification makes of an object.
    fn apply(&mut self, object: &Object<'a>, specification: &str, depth: usize) -> Formatted {
        let template = specification
            .split_once(':')
            .map_or("", |(_, template)| template);
        if specification.starts_with("repeat") {
            let items = object.items().unwrap_or_default();
            return self.each(&items, template, depth);
        }
        if let Some(rest) = specification.strip_prefix("call:") {
            return self.call(object, rest, depth);
        }
        let wanted = if specification.starts_with("if") {
            true
        } else if specification.starts_with("not") {
            false
        } else {
            return aligned(&object.show(self.facts), specification);
        };
        let holds = object.call(self.facts).is_true();
        Ok(if holds == wanted {
            template.to_owned()
        } else {
            String::new()
        })
    }

    fn each(&mut self, items: &[Object<'a>], template: &str, depth: usize) -> Formatted {
        let mut out = String::new();
        for item in items {
            out.push_str(&self.format(template, item, depth + 1)?);
        }
        Ok(out)
    }

    fn call(&mut self, object: &Object<'a>, rest: &str, depth: usize) -> Formatted {
        let (result, template) = if matches!(object, Object::Method(..)) {
            (object.call(self.facts), rest)
        } else {
            let (method, template) = rest.split_once(':').unwrap_or((rest, ""));
            (self.report_util(method, object)?, template)
        };
        match &result {
            Object::List(items) if !template.is_empty() => self.each(items, template, depth),
            result => Ok(result.show(self.facts)),
        }
    }

    /// The methods of pytm's `ReportUtils`.
    fn report_util(&self, method: &str, object: &Object<'a>) -> Result<Object<'a>, String> {
        let wrong = || {
            let class = object.class_name(self.facts);
            Object::Text(format!("ERROR: {method} method is not valid for {class}"))
        };
        let boundary = match object {
            Object::Element { id, .. } if self.facts.base(*id) == "Boundary" => Some(*id),
            _ => None,
        };
        let of_finding = |name: &str| match object {
            Object::Finding { .. } => object
                .attribute(name, self.facts)
                .unwrap_or(Object::text("")),
            _ => Object::text(""),
        };
        let findings = || {
            object
                .attribute("findings", self.facts)
                .and_then(|f| f.items())
        };
        Ok(match (method, object) {
            ("getParentName" | "getNamesOfParents", _) => {
                let Some(id) = boundary else {
                    return Ok(wrong());
                };
                let names: Vec<Object<'a>> = self
                    .facts
                    .parents(id)
                    .iter()
                    .map(|parent| {
                        parent
                            .attribute("name", self.facts)
                            .unwrap_or(Object::Nothing)
                    })
                    .collect();
                match method {
                    "getParentName" => names.into_iter().next().unwrap_or(Object::text("")),
                    _ => Object::List(names),
                }
            }
            ("getInScopeFindings", Object::Element { .. }) => {
                let in_scope = object.attribute("inScope", self.facts);
                let judged = in_scope.is_some_and(|value| value.is_true());
                Object::List(findings().filter(|_| judged).unwrap_or_default())
            }
            ("getInScopeFindings", _) => Object::List(Vec::new()),
            ("getFindingCount", Object::Element { .. }) => {
                Object::Text(findings().unwrap_or_default().len().to_string())
            }
            ("getElementType", Object::Element { id, .. }) => Object::text(self.facts.class(*id)),
            ("getFindingCount" | "getElementType", _) => wrong(),
            ("getThreatId", _) => of_finding("threat_id"),
            ("getFindingDescription", _) => of_finding("description"),
            ("getFindingTarget", _) => of_finding("target"),
            ("getFindingSeverity", _) => of_finding("severity"),
            ("getFindingMitigations", _) => of_finding("mitigations"),
            ("getFindingReferences", _) => of_finding("references"),
            ("getFindingExample", _) => of_finding("example"),
            _ => return Err(format!("there is no report method “{method}”")),
        })
    }
}

/// Python's alignment of a text: `<20`, `*^10`, `.5`.
fn aligned(text: &str, specification: &str) -> Formatted {
    if specification.is_empty() {
        return Ok(text.to_owned());
    }
    let unknown =
        || format!("“{specification}” is none of repeat, call, if, not, and no alignment");
    let letters: Vec<char> = specification.chars().collect();
    let is_align = |c: Option<&char>| c.is_some_and(|c| matches!(c, '<' | '>' | '^'));
    let (fill, align, rest) = if is_align(letters.get(1)) {
        (letters[0], letters[1], &letters[2..])
    } else if is_align(letters.first()) {
        (' ', letters[0], &letters[1..])
    } else {
        (' ', '<', &letters[..])
    };
    let rest: String = rest.iter().collect();
    let (width, precision) = match rest.split_once('.') {
        Some((width, precision)) => (width.to_owned(), Some(precision.to_owned())),
        None => (rest, None),
    };
    let number = |digits: &str| match digits {
        "" => Ok(0),
        digits => digits
            .parse::<u16>()
            .map(usize::from)
            .map_err(|_| unknown()),
    };
    let width = number(width.trim_end_matches('s'))?;
    let text: String = match precision {
        Some(digits) => text
            .chars()
            .take(number(digits.trim_end_matches('s'))?)
            .collect(),
        None => text.to_owned(),
    };
    let missing = width.saturating_sub(text.chars().count());
    let (before, after) = match align {
        '>' => (missing, 0),
        '^' => (missing / 2, missing - missing / 2),
        _ => (0, missing),
    };
    let pad = |count: usize| fill.to_string().repeat(count);
    Ok(format!("{}{text}{}", pad(before), pad(after)))
}
