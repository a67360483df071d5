//! Layer `inventory`: as whom parts act in AWS, and whether that is somebody who may do everything.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use super::super::gathered::Gathered;
use super::resource::{Names, Resource};
use crate::source::Place;

const ROLE: &str = "aws_iam_role";

/// Types that give roles a policy, each with the value that names the roles.
const GIVES: [(&str, &str); 3] = [
    ("aws_iam_policy_attachment", "roles"),
    ("aws_iam_role_policy", "role"),
    ("aws_iam_role_policy_attachment", "role"),
];

/// Types on the way from a part to its role.
const WAYS: [&str; 4] = [
    "aws_ecs_task_definition",
    "aws_iam_instance_profile",
    "aws_launch_configuration",
    "aws_launch_template",
];

/// Conditions on a policy that lets its bearer do everything.
const WIDE: [&str; 3] = [
    "policy~everything",
    "inline_policy.policy~everything",
    "policy_arn=arn:aws:iam::aws:policy/AdministratorAccess",
];

/// Adds to parts that their role may do more than they need.
pub(super) fn gather(
    resources: &[Resource<'_>],
    names: &Names<'_>,
    ids: &BTreeMap<usize, String>,
    gathered: &mut Gathered,
) {
    let wide = wide(resources, names);
    if wide.is_empty() {
        return;
    }
    for (at, id) in ids {
        let place = roles(*at, names)
            .into_iter()
            .find_map(|role| wide.get(&role));
        if let Some(place) = place
            && let Some(part) = gathered.part_mut(id)
        {
            part.facts.push(Fact::flag("implementsPOLP", false, place));
        }
    }
}

/// The roles that may do everything, and what says so.
fn wide(resources: &[Resource<'_>], names: &Names<'_>) -> BTreeMap<usize, Place> {
    let says = |resource: &Resource<'_>| WIDE.into_iter().find_map(|it| resource.holds(it));
    let mut wide = BTreeMap::new();
    for (resource, at) in resources.iter().zip(0..) {
        if resource.kind == ROLE {
            wide.extend(says(resource).map(|place| (at, place)));
        }
        let Some((_, key)) = GIVES.iter().find(|(kind, _)| *kind == resource.kind) else {
            continue;
        };
        let named = || names.under(resource, "policy_arn").into_iter();
        let of_named = || named().find_map(|(at, _)| says(names.resource(at)));
        if let Some(place) = says(resource).or_else(of_named) {
            for (role, _) in names.under(resource, key) {
                wide.entry(role).or_insert_with(|| place.clone());
            }
        }
    }
    wide
}

/// The roles that a part acts in.
fn roles(part: usize, names: &Names<'_>) -> BTreeSet<usize> {
    let mut roles = BTreeSet::new();
    let mut seen = BTreeSet::from([part]);
    let mut waiting = vec![part];
    while let Some(at) = waiting.pop() {
        for (next, _) in names.anywhere(names.resource(at)) {
            let kind = names.resource(next).kind;
            if kind == ROLE {
                roles.insert(next);
            } else if WAYS.contains(&kind) && seen.insert(next) {
                waiting.push(next);
            }
        }
    }
    roles
}
