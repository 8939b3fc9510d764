//! The `OpenAPI` 3.1 document, made from the actions themselves (API-01).

use utoipa::openapi::{Info, OpenApi, Paths};

/// The document of the whole HTTP API.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = OpenApi::new(
        Info::builder()
            .title("Portico")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some("Prior-authorization provider portal: registration, cases, review, letters."))
            .build(),
        Paths::new(),
    );
    for (_, route) in crate::actions() {
        let (_, part) = route().split_for_parts();
        document.merge(part);
    }
    document
}

/// The document as it is committed.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json() -> Result<String, serde_json::Error> {
    Ok(document().to_pretty_json()? + "\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    /// REQ: API-01
    #[test]
    fn a_schema_name_stands_for_one_schema() {
        let mut known = BTreeMap::new();
        for (action, route) in crate::actions() {
            let (_, part) = route().split_for_parts();
            for (name, schema) in part.components.into_iter().flat_map(|components| components.schemas) {
                let schema = serde_json::to_value(schema).unwrap();
                let first = known.entry(name.clone()).or_insert((action, schema.clone()));
                assert_eq!(first.1, schema, "{name} of {action} is another one than that of {}", first.0);
            }
        }
        assert!(known.contains_key("CaseView"));
    }
}
