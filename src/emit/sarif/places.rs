//! Locations with the regions that GitHub insists on.

use serde_sarif::sarif::{
    ArtifactContent, Location as SarifLocation, LogicalLocation, Message, PhysicalLocation, Region,
};

use super::{artifact, plain};
use crate::emit::Context;
use crate::escape::terminal_lines;
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

/// The location of a result: the deciding declaration with its text, and the element by name.
pub(super) fn primary(finding: &FindingInfo, context: &Context<'_>) -> SarifLocation {
    let element = &finding.element;
    let full = [&*finding.model_name, &element.class, &element.name].map(plain);
    let logical = LogicalLocation::builder()
        .name(plain(&element.name))
        .fully_qualified_name(full.join("/"))
        .kind("object")
        .build();
    let mut place = physical(&finding.location);
    if let Some(region) = &mut place.region {
        region.snippet = snippet(&finding.location, context);
    }
    SarifLocation::builder()
        .physical_location(place)
        .logical_locations(vec![logical])
        .build()
}

/// The text of a region, where the source can be read; long ones help nobody.
fn snippet(location: &Location, context: &Context<'_>) -> Option<ArtifactContent> {
    const MOST_LINES: u32 = 20;
    const LONGEST: usize = 1_000;
    if location.end_line.saturating_sub(location.line) >= MOST_LINES {
        return None;
    }
    let source = (context.sources)(&location.path).filter(|source| !source.is_withheld())?;
    let offset = |line: u32, column: u32| {
        let start = source.lines().start(line)? as usize;
        let rest = source.text().get(start..)?;
        let before = rest.chars().take(column.saturating_sub(1) as usize);
        Some(start + before.map(char::len_utf8).sum::<usize>())
    };
    let from = offset(location.line, location.column)?;
    let to = offset(location.end_line, location.end_column)?;
    let text = source.text().get(from..to)?;
    (!text.is_empty() && text.len() <= LONGEST).then(|| {
        ArtifactContent::builder()
            .text(terminal_lines(text))
            .build()
    })
}
