//! Which models are the same on both sides of a comparison.

use std::collections::{BTreeMap, BTreeSet};

/// What models are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named<'a> {
    /// The file.
    pub path: &'a str,
    /// The name, canonical ([`crate::finding::canonical`]).
    pub name: &'a str,
    /// Which of the file's models of that name.
    pub ordinal: u32,
}

impl Named<'_> {
    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// For each model of the base the position of the same one in the head.
///
/// The same are, in this order and one to one: models of one name in one file;
/// the only two left in one file (the model was renamed); models of one name in a
/// file that is gone and in one that is new (the file was moved).
pub fn pairs(head: &[Named<'_>], base: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; base.len()];
    let mut free: BTreeSet<usize> = (0..head.len()).collect();
    let by_name: BTreeMap<_, _> = head.iter().enumerate().map(|(at, m)| (m, at)).collect();
    for (pair, model) in pairs.iter_mut().zip(base) {
        *pair = by_name.get(model).copied().filter(|at| free.remove(at));
    }
    renamed(head, base, &mut pairs, &mut free);
    moved(head, base, &mut pairs, &mut free);
    pairs
}

/// The only two left in one file.
fn renamed(
    head: &[Named<'_>],
    base: &[Named<'_>],
    pairs: &mut [Option<usize>],
    free: &mut BTreeSet<usize>,
) {
    let mut here: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in free.iter() {
        here.entry(head[*at].path).or_default().push(*at);
    }
    let mut there: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in (0..base.len()).filter(|at| pairs[*at].is_none()) {
        there.entry(base[at].path).or_default().push(at);
    }
    for (path, then) in there {
        if let ([then], Some([now])) = (&*then, here.get(path).map(Vec::as_slice)) {
            free.remove(now);
            pairs[*then] = Some(*now);
        }
    }
}

/// Those of one name in a file that is gone and in one that is new; files that
/// keep their own name first.
fn moved(
    head: &[Named<'_>],
    base: &[Named<'_>],
    pairs: &mut [Option<usize>],
    free: &mut BTreeSet<usize>,
) {
    let here: BTreeSet<&str> = head.iter().map(|model| model.path).collect();
    let there: BTreeSet<&str> = base.iter().map(|model| model.path).collect();
    let mut new: BTreeMap<(&str, u32), Vec<usize>> = BTreeMap::new();
    for at in free.iter().filter(|at| !there.contains(head[**at].path)) {
        let key = (head[*at].name, head[*at].ordinal);
        new.entry(key).or_default().push(*at);
    }
    let mut moved: Vec<(bool, usize, usize)> = Vec::new();
    for (at, model) in base.iter().enumerate() {
        if here.contains(model.path) {
            continue;
        }
        for other in new.get(&(model.name, model.ordinal)).into_iter().flatten() {
            let renamed = head[*other].file_name() != model.file_name();
            moved.push((renamed, at, *other));
        }
    }
    moved.sort_unstable();
    for (_, at, other) in moved {
        if pairs[at].is_none() && free.remove(&other) {
            pairs[at] = Some(other);
        }
    }
}
