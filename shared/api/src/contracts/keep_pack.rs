//! Checks, applies and withdraws the packs of a contract: its Contract Managers put the agency's own rules in place (OPS-01).
//!
//! What is applied holds from its first day on, and a version that holds is neither changed nor withdrawn: decisions name it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use portico_aws::table::{
    Transaction,
    audit::{Access, Shown},
    contracts::StoredPack,
};
use portico_contracts::{Pack, apart, files::Files};
use portico_domain::{
    caller::Denied,
    contracts::packs::{self, Applied, Changed, Effect, Known, Refused},
    field::{FieldErrors, Objection},
    id::ContractId,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::view_pack::{CheckedPack, PackView, reason};
use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    once,
    problem::{Kind, Problem, ProblemBody},
};

/// The largest body in bytes: what the edge lets through.
pub(super) const MOST_BODY: usize = 950 * 1024;

/// Problems that an answer lists; whoever has more mends these first.
const MOST_PROBLEMS: usize = 500;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(check_pack)).routes(routes!(apply_pack)).routes(routes!(withdraw_pack))
}

/// A pack.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct SentPack {
    /// A ZIP archive of the pack's folder, in base64.
    #[schema(value_type = String, required = true, format = Byte)]
    pub(super) archive: Option<String>,
}

/// Checks a pack and says what it would change.
#[utoipa::path(
    post, path = "/staff/contracts/{id}/packs/checks", tag = "contracts", request_body = SentPack,
    params(("id" = String, Path, description = "Contract")),
    responses(
        (status = 200, body = CheckedPack, description = "What was found; nothing is kept"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Nothing was sent"),
    ),
    security(("staff" = []))
)]
async fn check_pack(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<SentPack, MOST_BODY>,
) -> Result<Answer<CheckedPack>, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let pack = match read(&contract, &body.value)? {
        Ok(pack) => pack,
        Err(problems) => return Ok(Answer(CheckedPack::wrong(short(problems)))),
    };
    let (stored, open) = futures::try_join!(app.table().packs(&contract), app.table().open_under(&contract))?;
    let planned = match plan(&app, &stored, &pack) {
        Ok((applied, Some(before))) => Ok((applied, pack.changes(&whole(&app, &contract, before.json).await?), open)),
        Ok((applied, None)) => Ok((applied, Vec::new(), open)),
        Err(refused) => Err(refused),
    };
    Ok(Answer(CheckedPack::of(pack, planned)))
}

/// Applies a pack.
#[utoipa::path(
    post, path = "/staff/contracts/{id}/packs", tag = "contracts", request_body = SentPack,
    params(
        ("id" = String, Path, description = "Contract"),
        ("Idempotency-Key" = String, Header, description = "A new value for each pack"),
    ),
    responses(
        (status = 201, body = PackView, description = "Applied: it holds from its first day on, or within a minute"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 409, body = ProblemBody, description = "Its version holds with other content, another one begins on its day, its first day is not to come, or another pack was applied at the same moment"),
        (status = 422, body = ProblemBody, description = "The pack has problems: a check lists them"),
    ),
    security(("staff" = []))
)]
async fn apply_pack(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    key: once::Key,
    body: Json<SentPack, MOST_BODY>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "apply-pack", &format!("{id} {}", body.raw));
    let (replay, by) = futures::join!(app.replay(&key), app.caller_file(&token));
    let by = by?;
    let contract = by.user.post().ok_or(Denied::Hidden)?.manages(&id)?;
    if let Some(answer) = replay?.give(&by) {
        return Ok(answer);
    }
    let pack = read(&contract, &body.value)?.map_err(|found| problems(found.len()))?;
    let (table, now) = (app.table(), app.now());
    let (stored, listed) = futures::try_join!(table.packs(&contract), table.listed(&contract))?;
    let (mut stored, listed) = (stored, listed.ok_or(Denied::Hidden)?);
    let (applied, _) = plan(&app, &stored, &pack)?;
    let mut transaction = noted(&app, &token, "apply-pack", (&contract, &applied.version))?;
    if applied.effect != Effect::Nothing {
        if let Some(name) = &pack.kept.name {
            table.keep_rules(&contract, name, &pack.kept.shelves).await?;
        }
        let by = (now, token.username.as_str());
        transaction.apply_pack(table, (&pack.contract, &pack.kept.json), (&stored, Some(&listed)), by)?;
        stored.retain(|known| known.version != applied.version);
        let (from, version) = (applied.effective_from.to_string(), applied.version.clone());
        stored.push(StoredPack {
            from,
            version,
            json: pack.kept.json,
            applied: Some((now, token.username.to_string())),
        });
        stored.sort_by(|one, other| one.from.cmp(&other.from));
    }
    let view = PackView::all(&contract, &stored, now).into_iter().find(|view| view.is(&applied.version));
    app.commit_once(transaction, &key, StatusCode::CREATED, &view).await.map_err(changed)
}

/// Withdraws a pack before its first day.
#[utoipa::path(
    delete, path = "/staff/contracts/{id}/packs/{version}", tag = "contracts",
    params(
        ("id" = String, Path, description = "Contract"),
        ("version" = String, Path, description = "Version of the pack"),
    ),
    responses(
        (status = 204, description = "Withdrawn"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts, or no such version"),
        (status = 409, body = ProblemBody, description = "It holds, held, holds in a moment, or was changed at the same moment"),
    ),
    security(("staff" = []))
)]
async fn withdraw_pack(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, version)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let stored = app.table().packs(&contract).await?;
    let known = stored.into_iter().find(|known| known.version == version).ok_or(Denied::Hidden)?;
    let read = known.read()?;
    packs::may_withdraw(&read, app.now())?;
    let mut transaction = noted(&app, &token, "withdraw-pack", (&contract, &version))?;
    transaction.withdraw_pack(app.table(), &read, known.json);
    app.table().commit(transaction).await.map_err(|error| changed(error.into()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Nobody sends a version of a contract's packs: what was refused for it changed between reading and saving.
fn changed(problem: Problem) -> Problem {
    match problem.kind() {
        Kind::Stale => Problem::conflict(
            "Another pack of this contract was applied at the same moment. Check yours again.",
            "changed",
        ),
        _ => problem,
    }
}

/// The pack that was sent, or everything that is wrong with it.
pub(super) fn read(contract: &ContractId, sent: &SentPack) -> Result<Result<Pack, Vec<String>>, FieldErrors> {
    let mut errors = FieldErrors::none();
    let archive = sent.archive.as_deref().map(str::trim).filter(|archive| !archive.is_empty());
    if archive.is_none() {
        errors.add("/archive", Objection::required());
    }
    let bytes = archive.and_then(|archive| {
        let decoded = STANDARD.decode(archive);
        decoded.map_err(|_| errors.add("/archive", Wrong::WrongType.says("This is no base64."))).ok()
    });
    let bytes = errors.finish(bytes)?;
    let files = Files::of_archive(&bytes);
    Ok(files.and_then(|files| portico_contracts::read(&files, "this contract", &contract.to_string())))
}

/// That it is no pack.
pub(super) fn problems(count: usize) -> Problem {
    let text = format!("This pack has {count} problems. Check it: they are listed with file and line.");
    Problem::invalid_field("/archive", Wrong::NotAPack { problems: count }.says(text))
}

fn short(mut problems: Vec<String>) -> Vec<String> {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    problems
}

/// A stored pack with all its rules.
async fn whole(app: &App, contract: &ContractId, json: &str) -> Result<String, Problem> {
    let shelves = app.table().rules_beside(contract, json).await?;
    apart::whole(json, shelves).map_err(|error| Problem::unavailable(&error))
}

/// What applying it does now, and the pack in whose place it holds.
fn plan<'a>(app: &App, stored: &'a [StoredPack], pack: &Pack) -> Result<(Applied, Option<Known<'a>>), Refused> {
    let known: Vec<_> = stored.iter().map(StoredPack::known).collect();
    pack.plan(&known, Changed::OnlyBefore, app.now())
}

/// Who does it, with what is done.
fn noted(
    app: &App,
    token: &Token,
    operation: &str,
    (contract, version): (&ContractId, &str),
) -> Result<Transaction, Problem> {
    let mut transaction = Transaction::new();
    let access = Access { what: Some(format!("{contract} {version}")), ..app.access(token, operation, true) };
    transaction.audit_shown(app.table(), &Shown { access, shown: Vec::new() })?;
    Ok(transaction)
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::conflict(format!("{refused}."), reason(&refused))
    }
}
