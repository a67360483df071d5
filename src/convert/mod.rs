//! Layer `convert`: a model → the same model in another format, with what is lost.
//!
//! A `Body` puts into a tree what a model says itself, as a native model says it; each
//! format writes that tree in its own words. What follows from the rest is not written: whoever
//! reads the result works it out again.

mod body;
mod json;
mod names;
mod native;
mod otm;
mod pytm;
mod pytm_json;
mod threat_dragon;
mod tm_bom;
mod yaml;

use crate::model::Model;

pub(crate) use yaml::scalar;

/// A model in another format.
#[derive(Debug)]
pub struct Converted {
    /// The text of the file.
    pub text: String,
    /// What the format cannot say, in the order of the model.
    pub lost: Vec<String>,
}

/// A format that models can be written in.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// The ending of its files.
    pub ending: &'static str,
    /// Writes a model.
    pub write: fn(&Model) -> Converted,
}

/// Every format.
pub static TARGETS: &[Target] = &[
    Target {
        name: "native",
        ending: "yaml",
        write: native::yaml,
    },
    Target {
        name: "native-json",
        ending: "json",
        write: native::json,
    },
    Target {
        name: "pytm",
        ending: "py",
        write: pytm::write,
    },
    Target {
        name: "pytm-json",
        ending: "json",
        write: pytm_json::write,
    },
    Target {
        name: "otm",
        ending: "otm",
        write: otm::write,
    },
    Target {
        name: "threat-dragon",
        ending: "json",
        write: threat_dragon::write,
    },
    Target {
        name: "tm-bom",
        ending: "json",
        write: tm_bom::write,
    },
];
