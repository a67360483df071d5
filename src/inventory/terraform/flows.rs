//! Layer `inventory`: who calls whom, through everything that only leads on.

use std::collections::{BTreeMap, BTreeSet};

use super::super::gathered::{Gathered, Mention, To};
use super::resource::{Names, Resource};
use crate::source::Place;

/// Adds a mention for each part that leads to another, through resources that are no parts.
pub(super) fn gather(
    resources: &[Resource<'_>],
    names: &Names<'_>,
    ids: &BTreeMap<usize, String>,
    gathered: &mut Gathered,
) {
    let mut leads: BTreeMap<usize, Vec<(usize, Place)>> = BTreeMap::new();
    for (resource, at) in resources.iter().zip(0..) {
        let Some(row) = resource.row else { continue };
        for key in &row.outward {
            let to = names.under(resource, key);
            leads.entry(at).or_default().extend(to);
        }
        for key in &row.inward {
            for (from, place) in names.under(resource, key) {
                leads.entry(from).or_default().push((at, place));
            }
        }
    }
    for (at, id) in ids {
        let mut seen = BTreeSet::from([*at]);
        let mut waiting: Vec<&(usize, Place)> = leads.get(at).into_iter().flatten().rev().collect();
        while let Some((next, place)) = waiting.pop() {
            if !seen.insert(*next) {
                continue;
            }
            match ids.get(next) {
                Some(other) => {
                    let mention = Mention::new(id, To::Part(other.clone()), place);
                    gathered.mention(mention.with(names.resource(*next).encrypts()));
                }
                None => waiting.extend(leads.get(next).into_iter().flatten().rev()),
            }
        }
    }
}
