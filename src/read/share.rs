//! What reading one file may take of what is given to a run (docs/limits.md).

/// So many steps are given to all models of a run together, and to those of its base. A step is a statement or an
/// expression of a model, or what takes as long: a byte of a module that it imports.
pub const MOST_STEPS_OF_RUN: usize = 100_000_000;

/// No file is given more of them.
pub const MOST_STEPS_OF_FILE: usize = 8_000_000;

/// A file is given as many in any case.
pub const LEAST_STEPS: usize = 20_000;

/// What a file takes that runs short, for a message.
pub fn too_little() -> String {
    let most = MOST_STEPS_OF_RUN / 1_000_000;
    format!("more than is left of the {most} million steps that all models of a run are given")
}

/// The share of a file whose model is made of others.
#[derive(Debug)]
pub struct Share {
    /// How much it is; nothing where the limits of a file are enough.
    most: Option<usize>,
    /// What was taken so far, in steps.
    pub taken: usize,
    /// Whether more was wanted.
    pub ran_short: bool,
}

impl Share {
    /// A share of so many steps; nothing where the limits of a file are enough.
    pub fn of(most: Option<usize>) -> Self {
        Self {
            most,
            taken: 0,
            ran_short: false,
        }
    }

    /// Takes so many steps; otherwise why they are not there.
    ///
    /// # Errors
    /// The message of an error of the code `limit`.
    pub fn take(&mut self, steps: usize) -> Result<(), String> {
        let taken = self.taken.saturating_add(steps);
        if self.most.is_some_and(|most| taken > most) {
            self.ran_short = true;
            return Err(format!("this file is not read: it takes {}", too_little()));
        }
        self.taken = taken;
        Ok(())
    }
}
