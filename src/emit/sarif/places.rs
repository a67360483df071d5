//! Locations with the regions that GitHub insists on.

use serde_sarif::sarif::{
    Location as SarifLocation, LogicalLocation, Message, PhysicalLocation, Region,
};

use super::{artifact, plain};
use crate::report::{FindingInfo, Location};

/// A physical location; a saved report may hold numbers that make no region,
/// and those are widened to one.
pub(super) fn physical(location: &Location) -> PhysicalLocation {
    let start_line = location.line.max(1);
    let start_column = location.column.max(1);
    let end_line = location.end_line.max(start_line);
    let end_column = if end_line == start_line {
        location.end_column.max(start_column)
    } else {
        location.end_column.max(1)
    };
    let region = Region::builder()
        .start_line(i64::from(start_line))
        .start_column(i64::from(start_column))
        .end_line(i64::from(end_line))
        .end_column(i64::from(end_column))
        .build();
    PhysicalLocation::builder()
        .artifact_location(artifact(&location.path))
        .region(region)
        .build()
}

/// A location with a message, as relatedLocations and code flows have it.
pub(super) fn with_message(location: &Location, message: &str) -> SarifLocation {
    SarifLocation::builder()
        .physical_location(physical(location))
        .message(Message::builder().text(plain(message)).build())
        .build()
}

/// The location of a result: the deciding declaration, and the element by name.
pub(super) fn primary(finding: &FindingInfo) -> SarifLocation {
    let element = &finding.element;
    let full = [&*finding.model_name, &element.class, &element.name].map(plain);
    let logical = LogicalLocation::builder()
        .name(plain(&element.name))
        .fully_qualified_name(full.join("/"))
        .kind("object")
        .build();
    SarifLocation::builder()
        .physical_location(physical(&finding.location))
        .logical_locations(vec![logical])
        .build()
}
