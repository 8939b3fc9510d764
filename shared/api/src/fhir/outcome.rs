//! Refusals in FHIR's words, and the client behind a token.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_aws::secrets::sha256;
use portico_domain::{
    fhir::{Client, Scope},
    id::ClientId,
};
use portico_fhir::{Fault, answer::OperationOutcome};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    problem::{Kind, Problem},
};

/// The media type of FHIR.
const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");

/// A resource of HL7 FHIR R4; its profile is the guide's.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is made of it")]
pub(super) struct FhirResource {
    /// What it is.
    #[schema(example = "Bundle")]
    resource_type: String,
}

/// Why something was not done.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    outcome: Box<OperationOutcome>,
    retry_after: Option<u32>,
}

impl Refused {
    pub(super) fn new(status: StatusCode, code: &'static str, text: &str) -> Self {
        Self { status, outcome: Box::new(OperationOutcome::new(code, text, None)), retry_after: None }
    }
}

impl Refused {
    /// What can be read and cannot be done, with where it is.
    pub(super) fn unprocessable(code: &'static str, fault: Fault) -> Self {
        let outcome = Box::new(OperationOutcome::new(code, fault.what, Some(fault.path)));
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, outcome, retry_after: None }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { status: StatusCode::BAD_REQUEST, outcome: Box::new(fault.into()), retry_after: None }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        if problem.kind() == Kind::Stale {
            let text = "Something changed at the same moment, and nothing was done. Send the same again.";
            return Self::new(StatusCode::CONFLICT, "conflict", text);
        }
        let (status, detail, retry_after) = problem.in_short();
        let code = match problem.kind() {
            Kind::Throttled => "throttled",
            Kind::Unavailable => "transient",
            Kind::TooLarge => "too-long",
            Kind::Internal => "exception",
            _ => "processing",
        };
        Self { status, outcome: Box::new(OperationOutcome::new(code, detail, None)), retry_after }
    }
}

impl From<portico_aws::table::Error> for Refused {
    fn from(error: portico_aws::table::Error) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = answer(self.status, &self.outcome);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A resource as an answer.
pub(super) fn answer<T: Serialize>(status: StatusCode, resource: &T) -> Response {
    match serde_json::to_vec(resource) {
        Ok(body) => (status, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

/// The client behind the token of a request, as it is now: one that is ended is out at once, and so is a scope that was taken.
pub(super) async fn client(app: &App, headers: &HeaderMap, scope: Scope) -> Result<Client, Refused> {
    let unknown = || {
        let text = "Send a token from the token endpoint; one holds for five minutes, while its client does.";
        Refused::new(StatusCode::UNAUTHORIZED, "login", text)
    };
    let (token, id) = bearer(headers).ok_or_else(unknown)?;
    let found = app.table().client_with_token(id, &sha256(token), app.now()).await?;
    let (client, token) = found.filter(|(client, _)| client.ended.is_none()).ok_or_else(unknown)?;
    if token.scopes.contains(&scope) && client.scopes.contains(&scope) {
        return Ok(client);
    }
    let text = format!("This needs a token with the scope {scope}.");
    Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", &text))
}

/// The token of a request, and whose it says that it is.
fn bearer(headers: &HeaderMap) -> Option<(&str, ClientId)> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let (client, _) = token.split_once('.').filter(|_| scheme.eq_ignore_ascii_case("bearer"))?;
    Some((token, client.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whose_it_is_and_anything_else_is_none() {
        let client = "cli_00000000000000000000000000000001";
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            bearer(&headers).map(|(token, id)| (token.to_owned(), id.to_string()))
        };
        let token = format!("{client}.0a0b");
        assert_eq!(read(&format!("Bearer {token}")), Some((token.clone(), client.to_owned())));
        assert!(read(&format!("bearer {token}")).is_some());
        for wrong in
            ["", "Bearer", &token, &format!("Basic {token}"), "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "Bearer cli_1.0a"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_refusal_says_in_fhir_what_a_problem_says_elsewhere() {
        let refused = Refused::from(Problem::throttled(7));
        let response = refused.into_response();
        assert_eq!(
            (response.status(), response.headers()[header::RETRY_AFTER].to_str().unwrap()),
            (StatusCode::TOO_MANY_REQUESTS, "7")
        );
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/fhir+json");
    }
}
