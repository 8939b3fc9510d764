//! Sends a message on a case to the other side (ACT-09): of whoever sees the case to the review team, of a reviewer to the groups of
//! the case's providers. Who is told of it follows from the event.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::{
    clock::new_uuid,
    table::{Transaction, idempotency::IdempotencyKey},
};
use portico_domain::{
    cases::{
        access::CaseAction,
        message::{self, Message, MessageError},
    },
    events::Actor,
    field::FieldErrors,
    id::EventId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::list_messages::{self, side};
use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    json::Json,
    once,
    open::Opened,
    problem::{Kind, Problem, ProblemBody},
    throttle::{self, MESSAGES},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(send_message)).merge(list_messages::route()))
}

/// A message.
#[derive(Deserialize, ToSchema, Default)]
struct NewMessage {
    /// 1 to 4,000 characters.
    #[schema(value_type = String, required = true)]
    text: Option<String>,
}

/// A message that was sent.
#[derive(Serialize, Deserialize, ToSchema)]
struct SentMessage {
    id: String,
}

/// As often a message follows a case that somebody else changes at the same moment.
const TRIES: usize = 3;

/// Sends a message to the other side.
#[utoipa::path(
    post, path = "/cases/{id}/messages", tag = "cases", request_body = NewMessage,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new message"),
    ),
    responses(
        (status = 201, body = SentMessage, description = "Sent; the other side is told"),
        (status = 403, body = ProblemBody, description = "Of staff only reviewers write"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
        (status = 409, body = ProblemBody, description = "The case was cancelled before it was submitted"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was sent"),
        (status = 422, body = ProblemBody, description = "The text is wrong, and why"),
        (status = 429, body = ProblemBody, description = "Very many messages within an hour"),
    ),
    security(("provider" = []))
)]
async fn send_message(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path(id): Path<String>,
    body: Json<NewMessage>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "send-message", &format!("{id}\n{}", body.raw));
    let (kept, opened, counted) = futures::join!(
        app.replay_value::<SentMessage>(&key),
        app.open(&token, &id, CaseAction::Message, "send-message"),
        throttle::within(&app, &MESSAGES, token.username.as_str(), "You have sent very many messages."),
    );
    let opened = opened?;
    let sent = match kept? {
        Some(sent) => sent,
        None => {
            let text = parse(&body.value)?;
            counted?;
            save(&app, &opened, &key, text).await?
        }
    };
    Ok((StatusCode::CREATED, Answer(sent)).into_response())
}

async fn save(app: &App, opened: &Opened, key: &IdempotencyKey, text: String) -> Result<SentMessage, Problem> {
    let (table, by) = (app.table(), opened.caller.username().clone());
    let from = side(&opened.caller);
    let message = Message { id: EventId::new(new_uuid()), at: app.now(), by: by.clone(), from, text };
    let mut case = opened.found.clone();
    let contract = app.contract_for(&case).await?;
    let sent = SentMessage { id: message.id.to_string() };
    for _ in 0..TRIES {
        let change = case.message(&message)?;
        let of = change.case.key;
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::User(by.clone()))?;
        transaction.message(table, of, &message)?;
        transaction.audit(table, of, &opened.access)?;
        match app.commit_value(transaction, key, &sent).await {
            Err(problem) if problem.kind() == Kind::Stale => case = app.reload(of).await?,
            done => return done,
        }
    }
    Err(Problem::stale())
}

fn parse(body: &NewMessage) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::none();
    let text = message::text(&mut errors, "/text", body.text.as_deref().unwrap_or_default());
    errors.finish(text)
}

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Cancelled => Self::conflict(error.to_string(), "cancelled"),
        }
    }
}
