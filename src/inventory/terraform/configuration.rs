//! Layer `inventory`: what the configuration of a plan says of each resource.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::super::file::{File, below, entries, items};
use crate::notice::{Notice, code};
use crate::source::Place;
use crate::syntax::tree::{Key, Node, NodeKind};

/// How deep modules are followed.
pub(super) const MAX_DEPTH: usize = 20;

/// How deep references are followed, through expressions in expressions and variables of modules.
const MAX_HOPS: usize = 100;

/// How many expressions are looked at: variables and outputs of modules may name each other
/// in circles.
const MAX_STEPS: usize = 1_000_000;

/// How deep blocks in blocks are told apart.
const MAX_BLOCKS: usize = 3;

/// What a configuration says of a resource, by the path of the value: `environment`, and
/// `environment.variables` in it.
pub(super) type Configured = BTreeMap<String, Named>;

/// Where a value is given, and the addresses of the resources that it comes from.
pub(super) struct Named {
    pub(super) place: Place,
    pub(super) addresses: BTreeSet<String>,
}

/// What is configured, by the addresses of the resources. Where it names itself in more ways
/// than are followed, that is an error.
pub(super) fn configured(file: &File, notices: &mut Vec<Notice>) -> BTreeMap<String, Configured> {
    let mut configured = BTreeMap::new();
    if let Some(root) = below(&file.root, &["configuration", "root_module"]) {
        let steps = Cell::new(MAX_STEPS);
        let scope = Scope {
            file,
            steps: &steps,
            prefix: String::new(),
            module: root,
            outer: None,
        };
        configure(&scope, 0, &mut configured);
        if steps.get() == 0 {
            let message = "variables and outputs of this plan name each other in too many ways";
            let notice = Notice::error(code::LIMIT, file.at(root.span), message);
            notices.push(notice.with_help("take a model from the plan of one module at a time"));
        }
    }
    configured
}

/// `module.a["x"].aws_b.c[0]` → `module.a.aws_b.c`.
pub(super) fn without_indices(address: &str) -> String {
    let mut out = String::new();
    let mut rest = address;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        // A key may hold brackets, in quotes.
        let end = match inner.strip_prefix('"') {
            Some(quoted) => quoted.find("\"]").map(|at| at + 2),
            None => inner.find(']'),
        };
        let Some(end) = end else { return out };
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    out
}

/// A module while its configuration is read.
struct Scope<'s, 'f> {
    file: &'f File,
    /// How many expressions may still be looked at.
    steps: &'s Cell<usize>,
    prefix: String,
    module: &'f Node,
    /// The module around it, and what that hands over.
    outer: Option<(&'s Scope<'s, 'f>, &'f Node)>,
}

fn configure(scope: &Scope<'_, '_>, depth: usize, out: &mut BTreeMap<String, Configured>) {
    for resource in items(scope.module, &["resources"]) {
        let Some(address) = resource.get("address").and_then(Node::as_text) else {
            continue;
        };
        let mut named = BTreeMap::new();
        for (key, expression) in entries(resource, &["expressions"]) {
            scope.name(&key.text, key, expression, 0, &mut named);
        }
        out.insert(format!("{}{address}", scope.prefix), named);
    }
    if depth < MAX_DEPTH {
        for (key, call) in entries(scope.module, &["module_calls"]) {
            if let Some(module) = call.get("module") {
                let inner = Scope {
                    file: scope.file,
                    steps: scope.steps,
                    prefix: format!("{}module.{}.", scope.prefix, key.text),
                    module,
                    outer: Some((scope, call)),
                };
                configure(&inner, depth + 1, out);
            }
        }
    }
}

impl<'f> Scope<'_, 'f> {
    /// What is given at a path, and at the paths in it: of several blocks that have one, the
    /// first says where. Gives the resources that it comes from.
    fn name(
        &self,
        path: &str,
        key: &'f Key,
        expression: &'f Node,
        depth: usize,
        out: &mut Configured,
    ) -> BTreeSet<String> {
        let mut addresses = BTreeSet::new();
        let blocks = expression.as_list();
        for block in blocks.unwrap_or(std::slice::from_ref(expression)) {
            match block.as_map().filter(|_| depth < MAX_BLOCKS) {
                Some(values) if block.get("references").is_none() => {
                    let is_block = |(_, value): &&(Key, Node)| {
                        value.as_map().is_some() || value.as_list().is_some()
                    };
                    for (key, value) in values.iter().filter(is_block) {
                        let path = format!("{path}.{}", key.text);
                        addresses.append(&mut self.name(&path, key, value, depth + 1, out));
                    }
                }
                _ => self.references(block, 0, &mut addresses),
            }
        }
        let named = out.entry(path.to_owned()).or_insert_with(|| Named {
            place: self.file.key(key),
            addresses: BTreeSet::new(),
        });
        named.addresses.extend(addresses.iter().cloned());
        addresses
    }

    /// The resources that an expression names, also through variables and outputs of modules.
    fn references(&self, expression: &'f Node, depth: usize, out: &mut BTreeSet<String>) {
        let left = if depth > MAX_HOPS {
            0
        } else {
            self.steps.get().saturating_sub(1)
        };
        self.steps.set(left);
        if left == 0 {
            return;
        }
        match &expression.kind {
            NodeKind::List(items) => {
                for item in items {
                    self.references(item, depth + 1, out);
                }
            }
            NodeKind::Map(entries) => {
                for (key, value) in entries {
                    if &*key.text == "references" {
                        let names = value.as_list().unwrap_or_default();
                        for name in names.iter().filter_map(Node::as_text) {
                            self.resolve(name, depth, out);
                        }
                    } else if value.as_map().is_some() || value.as_list().is_some() {
                        self.references(value, depth + 1, out);
                    }
                }
            }
            _ => {}
        }
    }

    fn resolve(&self, name: &str, depth: usize, out: &mut BTreeSet<String>) {
        let name = without_indices(name);
        let parts: Vec<&str> = name.split('.').collect();
        match *parts {
            ["var", variable, ..] => {
                if let Some((outer, call)) = self.outer
                    && let Some(given) = below(call, &["expressions", variable])
                {
                    outer.references(given, depth + 1, out);
                }
            }
            ["module", module, output, ..] => {
                let call = below(self.module, &["module_calls", module]);
                let inner = call.and_then(|call| Some((call, call.get("module")?)));
                if let Some((call, module_body)) = inner
                    && let Some(given) = below(module_body, &["outputs", output, "expression"])
                {
                    let inner = Scope {
                        file: self.file,
                        steps: self.steps,
                        prefix: format!("{}module.{module}.", self.prefix),
                        module: module_body,
                        outer: Some((self, call)),
                    };
                    inner.references(given, depth + 1, out);
                }
            }
            [
                "local" | "each" | "count" | "path" | "terraform" | "data" | "module" | "self",
                ..,
            ] => {}
            [kind, name, ..] => {
                out.insert(format!("{}{kind}.{name}", self.prefix));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn instances_of_a_resource_are_one() {
        for (address, one) in [
            ("aws_a.b", "aws_a.b"),
            ("aws_a.b[0]", "aws_a.b"),
            ("module.m[\"x.]y\"].aws_a.b[\"z\"]", "module.m.aws_a.b"),
            ("a[", "a"),
            ("a[\"", "a"),
        ] {
            assert_eq!(without_indices(address), one);
        }
    }
}
