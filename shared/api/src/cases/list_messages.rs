//! Lists the messages of a case, the last ones first to come (ACT-09), and keeps how far a person has read them. When a reviewer has read
//! what the provider wrote, the case is news to the review team no more. It stands beside `send_message`, whose function mounts
//! it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use portico_aws::table::Transaction;
use portico_domain::{
    caller::Caller,
    cases::{Case, access::CaseAction, message::Message},
    events::Actor,
    field::FieldErrors,
    id::EventId,
    status::Side,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    json::Json,
    page::Query,
    problem::{Kind, Problem, ProblemBody},
    words,
};

/// As many messages are shown at once.
const MESSAGES: usize = 50;
/// As often it follows a case that somebody else changes at the same moment.
const TRIES: usize = 3;

/// The routes.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(list_messages)).routes(routes!(read_messages))
}

/// Which messages.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Earlier {
    /// Those before this one: `earlier` as received.
    before: Option<String>,
}

/// Messages of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Messages {
    /// The last ones, oldest first.
    messages: Vec<MessageView>,
    /// How many of these the caller has not read.
    unread: usize,
    /// Where there are messages before these: for `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
    /// Whether the caller may send one.
    may_send: bool,
}

/// A message.
#[derive(Serialize, ToSchema)]
struct MessageView {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The side that wrote it.
    #[schema(value_type = words::Side)]
    from: String,
    /// Who wrote it; sign-in names of reviewers are for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    text: String,
    /// The caller wrote it.
    own: bool,
    /// The caller has not read it.
    unread: bool,
}

/// Up to where messages were read.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct ReadUpTo {
    /// The last message that was read.
    #[schema(value_type = String, required = true)]
    up_to: Option<String>,
}

/// Lists the messages of a case.
#[utoipa::path(
    get, path = "/cases/{id}/messages", tag = "cases",
    params(("id" = String, Path, description = "Opaque key or Case ID"), Earlier),
    responses(
        (status = 200, body = Messages, description = "The last messages, possibly none"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
        (status = 422, body = ProblemBody, description = "A part of the query has no form"),
    ),
    security(("provider" = []))
)]
async fn list_messages(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    query: Query<Earlier>,
) -> Result<Answer<Messages>, Problem> {
    let mut errors = FieldErrors::none();
    let before: Option<EventId> = errors.parse_optional("/before", query.0.before.as_deref());
    errors.into_result()?;
    let beside = |key| {
        let (table, by) = (app.table(), &token.username);
        async move {
            let (messages, read) =
                futures::join!(table.messages_before(key, before, MESSAGES), table.last_message_read(key, by));
            Ok((messages?, read?))
        }
    };
    let opened = app.open_with(&token, &id, CaseAction::Read, "list-messages", beside).await?;
    let (case, (page, read)) = &opened.found;
    app.table().audit(case.key, &opened.access).await?;
    let view = |message: &Message| MessageView::of(message, &token, (side(&opened.caller), *read));
    let messages: Vec<MessageView> = page.items.iter().map(view).collect();
    Ok(Answer(Messages {
        unread: messages.iter().filter(|message| message.unread).count(),
        earlier: messages.first().filter(|_| page.more).map(|message| message.id.clone()),
        messages,
        may_send: opened.caller.may(CaseAction::Message, case).is_ok() && !case.is_cancelled(),
    }))
}

impl MessageView {
    fn of(message: &Message, reader: &Token, (at, read): (Side, Option<EventId>)) -> Self {
        let own = message.by == reader.username && message.from == at;
        let named = at == Side::Staff || message.from == Side::Provider;
        Self {
            id: message.id.to_string(),
            at: message.at,
            from: word(&message.from),
            by: named.then(|| message.by.to_string()),
            text: message.text.clone(),
            own,
            unread: !own && read.is_none_or(|last| last < message.id),
        }
    }
}

/// Keeps that the caller has read the messages of a case.
#[utoipa::path(
    put, path = "/cases/{id}/messages/read", tag = "cases", request_body = ReadUpTo,
    params(("id" = String, Path, description = "Opaque key or Case ID")),
    responses(
        (status = 204, description = "Kept, now or before"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was kept"),
        (status = 422, body = ProblemBody, description = "This is no message of the case"),
    ),
    security(("provider" = []))
)]
async fn read_messages(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<ReadUpTo>,
) -> Result<StatusCode, Problem> {
    let up_to = parse(&body.value);
    let last = up_to.as_ref().ok().copied();
    let beside = |key| {
        let (table, by) = (app.table(), &token.username);
        async move {
            match last {
                Some(id) => {
                    let (exists, before) = futures::join!(table.has_message(key, id), table.last_message_read(key, by));
                    Ok((exists?, before?))
                }
                None => Ok((false, None)),
            }
        }
    };
    let opened = app.open_with(&token, &id, CaseAction::Read, "read-messages", beside).await?;
    let up_to = up_to?;
    let (case, (exists, before)) = &opened.found;
    // A page that was opened long ago makes nothing unread.
    let up_to = before.map_or(up_to, |before| before.max(up_to));
    if !exists {
        return Err(Problem::invalid_field("/upTo", Wrong::NotFound.says("This is no message of the case.")));
    }
    let (table, mut case) = (app.table(), case.clone());
    let reviews = opened.caller.may(CaseAction::Review, &case).is_ok();
    for _ in 0..TRIES {
        let mut transaction = Transaction::new();
        transaction.messages_read(table, (case.key, &token.username), up_to)?;
        if let Some(change) = seen(&case, reviews, (up_to, app.now())) {
            let calendar = &app.contract(&case.contract).await?.calendar;
            transaction.case(table, &change, calendar, &Actor::User(token.username.clone()))?;
        }
        transaction.audit(table, case.key, &opened.access)?;
        match table.commit(transaction).await.map_err(Problem::from) {
            Err(problem) if problem.kind() == Kind::Stale => case = app.reload(case.key).await?,
            done => return done.map(|()| StatusCode::NO_CONTENT),
        }
    }
    Err(Problem::stale())
}

/// The case when whoever reads is one of those whom the provider wrote to.
fn seen(case: &Case, reviews: bool, (up_to, at): (EventId, Timestamp)) -> Option<portico_domain::cases::Change> {
    case.clone().messages_read(up_to, at).filter(|_| reviews)
}

/// The side that a caller writes for.
pub(super) fn side(caller: &Caller) -> Side {
    match caller {
        Caller::Provider { .. } => Side::Provider,
        Caller::Staff(_) => Side::Staff,
    }
}

fn parse(body: &ReadUpTo) -> Result<EventId, FieldErrors> {
    let mut errors = FieldErrors::none();
    let up_to = errors.parse("/upTo", body.up_to.as_deref());
    errors.finish(up_to)
}
