//! Who has a draft, and who edits it now (CASE-08): whoever may edit it says that they do, so that colleagues know it, takes it
//! over, or gives it to one of them. It stands beside `edit_case`, whose function mounts it.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::table::{Guard, Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::User,
    cases::{Case, StepError, access::CaseAction, editing::Editing},
    field::FieldErrors,
    id::Username,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    problem::{Problem, ProblemBody},
    version::etag,
};

/// Users of a group that are read at once.
const PAGE: i32 = 100;
/// Colleagues that are shown at most.
const MOST: usize = 500;

/// The routes.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(edit_now)).routes(routes!(list_colleagues)).routes(routes!(hand_over))
}

/// That somebody opens a step.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct EditingBody {
    /// Whether they go on also when somebody else does.
    take_over: bool,
}

/// Who edits a draft.
#[derive(Serialize, ToSchema)]
pub(super) struct EditingView {
    /// Who.
    by: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Whether it is the caller.
    yours: bool,
}

impl EditingView {
    /// Of a draft that somebody edits.
    pub(super) fn of(editing: Option<&Editing>, case: &Case, (caller, now): (&Username, Timestamp)) -> Option<Self> {
        let editing = editing.filter(|editing| case.is_draft() && editing.lasts(now))?;
        Some(Self { by: editing.by.to_string(), since: editing.since, yours: editing.by == *caller })
    }
}

/// Says that the caller edits a draft, for ten minutes from now on. Saving needs it not: it tells colleagues of each other.
#[utoipa::path(
    put, path = "/cases/{id}/editing", tag = "cases", request_body = EditingBody,
    params(("id" = String, Path, description = "Opaque key")),
    responses(
        (status = 200, body = EditingView, description = "Who edits it now: the caller, or somebody else who does and is not taken over from"),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group edits"),
        (status = 404, body = ProblemBody, description = "No such case"),
        (status = 409, body = ProblemBody, description = "It was submitted or cancelled"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn edit_now(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<EditingBody>,
) -> Result<Answer<EditingView>, Problem> {
    let opened = app.open_with(&token, &id, CaseAction::Write, "edit-now", |key| app.table().editing(key)).await?;
    let (case, mut before) = opened.found;
    case.may_be_written()?;
    let (table, by, now) = (app.table(), &token.username, app.now());
    let mut written = false;
    while let Some(editing) = Editing::opened(before.as_ref(), by, body.value.take_over, now) {
        let mut transaction = Transaction::new();
        transaction.editing(table, case.key, (before.as_ref(), &editing))?;
        transaction.audit(table, case.key, &opened.access)?;
        match table.commit(transaction).await {
            Ok(()) => {
                (before, written) = (Some(editing), true);
                break;
            }
            Err(error) if error.refused(Guard::Version) => before = table.editing(case.key).await?,
            Err(error) => return Err(error.into()),
        }
    }
    if !written {
        table.audit(case.key, &opened.access).await?;
    }
    EditingView::of(before.as_ref(), &case, (by, now))
        .map(Answer)
        .ok_or_else(|| Problem::from(StepError::NotDraft(case.status())))
}

/// Whoever may go on with a draft.
#[derive(Serialize, ToSchema)]
struct Colleagues {
    /// By name.
    colleagues: Vec<ColleagueView>,
}

/// A colleague.
#[derive(Serialize, ToSchema)]
struct ColleagueView {
    username: String,
    name: String,
}

/// Lists whom a draft may be given to.
#[utoipa::path(
    get, path = "/cases/{id}/colleagues", tag = "cases",
    params(("id" = String, Path, description = "Opaque key")),
    responses(
        (status = 200, body = Colleagues, description = "The users of the requesting provider's group who may sign in, the caller not among them; 500 at most"),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group edits"),
        (status = 404, body = ProblemBody, description = "No such case"),
    ),
    security(("provider" = []))
)]
async fn list_colleagues(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<Colleagues>, Problem> {
    let opened = app.open(&token, &id, CaseAction::Write, "list-colleagues").await?;
    let mut colleagues: Vec<ColleagueView> = users(&app, &opened.found)
        .await?
        .into_iter()
        .filter(|user| user.username != token.username)
        .map(|user| ColleagueView { username: user.username.to_string(), name: user.contact.full_name() })
        .collect();
    colleagues.sort_by(|a, b| (&a.name, &a.username).cmp(&(&b.name, &b.username)));
    app.table().audit(opened.found.key, &opened.access).await?;
    Ok(Answer(Colleagues { colleagues }))
}

/// The users of the requesting provider's group who may sign in.
async fn users(app: &App, case: &Case) -> Result<Vec<User>, Problem> {
    let (table, mut names, mut after) = (app.table(), BTreeSet::new(), None::<Username>);
    let Some(group) = case.requesting.group else { return Ok(Vec::new()) };
    while names.len() < MOST {
        let page = table.group_users(group, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.user.clone());
        names.extend(page.into_iter().filter(|at| !at.roles.is_empty()).map(|at| at.user));
    }
    let mut users = Vec::new();
    for some in names.into_iter().take(MOST).collect::<Vec<_>>().chunks(usize::try_from(PAGE).unwrap_or(1)) {
        users.extend(table.users(some.iter().collect()).await?.into_values().filter(User::is_active));
    }
    Ok(users)
}

/// Whether this is one of them.
async fn is_colleague(app: &App, case: &Case, name: &Username) -> Result<bool, Problem> {
    let file = app.table().user_file(name).await?;
    let in_group = |file: &UserFile| file.roles.iter().any(|at| Some(at.group) == case.requesting.group);
    Ok(file.is_some_and(|file| file.user.is_active() && in_group(&file)))
}

/// To whom.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct OwnerBody {
    /// A colleague, or the caller to take it over.
    #[schema(value_type = String, required = true, example = "ann.lee")]
    username: Option<String>,
}

/// The draft in other hands.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    owner: String,
    /// Version of the case.
    version: u64,
}

/// Takes a draft over, or gives it to a colleague, who is told.
#[utoipa::path(
    put, path = "/cases/{id}/owner", tag = "cases", request_body = OwnerBody,
    params(("id" = String, Path, description = "Opaque key")),
    responses(
        (status = 200, body = HandedOver, description = "It is theirs, now or before; whoever of the group may edit it still may", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group edits"),
        (status = 404, body = ProblemBody, description = "No such case"),
        (status = 409, body = ProblemBody, description = "It was submitted or cancelled"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was done"),
        (status = 422, body = ProblemBody, description = "No such colleague"),
    ),
    security(("provider" = []))
)]
async fn hand_over(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<OwnerBody>,
) -> Result<Response, Problem> {
    let opened = app.open(&token, &id, CaseAction::Write, "hand-over").await?;
    let mut errors = FieldErrors::none();
    let to = errors.parse("/username", body.value.username.as_deref());
    let to: Username = errors.finish(to)?;
    if to != token.username && !is_colleague(&app, &opened.found, &to).await? {
        let mut errors = FieldErrors::none();
        errors.add(
            "/username",
            Wrong::NotFound.says("Choose a colleague of the requesting provider's group who may sign in."),
        );
        return Err(errors.into());
    }
    let contract = app.contract(&opened.found.contract).await?;
    let change = opened.found.clone().hand_over(&to, app.now())?;
    let version = app.saved(change.as_ref(), &contract.calendar, &opened).await?;
    Ok(([etag(version)], Answer(HandedOver { owner: to.to_string(), version })).into_response())
}
