//! Programs that build software, and those among them that run what a pull request brings
//! (docs/semantics.md §2).

use super::infer::assume;
use super::naming::says;
use super::roles::may_pass;
use super::{ends, items};
use crate::model::{Attr, ElementId, Model, Value};

const BUILDERS: [&str; 21] = [
    "build agent",
    "build controller",
    "build runner",
    "build server",
    "build worker",
    "buildkite",
    "ci agent",
    "ci cd",
    "ci pipeline",
    "ci runner",
    "ci server",
    "ci worker",
    "circleci",
    "continuous integration",
    "github action",
    "gitlab runner",
    "jenkins",
    "pipeline runner",
    "pull request runner",
    "teamcity",
    "tekton",
];

/// Changes by people whom nobody has let in yet.
const PROPOSALS: [&str; 5] = [
    "contribution",
    "fork",
    "merge request",
    "patch",
    "pull request",
];

/// Tells them by their names and by what is sent to them.
pub(super) fn find(model: &mut Model) {
    for id in model.ids() {
        let element = model.element(id);
        if may_pass(element.class) && says(&element.name, &BUILDERS) {
            let reason = format!("it is called “{}”", element.name);
            let place = Some(element.name_place.clone());
            assume(
                model,
                id,
                "buildsSoftware",
                Value::Bool(true),
                place,
                reason,
            );
        }
    }
    let proposals: Vec<_> = (model.flows.iter())
        .filter_map(|&flow| proposed(model, flow))
        .collect();
    for (id, flow, what) in proposals {
        let reason = format!("it builds “{what}”");
        let place = Some(model.element(flow).place.clone());
        assume(model, id, "runsUserCode", Value::Bool(true), place, reason);
    }
}

/// The program that builds what arrives on a flow before anybody has accepted it, and the name
/// that says so: of the flow, of its data, or of the program.
fn proposed(model: &Model, flow: ElementId) -> Option<(ElementId, ElementId, String)> {
    let sink = ends(model, flow)[1]?;
    let builds = model.element(sink).known(&Attr::named("buildsSoftware"))?;
    if !builds.value.is_true() {
        return None;
    }
    let own = (!model.is_response(flow)).then(|| &*model.element(sink).name);
    let carried = items(model.element(flow).named("data"));
    let data = carried.iter().filter_map(|item| match item {
        Value::Data(id) => Some(&*model.datum(*id).name),
        _ => None,
    });
    let name = (own
        .into_iter()
        .chain([&*model.element(flow).name])
        .chain(data))
    .find(|name| says(name, &PROPOSALS))?;
    Some((sink, flow, name.to_owned()))
}
