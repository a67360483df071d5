//! Holds the code to the layer table of the design: who may import whom, which
//! file may name which crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, ImplItem, Item};
use tmrs::model::vocabulary::{Class, Enumeration, Fallback, Kind};

/// Layer → layers that it may import besides itself: the table of docs/architecture.md.
fn may_import() -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, table) = text.split_once("| Layer | may import |").unwrap();
    let names = |cell: &str| -> Vec<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(ToOwned::to_owned).collect()
    };
    let rows = table.trim_start().lines().skip(1);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let mut cells = line.split('|').skip(1);
            let [layer, imports] = [(); 2].map(|()| names(cells.next().unwrap()));
            (layer[0].clone(), imports.into_iter().collect())
        })
        .collect()
}

/// Crate → the only files (or folders) that may name it.
const CONFINED: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("miette", &["emit/human", "main.rs"]),
    ("serde_sarif", &["emit/sarif.rs", "emit/sarif"]),
    ("quick_junit", &["emit/junit.rs"]),
    ("ruff_python_parser", &["syntax/python.rs"]),
    (
        "ruff_python_ast",
        &["syntax/python.rs", "syntax/python/mangle.rs"],
    ),
    ("ruff_text_size", &["syntax/python.rs"]),
    ("granit_parser", &["syntax/yaml.rs"]),
    ("pretty_yaml", &["syntax/layout.rs"]),
    ("jsonc_parser", &["syntax/json.rs"]),
    ("quick_xml", &["syntax/xml.rs"]),
    ("hcl_edit", &["syntax/hcl.rs"]),
    ("minijinja", &["template/jinja.rs"]),
    ("pulldown_cmark", &["template/markdown.rs"]),
];

/// Each source file: its path below `src`, and its tokens without unit tests and comments.
fn sources() -> &'static [(String, Vec<String>)] {
    static SOURCES: LazyLock<Vec<(String, Vec<String>)>> = LazyLock::new(|| {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        find(&src, &mut files);
        files.sort();
        files
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
                let name = name.replace(std::path::MAIN_SEPARATOR, "/");
                let tokens = code(&name, &fs::read_to_string(path).unwrap());
                (name, tokens)
            })
            .collect()
    });
    &SOURCES
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The layer of a file: its folder, or its own name.
fn layer(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The tokens of a file without its unit tests and comments.
fn code(file: &str, text: &str) -> Vec<String> {
    let mut parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("src/{file}: {error}"));
    leave_out_tests(&mut parsed.items);
    let mut tokens = Vec::new();
    flatten(parsed.into_token_stream(), &mut tokens);
    tokens
}

fn flatten(stream: TokenStream, tokens: &mut Vec<String>) {
    for token in stream {
        if let TokenTree::Group(group) = token {
            let (open, close) = match group.delimiter() {
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::Parenthesis | Delimiter::None => ("(", ")"),
            };
            tokens.push(open.to_owned());
            flatten(group.stream(), tokens);
            tokens.push(close.to_owned());
        } else {
            tokens.push(token.to_string());
        }
    }
}

/// Removes items that only tests compile, also from modules and `impl` blocks.
fn leave_out_tests(items: &mut Vec<Item>) {
    items.retain_mut(|item| {
        let attributes = match item {
            Item::Mod(module) => {
                if let Some((_, inner)) = &mut module.content {
                    leave_out_tests(inner);
                }
                &module.attrs
            }
            Item::Impl(block) => {
                block
                    .items
                    .retain(|inner| !matches!(inner, ImplItem::Fn(f) if is_for_tests(&f.attrs)));
                &block.attrs
            }
            Item::Fn(function) => &function.attrs,
            Item::Use(import) => &import.attrs,
            Item::Const(constant) => &constant.attrs,
            Item::Struct(structure) => &structure.attrs,
            _ => return true,
        };
        !is_for_tests(attributes)
    });
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

/// What is named directly behind `word::`, one name or a group of them.
fn named_in<'t>(word: &str, tokens: &'t [String]) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    for (at, path) in tokens.windows(4).enumerate() {
        if path[0] != word || path[1] != ":" || path[2] != ":" {
            continue;
        }
        if path[3] != "{" {
            found.insert(path[3].as_str());
            continue;
        }
        let (mut depth, mut first) = (1, true);
        for token in &tokens[at + 4..] {
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                "," if depth == 1 => first = true,
                name if first => {
                    found.insert(name);
                    first = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[test]
fn no_layer_imports_one_that_comes_after_it() {
    let table = may_import();
    assert!(table.len() > 20, "{table:?}");
    let mut wrong = Vec::new();
    for (file, tokens) in sources() {
        let own = layer(file);
        if matches!(own, "lib" | "main" | "cli") {
            continue;
        }
        let Some(allowed) = table.get(own) else {
            wrong.push(format!("src/{file}: the layer {own} is not in the table"));
            continue;
        };
        for imported in named_in("crate", tokens) {
            if imported != own && !allowed.contains(imported) {
                wrong.push(format!("src/{file} imports {imported}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A module: the path of its file without ending, that of a `mod.rs` without it too.
fn module(file: &str) -> &str {
    let name = file.trim_end_matches(".rs");
    name.strip_suffix("/mod").unwrap_or(name)
}

/// Every path that starts with `crate`, `super` or `self`, absolute, as its parts.
fn paths(module: &str, tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if tokens.get(at + 1).is_none_or(|next| next != ":") {
            continue; // `pub(super)`, `&self`.
        }
        let own: Vec<String> = module.split('/').map(ToOwned::to_owned).collect();
        let start = match token.as_str() {
            "crate" => Vec::new(),
            "self" => own,
            // What follows in a chain is taken care of below.
            "super" if at < 3 || tokens[at - 3] != "super" => own[..own.len() - 1].to_vec(),
            _ => continue,
        };
        follow(start, &tokens[at + 1..], &mut found);
    }
    found
}

/// What a path that has come as far goes on to, a group with each of its members.
fn follow(mut path: Vec<String>, tokens: &[String], found: &mut Vec<Vec<String>>) {
    let mut rest = tokens;
    while let [first, second, next, more @ ..] = rest {
        if first != ":" || second != ":" {
            break;
        }
        match next.as_str() {
            "super" => {
                path.pop();
            }
            "{" => {
                let mut depth = 1;
                let mut is_first = true;
                for (at, token) in more.iter().enumerate() {
                    match token.as_str() {
                        "{" => depth += 1,
                        "}" => depth -= 1,
                        "," if depth == 1 => is_first = true,
                        name if is_first => {
                            is_first = false;
                            let mut member = path.clone();
                            if name != "self" {
                                member.push(name.to_owned());
                            }
                            follow(member, &more[at + 1..], found);
                        }
                        _ => {}
                    }
                    if depth == 0 {
                        return;
                    }
                }
            }
            name => path.push(name.to_owned()),
        }
        rest = more;
    }
    found.push(path);
}

/// For each module those that it names.
fn named_modules() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let files = sources()
        .iter()
        .map(|(file, tokens)| (module(file), tokens));
    let files: BTreeMap<&str, _> = files
        .filter(|(name, _)| !matches!(*name, "lib" | "main"))
        .collect();
    let resolve = |path: &[String]| {
        let mut lengths = (1..=path.len()).rev();
        lengths.find_map(|length| files.get_key_value(&*path[..length].join("/")))
    };
    let names = |name: &str, tokens: &[String]| -> BTreeSet<&'static str> {
        let all = paths(name, tokens);
        let named = all
            .iter()
            .filter_map(|path| resolve(path))
            .map(|(name, _)| *name);
        named.filter(|other| *other != name).collect()
    };
    files
        .iter()
        .map(|(name, tokens)| (*name, names(name, tokens)))
        .collect()
}

/// The modules that a module leads to, over as many others as it takes.
fn reached<'m>(from: &str, named: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeSet<&'m str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = named[from].iter().copied().collect();
    while let Some(next) = waiting.pop() {
        if found.insert(next) {
            waiting.extend(named.get(next).into_iter().flatten());
        }
    }
    found
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    const SMALL: usize = 6;
    let named = named_modules();
    assert!(
        named["compare/run"].contains("compare/scope"),
        "{:?}",
        named["compare/run"]
    );
    assert!(named["cli/check"].contains("compare/run") || named["cli/check"].contains("compare"));
    let folder = |name: &str| {
        name.rsplit_once('/')
            .map_or("", |(folder, _)| folder)
            .to_owned()
    };
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for name in named.keys() {
        *sizes.entry(folder(name)).or_default() += 1;
    }
    let all: BTreeMap<&str, BTreeSet<&str>> = named
        .keys()
        .map(|name| (*name, reached(name, &named)))
        .collect();
    let mut circles: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, leads) in &all {
        for other in leads
            .iter()
            .filter(|other| *other != name && all[*other].contains(name))
        {
            let own = folder(name);
            if own != folder(other) {
                wrong.push(format!(
                    "{name} and {other} name each other, over whatever lies between"
                ));
            } else if sizes[&own] > SMALL {
                circles.entry(own).or_default().insert(*name);
            }
        }
    }
    for (folder, files) in &circles {
        wrong.push(format!("in {folder} these are in circles: {files:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_crate_stays_in_the_file_that_wraps_it() {
    let mut wrong = Vec::new();
    for (file, tokens) in sources() {
        for (name, homes) in CONFINED {
            let used = !named_in(name, tokens).is_empty();
            if used && !homes.iter().any(|home| file.starts_with(home)) {
                wrong.push(format!("src/{file} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_starts_programs() {
    let starting: Vec<&str> = sources()
        .iter()
        .filter(|(_, tokens)| named_in("process", tokens).contains("Command"))
        .map(|(file, _)| file.as_str())
        .collect();
    assert_eq!(starting, ["tools.rs"]);
}

#[test]
fn notice_codes_are_unique() {
    let mut codes: Vec<_> = tmrs::notice::CODES.iter().map(|(code, _)| code).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn the_vocabulary_has_every_class_attribute_and_enum_of_pytm() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/vocabulary.json");
    let pytm: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for (name, class) in pytm["classes"].as_object().unwrap() {
        if name == "Threat" {
            continue; // pytm's rule, not something that a model says
        }
        let ours = Class::named(name).unwrap_or_else(|| panic!("no class {name}"));
        assert_eq!(
            ours.parent().map(Class::name),
            class["parent"].as_str(),
            "parent of {name}"
        );
        for (attribute, spec) in class["attributes"].as_object().unwrap() {
            let found = ours
                .attribute(attribute)
                .unwrap_or_else(|| panic!("{name}.{attribute} is missing"));
            assert!(!found.description.is_empty());
            if found.kind == Kind::Internal || found.required {
                continue;
            }
            let same = match (&spec["default"], found.default) {
                (serde_json::Value::Bool(theirs), Fallback::Bool(ours)) => *theirs == ours,
                (serde_json::Value::Number(theirs), Fallback::Int(ours)) => {
                    theirs.as_i64() == Some(ours)
                }
                (
                    serde_json::Value::String(theirs),
                    Fallback::Text(ours) | Fallback::Member(ours),
                ) => theirs == ours,
                (serde_json::Value::Object(_) | serde_json::Value::Null, _) => true,
                _ => false,
            };
            assert!(
                same,
                "default of {name}.{attribute}: {} is not {:?}",
                spec["default"], found.default
            );
        }
    }
    for (name, members) in pytm["enums"].as_object().unwrap() {
        let ours = Enumeration::named(name).unwrap_or_else(|| panic!("no enum {name}"));
        let names: Vec<_> = ours.members.iter().map(|(name, _)| *name).collect();
        let theirs: Vec<_> = members
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m.as_str().unwrap())
            .collect();
        assert_eq!(names, theirs, "{name}");
    }
}
