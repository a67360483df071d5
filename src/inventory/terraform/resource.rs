//! Layer `inventory`: resources of a plan or state, and what their values name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use super::super::file::{File, below, entry, items};
use super::configuration::{self, Configured, MAX_DEPTH, without_indices};
use super::policy;
use super::table::{self, Row};
use crate::notice::{Notice, code};
use crate::source::Place;
use crate::syntax::tree::{Key, Node, NodeKind};

/// Values by which others know a resource, where a state has no configuration.
const NAMES: [&str; 16] = [
    "address",
    "arn",
    "connection_name",
    "dns_name",
    "domain_name",
    "endpoint",
    "execution_arn",
    "fqdn",
    "id",
    "invoke_arn",
    "name",
    "primary_endpoint_address",
    "reader_endpoint",
    "self_link",
    "uri",
    "url",
];

/// A resource; several instances of one are one.
pub(super) struct Resource<'f> {
    pub(super) file: &'f File,
    /// Without the indices of instances.
    pub(super) address: String,
    pub(super) kind: &'f str,
    pub(super) name: &'f str,
    /// The module that it is in, if it is in one.
    pub(super) module: Option<String>,
    pub(super) row: Option<&'static Row>,
    values: Option<&'f Node>,
    /// What the configuration says, if there is one.
    configured: Option<Configured>,
    pub(super) place: Place,
}

/// Every resource that is managed. What is not followed to its end is an error.
pub(super) fn all<'f>(files: &'f [File], notices: &mut Vec<Notice>) -> Vec<Resource<'f>> {
    let mut found: Vec<Resource<'_>> = Vec::new();
    for file in files {
        let values = ["planned_values", "values"];
        let root = values
            .into_iter()
            .find_map(|key| below(&file.root, &[key, "root_module"]));
        let mut configured = configuration::configured(file, notices);
        if let Some(root) = root
            && let Some(deeper) = walk(file, root, 0, &mut configured, &mut found)
        {
            let message = format!("modules are nested deeper than {MAX_DEPTH} here");
            let notice = Notice::error(code::LIMIT, file.at(deeper.span), message);
            notices.push(notice.with_help("take a model from the plan of an inner module"));
        }
    }
    found
}

/// Adds the resources of a module and of those in it; gives one that is too deep to look into.
fn walk<'f>(
    file: &'f File,
    module: &'f Node,
    depth: usize,
    configured: &mut BTreeMap<String, Configured>,
    found: &mut Vec<Resource<'f>>,
) -> Option<&'f Node> {
    if depth > MAX_DEPTH {
        return Some(module);
    }
    for resource in items(module, &["resources"]) {
        let text = |key: &str| {
            resource
                .get(key)
                .and_then(Node::as_text)
                .map(|text| &**text)
        };
        let (Some((key, address)), Some(kind), Some(name)) =
            (resource.entry("address"), text("type"), text("name"))
        else {
            continue;
        };
        let Some(address) = address.as_text().map(|text| without_indices(text)) else {
            continue;
        };
        if text("mode") == Some("data") || found.iter().any(|known| known.address == address) {
            continue;
        }
        let module = address.strip_suffix(&format!(".{kind}.{name}"));
        let module = module.and_then(|path| path.rsplit('.').next());
        found.push(Resource {
            file,
            kind,
            name,
            module: module.map(ToOwned::to_owned),
            row: table::row(kind),
            values: resource.get("values"),
            configured: configured.remove(&address),
            place: file.key(key),
            address,
        });
    }
    let mut deeper = None;
    for child in items(module, &["child_modules"]) {
        deeper = deeper.or(walk(file, child, depth + 1, configured, found));
    }
    deeper
}

impl Resource<'_> {
    /// A value by its path; of several blocks that have it, the first one's.
    pub(super) fn value(&self, path: &str) -> Option<(&Node, Place)> {
        self.values(path).into_iter().next()
    }

    /// Where an entry of its values stands.
    pub(super) fn place_of(&self, key: &Key) -> Place {
        self.file.key(key)
    }

    /// The values at a path: each block of a list may have one.
    fn values(&self, path: &str) -> Vec<(&Node, Place)> {
        let root = self.values.map(|node| (node, self.place.clone()));
        let mut at: Vec<(&Node, Place)> = root.into_iter().collect();
        for key in path.split('.') {
            let blocks = at.iter().flat_map(|&(node, _)| match node.as_list() {
                Some(blocks) => blocks,
                None => std::slice::from_ref(node),
            });
            let inside = blocks.filter_map(|block| entry(block, &[key]));
            at = inside
                .map(|(key, value)| (value, self.file.key(key)))
                .collect();
        }
        at
    }

    /// What a value says as true or false. One that is not known yet and comes from another
    /// resource will be something; of any other nothing is said.
    fn says(&self, path: &str) -> Option<(bool, Place)> {
        let Some((node, place)) = self.value(path) else {
            let named = self.configured.as_ref()?.get(path)?;
            return (!named.addresses.is_empty()).then(|| (true, named.place.clone()));
        };
        let said = match &node.kind {
            NodeKind::Bool(said) => *said,
            NodeKind::Int(number) => *number > 0,
            NodeKind::Text(text) if !text.is_empty() => true,
            NodeKind::List(items) if !items.is_empty() => true,
            NodeKind::Map(entries) if !entries.is_empty() => true,
            _ => return None,
        };
        Some((said, place))
    }

    /// What a condition of the table comes to: `value`, `!value`, `value=a|b`, `value~everyone`,
    /// `value~everything`; nothing where
    /// it is not known yet.
    pub(super) fn tells(&self, condition: &str) -> Option<(bool, Place)> {
        if let Some((path, words)) = condition.split_once('=') {
            let values = self.values(path);
            let said = values.iter().map(|(node, _)| self.file.text(node));
            let said = said.collect::<Option<Vec<_>>>()?;
            let is_one = |said: &str| words.split('|').any(|word| word == said);
            let all = said.iter().all(|said| is_one(said));
            return values.into_iter().next().map(|(_, place)| (all, place));
        }
        if let Some((path, what)) = condition.split_once('~') {
            let (node, place) = self.value(path)?;
            let policy = node.as_text()?;
            let said = match what {
                "everyone" => policy::is_for_everyone(policy),
                _ => policy::is_for_everything(policy),
            };
            return Some((said, place));
        }
        match condition.strip_prefix('!') {
            Some(path) => self.says(path).map(|(said, place)| (!said, place)),
            None => self.says(condition),
        }
    }

    /// The protocol of requests to it, where it takes none but over HTTPS.
    pub(super) fn encrypts(&self) -> Option<Fact> {
        let place = self.holds(self.row?.https.as_deref()?)?;
        Some(Fact::word("protocol", "HTTPS", &place))
    }

    /// Whether a condition of the table holds; `always` does.
    pub(super) fn holds(&self, condition: &str) -> Option<Place> {
        if condition == "always" {
            return Some(self.place.clone());
        }
        let told = self.tells(condition);
        told.filter(|(said, _)| *said).map(|(_, place)| place)
    }
}

/// Which resources name which.
pub(super) struct Names<'r> {
    resources: &'r [Resource<'r>],
    at: BTreeMap<&'r str, usize>,
    /// By value those that are known by it, where a state has no configuration.
    by_value: BTreeMap<&'r str, usize>,
}

impl<'r> Names<'r> {
    pub(super) fn of(resources: &'r [Resource<'r>]) -> Self {
        let addresses = resources.iter().zip(0..);
        let mut by_value = BTreeMap::new();
        for (resource, at) in resources.iter().zip(0..) {
            for name in NAMES {
                let value = resource.values.and_then(|values| values.get(name));
                if let Some(value) = value.and_then(Node::as_text).filter(|it| it.len() > 5) {
                    by_value.entry(&**value).or_insert(at);
                }
            }
        }
        Self {
            resources,
            at: addresses.map(|(it, at)| (&*it.address, at)).collect(),
            by_value,
        }
    }

    /// The resources that the values of a resource name under a key.
    pub(super) fn under(&self, resource: &Resource<'_>, key: &str) -> Vec<(usize, Place)> {
        let value = resource.values.and_then(|values| values.entry(key));
        let named = resource.configured.as_ref().and_then(|it| it.get(key));
        let place = value.map(|(key, _)| resource.file.key(key));
        let place = place.or_else(|| Some(named?.place.clone()));
        let place = place.unwrap_or_else(|| resource.place.clone());
        let mut found = BTreeSet::new();
        if resource.configured.is_some() {
            let named = named.into_iter().flat_map(|named| &named.addresses);
            found.extend(named.filter_map(|address| self.at.get(&**address)).copied());
        } else if let Some((_, value)) = value {
            self.within(value, &mut found);
        }
        let own = self.at.get(&*resource.address);
        let others = found.into_iter().filter(|at| Some(at) != own);
        others.map(|at| (at, place.clone())).collect()
    }

    /// Everything that the values of a resource name, under any key.
    pub(super) fn anywhere(&self, resource: &Resource<'_>) -> Vec<(usize, Place)> {
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        if let Some(configured) = &resource.configured {
            let of_resource = configured.keys().filter(|path| !path.contains('.'));
            keys.extend(of_resource.map(String::as_str));
        } else if let Some(values) = resource.values.and_then(Node::as_map) {
            keys.extend(values.iter().map(|(key, _)| &*key.text));
        }
        let mut found = Vec::new();
        for key in keys {
            found.extend(self.under(resource, key));
        }
        found
    }

    fn within(&self, value: &Node, found: &mut BTreeSet<usize>) {
        match &value.kind {
            NodeKind::Text(text) => {
                // The value itself, or a host or name between what is no part of one.
                let is_part = |c: char| c.is_alphanumeric() || "-_.:/".contains(c);
                let pieces = text
                    .split(|c| !is_part(c))
                    .chain(text.split(['/', '@', ':', '"', ',']));
                for piece in pieces.chain([&**text]) {
                    found.extend(self.by_value.get(piece));
                }
            }
            NodeKind::List(items) => items.iter().for_each(|item| self.within(item, found)),
            NodeKind::Map(entries) => {
                for (_, value) in entries {
                    self.within(value, found);
                }
            }
            _ => {}
        }
    }

    pub(super) fn all(&self) -> &'r [Resource<'r>] {
        self.resources
    }

    pub(super) fn resource(&self, at: usize) -> &'r Resource<'r> {
        &self.resources[at]
    }
}
