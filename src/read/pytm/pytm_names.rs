//! Names that pytm's classes have beside the attributes that a model gives them.

use crate::model::vocabulary::Class;

/// Class variables of `TM` (pytm 1.4.0). The other classes of elements have none.
pub(super) const OF_TM: &[&str] = &[
    "_actors",
    "_assets",
    "_boundaries",
    "_data",
    "_duplicate_ignored_attrs",
    "_elements",
    "_flows",
    "_state",
    "_state_attributes",
    "_threats",
    "_threatsExcluded",
];

/// Those of `Threat`.
pub(super) const OF_THREAT: &[&str] = &["_SAFE_BUILTINS", "_eval_globals"];

/// Properties of every object of pydantic's that nobody can set.
pub(super) const FIXED: &[&str] = &["model_extra", "model_fields_set"];

/// The attributes of a flow that do not make it another flow.
pub(super) const IGNORED_IN_DUPLICATES: [&str; 7] = [
    "name",
    "note",
    "order",
    "response",
    "responseTo",
    "controls",
    "uuid",
];

/// What `TM` has for itself, beside its class variables.
pub(super) const KEPT_BY_TM: &[&str] = &[
    "_add_threats",
    "_check_duplicates",
    "_dfd_template",
    "_get_state",
    "_init_threats",
    "_normalize_assumptions",
    "_process",
    "_register_state_attribute",
    "_seq_template",
    "_sf",
    "_stale",
];

/// What pytm's other classes have for themselves.
pub(super) const KEPT_BY_OTHERS: &[&str] = &[
    "_WRITE_ONCE_FIELDS",
    "_attr_values",
    "_coerce_dataset",
    "_coerce_levels",
    "_color",
    "_dfd_template",
    "_label",
    "_link_response_from",
    "_link_response_to",
    "_register_with_tm",
    "_register_with_tm_actors",
    "_register_with_tm_assets",
    "_register_with_tm_boundaries",
    "_register_with_tm_flows",
    "_safeset",
    "_set_severity",
    "_shape",
    "_uniq_name",
    "setup_response_relationships",
    "validate_data",
];

/// What lists, threats and the state of pytm have: whatever else is asked of what pytm keeps
/// may be missing.
pub(super) const OF_KEPT: &str = "append clear copy count extend index insert pop remove reverse sort \
     apply target id description condition details likelihood severity mitigations \
     prerequisites example references flows elements actors assets threats boundaries data \
     threats_excluded";

/// What pydantic gives every class of pytm.
pub(super) const OF_PYDANTIC: &[&str] = &[
    "_abc_impl",
    "_calculate_keys",
    "_copy_and_set_values",
    "_get_value",
    "_iter",
    "_setattr_handler",
    "construct",
    "from_orm",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// What of a Threat is text.
pub(super) const TEXTS: [&str; 10] = [
    "id",
    "description",
    "condition",
    "details",
    "likelihood",
    "severity",
    "mitigations",
    "prerequisites",
    "example",
    "references",
];

/// Whether objects of one of pytm's classes have a method of that name (pytm 1.4.0, and
/// `sqlDump` of earlier ones).
pub(super) fn is_method(class: Class, name: &str) -> bool {
    let own = match name {
        "parents" => class == Class::Boundary,
        "hasDataLeaks" => class == Class::Dataflow,
        "process" | "resolve" | "reset" | "seq" | "report" | "sqlDump" => class == Class::TM,
        "check" | "dfd" => class == Class::TM || class.is_element(),
        "display_name" | "oneOf" | "inside" | "crosses" | "enters" | "exits"
        | "checkTLSVersion" => class.is_element(),
        _ => false,
    };
    own || ["model_dump", "model_copy", "copy", "dict", "json"].contains(&name)
}

/// What pydantic only shows of a class or an object: whatever else begins with `model_` may
/// make objects.
pub(super) const SHOWN_BY_PYDANTIC: &[&str] = &[
    "model_computed_fields",
    "model_config",
    "model_dump_json",
    "model_extra",
    "model_fields",
    "model_fields_set",
    "model_json_schema",
];

/// Methods that take arguments by name only.
pub(super) const BY_NAME_ONLY: &[&str] =
    &["copy", "dfd", "dict", "json", "model_copy", "model_dump"];

/// How many arguments a method of pytm takes, if it minds.
pub(super) fn arguments(name: &str) -> Option<usize> {
    match name {
        "process" | "check" | "resolve" | "reset" | "seq" | "display_name" | "parents"
        | "hasDataLeaks" => Some(0),
        "report" | "checkTLSVersion" => Some(1),
        _ => None,
    }
}

/// Whether replacing a name of one of pytm's classes replaces what pytm keeps under it.
pub(super) fn is_kept(class: Class, name: &str) -> bool {
    match class {
        Class::TM => OF_TM.contains(&name) || KEPT_BY_TM.contains(&name),
        _ => KEPT_BY_OTHERS.contains(&name),
    }
}

/// What `name` of a threat that pytm reads from its file is: text, of which nothing leads on.
pub(super) fn is_text(name: &str) -> bool {
    TEXTS.contains(&name)
}
