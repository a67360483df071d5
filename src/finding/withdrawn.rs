//! What the base revision said about the facts of a finding, and the working tree does not.

use std::fmt;
use std::sync::Arc;

use crate::source::Place;

/// An attribute whose value was another one at the base.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withdrawn {
    /// The class of the element or `Data` whose attribute it is.
    pub class: &'static str,
    /// Its name now.
    pub name: Arc<str>,
    /// The attribute, such as `controls.isHardened`.
    pub attribute: String,
    /// What it was, in words.
    pub was: String,
    /// What it is now, in words; `None` where nobody says it any more.
    pub is: Option<String>,
    /// Where it was said.
    pub place: Option<Place>,
}

/// `sanitizesInput of “Orders API” was true (tm.yaml:5), and is gone`.
impl fmt::Display for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = &*self.attribute;
        let attribute = attribute.strip_prefix("controls.").unwrap_or(attribute);
        write!(f, "{attribute} of “{}” was {}", self.name, self.was)?;
        if let Some(place) = &self.place {
            write!(f, " ({}:{})", place.path(), place.positions().0.line)?;
        }
        match &self.is {
            Some(is) => write!(f, ", and is {is} now"),
            None => f.write_str(", and is gone"),
        }
    }
}
