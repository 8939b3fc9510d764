//! An action at two doors: that of the providers, and that of the payer's staff under `/staff`. It is written and
//! documented once.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use portico_aws::accounts::Pool;
use utoipa::openapi::{PathItem, path::Operation, security::SecurityRequirement};

use crate::Route;

/// What the paths of the staff's door begin with.
const STAFF: &str = "/staff";

/// The same action at both doors: a route of the providers, and that again for staff.
#[must_use]
pub(crate) fn at_both(route: Route) -> Route {
    let mut staff = route.clone();
    for item in staff.get_openapi_mut().paths.paths.values_mut() {
        operations(item).for_each(for_staff);
    }
    route.nest(STAFF, staff)
}

/// The operations of a path.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch]
        .into_iter()
        .filter_map(Option::as_mut)
}

fn for_staff(operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        id.push_str("_as_staff");
    }
    let provider = SecurityRequirement::new::<_, [&str; 0], &str>("provider", []);
    for asked in operation.security.iter_mut().flatten().filter(|asked| **asked == provider) {
        *asked = SecurityRequirement::new::<_, [&str; 0], &str>("staff", []);
    }
}

/// The pool behind the door that a caller without a token stands at.
pub(crate) struct Door(pub(crate) Pool);

impl<S: Sync> FromRequestParts<S> for Door {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self(pool(path)))
    }
}

fn pool(path: &str) -> Pool {
    match path.strip_prefix(STAFF) {
        Some(rest) if rest.starts_with('/') => Pool::Staff,
        _ => Pool::Providers,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_door_is_told_by_the_first_word_of_the_path() {
        for (path, staff) in
            [("/sessions", false), ("/staff/sessions", true), ("/staffing", false), ("/staff", false), ("", false)]
        {
            assert_eq!(pool(path) == Pool::Staff, staff, "{path}");
        }
    }

    fn documented_alike(place: &str, provider: &Value, staff: &Value) -> String {
        let door = |operation: &Value| operation["security"][0].as_object().unwrap().keys().next().cloned();
        let open = door(provider).is_none();
        assert_eq!(door(staff), (!open).then(|| "staff".to_owned()), "{place}");
        let id = provider["operationId"].as_str().unwrap();
        assert_eq!(staff["operationId"], format!("{id}_as_staff"));
        for part in ["summary", "parameters", "requestBody", "responses", "tags"] {
            assert_eq!(staff[part], provider[part], "{place}: {part}");
        }
        id.to_owned()
    }

    #[test]
    fn what_is_at_both_doors_is_documented_alike() {
        let mut both = Vec::new();
        for (_, route) in crate::actions() {
            let document = serde_json::to_value(route().get_openapi()).unwrap();
            let paths = document["paths"].as_object().unwrap();
            for (path, item) in paths {
                let Some(staff) = paths.get(&format!("{STAFF}{path}")) else { continue };
                for (method, provider) in item.as_object().unwrap() {
                    both.push(documented_alike(&format!("{method} {path}"), provider, &staff[method]));
                }
            }
        }
        both.sort();
        assert!(both.contains(&"sign_in".to_owned()) && both.contains(&"get_case".to_owned()), "{both:?}");
    }
}
