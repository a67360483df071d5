//! Layer `rules`: conditions as binary decision diagrams.
//!
//! Two conditions that say the same about their atoms get the same [`Ref`],
//! however they are written. Bounded: past [`MAX_NODES`] nothing new is built
//! and [`Diagrams::overflowed`] says so.

use std::collections::HashMap;

/// How many nodes all conditions of one check may take.
const MAX_NODES: usize = 1 << 19;

/// A diagram; equal functions are equal references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ref(pub(super) u32);

impl Ref {
    /// Never.
    pub(super) const FALSE: Self = Self(0);
    /// Always.
    pub(super) const TRUE: Self = Self(1);
}

/// What a condition rests on and does not look into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    /// A term taken as true or false.
    Truth(String),
    /// Two terms are equal; the second is a constant where one is.
    Equal(String, String),
    /// Any other comparison.
    Other(String),
    /// Something in a collection for which the diagram holds.
    Any(String, Ref),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    atom: u32,
    low: Ref,
    high: Ref,
}

/// Diagrams that share their atoms and nodes.
pub(super) struct Diagrams {
    nodes: Vec<Node>,
    unique: HashMap<Node, Ref>,
    memo: HashMap<(Ref, Ref, Ref), Ref>,
    atoms: Vec<Atom>,
    numbers: HashMap<Atom, u32>,
    overflowed: bool,
}

impl Diagrams {
    /// No condition yet.
    pub(super) fn new() -> Self {
        let end = Node {
            atom: u32::MAX,
            low: Ref::FALSE,
            high: Ref::FALSE,
        };
        Self {
            nodes: vec![end, end],
            unique: HashMap::new(),
            memo: HashMap::new(),
            atoms: Vec::new(),
            numbers: HashMap::new(),
            overflowed: false,
        }
    }

    /// Whether something was too large to tell apart.
    pub(super) fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// The diagram of one atom.
    pub(super) fn atom(&mut self, atom: Atom) -> Ref {
        let next = self.atoms.len() as u32;
        let number = *self.numbers.entry(atom.clone()).or_insert(next);
        if number == next {
            self.atoms.push(atom);
        }
        self.node(number, Ref::FALSE, Ref::TRUE)
    }

    /// An atom by its number.
    pub(super) fn atom_of(&self, number: u32) -> &Atom {
        &self.atoms[number as usize]
    }

    /// Both.
    pub(super) fn and(&mut self, a: Ref, b: Ref) -> Ref {
        self.choose(a, b, Ref::FALSE)
    }

    /// Either.
    pub(super) fn or(&mut self, a: Ref, b: Ref) -> Ref {
        self.choose(a, Ref::TRUE, b)
    }

    /// Not.
    pub(super) fn not(&mut self, a: Ref) -> Ref {
        self.choose(a, Ref::FALSE, Ref::TRUE)
    }

    /// `then` where `test` holds, else `other`.
    pub(super) fn choose(&mut self, test: Ref, then: Ref, other: Ref) -> Ref {
        match (test, then, other) {
            (Ref::TRUE, ..) => return then,
            (Ref::FALSE, ..) => return other,
            _ if then == other => return then,
            (_, Ref::TRUE, Ref::FALSE) => return test,
            _ => {}
        }
        if let Some(known) = self.memo.get(&(test, then, other)) {
            return *known;
        }
        let top = [test, then, other].map(|r| self.top(r)).into_iter().min();
        let atom = top.unwrap_or(u32::MAX);
        let [(t0, t1), (h0, h1), (o0, o1)] = [test, then, other].map(|r| self.split(r, atom));
        let low = self.choose(t0, h0, o0);
        let high = self.choose(t1, h1, o1);
        let made = self.node(atom, low, high);
        self.memo.insert((test, then, other), made);
        made
    }

    /// The diagram with one atom settled.
    pub(super) fn given(&mut self, diagram: Ref, atom: u32, holds: bool) -> Ref {
        let top = self.top(diagram);
        if top > atom {
            return diagram;
        }
        let (low, high) = self.split(diagram, top);
        if top == atom {
            return if holds { high } else { low };
        }
        let low = self.given(low, atom, holds);
        let high = self.given(high, atom, holds);
        self.node(top, low, high)
    }

    /// The atoms that a diagram depends on, in order.
    pub(super) fn support(&self, diagram: Ref) -> Vec<u32> {
        let mut atoms = std::collections::BTreeSet::new();
        let mut seen = std::collections::BTreeSet::new();
        let mut open = vec![diagram];
        while let Some(at) = open.pop() {
            if at <= Ref::TRUE || !seen.insert(at) {
                continue;
            }
            let node = self.nodes[at.0 as usize];
            atoms.insert(node.atom);
            open.extend([node.low, node.high]);
        }
        atoms.into_iter().collect()
    }

    fn top(&self, diagram: Ref) -> u32 {
        self.nodes[diagram.0 as usize].atom
    }

    fn split(&self, diagram: Ref, atom: u32) -> (Ref, Ref) {
        let node = self.nodes[diagram.0 as usize];
        if diagram > Ref::TRUE && node.atom == atom {
            (node.low, node.high)
        } else {
            (diagram, diagram)
        }
    }

    fn node(&mut self, atom: u32, low: Ref, high: Ref) -> Ref {
        if low == high {
            return low;
        }
        let node = Node { atom, low, high };
        if let Some(known) = self.unique.get(&node) {
            return *known;
        }
        if self.nodes.len() >= MAX_NODES {
            self.overflowed = true;
            return low;
        }
        let made = Ref(self.nodes.len() as u32);
        self.nodes.push(node);
        self.unique.insert(node, made);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(all: &mut Diagrams, name: &str) -> Ref {
        all.atom(Atom::Truth(name.into()))
    }

    #[test]
    fn what_says_the_same_is_the_same_diagram() {
        let mut all = Diagrams::new();
        let (a, b, c) = (
            truth(&mut all, "a"),
            truth(&mut all, "b"),
            truth(&mut all, "c"),
        );
        // a and (b or c) = (c and a) or (b and a)
        let b_or_c = all.or(b, c);
        let left = all.and(a, b_or_c);
        let (ca, ba) = (all.and(c, a), all.and(b, a));
        assert_eq!(left, all.or(ca, ba));
        // not (a and b) = not a or not b
        let ab = all.and(a, b);
        let (not_a, not_b) = (all.not(a), all.not(b));
        assert_eq!(all.not(ab), all.or(not_a, not_b));
        assert_eq!(all.or(a, not_a), Ref::TRUE);
        assert_eq!(all.and(a, not_a), Ref::FALSE);
        assert_ne!(left, ab);
    }

    #[test]
    fn settling_an_atom_leaves_the_rest() {
        let mut all = Diagrams::new();
        let (a, b) = (truth(&mut all, "a"), truth(&mut all, "b"));
        let both = all.and(a, b);
        assert_eq!(all.given(both, 0, true), b);
        assert_eq!(all.given(both, 1, true), a);
        assert_eq!(all.given(both, 1, false), Ref::FALSE);
        assert_eq!(all.support(both), [0, 1]);
    }
}
