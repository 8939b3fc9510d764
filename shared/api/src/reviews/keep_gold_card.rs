//! The gold cards of a provider under a contract, code by code: computed from what people decided, and taken away or given back by its
//! Contract Managers (REV-02).
//!
//! Nobody is given a card by hand: only what people decide earns one, and a rule of automatic review says what it is good for.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::table::{
    Guard, Transaction,
    audit::{Access, Shown},
};
use portico_domain::{
    caller::Denied,
    code::ProcedureCode,
    contracts::{Contract, gold_card::GoldCardRules},
    field::{FieldErrors, Objection},
    id::ContractId,
    npi::Npi,
    reviews::gold_card::{Record, Revoked},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    page::Query,
    problem::{Problem, ProblemBody},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_gold_cards)).routes(routes!(keep_gold_card))
}

/// Whose.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The provider who asks.
    #[param(value_type = String, required = true)]
    npi: Option<String>,
    /// The last code of the page before.
    after: Option<String>,
}

/// Gold cards of a provider.
#[derive(Serialize, ToSchema)]
struct GoldCards {
    /// What a card takes; none where the contract knows no gold cards.
    rules: Option<RulesView>,
    /// The codes that a rule approves for whoever has a card.
    codes: BTreeSet<String>,
    /// As the contract's registry has the provider; none where it has not.
    provider: Option<String>,
    /// Code by code, in their order: those of which people decided something.
    cards: Vec<CardView>,
    /// The last code, where there are more.
    next: Option<String>,
}

/// What a card takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RulesView {
    /// Days before today whose decisions count.
    days: u32,
    /// As many requests have to be decided by people within them.
    least: u16,
    /// As many of a hundred have to be approved as asked.
    percent: u8,
    /// As many of a hundred requests go to a person all the same.
    sample_percent: u8,
}

/// What a provider has for a code.
#[derive(Serialize, ToSchema)]
struct CardView {
    code: String,
    /// Whether there is a card.
    holds: bool,
    /// The first day whose decisions count; none where the contract knows no gold cards.
    since: Option<String>,
    /// Requests that people decided since.
    decided: u32,
    /// Those that were approved as asked.
    approved: u32,
    /// That the card was taken away.
    revoked: Option<RevokedView>,
}

/// That a card was taken away.
#[derive(Serialize, ToSchema)]
struct RevokedView {
    /// Sign-in name.
    by: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    reason: String,
}

/// What becomes of a card.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct CardBody {
    /// Whether it is taken away; `false` gives it back.
    #[schema(value_type = bool, required = true)]
    revoked: Option<bool>,
    /// Why it is taken away.
    reason: Option<String>,
}

/// Lists the gold cards of a provider.
#[utoipa::path(
    get, path = "/staff/contracts/{id}/gold-cards", tag = "reviews",
    params(("id" = String, Path, description = "Contract"), Filter),
    responses(
        (status = 200, body = GoldCards, description = "By code"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_gold_cards(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<GoldCards>, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let mut errors = FieldErrors::none();
    let npi = errors.parse::<Npi>("/npi", query.0.npi.as_deref());
    let after = errors.parse_optional::<ProcedureCode>("/after", query.0.after.as_deref());
    let npi = errors.finish(npi)?;
    let table = app.table();
    let (pack, codes, known) = futures::join!(
        table.contract(&contract, app.now()),
        table.counted_codes(&contract, npi, after.as_ref()),
        table.providers_by_npi(&contract, &npi, 1)
    );
    let (pack, (codes, more), known) = (pack?.ok_or(Denied::Hidden)?, codes?, known?);
    let next = codes.last().filter(|_| more).map(ToString::to_string);
    let records = table.records(&contract, npi, codes).await?;
    let rests = pack.auto_review.iter().filter(|rule| rule.gold_card).flat_map(|rule| &rule.codes);
    Ok(Answer(GoldCards {
        rules: pack.gold_card.map(RulesView::of),
        codes: rests.map(ToString::to_string).collect(),
        provider: known.first().map(|provider| provider.name.to_string()),
        cards: records.iter().map(|record| CardView::of(record, &pack, app.now())).collect(),
        next,
    }))
}

/// Takes a card away, or gives it back.
#[utoipa::path(
    put, path = "/staff/contracts/{id}/gold-cards/{npi}/{code}", tag = "reviews", request_body = CardBody,
    params(
        ("id" = String, Path, description = "Contract"),
        ("npi" = String, Path, description = "The provider who asks"),
        ("code" = String, Path, description = "Procedure code"),
    ),
    responses(
        (status = 200, body = CardView, description = "It holds from now on"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts, or people have decided nothing of this provider and code"),
        (status = 409, body = ProblemBody, description = "It was taken away before"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn keep_gold_card(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, npi, code)): Path<(String, String, String)>,
    body: Json<CardBody>,
) -> Result<Answer<CardView>, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let of = npi.parse::<Npi>().ok().zip(code.parse::<ProcedureCode>().ok()).ok_or(Denied::Hidden)?;
    let revoked = parse(&body.value, &token, app.now())?;
    let table = app.table();
    let (pack, record) =
        futures::join!(table.contract(&contract, app.now()), table.record(&contract, of.0, of.1.clone()));
    let (pack, mut record) = (pack?.ok_or(Denied::Hidden)?, record?);
    if record.counted.is_empty() && record.revoked.is_none() {
        return Err(Denied::Hidden.into());
    }
    if record.revoked.is_some() && revoked.is_some() {
        return Err(taken());
    }
    let mut transaction = Transaction::new();
    transaction.revoked(table, (&contract, of.0, &of.1), revoked.as_ref())?;
    let what = named(&contract, &of, revoked.as_ref());
    let access = Access { what: Some(what), ..app.access(&token, "keep-gold-card", true) };
    transaction.audit_shown(table, &Shown { access, shown: Vec::new() })?;
    match table.commit(transaction).await {
        Err(error) if error.refused(Guard::Version) => return Err(taken()),
        saved => saved?,
    }
    record.revoked = revoked;
    Ok(Answer(CardView::of(&record, &pack, app.now())))
}

fn taken() -> Problem {
    Problem::conflict("This card was taken away before. Look at it again.", "revoked")
}

/// As the audit has it.
fn named(contract: &ContractId, (npi, code): &(Npi, ProcedureCode), revoked: Option<&Revoked>) -> String {
    let what = if revoked.is_some() { "revoked" } else { "given back" };
    format!("{contract} {npi} {code}: {what}")
}

/// That it is taken away, or `None` when it is given back.
fn parse(body: &CardBody, token: &Token, at: Timestamp) -> Result<Option<Revoked>, FieldErrors> {
    let mut errors = FieldErrors::none();
    match body.revoked {
        Some(true) => Revoked::new(token.username.clone(), at, body.reason.as_deref().unwrap_or_default()).map(Some),
        Some(false) => Ok(None),
        None => {
            errors.add("/revoked", Objection::required());
            Err(errors)
        }
    }
}

impl RulesView {
    fn of(rules: GoldCardRules) -> Self {
        let GoldCardRules { days, least, percent, sample_percent } = rules;
        Self { days, least, percent, sample_percent }
    }
}

impl CardView {
    fn of(record: &Record, contract: &Contract, at: Timestamp) -> Self {
        let standing = record.standing(contract, at);
        let view = |revoked: &Revoked| RevokedView {
            by: revoked.by.to_string(),
            at: revoked.at,
            reason: revoked.reason.clone(),
        };
        Self {
            code: record.code.to_string(),
            holds: standing.as_ref().is_some_and(portico_domain::reviews::gold_card::Standing::holds),
            since: standing.as_ref().map(|standing| standing.since.to_string()),
            decided: standing.as_ref().map_or(0, |standing| standing.decided),
            approved: standing.as_ref().map_or(0, |standing| standing.approved),
            revoked: record.revoked.as_ref().map(view),
        }
    }
}
