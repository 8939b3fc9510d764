//! One list of operations in four places: the routes of the sources in `infra/`, the `OpenAPI` document, the functions' folders, and the
//! committed document.

#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use portico_testkit::stack::root;
use serde_json::Value;

/// Method and path, as `POST /cases`, and the function that serves it.
type Operations = BTreeMap<String, String>;

/// The routes of the rooms' sources: method and path, the function, and who may pass.
fn routes() -> Vec<(String, String, String)> {
    let mut routes = Vec::new();
    for file in fs::read_dir(root().join("infra")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let mut function = String::new();
        for line in fs::read_to_string(path).unwrap().lines() {
            if let Some(name) = line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#'])) {
                name.trim_end_matches(':').clone_into(&mut function);
            }
            let Some(list) = line.trim().strip_prefix("Routes: {").and_then(|rest| rest.strip_suffix('}')) else {
                continue;
            };
            let mut words = list.split('"').skip(1);
            while let (Some(route), Some(guard)) = (words.next(), words.next()) {
                let guard = guard.trim_matches([':', ',', ' ']);
                routes.push((route.to_owned(), function.clone(), guard.to_owned()));
            }
        }
    }
    routes
}

fn routes_of_the_sources() -> Operations {
    routes().into_iter().map(|(route, function, _)| (route, function)).collect()
}

/// The operations of each action, by the action's own part of the document.
fn operations_of_the_actions() -> Operations {
    let mut operations = Operations::new();
    for (function, route) in portico_api::actions() {
        let (_, document) = route().split_for_parts();
        let document = serde_json::to_value(document).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys().filter(|key| is_method(key)) {
                operations.insert(format!("{} {path}", method.to_uppercase()), function.to_owned());
            }
        }
    }
    operations
}

fn is_method(key: &str) -> bool {
    ["get", "put", "post", "delete", "patch"].contains(&key)
}

fn folders() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("functions")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// REQ: API-01
#[test]
fn the_sources_route_exactly_the_operations_of_the_actions_each_to_its_function() {
    assert_eq!(routes_of_the_sources(), operations_of_the_actions());
}

/// REQ: API-01
#[test]
fn every_action_has_its_folder_and_every_other_folder_is_a_worker() {
    let actions: BTreeSet<String> = portico_api::actions().into_iter().map(|(name, _)| name.to_owned()).collect();
    let workers = [
        "on-auth-challenge",
        "notify-client",
        "import-claims",
        "import-members",
        "import-providers",
        "keep-records",
        "on-case-submitted",
        "on-document-uploaded",
        "receive-fax",
        "reconcile-events",
        "route-events",
        "send-fax",
        "send-mail",
        "send-notice",
        "send-pin",
        "sweep-dormant-users",
        "sweep-drafts",
        "sweep-silent-faxes",
        "sweep-subscriptions",
        "sweep-unanswered-pends",
        "sweep-uploads",
        "write-letter",
    ];
    let expected: BTreeSet<String> = actions.into_iter().chain(workers.map(ToOwned::to_owned)).collect();
    assert_eq!(folders(), expected);
}

/// Whether a route wants a token, in sources and document alike: a door that is open by mistake shows here.
///
/// REQ: API-01, ACC-18
#[test]
fn a_route_is_guarded_as_the_document_says() {
    let document = portico_api::openapi::document().unwrap();
    for (route, _, guard) in routes() {
        let (method, path) = route.split_once(' ').unwrap();
        let operation = &document["paths"][path][method.to_lowercase()];
        let said = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
        let schemes: Vec<&str> = said.flat_map(|scheme| scheme.keys()).map(String::as_str).collect();
        let expected = if guard == "open" { vec![] } else { vec![guard.as_str()] };
        assert_eq!(schemes, expected, "{route}");
    }
}

/// Names are written one way, but for those that OAuth gives (RFC 6749, RFC 8414).
///
/// REQ: API-01
#[test]
fn every_property_is_in_camel_case() {
    const OF_OAUTH: [&str; 4] = ["IssuedToken", "SmartConfiguration", "TokenRefusal", "TokenRequest"];
    let document = portico_api::openapi::document().unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut found = BTreeSet::new();
    for (name, schema) in schemas.iter().filter(|(name, _)| !OF_OAUTH.contains(&name.as_str())) {
        for property in properties(schema) {
            let camel = property.starts_with(|c: char| c.is_ascii_lowercase())
                && property.chars().all(|c| c.is_ascii_alphanumeric());
            assert!(camel, "{name}.{property}");
            found.insert(property);
        }
    }
    assert!(found.contains("billedUnits") && found.len() > 100, "{}", found.len());
}

/// The names of all properties in a schema, at any depth.
fn properties(schema: &Value) -> Vec<String> {
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|own| own.keys().cloned());
    let inside: Box<dyn Iterator<Item = &Value>> = match schema {
        Value::Object(parts) => Box::new(parts.values()),
        Value::Array(parts) => Box::new(parts.iter()),
        _ => Box::new(std::iter::empty()),
    };
    own.chain(inside.flat_map(properties)).collect()
}

/// The document that others build against. `UPDATE=1` writes it anew.
///
/// REQ: API-01
#[test]
fn the_committed_document_is_that_of_the_code() {
    let path: PathBuf = root().join("shared/api/openapi.json");
    let made = portico_api::openapi::json().unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(made.lines()).position(|(was, is)| was != is);
    assert!(
        committed == made,
        "shared/api/openapi.json is not that of the code, first in line {}: `UPDATE=1 cargo test -p portico-tests --test \
         contract` writes it anew",
        differs.map_or_else(|| committed.lines().count().min(made.lines().count()) + 1, |place| place + 1)
    );
}
