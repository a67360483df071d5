//! tmrs: threat models, checked in every pull request.

pub mod model;
