//! Circles of values: counting references frees none of them, so what can close one is
//! remembered and emptied at the end of a reading. Otherwise every file of a run would leave
//! behind what its model held.

use std::collections::HashSet;
use std::rc::Weak;

/// Something that can come to hold itself.
pub(super) trait Holder {
    /// Lets go of what it holds.
    fn empty(&self);
}

/// So many are remembered at least before those that are gone are forgotten.
const FEW: usize = 4096;

/// Everything that may have closed a circle.
#[derive(Default)]
pub(super) struct Circles<'a> {
    holders: Vec<Weak<dyn Holder + 'a>>,
    /// How many there were when they were looked through last.
    kept: usize,
}

fn address(holder: &Weak<dyn Holder + '_>) -> usize {
    holder.as_ptr().cast::<()>().addr()
}

impl<'a> Circles<'a> {
    pub(super) fn remember(&mut self, holder: Weak<dyn Holder + 'a>) {
        let new = address(&holder);
        if self.holders.last().is_some_and(|last| address(last) == new) {
            return;
        }
        if self.holders.len() >= FEW.max(self.kept * 2) {
            let mut seen = HashSet::new();
            self.holders
                .retain(|known| known.strong_count() > 0 && seen.insert(address(known)));
            self.kept = self.holders.len();
        }
        self.holders.push(holder);
    }

    /// Opens every circle.
    pub(super) fn open(&mut self) {
        for holder in std::mem::take(&mut self.holders) {
            if let Some(holder) = holder.upgrade() {
                holder.empty();
            }
        }
    }
}
