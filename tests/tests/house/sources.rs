//! Which file of a crate takes from which, read from the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{Item, ItemUse, UseTree, Visibility, visit::Visit};

/// A module by its names from the root of the crate; the root itself is empty.
pub(crate) type Module = Vec<String>;

/// A crate's modules that have files, and what each takes from the others; tests and their samples do not count.
pub(crate) struct Sources {
    pub(crate) takes: BTreeMap<Module, BTreeSet<Module>>,
}

/// A file as read: what it names, and what it passes on from below under its own name.
#[derive(Default)]
struct Read {
    paths: Vec<Vec<String>>,
    passed_on: BTreeMap<String, Vec<String>>,
}

impl Sources {
    /// Reads the crate whose root file lies in `folder`.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(folder, &Vec::new(), &mut files);
        let read: BTreeMap<Module, Read> = files.iter().map(|(module, file)| (module.clone(), names(file))).collect();
        let mut takes = BTreeMap::new();
        for (module, file) in &read {
            let found = file.paths.iter().filter_map(|path| target(path, module, &read)).filter(|to| to != module);
            takes.insert(module.clone(), found.collect());
        }
        Self { takes }
    }

    /// The same without what a file takes from the file of a folder that it stands in.
    pub(crate) fn without_folders(mut self) -> Self {
        for (module, takes) in &mut self.takes {
            takes.retain(|to| !module.starts_with(to));
        }
        self
    }

    /// A circle of files, if there is one: each takes from the next, the last from the first.
    pub(crate) fn circle(&self) -> Option<Vec<Module>> {
        let mut done = BTreeSet::new();
        self.takes.keys().find_map(|module| self.walk(module, &mut Vec::new(), &mut done))
    }

    fn walk(&self, at: &Module, way: &mut Vec<Module>, done: &mut BTreeSet<Module>) -> Option<Vec<Module>> {
        if let Some(place) = way.iter().position(|module| module == at) {
            return way.get(place..).map(<[Module]>::to_vec);
        }
        if done.contains(at) {
            return None;
        }
        way.push(at.clone());
        let circle = self.takes.get(at).into_iter().flatten().find_map(|to| self.walk(to, way, done));
        way.pop();
        done.insert(at.clone());
        circle
    }
}

fn collect(folder: &Path, module: &Module, files: &mut BTreeMap<Module, PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, stem) = (entry.path(), entry.path().file_stem().unwrap().to_string_lossy().into_owned());
        let child = [module.as_slice(), std::slice::from_ref(&stem)].concat();
        if path.is_dir() {
            collect(&path, &child, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !stem.ends_with("tests") {
            let own = if stem == "mod" || stem == "lib" { module.clone() } else { child };
            files.insert(own, path);
        }
    }
}

fn names(file: &Path) -> Read {
    let text = fs::read_to_string(file).unwrap();
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut read = Read::default();
    for item in &file.items {
        read.visit_item(item);
    }
    read
}

impl<'ast> Visit<'ast> for Read {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(module) => &module.attrs,
            Item::Fn(function) => &function.attrs,
            Item::Use(used) => &used.attrs,
            Item::Impl(block) => &block.attrs,
            _ => return syn::visit::visit_item(self, item),
        };
        let of_tests = attributes.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
        });
        if !of_tests {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let passes_on = !matches!(item.vis, Visibility::Inherited);
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for path in leaves {
            match path.last().cloned().filter(|_| passes_on) {
                Some(name) => drop(self.passed_on.insert(name, path)),
                None => self.paths.push(path),
            }
        }
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {
        // `pub(crate)` says who may look, and takes from nobody.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, leaves)),
        UseTree::Name(name) => leaves.push([before.as_slice(), &[name.ident.to_string()]].concat()),
        UseTree::Rename(name) => leaves.push([before.as_slice(), &[name.ident.to_string()]].concat()),
        UseTree::Glob(_) => leaves.push(before.clone()),
    }
}

/// The file that a path leads to, seen from `module`; a name that a file passes on leads to where it comes from.
fn target(path: &[String], module: &Module, read: &BTreeMap<Module, Read>) -> Option<Module> {
    let mut at = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => module.split_last()?.1.to_vec(),
        first if read.contains_key(&[module.as_slice(), &[first.to_owned()]].concat()) => {
            [module.as_slice(), &[first.to_owned()]].concat()
        }
        _ => return None,
    };
    for name in path.iter().skip(1) {
        let child = [at.as_slice(), std::slice::from_ref(name)].concat();
        if read.contains_key(&child) {
            at = child;
            continue;
        }
        if let Some(from) = read.get(&at)?.passed_on.get(name) {
            return target(from, &at, read).or(Some(at));
        }
        break;
    }
    Some(at)
}
