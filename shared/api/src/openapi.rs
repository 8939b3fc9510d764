//! The `OpenAPI` 3.1 document, made from the actions themselves (API-01).
//!
//! An action says what is its own. What follows from the shape of an operation is said here, once: the doors, the answers
//! that whoever sends a body, a version or a token may get, and the headers of problems.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::openapi::{
    Components, Content, Header, Info, OpenApi, Paths, Ref, RefOr, Required, Response,
    path::{Operation, Parameter, ParameterIn},
    schema::{AdditionalProperties, ObjectBuilder, Schema, Type},
    security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};

use crate::doors::operations;

/// The media type of problems (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// What the gateway refuses itself, in words of its own and with no problem in the body: a token that it does not take, too
/// large a body, too many requests, a function that does not answer.
const OF_GATEWAY: [&str; 5] = ["401", "413", "429", "500", "503"];

/// Answers of operations of a shape: status, name among the document's components, and what it means.
const SHARED: [(&str, &str, &str); 10] = [
    ("400", "Malformed", "The request cannot be read: no JSON, a query that is none, or a header that is missing"),
    ("401", "SignedOut", "No token, or one whose session has ended"),
    ("404", "NothingHere", "What is not there and what the caller may not see look alike"),
    ("412", "Stale", "Somebody changed it meanwhile; nothing was overwritten"),
    ("413", "TooLarge", "The body is larger than 256 KiB"),
    ("422", "Invalid", "Fields are wrong, or the Idempotency-Key was used for another request"),
    ("428", "VersionRequired", "If-Match is missing"),
    ("429", "Throttled", "Too many requests"),
    ("500", "Internal", "Something went wrong on our side"),
    ("503", "Unavailable", "Try again in a moment; nothing is lost"),
];

/// The document of the whole HTTP API.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn document() -> Result<Value, serde_json::Error> {
    let mut document = serde_json::to_value(typed())?;
    without_null_defaults(&mut document);
    Ok(document)
}

/// Forms read a field that is missing as none, to say so with all else that is wrong: that is no default of the API.
fn without_null_defaults(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| name != "default" || !value.is_null());
            fields.values_mut().for_each(without_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null_defaults),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn typed() -> OpenApi {
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
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(complete);
    }
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.insert("GatewayBody".to_owned(), gateway_body());
    components.responses = SHARED
        .iter()
        .map(|(status, name, about)| {
            let mut response = Response::new(*about);
            response.content.insert(PROBLEM.to_owned(), problem());
            response.content.extend(of_gateway(status));
            response.headers = headers(status);
            ((*name).to_owned(), RefOr::T(response))
        })
        .collect();
    components.security_schemes = BTreeMap::from([
        ("provider".to_owned(), token("Access token of a provider's user, from /sessions/answers")),
        ("client".to_owned(), opaque("Access token of a system, from /oauth/token")),
        ("staff".to_owned(), token("Access token of the payer's staff, from /staff/sessions/answers")),
    ]);
    document
}

fn opaque(about: &str) -> RefOr<SecurityScheme> {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.description = Some(about.to_owned());
    RefOr::T(SecurityScheme::Http(scheme))
}

fn token(about: &str) -> RefOr<SecurityScheme> {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.bearer_format = Some("JWT".to_owned());
    scheme.description = Some(about.to_owned());
    RefOr::T(SecurityScheme::Http(scheme))
}

fn problem() -> RefOr<Content> {
    RefOr::T(Content::new(Some(Ref::from_schema_name("ProblemBody"))))
}

/// Whether a body is a problem: those of OAuth and FHIR have a form of their own.
fn is_problem(content: &RefOr<Content>) -> bool {
    match content {
        RefOr::T(content) => content.schema == Some(Ref::from_schema_name("ProblemBody").into()),
        RefOr::Ref(_) => false,
    }
}

/// The gateway's own body of an answer, where it has one.
fn of_gateway(status: &str) -> Option<(String, RefOr<Content>)> {
    let body = || RefOr::T(Content::new(Some(Ref::from_schema_name("GatewayBody"))));
    OF_GATEWAY.contains(&status).then(|| ("application/json".to_owned(), body()))
}

fn gateway_body() -> RefOr<Schema> {
    let words = ObjectBuilder::new()
        .description(Some("The gateway's own refusal"))
        .property("message", ObjectBuilder::new().schema_type(Type::String))
        .required("message")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    RefOr::T(words.into())
}

/// The headers of an answer by its status.
fn headers(status: &str) -> BTreeMap<String, RefOr<Header>> {
    let waits = matches!(status, "429" | "503").then(|| {
        let mut header = Header::new(ObjectBuilder::new().schema_type(Type::Integer).build());
        header.description = Some("Seconds to wait".to_owned());
        ("Retry-After".to_owned(), RefOr::T(header))
    });
    waits.into_iter().collect()
}

/// Adds what follows from the operation's shape, and the media type of problems.
fn complete(operation: &mut Operation) {
    let parameters: Vec<&Parameter> = operation
        .parameters
        .iter()
        .flatten()
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .collect();
    let has = |place: &ParameterIn| parameters.iter().any(|parameter| parameter.parameter_in == *place);
    let asks = |name: &str| parameters.iter().find(|parameter| parameter.name == name);
    let guarded = operation.security.iter().flatten().any(|asked| *asked != SecurityRequirement::default());
    let (body, query, once) =
        (operation.request_body.is_some(), has(&ParameterIn::Query), asks("Idempotency-Key").is_some());
    let version = asks("If-Match");
    let follows = |status: &str| match status {
        "400" | "422" => body || query || once,
        "401" => guarded,
        "404" => has(&ParameterIn::Path),
        "412" => version.is_some(),
        "413" => body,
        "428" => version.is_some_and(|version| matches!(version.required, Required::True)),
        _ => true,
    };
    let wanted: Vec<_> = SHARED.iter().filter(|(status, ..)| follows(status)).collect();
    let responses = &mut operation.responses.responses;
    for (status, name, _) in wanted {
        responses.entry((*status).to_owned()).or_insert_with(|| RefOr::Ref(Ref::from_response_name(*name)));
    }
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        if let RefOr::T(response) = response {
            if response.content.get("application/json").is_some_and(is_problem) {
                response.content.shift_remove("application/json");
                response.content.insert(PROBLEM.to_owned(), problem());
            }
            if status != "401" || guarded {
                response.content.extend(of_gateway(status));
            }
            response.headers.extend(headers(status));
        }
    }
}

/// The document as it is committed.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json() -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&document()?)? + "\n")
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
