//! Who was refused what: noted for every action behind a guard in one place, also when what was asked for does not exist
//! (OPS-05). An action that has noted its refusal on the case itself says so.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use portico_aws::table::audit::{Access, Shown};

use crate::{
    app::App,
    caller::Token,
    problem::{Asked, Noted, Problem},
};

/// As much of a path as is kept.
const LONGEST: usize = 200;

/// The operations of an action, by method and path as its document has them.
#[derive(Clone, Debug)]
pub(crate) struct Operations {
    app: Arc<App>,
    names: Arc<BTreeMap<(String, String), String>>,
}

impl Operations {
    pub(crate) fn of(app: &Arc<App>, document: &utoipa::openapi::OpenApi) -> Self {
        let mut names = BTreeMap::new();
        for (path, item) in &document.paths.paths {
            let all = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
            ];
            for (method, operation) in all {
                if let Some(id) = operation.as_ref().and_then(|operation| operation.operation_id.as_ref()) {
                    let name = id.trim_end_matches("_as_staff").replace('_', "-");
                    names.insert((method.to_string(), path.clone()), name);
                }
            }
        }
        Self { app: Arc::clone(app), names: Arc::new(names) }
    }

    fn name(&self, request: &Request) -> Option<String> {
        let path = request.extensions().get::<MatchedPath>()?.as_str().to_owned();
        self.names.get(&(request.method().to_string(), path)).cloned()
    }
}

/// Notes a refusal before it is told. One that cannot be noted is not told either.
pub(crate) async fn note(State(operations): State<Operations>, request: Request, next: Next) -> Response {
    let app = &operations.app;
    let (operation, path) = (operations.name(&request), request.uri().path().to_owned());
    let (mut parts, body) = request.into_parts();
    let token = Token::from_request_parts(&mut parts, app).await.ok();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some((token, operation)) = token.zip(operation).filter(|_| is_refusal(&response)) else { return response };
    let what = response.extensions().get::<Asked>().map_or_else(|| readable(&path), |asked| asked.0.clone());
    let access = Access { what: Some(what), ..app.access(&token, &operation, false) };
    match app.table().audit_shown(&Shown { access, shown: Vec::new() }).await {
        Ok(()) => response,
        Err(error) => Problem::from(error).into_response(),
    }
}

fn is_refusal(response: &Response) -> bool {
    let refused =
        [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::TOO_MANY_REQUESTS];
    refused.contains(&response.status()) && response.extensions().get::<Noted>().is_none()
}

/// A path as our own ones are. Paths carry no PHI; somebody who tries things out may have written anything into one.
fn readable(path: &str) -> String {
    let ours = |c: char| c.is_ascii_alphanumeric() || "/-_.@".contains(c);
    path.chars().take(LONGEST).map(|c| if ours(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_as_far_as_it_may_be_one_of_ours() {
        assert_eq!(readable("/cases/261270001/letters/ltr_0a"), "/cases/261270001/letters/ltr_0a");
        assert_eq!(readable("/cases/Jo%20Quill\n"), "/cases/Jo?20Quill?");
        assert_eq!(readable(&"/".repeat(5000)).len(), LONGEST);
    }

    #[test]
    fn refusals_are_told_from_mistakes() {
        let answer = |status: StatusCode| status.into_response();
        for status in [401, 403, 404, 429] {
            assert!(is_refusal(&answer(StatusCode::from_u16(status).unwrap())));
        }
        for status in [200, 201, 400, 409, 412, 422, 503] {
            assert!(!is_refusal(&answer(StatusCode::from_u16(status).unwrap())));
        }
        let mut noted = answer(StatusCode::NOT_FOUND);
        noted.extensions_mut().insert(Noted);
        assert!(!is_refusal(&noted));
    }
}
