//! The files that one reading touches, with their trees.
//!
//! Functions point into the tree of their file, so the trees must stay where
//! they are while more files are read: a chain that only grows.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::source::{Place, Source};
use crate::syntax::python;

use super::value::At;

/// A file with its tree; without one if it is not Python (data of a model).
pub(super) struct Unit {
    pub(super) source: Arc<Source>,
    pub(super) module: Option<python::Module>,
    /// Its position among the units.
    pub(super) number: u16,
}

/// A growing chain of files.
pub(super) struct Units {
    unit: Unit,
    next: OnceCell<Box<Units>>,
}

/// The most files that one reading touches.
pub(super) const MAX_UNITS: u16 = 400;

impl Units {
    /// The chain with the entry file.
    pub(super) fn new(source: Arc<Source>, module: python::Module) -> Self {
        Self::link(source, Some(module), 0)
    }

    fn link(source: Arc<Source>, module: Option<python::Module>, number: u16) -> Self {
        Self {
            unit: Unit {
                source,
                module,
                number,
            },
            next: OnceCell::new(),
        }
    }

    /// Adds a file; `None` when there are too many.
    pub(super) fn add(&self, source: Arc<Source>, module: Option<python::Module>) -> Option<&Unit> {
        let mut last = self;
        while let Some(next) = last.next.get() {
            last = next;
        }
        let number = last.unit.number + 1;
        if number >= MAX_UNITS {
            return None;
        }
        let added = last
            .next
            .get_or_init(|| Box::new(Self::link(source, module, number)));
        Some(&added.unit)
    }

    pub(super) fn first(&self) -> &Unit {
        &self.unit
    }

    /// Every file so far.
    pub(super) fn all(&self) -> impl Iterator<Item = &Unit> {
        let mut at = Some(self);
        std::iter::from_fn(move || {
            let current = at?;
            at = current.next.get().map(|next| &**next);
            Some(&current.unit)
        })
    }

    /// The place of a span in one of the files.
    pub(super) fn place(&self, at: At) -> Place {
        let unit = self
            .all()
            .find(|unit| unit.number == at.unit)
            .unwrap_or(&self.unit);
        unit.source.place(at.span)
    }
}
