//! The codes of field errors: each is given by some place in the code, and an answer's document knows each.

use std::{collections::BTreeSet, fs, path::Path};

use portico_domain::wrong::Wrong;
use portico_testkit::stack::root;
use serde_json::Value;
use syn::{Item, visit::Visit};

/// The values of `Wrong` that code names, tests not counted.
#[derive(Default)]
struct Named(BTreeSet<String>);

impl<'ast> Visit<'ast> for Named {
    fn visit_item(&mut self, item: &'ast Item) {
        let of_tests = matches!(item, Item::Mod(module) if module.ident == "tests");
        if !of_tests {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [.., of, name] = names.as_slice()
            && of == "Wrong"
        {
            self.0.insert(name.clone());
        }
        syn::visit::visit_path(self, path);
    }
}

fn read(folder: &Path, named: &mut Named) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, named);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            named.visit_file(&file);
        }
    }
}

#[test]
fn every_code_of_a_field_error_is_given_somewhere() {
    let mut named = Named::default();
    for folder in ["shared/domain/src", "shared/api/src", "shared/workers/src"] {
        read(&root().join(folder), &mut named);
    }
    let idle: Vec<_> = Wrong::ALL.iter().map(|known| known.name).filter(|name| !named.0.contains(*name)).collect();
    assert!(idle.is_empty(), "no place in the code gives {idle:?}");
}

#[test]
fn every_code_of_an_answer_is_documented_with_its_meaning_and_what_comes_with_it() {
    let text = fs::read_to_string(root().join("shared/api/openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let code = document.pointer("/components/schemas/FieldProblem/properties/code").unwrap();
    let listed: Vec<&str> = code["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let of_answers = Wrong::ALL.iter().filter(|known| !Wrong::OF_FILES.contains(&known.code));
    assert_eq!(listed, of_answers.clone().map(|known| known.code).collect::<Vec<_>>());
    let about = code["description"].as_str().unwrap();
    for known in of_answers {
        let line = about.lines().find(|line| line.starts_with(&format!("- `{}`:", known.code))).unwrap();
        assert!(line.contains(known.about.trim()), "{line}");
        assert!(known.values.iter().all(|value| line.contains(value)), "{line} lacks one of {:?}", known.values);
    }
}
