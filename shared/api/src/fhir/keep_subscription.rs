//! Takes what a system wants to be told of (HL7 Subscriptions R5 Backport 1.1 on R4), and says where that stands: when an answer
//! to one of its requests changes, its own server gets a message. The handshake and every message go by a queue.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_aws::{
    clock::new_uuid,
    table::{
        Transaction,
        audit::{Access, Shown},
    },
};
use portico_domain::{
    events::Actor,
    fhir::{
        Client, Scope,
        subscriptions::{HEADERS, MOST_SUBSCRIPTIONS, Moment, Subscription},
    },
    id::{SubscriptionId, Username},
};
use portico_fhir::answer::{OperationOutcome, Searched, SubscriptionStatus};
use serde_json::value::to_raw_value;
use utoipa_axum::routes;

use super::{
    BASE, call,
    outcome::{self, FhirResource, Refused},
    subscription::{Objection, Sent, view},
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    problem::Problem,
    throttle::{SUBSCRIPTIONS, within},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new()
        .routes(routes!(add_subscription, list_subscriptions))
        .routes(routes!(get_subscription, change_subscription, remove_subscription))
        .routes(routes!(get_subscription_status))
}

/// Subscribes.
#[utoipa::path(
    post, path = "/fhir/pas/2.2/Subscription", tag = "fhir",
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "A PAS Subscription"),
    responses(
        (status = 201, body = FhirResource, content_type = "application/fhir+json", description = "As it is kept, with status requested; the handshake is on its way", headers(("Location" = String, description = "Where it stands"))),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: it cannot be read, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing, or the system does not act for whom it names"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 422, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something in it is not supported, or there are too many"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn add_subscription(State(app): State<Arc<App>>, from: Address, request: Request) -> Response {
    answered(add(&app, from.0, request).await)
}

/// Lists the system's own subscriptions.
#[utoipa::path(
    get, path = "/fhir/pas/2.2/Subscription", tag = "fhir",
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "A Bundle with all of them: there are few"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn list_subscriptions(State(app): State<Arc<App>>, from: Address, headers: HeaderMap) -> Response {
    answered(list(&app, from.0, &headers).await)
}

/// Gives one subscription of the system.
#[utoipa::path(
    get, path = "/fhir/pas/2.2/Subscription/{id}", tag = "fhir",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "The Subscription, without its headers"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the system has no such subscription"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn get_subscription(
    State(app): State<Arc<App>>,
    from: Address,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let own = own(&app, from.0, &headers, &id, "get-subscription").await;
    answered(own.map(|(_, found)| outcome::answer(StatusCode::OK, &view(&found, app.now()))))
}

/// Says where a subscription stands.
#[utoipa::path(
    get, path = "/fhir/pas/2.2/Subscription/{id}/$status", tag = "fhir",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "A Bundle with the SubscriptionStatus, as Parameters"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the system has no such subscription"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn get_subscription_status(
    State(app): State<Arc<App>>,
    from: Address,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let own = own(&app, from.0, &headers, &id, "get-subscription-status").await;
    answered(own.and_then(|(_, found)| status(&app, &found)))
}

/// Changes a subscription, or turns it off: the receiver is greeted anew.
#[utoipa::path(
    put, path = "/fhir/pas/2.2/Subscription/{id}", tag = "fhir",
    params(("id" = String, Path, description = "Its id")),
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "The PAS Subscription in place of what it was; with status off it ends"),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "As it is kept now"),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: it cannot be read, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing, or the system does not act for whom it names"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the system has no such subscription"),
        (status = 409, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something changed at the same moment; send it again"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 422, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something in it is not supported"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn change_subscription(
    State(app): State<Arc<App>>,
    from: Address,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    answered(change(&app, from.0, &id, request).await)
}

/// Takes a subscription out.
#[utoipa::path(
    delete, path = "/fhir/pas/2.2/Subscription/{id}", tag = "fhir",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: it is taken out"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the system has no such subscription"),
        (status = 409, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something changed at the same moment; send it again"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn remove_subscription(
    State(app): State<Arc<App>>,
    from: Address,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    answered(remove(&app, from.0, &headers, &id).await)
}

fn answered(answer: Result<Response, Refused>) -> Response {
    answer.unwrap_or_else(IntoResponse::into_response)
}

fn moment(app: &App) -> Moment {
    Moment { now: app.now(), minute_seconds: app.aws.config().minute_seconds }
}

fn access(
    app: &App,
    from: String,
    client: &Client,
    (operation, what): (&str, Option<String>),
    allowed: bool,
) -> Access {
    let (at, by, operation) = (app.now(), Username::from(client.id), operation.to_owned());
    Access { at, by, operation, from, allowed, what, person: None }
}

/// Notes what is done with no case.
fn note(access: Access) -> Shown {
    Shown { access, shown: Vec::new() }
}

async fn add(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Subscribe).await?;
    let (counted, before) = futures::join!(counted(app, &client), app.table().subscriptions(client.id));
    counted?;
    let sent = sent(app, &from, &client, &body, "add-subscription").await?;
    if sent.off {
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "business-rule", "A new subscription is not off."));
    }
    if before?.len() >= MOST_SUBSCRIPTIONS {
        let text = format!("A system has at most {MOST_SUBSCRIPTIONS} subscriptions. Take one out first.");
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "too-costly", &text));
    }
    let id = SubscriptionId::new(new_uuid());
    let sealed = sealed(app, id, &sent).await?;
    let made = Subscription::new(id, client.id, sent.wanted, sealed, moment(app));
    save(app, &made, access(app, from, &client, ("add-subscription", Some(id.to_string())), true)).await?;
    let mut answer = outcome::answer(StatusCode::CREATED, &view(&made, app.now()));
    if let Ok(place) = HeaderValue::from_str(&address(app, id)) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

async fn list(app: &App, from: String, headers: &HeaderMap) -> Result<Response, Refused> {
    let client = outcome::client(app, headers, Scope::Subscribe).await?;
    let (counted, all) = futures::join!(counted(app, &client), app.table().subscriptions(client.id));
    counted?;
    app.table().audit_shown(&note(access(app, from, &client, ("list-subscriptions", None), true))).await?;
    let all = all?;
    let each = all.iter().map(|one| Ok((address(app, one.id), to_raw_value(&view(one, app.now()))?)));
    let found = each.collect::<Result<_, serde_json::Error>>().map_err(|error| Problem::internal(&error))?;
    Ok(outcome::answer(StatusCode::OK, &Searched::of(found)))
}

async fn change(app: &App, from: String, id: &str, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Subscribe).await?;
    let (counted, found) = futures::join!(counted(app, &client), found(app, &client, id));
    counted?;
    let found = hidden(app, &from, &client, found?, "change-subscription").await?;
    let sent = sent(app, &from, &client, &body, "change-subscription").await?;
    if sent.id.as_ref().is_some_and(|named| named != id) {
        return Err(Refused::new(
            StatusCode::BAD_REQUEST,
            "invalid",
            "Another id stands in the Subscription than in the path.",
        ));
    }
    let operation = if sent.off { "end-subscription" } else { "change-subscription" };
    let access = access(app, from, &client, (operation, Some(found.id.to_string())), true);
    let after = if sent.off {
        found.turned_off(moment(app))
    } else {
        let sealed = sealed(app, found.id, &sent).await?;
        found.replaced(sent.wanted, sealed, moment(app))
    };
    save(app, &after, access).await?;
    Ok(outcome::answer(StatusCode::OK, &view(&after, app.now())))
}

async fn remove(app: &App, from: String, headers: &HeaderMap, id: &str) -> Result<Response, Refused> {
    let (client, found) = own(app, from.clone(), headers, id, "remove-subscription").await?;
    let mut transaction = Transaction::new();
    transaction.no_subscription(app.table(), client.id, found.id);
    let what = Some(found.id.to_string());
    transaction.audit_shown(app.table(), &note(access(app, from, &client, ("remove-subscription", what), true)))?;
    app.table().commit(transaction).await?;
    let done = OperationOutcome::informed(vec![("The subscription is taken out.".to_owned(), None)]);
    Ok(outcome::answer(StatusCode::OK, &done))
}

/// The caller, and its subscription of this id; what is there and somebody else's is not there.
async fn own(
    app: &App,
    from: String,
    headers: &HeaderMap,
    id: &str,
    operation: &str,
) -> Result<(Client, Subscription), Refused> {
    let client = outcome::client(app, headers, Scope::Subscribe).await?;
    let (counted, found) = futures::join!(counted(app, &client), found(app, &client, id));
    counted?;
    let found = hidden(app, &from, &client, found?, operation).await?;
    if operation.starts_with("get-") {
        let what = Some(found.id.to_string());
        app.table().audit_shown(&note(access(app, from, &client, (operation, what), true))).await?;
    }
    Ok((client, found))
}

async fn found(app: &App, client: &Client, id: &str) -> Result<Option<Subscription>, Refused> {
    match SubscriptionId::from_the_wire(id) {
        Ok(id) => Ok(app.table().subscription(client.id, id).await?),
        Err(_) => Ok(None),
    }
}

async fn hidden(
    app: &App,
    from: &str,
    client: &Client,
    found: Option<Subscription>,
    operation: &str,
) -> Result<Subscription, Refused> {
    if let Some(found) = found {
        return Ok(found);
    }
    app.table().audit_shown(&note(access(app, from.to_owned(), client, (operation, None), false))).await?;
    Err(Refused::new(StatusCode::NOT_FOUND, "not-found", "This system has no such subscription."))
}

async fn counted(app: &App, client: &Client) -> Result<(), Refused> {
    let what = "This system has called very often for its subscriptions.";
    Ok(within(app, &SUBSCRIPTIONS, &client.id.to_string(), what).await?)
}

/// What was sent; whoever asks for the requests of somebody else goes on record.
async fn sent(app: &App, from: &str, client: &Client, body: &str, operation: &str) -> Result<Sent, Refused> {
    let local = app.aws.config().local_receiver.as_deref();
    match Sent::read(body, client, local, app.now()) {
        Ok(sent) => Ok(sent),
        Err(Objection::Unreadable(fault)) => Err(fault.into()),
        Err(Objection::Unsupported(fault)) => Err(Refused::unprocessable("not-supported", fault)),
        Err(Objection::Foreign(fault)) => {
            app.table().audit_shown(&note(access(app, from.to_owned(), client, (operation, None), false))).await?;
            Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", &fault.what))
        }
    }
}

/// The headers as they are kept.
async fn sealed(app: &App, id: SubscriptionId, sent: &Sent) -> Result<Option<String>, Refused> {
    if sent.headers.is_empty() {
        return Ok(None);
    }
    let ring = app.aws.secrets().ring(&app.aws.config().token_secret).await;
    let ring = ring.map_err(|error| Problem::unavailable(&error))?;
    let text = serde_json::to_string(&sent.headers).map_err(|error| Problem::internal(&error))?;
    let sealed = ring.seal((HEADERS, &id.to_string()), &text).map_err(|error| Problem::internal(&error))?;
    Ok(Some(sealed))
}

/// Saves it with who did it, and has the receiver greeted where it is not off.
async fn save(app: &App, after: &Subscription, access: Access) -> Result<(), Refused> {
    let mut transaction = Transaction::new();
    transaction.subscription(app.table(), after)?;
    if after.off.is_none() {
        let by = (Actor::User(access.by.clone()), access.at);
        transaction.notification_due(app.table(), (after.client, after.id), 0, by)?;
    }
    transaction.audit_shown(app.table(), &note(access))?;
    Ok(app.table().commit(transaction).await?)
}

fn status(app: &App, found: &Subscription) -> Result<Response, Refused> {
    let status = SubscriptionStatus {
        subscription: address(app, found.id),
        status: found.status(app.now()).name(),
        events: found.events,
    };
    let told = Searched::statuses(&[(format!("urn:uuid:{}", new_uuid()), status)]);
    let told = told.map_err(|error| Problem::internal(&error))?;
    Ok(outcome::answer(StatusCode::OK, &told))
}

fn address(app: &App, id: SubscriptionId) -> String {
    format!("{}{BASE}/Subscription/{}", app.aws.config().api_url, id.on_the_wire())
}
