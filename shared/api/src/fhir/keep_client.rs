//! Adds, changes and ends a system that asks by FHIR: a Contract Manager says which contracts and providers it acts for, what
//! it may do, and by which keys it is known. One that is ended is out at once, whatever tokens it still has.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::{
    clock::new_uuid,
    table::{
        Transaction,
        accounts::users::UserFile,
        audit::{Access, Shown},
    },
};
use portico_domain::{
    caller::{Denied, Reviewer},
    fhir::{Client, ClientEdit, MOST_CONTRACTS, MOST_PROVIDERS, Mark, Scope},
    field::{FieldErrors, Objection},
    id::{ClientId, ContractId},
    npi::Npi,
    wrong::Wrong,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{jwks, refused, view_client::ClientView};
use crate::{
    Route,
    app::App,
    caller::{Fresh, Token},
    form::{fits, list},
    json::Json,
    once,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
    words,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(add_client)).routes(routes!(change_client))
}

/// A new client.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct NewClient {
    /// As cases show it.
    #[schema(value_type = String, required = true, example = "River EHR")]
    name: Option<String>,
    /// The caller's contracts under which it asks.
    #[schema(value_type = Vec<String>, required = true, example = json!(["arkansas"]))]
    contracts: Option<Vec<String>>,
    /// The e-mail address of whoever looks after it.
    #[schema(value_type = String, required = true, example = "ehr@example.org")]
    contact: Option<String>,
    /// The NPIs of the providers that it acts for.
    #[schema(value_type = Vec<String>, required = true, example = json!(["1234567893"]))]
    providers: Option<Vec<String>>,
    /// What it may do.
    #[schema(value_type = Vec<words::ClientScope>, required = true)]
    scopes: Option<Vec<String>>,
    /// Its public keys as a JSON Web Key Set (RFC 7517).
    #[schema(value_type = Object, required = true)]
    jwks: Option<Value>,
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct ClientChange {
    /// The e-mail address of whoever looks after it.
    #[schema(example = "ehr@example.org")]
    contact: Option<String>,
    /// The NPIs of the providers that it acts for.
    #[schema(example = json!(["1234567893"]))]
    providers: Option<Vec<String>>,
    /// What it may do.
    #[schema(value_type = Option<Vec<words::ClientScope>>)]
    scopes: Option<Vec<String>>,
    /// Its public keys as a JSON Web Key Set (RFC 7517), in place of all that it had.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Value>,
    /// True to end it for good; then nothing else.
    end: Option<bool>,
}

/// Adds a client.
#[utoipa::path(
    post, path = "/staff/clients", tag = "fhir", request_body = NewClient,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new client")),
    responses(
        (status = 201, body = ClientView, description = "Added: it may ask for tokens at once"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this, for their contracts; or `proof-required`: sign in once more"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn add_client(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    body: Json<NewClient>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "add-client", &body.raw);
    let (replay, by) = futures::join!(app.replay(&key), app.caller_file(&token));
    let by = by?;
    let own = own_post(&by)?;
    if let Some(answer) = replay?.give(&by) {
        return Ok(answer);
    }
    app.proven(&by, &token, Fresh::Others)?;
    let added = Mark { at: app.now(), by: token.username.clone() };
    let client = parse_new(&body.value, own.managed(), ClientId::new(new_uuid()), added)?;
    let transaction = write(&app, &token, &client, "add-client")?;
    app.commit_once(transaction, &key, StatusCode::CREATED, &ClientView::of(&client, own)).await
}

/// Changes or ends a client.
#[utoipa::path(
    patch, path = "/staff/clients/{id}", tag = "fhir", request_body = ClientChange,
    params(
        ("id" = String, Path, description = "Client id"),
        ("If-Match" = String, Header, description = "Version of the client"),
    ),
    responses(
        (status = 200, body = ClientView, description = "As it is now", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only Contract Managers of all its contracts do this; or `proof-required`: sign in once more"),
        (status = 404, body = ProblemBody, description = "No such client in the caller's contracts"),
        (status = 409, body = ProblemBody, description = "It is ended"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn change_client(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    seen: IfMatch,
    body: Json<ClientChange>,
) -> Result<Response, Problem> {
    let found = async {
        match id.parse() {
            Ok(id) => app.table().client(id).await,
            Err(_) => Ok(None),
        }
    };
    let (by, found) = futures::join!(app.caller_file(&token), found);
    let by = by?;
    let own = own_post(&by)?;
    let client = found?.ok_or(Denied::Hidden)?;
    own.may_see_client(&client)?;
    own.may_manage_client(&client).map_err(|error| refused(&error))?;
    seen.check(client.version)?;
    let wanted = parse_change(&body.value)?;
    let (changed, operation) = match wanted {
        Wanted::End => (client.ended(app.now(), token.username.clone()), "end-client"),
        Wanted::Edit(edit) => (client.edited(edit)?, "change-client"),
    };
    let Some(changed) = changed else { return Ok(answer(&client, own)) };
    app.proven(&by, &token, Fresh::Others)?;
    app.table().commit(write(&app, &token, &changed, operation)?).await?;
    Ok(answer(&changed, own))
}

fn answer(client: &Client, own: &Reviewer) -> Response {
    ([etag(client.version)], Answer(ClientView::of(client, own))).into_response()
}

/// The post of a Contract Manager.
fn own_post(by: &UserFile) -> Result<&Reviewer, Denied> {
    let own = by.user.post().ok_or(Denied::Hidden)?;
    own.may_manage_staff().map(|()| own)
}

/// Saves a client with who did it.
fn write(app: &App, token: &Token, client: &Client, operation: &str) -> Result<Transaction, Problem> {
    let mut transaction = Transaction::new();
    transaction.client(app.table(), client)?;
    let access = Access { what: Some(client.id.to_string()), ..app.access(token, operation, true) };
    transaction.audit_shown(app.table(), &Shown { access, shown: Vec::new() })?;
    Ok(transaction)
}

/// What is asked for.
#[derive(Debug, PartialEq)]
enum Wanted {
    Edit(ClientEdit),
    End,
}

fn parse_new(body: &NewClient, managed: &[ContractId], id: ClientId, added: Mark) -> Result<Client, Problem> {
    let mut errors = FieldErrors::none();
    let name = errors.parse("/name", body.name.as_deref());
    let contracts = contracts(&mut errors, body.contracts.as_deref(), managed);
    for (pointer, absent) in [
        ("/contact", body.contact.is_none()),
        ("/providers", body.providers.is_none()),
        ("/scopes", body.scopes.is_none()),
        ("/jwks", body.jwks.is_none()),
    ] {
        if absent {
            errors.add(pointer, Objection::required());
        }
    }
    let sent = Sent {
        contact: body.contact.as_deref(),
        providers: body.providers.as_deref(),
        scopes: body.scopes.as_deref(),
        jwks: body.jwks.as_ref(),
    };
    let ClientEdit { contact, providers, scopes, keys } = sent.parse(&mut errors);
    let client = || {
        Some(Client {
            id,
            version: 1,
            name: name?,
            contact: contact?,
            contracts: contracts?,
            providers: providers?,
            scopes: scopes?,
            keys: keys?,
            added,
            ended: None,
        })
    };
    Ok(errors.finish(client())?)
}

fn parse_change(body: &ClientChange) -> Result<Wanted, Problem> {
    let mut errors = FieldErrors::none();
    let sent = Sent {
        contact: body.contact.as_deref(),
        providers: body.providers.as_deref(),
        scopes: body.scopes.as_deref(),
        jwks: body.jwks.as_ref(),
    };
    let others = sent != Sent::default();
    let wanted = match body.end {
        None => Wanted::Edit(sent.parse(&mut errors)),
        Some(true) if !others => Wanted::End,
        Some(_) => {
            errors.add("/end", Wrong::NotByItself.says("Send true to end it, by itself, without other changes."));
            Wanted::End
        }
    };
    Ok(errors.finish(Some(wanted))?)
}

/// The caller's contracts that are named, at least one.
fn contracts(errors: &mut FieldErrors, named: Option<&[String]>, managed: &[ContractId]) -> Option<Vec<ContractId>> {
    let named = several(errors, "/contracts", named?, (MOST_CONTRACTS, "contracts"))?;
    list(named, |place, name| {
        let known = name.trim().parse().ok().filter(|contract| managed.contains(contract));
        if known.is_none() {
            errors.add(format!("/contracts/{place}"), Wrong::NotYours.says("This is not one of your contracts."));
        }
        known
    })
}

/// A list with something in it, nothing twice, and no more than it may have.
fn several<'a>(
    errors: &mut FieldErrors,
    pointer: &str,
    named: &'a [String],
    most: (usize, &str),
) -> Option<&'a [String]> {
    if named.is_empty() {
        errors.add(pointer, Objection::required());
        return None;
    }
    if !fits(errors, pointer, named, most) {
        return None;
    }
    let again = |place: usize| named.iter().take(place).any(|before| named.get(place) == Some(before));
    for place in (0..named.len()).filter(|place| again(*place)) {
        errors.add(format!("{pointer}/{place}"), Wrong::Repeated.says("Name each once."));
    }
    Some(named)
}

/// What a new client and a changed one are both made of, as it was sent.
#[derive(Default, PartialEq)]
struct Sent<'a> {
    contact: Option<&'a str>,
    providers: Option<&'a [String]>,
    scopes: Option<&'a [String]>,
    jwks: Option<&'a Value>,
}

impl Sent<'_> {
    fn parse(&self, errors: &mut FieldErrors) -> ClientEdit {
        let contact = self.contact.and_then(|text| errors.parse("/contact", Some(text)));
        let providers = self.providers.and_then(|named| {
            let named = several(errors, "/providers", named, (MOST_PROVIDERS, "providers"))?;
            list(named, |place, npi| errors.parse::<Npi>(format!("/providers/{place}"), Some(npi)))
        });
        let scopes = self.scopes.and_then(|named| {
            let named = several(errors, "/scopes", named, (Scope::ALL.len(), "scopes"))?;
            list(named, |place, scope| errors.parse::<Scope>(format!("/scopes/{place}"), Some(scope)))
        });
        let keys = self.jwks.and_then(|set| jwks::keys(errors, "/jwks", Some(set)));
        ClientEdit { contact, providers, scopes, keys }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body() -> Value {
        let number = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
        let key = json!({ "kty": "EC", "crv": "P-384", "kid": "a", "x": number, "y": number });
        json!({
            "name": "River EHR", "contracts": ["arkansas"], "contact": "ehr@example.org",
            "providers": ["1234567893"], "scopes": ["system/Claim.rs"], "jwks": { "keys": [key] },
        })
    }

    fn new(change: &Value) -> Result<Client, Vec<String>> {
        let mut sent = body();
        for (pointer, value) in change.as_object().unwrap() {
            *sent.pointer_mut(pointer).unwrap() = value.clone();
        }
        let added = Mark { at: "2026-05-11T14:00:00Z".parse().unwrap(), by: "grace".parse().unwrap() };
        let id = "cli_00000000000000000000000000000001".parse().unwrap();
        let read = crate::json::read::<NewClient>(&sent.to_string());
        let client = read.and_then(|sent| parse_new(&sent, &["arkansas".parse().unwrap()], id, added));
        client.map_err(|problem| problem.pointers())
    }

    #[test]
    fn a_client_is_added_whole_or_every_wrong_field_is_told() {
        let client = new(&json!({})).unwrap();
        assert_eq!((client.version, client.scopes.as_slice(), client.keys.len()), (1, [Scope::Inquire].as_slice(), 1));
        let told = new(&json!({
            "/name": "", "/contracts": ["colorado"], "/contact": "x", "/providers": ["1234567890"],
            "/scopes": ["system/*.*"], "/jwks": { "keys": [] },
        }));
        let all = ["/name", "/contracts/0", "/contact", "/providers/0", "/scopes/0", "/jwks"];
        assert_eq!(told.unwrap_err(), all);
        let none = json!({ "/contact": null, "/providers": null, "/scopes": null, "/jwks": null });
        assert_eq!(new(&none).unwrap_err(), ["/contact", "/providers", "/scopes", "/jwks"]);
        assert_eq!(new(&json!({ "/providers": [] })).unwrap_err(), ["/providers"]);
        let twice = json!({ "/providers": ["1234567893", "1234567893"] });
        assert_eq!(new(&twice).unwrap_err(), ["/providers/1"]);
    }

    #[test]
    fn a_change_is_of_what_it_names_and_an_end_stands_alone() {
        let change = |sent: Value| {
            let read = crate::json::read::<ClientChange>(&sent.to_string());
            read.and_then(|sent| parse_change(&sent)).map_err(|problem| problem.pointers())
        };
        assert_eq!(change(json!({})), Ok(Wanted::Edit(ClientEdit::default())));
        assert_eq!(change(json!({ "end": true })), Ok(Wanted::End));
        for wrong in [json!({ "end": false }), json!({ "end": true, "contact": "ehr@example.org" })] {
            assert_eq!(change(wrong), Err(vec!["/end".to_owned()]));
        }
        assert_eq!(change(json!({ "name": "Other" })), Err(vec!["/name".to_owned()]));
    }
}
