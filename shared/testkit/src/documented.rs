//! Whether an answer is one that the committed `OpenAPI` document promises: each answer that a test gets is held to it.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use anyhow::{Context, Result, bail, ensure};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{portal::Answer, stack};

/// The document, and the checks of bodies that were made of it so far, by their place in it.
struct Document {
    document: Value,
    bodies: Mutex<HashMap<String, Validator>>,
}

/// The document of this checkout.
fn document() -> Result<&'static Document> {
    static DOCUMENT: OnceLock<Result<Document, String>> = OnceLock::new();
    let read = || {
        let text = std::fs::read_to_string(stack::root().join("shared/api/openapi.json"))?;
        anyhow::Ok(Document { document: serde_json::from_str(&text)?, bodies: Mutex::default() })
    };
    DOCUMENT
        .get_or_init(|| read().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow::anyhow!("{error}"))
}

/// Holds an answer to what the document says of `method` at `path`; an address that it does not know is answered with 404.
///
/// # Errors
/// When it says otherwise, with what differs.
pub(crate) fn check(method: &str, path: &str, answer: &Answer) -> Result<()> {
    let document = document()?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let Some((template, operation)) = document.operation(method, path) else {
        ensure!(answer.status == 404, "{method} {path} is in no document and was answered with {}", answer.status);
        return Ok(());
    };
    let status = answer.status.to_string();
    let place = format!("{method} {template} {status}");
    let response = operation.get("responses").and_then(|responses| responses.get(&status));
    let response = response.with_context(|| format!("{place} is not documented: {}", answer.body))?;
    let response = document.resolved(response);
    for name in response.get("headers").and_then(Value::as_object).into_iter().flat_map(|headers| headers.keys()) {
        // How long to wait is not always known.
        ensure!(name == "Retry-After" || !answer.header(name).is_empty(), "{place} lacks the header {name}");
    }
    let etag = response.pointer("/headers/ETag").is_some();
    ensure!(etag || answer.header("etag").is_empty(), "{place} has an ETag that is not documented");
    let Some(content) = response.get("content").and_then(Value::as_object).filter(|content| !content.is_empty()) else {
        ensure!(answer.body.is_null(), "{place} has a body that is not documented: {}", answer.body);
        return Ok(());
    };
    let media_type = answer.header("content-type").split(';').next().unwrap_or_default().trim().to_owned();
    let schema = content.get(&media_type).and_then(|content| content.get("schema"));
    let schema = schema.with_context(|| format!("{place} came as {media_type}"))?;
    document.holds(&format!("{place} as {media_type}"), schema, &answer.body)
}

impl Document {
    /// The operation at a path, with its path as a template; one with fewer parameters goes first.
    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let paths = self.document.get("paths")?.as_object()?;
        let fits = |template: &str| {
            let (mut template, mut path) = (template.split('/'), path.split('/'));
            let alike = |part: &str, given: &str| part == given || (part.starts_with('{') && !given.is_empty());
            template.by_ref().all(|part| path.next().is_some_and(|given| alike(part, given))) && path.next().is_none()
        };
        let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let method = method.to_lowercase();
        fitting.into_iter().find_map(|(template, item)| Some((template.as_str(), item.get(&method)?)))
    }

    /// What a reference stands for.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let reference = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        reference.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    fn holds(&self, place: &str, schema: &Value, body: &Value) -> Result<()> {
        let mut bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        if !bodies.contains_key(place) {
            let components = self.document.get("components").cloned().unwrap_or_default();
            let whole = json!({ "allOf": [schema], "components": components });
            let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&whole);
            bodies.insert(place.to_owned(), validator.map_err(|error| anyhow::anyhow!("{place}: {error}"))?);
        }
        let wrong: Vec<String> = bodies
            .get(place)
            .into_iter()
            .flat_map(|validator| validator.iter_errors(body))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if !wrong.is_empty() {
            bail!("{place} is not as documented: {}", wrong.join("; "));
        }
        Ok(())
    }
}
