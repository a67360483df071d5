//! The elements that the baseline knows, and which of them have other names now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::renames::{self, Same};
use super::super::sketch::{Outline, Places, Sketch};
use super::Baseline;
use crate::finding::{Identity, canonical};
use crate::model::pairs::{Named, pairs};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model};
use crate::pipeline::Judged;
use crate::source::RepoPath;

/// An element of a model in which something is known: by this it is recognised under another
/// name. Names are canonical (docs/semantics.md §1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownElement {
    /// The model's file.
    pub path: RepoPath,
    /// The model's name.
    pub model: Arc<str>,
    /// The element's class.
    pub class: Class,
    /// The element's name.
    pub element: Arc<str>,
    /// A flow's source.
    pub source: Option<Arc<str>>,
    /// A flow's sink.
    pub sink: Option<Arc<str>>,
    /// The boundary that it is in.
    pub boundary: Option<Arc<str>>,
    /// Where it stands: a variable, an id, or what its constructor says.
    pub place: Option<Arc<str>>,
}

/// The elements of a model, as a baseline knows them.
pub(super) fn of(model: &Model) -> impl Iterator<Item = KnownElement> {
    let sketch = Sketch::of(model, Places::Constructors);
    let path = model.path().clone();
    let name: Arc<str> = canonical(&model.name).into();
    sketch.ids().map(move |id| {
        let outline = sketch.element(id);
        let called = |id: ElementId| Arc::from(&*sketch.element(id).name);
        KnownElement {
            path: path.clone(),
            model: Arc::clone(&name),
            class: outline.class,
            element: Arc::from(&*outline.name),
            source: outline.source.map(called),
            sink: outline.sink.map(called),
            boundary: outline.boundary.map(called),
            place: outline.place.as_deref().map(Arc::from),
        }
    })
}

/// What models and elements of a run were called when the baseline was written.
#[derive(Debug, Default)]
pub struct Renames<'b> {
    /// By the model's position.
    models: BTreeMap<u32, Renamed<'b>>,
}

/// What one model and its elements were called.
#[derive(Debug)]
struct Renamed<'b> {
    /// The model's name, where it was another one.
    name: Option<&'b str>,
    elements: BTreeMap<ElementId, &'b KnownElement>,
}

impl<'b> Renames<'b> {
    /// What the baseline and a run tell.
    pub fn find(baseline: &'b Baseline, judged: &Judged) -> Self {
        let mut renames = Self::default();
        if baseline.elements.is_empty() {
            return renames;
        }
        let mut known: BTreeMap<(&RepoPath, &str), Vec<&KnownElement>> = BTreeMap::new();
        for element in &baseline.elements {
            let model = (&element.path, &*element.model);
            known.entry(model).or_default().push(element);
        }
        let models = baseline.models.iter();
        let models: BTreeSet<_> = models.map(|model| (&model.path, &*model.name)).collect();
        let models: Vec<_> = models.into_iter().collect();
        let then: Vec<Named<'_>> = models
            .iter()
            .map(|(path, name)| named(path.as_str(), name, 0))
            .collect();
        let here = judged.models.iter().map(|subject| &subject.model);
        let names: Vec<String> = here.clone().map(|model| canonical(&model.name)).collect();
        let now: Vec<Named<'_>> = here
            .zip(&names)
            .map(|(model, name)| named(model.path().as_str(), name, model.ordinal))
            .collect();
        for (model, pair) in models.iter().zip(pairs(&now, &then)) {
            let Some(at) = pair else { continue };
            let elements = known.get(model).map_or(&[][..], Vec::as_slice);
            let renamed = Renamed {
                name: (*model.1 != names[at]).then_some(model.1),
                elements: renamed(elements, &judged.models[at].model),
            };
            if renamed.name.is_some() || !renamed.elements.is_empty() {
                renames.models.insert(at as u32, renamed);
            }
        }
        renames
    }

    /// Who an element was, if it or its model had another name.
    pub fn former<'r>(
        &self,
        rule: &'r str,
        (at, model): (u32, &Model),
        element: ElementId,
    ) -> Option<Identity<'r>> {
        let renamed = self.models.get(&at)?;
        let was = renamed.elements.get(&element);
        if renamed.name.is_none() && was.is_none() {
            return None;
        }
        let mut identity = Identity::new(rule, model, element);
        if let Some(name) = renamed.name {
            name.clone_into(&mut identity.model);
            identity.model_ordinal = 0;
        }
        if let Some(was) = was {
            was.element.as_ref().clone_into(&mut identity.name);
            identity.source = was.source.as_deref().map(str::to_owned);
            identity.sink = was.sink.as_deref().map(str::to_owned);
        }
        Some(identity)
    }

    /// What was renamed in each model, in words.
    pub fn told(&self, judged: &Judged) -> Vec<(u32, Vec<String>)> {
        let of_model = |(at, renamed): (&u32, &Renamed<'_>)| {
            let model = &judged.models[*at as usize].model;
            let name = renamed.name.iter();
            let mut told: Vec<String> = name
                .map(|was| format!("the model “{was}” is called “{}” now", model.name))
                .collect();
            for (id, was) in &renamed.elements {
                let is = model.element(*id);
                if canonical(&is.name) != *was.element {
                    let class = is.class.name();
                    told.push(format!(
                        "{class} “{}” is called “{}” now",
                        was.element, is.name
                    ));
                }
            }
            (*at, told)
        };
        let all = self.models.iter().map(of_model);
        all.filter(|(_, told)| !told.is_empty()).collect()
    }
}

fn named<'a>(path: &'a str, name: &'a str, ordinal: u32) -> Named<'a> {
    Named {
        path,
        name,
        ordinal,
    }
}

/// The elements of a model that had another name, or whose ends had, with what they were.
fn renamed<'b>(known: &[&'b KnownElement], model: &Model) -> BTreeMap<ElementId, &'b KnownElement> {
    let mut by_name: BTreeMap<Who<'_>, Vec<u32>> = BTreeMap::new();
    for (at, element) in known.iter().enumerate() {
        by_name.entry(who(element)).or_default().push(at as u32);
    }
    let here: Vec<KnownElement> = of(model).collect();
    let mut same = Same::default();
    for (at, element) in here.iter().enumerate() {
        let twins = by_name.get_mut(&who(element));
        if let Some(was) = twins
            .filter(|twins| !twins.is_empty())
            .map(|twins| twins.remove(0))
        {
            same.add(ElementId(was), ElementId(at as u32));
        }
    }
    if same.now.len() == known.len() || same.now.len() == here.len() {
        return BTreeMap::new();
    }
    let now = Sketch::of(model, Places::Constructors);
    let pairs = renames::find(&sketch(known), &now, &mut same);
    let pairs = pairs.into_iter();
    pairs.map(|(was, is)| (is, known[was.0 as usize])).collect()
}

/// Who an element is within its model.
type Who<'a> = (Class, &'a str, Option<&'a str>, Option<&'a str>);

fn who(element: &KnownElement) -> Who<'_> {
    (
        element.class,
        &element.element,
        element.source.as_deref(),
        element.sink.as_deref(),
    )
}

/// What is known of a model, as an outline. A name that two elements bear leads to neither.
fn sketch(known: &[&KnownElement]) -> Sketch {
    let mut boundaries: BTreeMap<&str, Option<ElementId>> = BTreeMap::new();
    let mut ends: BTreeMap<&str, Option<ElementId>> = BTreeMap::new();
    for (at, element) in known.iter().enumerate() {
        let names = match element.class {
            Class::Boundary => &mut boundaries,
            Class::Dataflow => continue,
            _ => &mut ends,
        };
        let id = Some(ElementId(at as u32));
        let taken = names.entry(&element.element);
        taken.and_modify(|held| *held = None).or_insert(id);
    }
    let find = |names: &BTreeMap<&str, Option<ElementId>>, name: &Option<Arc<str>>| {
        name.as_deref()
            .and_then(|name| names.get(name).copied().flatten())
    };
    let outline = |element: &&KnownElement| Outline {
        class: element.class,
        name: element.element.to_string(),
        place: element.place.as_deref().map(str::to_owned),
        said: Vec::new(),
        boundary: find(&boundaries, &element.boundary),
        source: find(&ends, &element.source),
        sink: find(&ends, &element.sink),
    };
    Sketch::new(known.iter().map(outline).collect())
}
