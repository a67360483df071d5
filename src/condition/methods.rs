//! Methods of elements: seven as pytm 1.4.0's code has them, quirks included,
//! and `within`, `reaches`, `reachedFrom` (docs/semantics.md §3).

use std::sync::LazyLock;

use super::compare::{all, any};
use super::eval::Evaluation;
use super::expression::{Method, MethodCall, Relation, Shape};
use super::value::{Fault, Outcome, Val};
use super::view::{Note, Reading, View};
use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, MAX_BOUNDARIES, Origin, Owner, Slot, Value};
use crate::source::Place;

/// The attributes that methods read.
pub(super) struct Attrs {
    source: Attr,
    sink: Attr,
    in_boundary: Attr,
    pub(super) inputs: Attr,
    pub(super) data: Attr,
    tls_version: Attr,
    min_tls_version: Attr,
    classification: Attr,
    max_classification: Attr,
}

pub(super) static ATTRS: LazyLock<Attrs> = LazyLock::new(|| Attrs {
    source: Attr::named("source"),
    sink: Attr::named("sink"),
    in_boundary: Attr::named("inBoundary"),
    inputs: Attr::named("inputs"),
    data: Attr::named("data"),
    tls_version: Attr::named("tlsVersion"),
    min_tls_version: Attr::named("minTLSVersion"),
    classification: Attr::named("classification"),
    max_classification: Attr::named("maxClassification"),
});

/// The two ends of a flow; `None` for an element that has none.
type Ends = Option<(ElementId, ElementId)>;

/// A boundary or none, or unknown which.
type Around = Option<Option<ElementId>>;

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// Calls a method.
    pub(super) fn method(&mut self, call: &'m MethodCall) -> Outcome<'m> {
        let start = self.view.mark();
        let base = self.eval(&call.base)?;
        let end = self.view.mark();
        self.view.forget(start, end);
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            arguments.push(self.eval(argument)?);
        }
        let id = match base {
            Val::Unknown => return Ok(Val::Unknown),
            Val::Element(id) => id,
            _ => return Err(Fault::Other("only elements have methods")),
        };
        self.charge(arguments.len() + 1)?;
        if arguments.iter().any(Val::unknown) {
            return Ok(Val::Unknown);
        }
        let mark = self.view.mark();
        let answer = match call.method {
            Method::OneOf => Some(self.one_of(id, &arguments)),
            Method::Inside => self.inside(id, &arguments),
            Method::Crosses => self.crosses(id, &arguments)?,
            Method::Enters => self.passes(id, &arguments, false)?,
            Method::Exits => self.passes(id, &arguments, true)?,
            Method::CheckTlsVersion => return self.check_tls_version(id, &arguments),
            Method::HasDataLeaks => return self.has_data_leaks(id),
            Method::Within => self.within(id, &arguments)?,
            Method::Reaches => self.reaches(id, call, true)?,
            Method::ReachedFrom => self.reaches(id, call, false)?,
            Method::Requests => return self.requests(id),
            Method::Received => return self.received(id),
            Method::Unauthenticated => return self.unauthenticated(id),
            Method::Callers => return self.callers(id),
            Method::CalledBy => self.called_by(id, &arguments)?,
            Method::CalledByOutsiders => self.called_by_outsiders(id)?,
        };
        if V::NOTES && call.method != Method::OneOf {
            self.state(call, id, mark, answer);
        }
        Ok(answer.map_or(Val::Unknown, Val::Bool))
    }

    /// Notes what a method about the graph said, in place of what it read
    /// about boundaries; controls on a path remain beside it.
    fn state(&mut self, call: &'m MethodCall, id: ElementId, mark: usize, answer: Option<bool>) {
        let model = self.model;
        let fact = |unsaid, place: Option<Place>| Note {
            owner: None,
            attr: None,
            path: &call.path,
            value: Value::Bool(answer == Some(true)),
            origin: if unsaid {
                Origin::Default
            } else {
                Origin::Declared
            },
            place: Some(place.unwrap_or_else(|| model.element(id).place.clone())),
        };
        self.view.sum_up(mark, &ATTRS.in_boundary, fact);
    }

    fn one_of(&self, id: ElementId, arguments: &[Val<'m>]) -> bool {
        let class = self.model.element(id).class;
        arguments.iter().any(|argument| match argument {
            Val::Class(wanted) => class.is_a(*wanted),
            Val::Element(other) => *other == id,
            _ => false,
        })
    }

    /// The innermost boundary.
    fn boundary(&mut self, id: ElementId) -> Around {
        let attr = &ATTRS.in_boundary;
        let slot = self.model.element(id).read(attr)?;
        let value = self.see(Owner::Element(id), attr, slot, false)?;
        Some(value.as_element())
    }

    fn see(
        &mut self,
        owner: Owner,
        attr: &'static Attr,
        slot: &'m Slot,
        structural: bool,
    ) -> Option<&'m Value> {
        self.view.see(Reading {
            owner,
            attr,
            slot,
            path: attr.name(),
            structural,
        })
    }

    /// Whether a boundary is one of those that the arguments mean.
    fn is_meant(&self, boundary: Option<ElementId>, arguments: &[Val<'m>]) -> bool {
        arguments.iter().any(|argument| match argument {
            Val::Class(class) => boundary.is_some_and(|b| self.model.element(b).class.is_a(*class)),
            Val::Element(wanted) => boundary == Some(*wanted),
            // `inside(None)`: pytm compares with `is`.
            Val::Nothing => boundary.is_none(),
            _ => false,
        })
    }

    fn inside(&mut self, id: ElementId, arguments: &[Val<'m>]) -> Option<bool> {
        let boundary = self.boundary(id)?;
        Some(self.is_meant(boundary, arguments))
    }

    /// Source and sink, if the element has both.
    fn ends(&self, id: ElementId) -> Outcome<'m, Ends> {
        let element = self.model.element(id);
        let (Some(source), Some(sink)) = (element.read(&ATTRS.source), element.read(&ATTRS.sink))
        else {
            return Ok(None);
        };
        match (source.value.as_element(), sink.value.as_element()) {
            (Some(source), Some(sink)) => Ok(Some((source, sink))),
            _ => Err(Fault::Other("a flow lacks its source or sink")),
        }
    }

    fn crosses(&mut self, id: ElementId, arguments: &[Val<'m>]) -> Outcome<'m, Option<bool>> {
        let Some((source, sink)) = self.ends(id)? else {
            return Ok(Some(false));
        };
        let (there, here) = (self.boundary(source), self.boundary(sink));
        if source == sink {
            return Ok(Some(false));
        }
        let (Some(there), Some(here)) = (there, here) else {
            return Ok(None);
        };
        let answer = there != here
            && arguments.iter().any(|argument| match argument {
                // Different innermost boundaries suffice, whatever the class.
                Val::Class(_) => true,
                one => {
                    let one = std::slice::from_ref(one);
                    self.is_meant(there, one) != self.is_meant(here, one)
                }
            });
        Ok(Some(answer))
    }

    /// `enters` and, the other way round, `exits`: one end is in no boundary at
    /// all, the other's innermost one is meant.
    fn passes(
        &mut self,
        id: ElementId,
        arguments: &[Val<'m>],
        out: bool,
    ) -> Outcome<'m, Option<bool>> {
        let Some((source, sink)) = self.ends(id)? else {
            return Ok(Some(false));
        };
        let (inner, outer) = if out { (source, sink) } else { (sink, source) };
        let outside = self.boundary(outer).map(|boundary| boundary.is_none());
        let inside = self.inside(inner, arguments);
        Ok(all([outside, inside].into_iter()))
    }

    /// `within(Class | 'name glob' | boundary, …)` at any depth.
    fn within(&mut self, id: ElementId, arguments: &[Val<'m>]) -> Outcome<'m, Option<bool>> {
        let mut at = id;
        for _ in 0..MAX_BOUNDARIES {
            self.charge(1)?;
            let Some(boundary) = self.boundary(at) else {
                return Ok(None);
            };
            let Some(boundary) = boundary.filter(|boundary| *boundary != id) else {
                return Ok(Some(false));
            };
            let name = &self.model.element(boundary).name;
            let mut named = false;
            for glob in arguments.iter().filter_map(Val::text) {
                self.charge(1 + name.len() * glob.len() / 64)?;
                named |= matches_glob(name, glob);
            }
            if named || self.is_meant(Some(boundary), arguments) {
                return Ok(Some(true));
            }
            at = boundary;
        }
        Ok(Some(false))
    }

    fn lacks<T>(&self, element: ElementId, name: &'static str) -> Outcome<'m, T> {
        Err(Fault::Lacks {
            what: self.model.element(element).class,
            name,
            target: element == self.target,
        })
    }

    /// Whether some flow's TLS version is below what the element demands.
    fn check_tls_version(&mut self, id: ElementId, arguments: &[Val<'m>]) -> Outcome<'m> {
        let flows = &arguments[0];
        let Some(count) = flows.count() else {
            return Err(Fault::Other("checkTLSVersion needs flows"));
        };
        self.charge(count)?;
        let mut answers = Vec::new();
        for flow in flows.items() {
            let Val::Element(flow) = flow else {
                return Err(Fault::Other("checkTLSVersion needs flows"));
            };
            let mark = self.view.mark();
            let used = self.value(flow, &ATTRS.tls_version, "tlsVersion")?;
            let least = self.value(id, &ATTRS.min_tls_version, "minTLSVersion")?;
            let answer = used.relate(Relation::Less, &least, &self.work)?;
            if answer == Some(true) {
                self.view.forget(0, 0);
                return Ok(Val::Bool(true));
            }
            if answer == Some(false) && V::NOTES {
                let end = self.view.mark();
                self.view.forget(mark, end);
            }
            answers.push(answer);
        }
        Ok(any(answers.into_iter()).map_or(Val::Unknown, Val::Bool))
    }

    fn value(&mut self, id: ElementId, attr: &'static Attr, name: &'static str) -> Outcome<'m> {
        let Some(slot) = self.model.element(id).read(attr) else {
            return self.lacks(id, name);
        };
        let value = self.see(Owner::Element(id), attr, slot, false);
        Ok(value.map_or(Val::Unknown, Val::of))
    }

    /// Whether the flow carries something classified higher than it, its source
    /// or its sink may hold.
    fn has_data_leaks(&mut self, id: ElementId) -> Outcome<'m> {
        let flow = self.model.element(id);
        if !flow.class.is_a(Class::Dataflow) {
            return self.lacks(id, "hasDataLeaks");
        }
        let Some((source, sink)) = self.ends(id)? else {
            return self.lacks(id, "source");
        };
        let carried = flow.read(&ATTRS.data).map(|slot| Val::of(&slot.value));
        let carried = carried.filter(|value| value.shape() == Some(Shape::Set));
        let Some(carried) = carried else {
            return Err(Fault::Other("the flow's data is no set"));
        };
        self.charge(carried.count().unwrap_or(0))?;
        let mut answers = Vec::new();
        for datum in carried.items() {
            let Val::Data(datum) = datum else {
                return Err(Fault::Other("the flow's data is no Data"));
            };
            for holder in [source, sink, id] {
                self.charge(1)?;
                let mark = self.view.mark();
                let answer = self.leaks(datum, holder)?;
                if answer == Some(true) {
                    return Ok(Val::Bool(true));
                }
                let end = self.view.mark();
                self.view.forget(mark, end);
                answers.push(answer);
            }
        }
        Ok(any(answers.into_iter()).map_or(Val::Unknown, Val::Bool))
    }

    fn leaks(
        &mut self,
        datum: crate::model::DataId,
        holder: ElementId,
    ) -> Outcome<'m, Option<bool>> {
        let attr = &ATTRS.classification;
        let Some(slot) = self.model.datum(datum).read(attr) else {
            return Err(Fault::Other("a Data has no classification"));
        };
        let level = self.see(Owner::Data(datum), attr, slot, false);
        let level = level.map_or(Val::Unknown, Val::of);
        let most = self.value(holder, &ATTRS.max_classification, "maxClassification")?;
        level.relate(Relation::Greater, &most, &self.work)
    }
}

/// Whether a name fits a glob of `*` and `?`, case-sensitively and as a whole.
fn matches_glob(name: &str, glob: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let glob: Vec<char> = glob.chars().collect();
    let (mut n, mut g) = (0, 0);
    // Where the last star stands and what it has eaten up to.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, n));
                g += 1;
            }
            Some(&c) if c == '?' || c == name[n] => {
                n += 1;
                g += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    g = at + 1;
                    n = eaten + 1;
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches_glob;

    #[test]
    fn globs_match_whole_names() {
        for (name, glob, fits) in [
            ("VPC", "VPC", true),
            ("VPC", "vpc", false),
            ("VPC east", "VPC*", true),
            ("my VPC", "VPC*", false),
            ("VPC", "V?C", true),
            ("", "*", true),
            ("", "?", false),
            ("aXbXc", "a*X*c", true),
            ("aXbXd", "a*X*c", false),
            ("é", "?", true),
        ] {
            assert_eq!(matches_glob(name, glob), fits, "{name} {glob}");
        }
    }
}
