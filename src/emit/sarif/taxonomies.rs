//! The catalogues that rules refer to, as SARIF taxonomies.

use std::collections::BTreeSet;

use serde_sarif::sarif::{
    ReportingDescriptor, ReportingDescriptorReference, ReportingDescriptorRelationship,
    ToolComponent, ToolComponentReference,
};

use super::{component, text};
use crate::emit::taxonomy::{TAXONOMIES, Taxon, Taxonomy};

/// The relationships of a rule.
pub(super) fn relationships(taxa: &BTreeSet<Taxon>) -> Vec<ReportingDescriptorRelationship> {
    taxa.iter()
        .map(|taxon| {
            let taxonomy = &TAXONOMIES[taxon.taxonomy];
            let target = ReportingDescriptorReference::builder()
                .id(taxon.id.clone())
                .tool_component(component(taxonomy.name, taxonomy.guid))
                .build();
            ReportingDescriptorRelationship::builder()
                .target(target)
                .kinds(vec!["relevant".to_owned()])
                .build()
        })
        .collect()
}

/// The taxonomies that rules use by what each refers to, each with the entries used.
pub(super) fn used_by(rules: &[BTreeSet<Taxon>]) -> Vec<ToolComponent> {
    let used: BTreeSet<&Taxon> = rules.iter().flatten().collect();
    TAXONOMIES
        .iter()
        .enumerate()
        .filter_map(|(at, taxonomy)| {
            let taxa: Vec<_> = used.iter().filter(|t| t.taxonomy == at).collect();
            (!taxa.is_empty()).then(|| component_of(taxonomy, &taxa))
        })
        .collect()
}

fn component_of(taxonomy: &Taxonomy, taxa: &[&&Taxon]) -> ToolComponent {
    let taxa: Vec<ReportingDescriptor> = taxa
        .iter()
        .map(|taxon| {
            let mut entry = ReportingDescriptor::builder().id(taxon.id.clone()).build();
            entry.help_uri = (taxonomy.entry)(&taxon.id);
            entry
        })
        .collect();
    ToolComponent::builder()
        .name(taxonomy.name)
        .organization(taxonomy.organization)
        .guid(taxonomy.guid)
        .information_uri(taxonomy.home)
        .short_description(text(taxonomy.about))
        .is_comprehensive(false)
        .taxa(taxa)
        .build()
}

/// References to the taxonomies that the rules use.
pub(super) fn references(rules: &[BTreeSet<Taxon>]) -> Vec<ToolComponentReference> {
    let used: BTreeSet<usize> = rules.iter().flatten().map(|t| t.taxonomy).collect();
    used.into_iter()
        .map(|at| component(TAXONOMIES[at].name, TAXONOMIES[at].guid))
        .collect()
}
