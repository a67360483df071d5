//! Which names pytm 1.4.0 binds where: in the package, in each of its modules, and by `*`.

use crate::model::vocabulary::{Class, Enumeration, Since};

/// A module, the names that `import *` takes from it, and what else it has.
type Namespace = (&'static str, &'static str, &'static str);

const NAMESPACES: &[Namespace] = &[
    (
        "pytm",
        "Action Actor Agent Assumption Boundary Classification Controls Data Dataflow Datastore \
         DatastoreType Element ExternalEntity Finding LLM Lambda Lifetime Process Server \
         SetOfProcesses TLSVersion TM Threat load loads var",
        "Asset actor asset base boundary data dataflow datastore element enums finding flows json \
         pdoc_overrides process pytm report_util sys template_engine threat tm",
    ),
    (
        "pytm.actor",
        "Actor DataSet Element Field List TYPE_CHECKING field_validator",
        "",
    ),
    (
        "pytm.asset",
        "Agent Asset DataSet Element ExternalEntity Field LLM Lambda List Server TYPE_CHECKING \
         field_validator sev_to_color",
        "",
    ),
    (
        "pytm.base",
        "Any Assumption AssumptionList BaseModel ConfigDict Controls ControlsType DataList DataSet \
         ElementList Field FindingList Iterable List Set TYPE_CHECKING ThreatList Union annotations",
        "",
    ),
    (
        "pytm.boundary",
        "Boundary Element List TYPE_CHECKING indent",
        "",
    ),
    (
        "pytm.data",
        "BaseModel Classification ConfigDict Data Field Lifetime List TYPE_CHECKING",
        "",
    ),
    (
        "pytm.dataflow",
        "Classification DataSet Dataflow Element Field Optional TLSVersion field_validator \
         model_validator sev_to_color",
        "",
    ),
    (
        "pytm.datastore",
        "Asset Datastore DatastoreType Field TYPE_CHECKING os",
        "",
    ),
    (
        "pytm.element",
        "Any Assumption BaseModel Classification ConfigDict Controls Element Field List Optional \
         Set TLSVersion TYPE_CHECKING field_validator inspect random sev_to_color sha224 \
         uuid_module wrap",
        "",
    ),
    (
        "pytm.enums",
        "Action Classification DatastoreType Enum Lifetime OrderedEnum TLSVersion",
        "",
    ),
    (
        "pytm.finding",
        "Assumption BaseModel ConfigDict Field Finding Optional TYPE_CHECKING",
        "",
    ),
    ("pytm.flows", "DF Element reply req_reply", ""),
    (
        "pytm.json",
        "Action Actor Agent Asset Boundary Classification Data DataSet Dataflow Datastore \
         ExternalEntity LLM Lambda Lifetime Process Server SetOfProcesses TM json load loads",
        "_ELEMENT_CLASSES _decode _decode_boundaries _decode_data _decode_elements _decode_flows",
    ),
    (
        "pytm.process",
        "Asset Field Process SetOfProcesses TYPE_CHECKING",
        "",
    ),
    (
        "pytm.pytm",
        "Action Actor Agent Asset Assumption Boundary ClassVar Classification Controls Data \
         Dataflow Datastore DatastoreType Element ExternalEntity Finding Iterable LLM Lambda \
         Lifetime Mapping OrderedEnum Process PydanticUndefined Server SetOfProcesses TLSVersion \
         TM Threat UIError ValidationError argparse copy dataclass defaultdict \
         encode_element_threat_data encode_threat_data field get_args html logger logging re \
         serialize singledispatch sys to_serializable ts_element ts_tm var varAction varAssumption \
         varAssumptions varBool varBoundary varClassification varControls varData \
         varDatastoreType varElement varElements varFindings varInt varInts varLifetime varString \
         varStrings varTLSVersion",
        "_CLASS_REGISTRY _FlowDefaultsBuilder _add_data _apply_defaults _describe_classes \
         _get_elements_and_boundaries _iter_subclasses _list_elements _match_responses _sort \
         _sort_elem",
    ),
    ("pytm.report_util", "Any List ReportUtils annotations", ""),
    (
        "pytm.template_engine",
        "Any Callable Iterable SuperFormatter annotations lru_cache string",
        "",
    ),
    (
        "pytm.threat",
        "Any BaseModel ClassVar CodeType ConfigDict Field Iterable List PrivateAttr Threat Tuple \
         annotations ast builtins model_validator sys",
        "_ConditionValidator",
    ),
    (
        "pytm.tm",
        "Action Assumption BaseModel ClassVar ConfigDict Counter Dict Field Iterable List \
         SuperFormatter TM TMModelMetaclass TMState TYPE_CHECKING UIError annotations \
         combinations copy dataclass datetime defaultdict field field_validator html_escape \
         indent json logger logging os random re sys",
        "_StateAttribute",
    ),
];

/// Whether pytm has a module of that dotted name.
pub(super) fn is_module(module: &str) -> bool {
    NAMESPACES.iter().any(|(known, _, _)| *known == module)
}

/// The names that `from module import *` binds; nothing if there is no such module.
pub(super) fn starred(module: &str) -> Option<impl Iterator<Item = &'static str>> {
    let (_, names, _) = NAMESPACES.iter().find(|(known, _, _)| *known == module)?;
    Some(names.split_whitespace())
}

/// What a name of pytm stands for.
pub(super) enum Member {
    /// A class of the vocabulary.
    Class(Class),
    /// An enum of the vocabulary.
    Enum(&'static Enumeration),
    /// Something that pytm took from a library, by its name there; also what it has itself.
    Library(String),
}

/// A class or an enum that pytm itself has.
pub(super) fn of_vocabulary(name: &str) -> Option<Member> {
    let known = || Enumeration::named(name).filter(|e| e.since == Since::Pytm);
    Class::named(name)
        .map(Member::Class)
        .or_else(|| known().map(Member::Enum))
}

/// What a module of pytm has under a name: nothing if it has none.
pub(super) fn member(module: &str, name: &str) -> Option<Member> {
    let (_, names, more) = NAMESPACES.iter().find(|(known, _, _)| *known == module)?;
    let mut all = names.split_whitespace().chain(more.split_whitespace());
    all.find(|known| *known == name)?;
    if let Some(known) = of_vocabulary(name) {
        return Some(known);
    }
    let inside = format!("{module}.{name}");
    // Modules that pytm imports for its own use, and names that it takes from them.
    let of_python = match name {
        _ if is_module(&inside) => return Some(Member::Library(inside)),
        "Any" | "Callable" | "ClassVar" | "Dict" | "Iterable" | "List" | "Mapping" | "Optional"
        | "Set" | "Tuple" | "TYPE_CHECKING" | "Union" => "typing",
        "Counter" | "defaultdict" => "collections",
        "dataclass" | "field" => "dataclasses",
        "indent" | "wrap" => "textwrap",
        "Enum" => "enum",
        "combinations" => "itertools",
        "datetime" => "datetime",
        "lru_cache" => "functools",
        _ if super::names::has_module(name) == super::names::Has::Yes => {
            return Some(Member::Library(name.to_owned()));
        }
        _ => return Some(Member::Library(inside)),
    };
    Some(Member::Library(format!("{of_python}.{name}")))
}
