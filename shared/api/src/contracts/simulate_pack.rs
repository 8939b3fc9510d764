//! What the rules of automatic review in a pack would have made of requests that were handed in before (REV-02): whoever changes a rule
//! sees what would have been approved at once and was not, or was and would not be, and what people decided of it.
//!
//! Nothing is changed. Each request is looked at as it was handed in, with what was decided of the member's and the provider's other
//! requests until then. What is told of the member's coverage and of claims is what is known today.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use futures::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use portico_aws::{
    clock,
    table::{
        Table,
        audit::{Access, Shown},
        reports::{MOST_FACTS, Read},
    },
};
use portico_domain::{
    contracts::Contract,
    field::FieldErrors,
    period::Period,
    reports::{fact::Fact, sheet::received_in},
    reviews::{self, Known, Verdict},
    status::Outcome,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::keep_pack::{MOST_BODY, SentPack, problems, read};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{days, word},
    json::Json,
    problem::{Problem, ProblemBody},
    words,
};

/// Cases that are looked at at once.
const AT_ONCE: usize = 16;
/// Cases that are looked at, the latest ones.
const MOST_CASES: usize = 2000;
/// Differences that an answer lists, the latest ones.
const MOST_SHOWN: usize = 100;
/// As long it looks: the gateway waits half a minute.
const LONGEST: SignedDuration = SignedDuration::from_secs(18);
/// As many days at once.
const MOST_DAYS: u32 = 366;
/// Days that are looked at when none are named.
const USUAL_DAYS: i64 = 90;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(simulate_pack))
}

/// A pack, and the days on which the requests were handed in.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct Simulation {
    /// A ZIP archive of the pack's folder, in base64.
    #[schema(value_type = String, required = true, format = Byte)]
    archive: Option<String>,
    /// First day; 90 days before the last one when absent.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Last day; today when absent.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

/// What was found.
#[derive(Serialize, ToSchema, Default, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct Simulated {
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Requests that were looked at, the latest ones.
    requests: usize,
    /// Requests there are, of these days.
    of: usize,
    /// Those that a rule approves by the pack that held then.
    approved_before: usize,
    /// Those that a rule approves by this pack.
    approved_after: usize,
    /// Those that this pack alone lets a rule approve, by what a person decided of them first.
    newly_approved: ByPeople,
    /// The latest of those that the two do not treat alike, latest first.
    differs: Vec<DiffersView>,
}

/// What people decided.
#[derive(Serialize, ToSchema, Default, Debug, PartialEq, Eq)]
struct ByPeople {
    approved: usize,
    modified: usize,
    denied: usize,
    /// Nobody has, or no person.
    none: usize,
}

/// A request that the two packs do not treat alike.
#[derive(Serialize, ToSchema, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct DiffersView {
    case_id: String,
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    /// By the pack that held then.
    before: VerdictView,
    /// By this one.
    after: VerdictView,
    /// What a person decided first; none where none did.
    #[schema(value_type = Option<words::Outcome>)]
    decided: Option<String>,
}

/// What becomes of a request by rules.
#[derive(Serialize, ToSchema, Debug, PartialEq, Eq)]
struct VerdictView {
    /// The rule that approves it; none where a person looks at it.
    rule: Option<String>,
    /// Why a person does, in English, where that is known.
    why: Option<String>,
}

impl VerdictView {
    fn of(verdict: Verdict<'_>) -> Self {
        match verdict {
            Verdict::Approves { rule, .. } => Self { rule: Some(rule.id.clone()), why: None },
            Verdict::Person(why) => Self { rule: None, why: why.map(|why| why.in_words()) },
        }
    }
}

/// Tries a pack's rules of automatic review on past requests.
#[utoipa::path(
    post, path = "/staff/contracts/{id}/packs/simulations", tag = "contracts", request_body = Simulation,
    params(("id" = String, Path, description = "Contract")),
    responses(
        (status = 200, body = Simulated, description = "What was found; nothing is changed"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "The pack has problems, or there are too many requests on these days"),
    ),
    security(("staff" = []))
)]
async fn simulate_pack(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<Simulation, MOST_BODY>,
) -> Result<Answer<Simulated>, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let Simulation { archive, from, to } = body.value;
    let pack = read(&contract, &SentPack { archive })?.map_err(|found| problems(found.len()))?;
    let today = pack.contract.calendar.time_zone.date_at(app.now());
    let usual = (|to: Date| to.saturating_sub(USUAL_DAYS.days()), today);
    let mut errors = FieldErrors::none();
    let asked = (from.as_deref(), to.as_deref());
    let days = days(&mut errors, asked, usual, (MOST_DAYS, &format!("Choose at most {MOST_DAYS} days.")));
    let days = errors.finish(days)?;
    let facts = match app.table().facts(&contract, days).await? {
        Read::All(facts) => facts,
        Read::TooMany => {
            let wrong = Wrong::TooMany { most: MOST_FACTS };
            let text = "There are too many requests on these days. Choose fewer days.";
            return Err(Problem::invalid_field("/to", wrong.says(text)));
        }
    };
    let what = format!("{contract} {} {} {}", pack.contract.version, days.from(), days.to());
    let access = Access { what: Some(what), ..app.access(&token, "simulate-pack", true) };
    let mut transaction = portico_aws::table::Transaction::new();
    transaction.audit_shown(app.table(), &Shown { access, shown: Vec::new() })?;
    app.table().commit(transaction).await?;
    let simulated = simulated(app.table(), &pack.contract, facts, days).await?;
    Ok(Answer(simulated))
}

/// Looks at the latest of the requests, as many as there is time for.
async fn simulated(table: &Table, contract: &Contract, facts: Vec<Fact>, days: Period) -> Result<Simulated, Problem> {
    let zone = &contract.calendar.time_zone;
    let within = |fact: &Fact| received_in(fact, days, zone) && !fact.review.is_another_look();
    let mut by_case = BTreeMap::new();
    let mut found = Simulated { from: days.from().to_string(), to: days.to().to_string(), ..Simulated::default() };
    for fact in facts.into_iter().filter(within) {
        found.of += 1;
        by_case.entry(fact.case.clone()).or_insert_with(Vec::new).push(fact);
    }
    let mut cases: Vec<Vec<Fact>> = by_case.into_values().collect();
    cases.sort_by_key(|facts| std::cmp::Reverse(facts.iter().map(|fact| fact.received).max()));
    cases.truncate(MOST_CASES);
    let until = clock::now().saturating_add(LONGEST).unwrap_or(Timestamp::MAX);
    let looked = stream::iter(cases).map(|facts| of_case(table, contract, facts)).buffered(AT_ONCE);
    let mut looked = std::pin::pin!(looked);
    while let Some(requests) = looked.next().await {
        for one in requests? {
            found.add(one);
        }
        if clock::now() > until {
            break;
        }
    }
    Ok(found)
}

impl Simulated {
    fn add(&mut self, one: DiffersView) {
        let (before, after) = (one.before.rule.is_some(), one.after.rule.is_some());
        self.requests += 1;
        self.approved_before += usize::from(before);
        self.approved_after += usize::from(after);
        if after && !before {
            let decided = match one.decided.as_deref() {
                Some("approved") => &mut self.newly_approved.approved,
                Some("modified") => &mut self.newly_approved.modified,
                Some("denied") => &mut self.newly_approved.denied,
                Some(_) | None => &mut self.newly_approved.none,
            };
            *decided += 1;
        }
        if before != after && self.differs.len() < MOST_SHOWN {
            self.differs.push(one);
        }
    }
}

/// What both packs make of the requests of a case.
async fn of_case(table: &Table, pack: &Contract, facts: Vec<Fact>) -> Result<Vec<DiffersView>, Problem> {
    let Some(first) = facts.first() else { return Ok(Vec::new()) };
    let Some(key) = table.case_key(&first.case).await? else { return Ok(Vec::new()) };
    let Some(case) = table.case(key).await? else { return Ok(Vec::new()) };
    let others = table.others(case.member.id, case.key).await?;
    let mut found = Vec::new();
    for fact in &facts {
        let Some(request) = case.request(fact.request) else { continue };
        let at = fact.received;
        let Some(held) = table.contract_for(&case, at).await? else { continue };
        let mut records = BTreeMap::new();
        for contract in [&*held, pack] {
            let codes = request.lines.iter().map(|line| &line.code);
            let read = table.records_for_a_rule(contract, case.requesting.npi, codes).await?;
            records.extend(read.into_iter().map(|record| (record.code.clone(), record)));
        }
        let records: Vec<_> = records.into_values().collect();
        let known = Known { others: &others, records: &records };
        let (before, after) = reviews::tried(&case, request, (&held, pack), known, at);
        let person = fact.first().filter(|made| made.by.is_some());
        found.push(DiffersView {
            case_id: fact.case.to_string(),
            request: fact.request.to_string(),
            received: at,
            before: VerdictView::of(before),
            after: VerdictView::of(after),
            decided: person.map(|made| word::<Outcome>(&made.outcome)),
        });
    }
    Ok(found)
}
