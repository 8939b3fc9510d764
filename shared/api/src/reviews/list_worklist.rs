//! Lists what waits for review, by due time, over the reviewer's contracts (REV-01). What nobody has any more because its claim
//! has ended is nobody's here too (REV-11).

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::lists::CaseSummary;
use portico_domain::{
    caller::{Denied, Reviewer},
    field::FieldErrors,
    id::{CaseKey, ContractId, RequestNumber, Username},
    reviews::Holder,
    service::{ReviewKind, Urgency},
    status::Queue,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{SOON, count_worklists, lasts, list_reviewers};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{choice, word},
    holders::Held,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// Entries that are looked through at once for those that are asked for, of each contract.
const LOOK: u8 = 100;
/// How often, before a page is given that is not full.
const ROUNDS: usize = 5;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_worklist)).merge(list_reviewers::route()).merge(count_worklists::route())
}

/// Which part of the worklist.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the reviewer's contracts; all of them when absent.
    contract: Option<String>,
    /// Only what this reviewer has.
    #[serde(rename = "claimedBy")]
    #[param(rename = "claimedBy", example = "nurse.ann")]
    claimed_by: Option<String>,
    /// Only what nobody has, or what somebody has.
    #[param(value_type = Option<HeldBy>, inline)]
    held: Option<String>,
    /// Only what is due so.
    #[param(value_type = Option<DueIn>, inline)]
    due: Option<String>,
    /// Only what is asked for so fast.
    #[param(value_type = Option<words::Urgency>, inline)]
    urgency: Option<String>,
    /// Only requests of this kind.
    #[param(value_type = Option<words::ReviewKind>, inline)]
    review: Option<String>,
    /// Requests on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Whether somebody has a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum HeldBy {
    /// It is free to claim.
    Nobody,
    Somebody,
}

/// When something is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum DueIn {
    /// It was due before.
    Overdue,
    /// In the next 24 hours, or before.
    Day,
}

/// The filter, parsed.
#[derive(Debug)]
struct Wanted {
    contract: Option<ContractId>,
    claimed_by: Option<Username>,
    held: Option<HeldBy>,
    /// Due by then.
    until: Option<Timestamp>,
    urgency: Option<Urgency>,
    review: Option<ReviewKind>,
    page: Page,
}

/// A page of a worklist. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
struct Worklist {
    /// The first due first.
    items: Vec<WorkItem>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A request that waits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WorkItem {
    /// Opaque key of the case.
    key: String,
    case_id: Option<String>,
    contract: String,
    request: String,
    #[schema(value_type = words::ReviewKind)]
    review: String,
    #[schema(value_type = words::Urgency)]
    urgency: String,
    #[schema(value_type = words::Status)]
    status: String,
    #[schema(value_type = words::Setting)]
    setting: String,
    service_type: Option<String>,
    member_name: String,
    #[schema(value_type = String, format = Date)]
    member_birth_date: Date,
    requesting_name: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    /// None while its clock stands still. Of a conversation, when it is to be held.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    /// Beyond its due time.
    overdue: bool,
    /// Since when those who lead know that it was not decided in time.
    #[schema(value_type = Option<String>, format = DateTime)]
    escalated_since: Option<Timestamp>,
    /// By how many days the time for its decision was extended.
    extended_days: Option<u32>,
    /// Who works on it.
    claimed_by: Option<String>,
    /// A peer-to-peer conversation about its decision, to be scheduled and held.
    peer_to_peer: bool,
    /// Since when there is something that was added after submit and no reviewer has seen.
    #[schema(value_type = Option<String>, format = DateTime)]
    news_since: Option<Timestamp>,
    /// Since when there are messages on the case that no reviewer has read. Of a case that waits for no reviewer they are why it
    /// is listed.
    #[schema(value_type = Option<String>, format = DateTime)]
    messages_since: Option<Timestamp>,
}

/// Lists a worklist.
#[utoipa::path(
    get, path = "/staff/worklists/{queue}", tag = "reviews",
    params(("queue" = inline(words::Queue), Path, description = "Which worklist"), Filter),
    responses(
        (status = 200, body = Worklist, description = "A page, possibly empty"),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this list"),
        (status = 404, body = ProblemBody, description = "No such worklist, or not one of the reviewer's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_worklist(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<Worklist>, Problem> {
    let queue: Queue = queue.parse().map_err(|_| Problem::not_found())?;
    let wanted = parse(&query.0, app.now())?;
    let caller = app.caller(&token).await?;
    let what = wanted.in_words(queue, &query.0);
    let contracts = chosen(caller.reviewer()?, queue, wanted.contract.clone())
        .map_err(|denied| Problem::from(denied).asked(&what))?;
    let (entries, next) = page(&app, &contracts, queue, &wanted).await?;
    let shown = entries.iter().map(|case| case.key.to_string()).collect();
    let audit = app.audit_shown(&token, "list-worklist", Some(what), shown);
    let (entries, audited) = futures::join!(without_ended(&app, entries, queue), audit);
    audited?;
    let mut entries = entries?;
    entries.retain(|entry| wanted.is_held_so(entry));
    let (now, next) = (app.now(), next.map(|place| cursor(&place)));
    Ok(Answer(Worklist { items: entries.into_iter().map(|entry| WorkItem::of(entry, now)).collect(), next }))
}

fn parse(query: &Filter, now: Timestamp) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", query.contract.as_deref());
    let claimed_by = errors.parse_optional("/claimedBy", query.claimed_by.as_deref());
    let held = chosen_word(&mut errors, "/held", query.held.as_deref(), "Choose nobody or somebody.");
    let due = chosen_word(&mut errors, "/due", query.due.as_deref(), "Choose overdue or day.");
    let until = due.map(|due| match due {
        DueIn::Overdue => now,
        DueIn::Day => now.checked_add(SOON).unwrap_or(Timestamp::MAX),
    });
    let urgency = chosen_word(&mut errors, "/urgency", query.urgency.as_deref(), "Choose standard or expedited.");
    let review = chosen_word(&mut errors, "/review", query.review.as_deref(), "Choose a kind of review, as initial.");
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (25, 50), is_place);
    errors.finish(Some(Wanted { contract, claimed_by, held, until, urgency, review, page }))
}

/// One of a few words, or none.
fn chosen_word<T: DeserializeOwned>(
    errors: &mut FieldErrors,
    pointer: &str,
    text: Option<&str>,
    known: &'static str,
) -> Option<T> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    choice(errors, pointer, Some(text), known)
}

impl Wanted {
    /// Whether it is one of those that are asked for, by all but who has it.
    fn fits(&self, entry: &CaseSummary) -> bool {
        self.until.is_none_or(|until| entry.due_or_talk().is_some_and(|due| due <= until))
            && self.urgency.is_none_or(|urgency| urgency == entry.urgency)
            && self.review.is_none_or(|review| review == entry.review)
    }

    /// Whether whoever has it is who is asked for.
    fn is_held_so(&self, entry: &CaseSummary) -> bool {
        let held = entry.claimed_by.is_some();
        (self.claimed_by.is_none() || self.claimed_by == entry.claimed_by)
            && self.held.is_none_or(|wanted| held == (wanted == HeldBy::Somebody))
    }

    fn by_holder(&self) -> bool {
        self.claimed_by.is_some() || self.held.is_some()
    }

    fn narrowed(&self) -> bool {
        self.by_holder() || self.until.is_some() || self.urgency.is_some() || self.review.is_some()
    }

    /// What was asked for, as it is noted.
    fn in_words(&self, queue: Queue, query: &Filter) -> String {
        let (contract, by) = (self.contract.as_ref(), self.claimed_by.as_ref());
        let mut words = vec![queue.to_string()];
        words.extend(contract.map(ToString::to_string).into_iter().chain(by.map(ToString::to_string)));
        // They were parsed: each is one of a few words.
        words.extend([&query.held, &query.due, &query.urgency, &query.review].into_iter().flatten().cloned());
        words.join(" ")
    }
}

/// The requests of one page, and the place to go on after.
async fn page(
    app: &App,
    contracts: &[ContractId],
    queue: Queue,
    wanted: &Wanted,
) -> Result<(Vec<CaseSummary>, Option<String>), Problem> {
    let limit = wanted.page.limit;
    let (look, rounds) = if wanted.narrowed() { (LOOK, ROUNDS) } else { (limit, 1) };
    let mut after = wanted.page.after.clone();
    let (mut found, mut last) = (Vec::new(), None);
    for _ in 0..rounds {
        let place = after.as_deref();
        let lists = contracts.iter().map(|contract| app.table().worklist(contract, queue, place, look + 1));
        let (entries, next) = merge(futures::future::try_join_all(lists).await?, usize::from(look));
        // What is due first stands first: nothing behind one that is due later than asked for is due sooner.
        let over =
            entries.last().is_some_and(|(_, last)| wanted.until.is_some_and(|until| last.due_or_talk() > Some(until)));
        let (places, entries): (Vec<_>, Vec<_>) = entries.into_iter().filter(|(_, entry)| wanted.fits(entry)).unzip();
        // Who has it is known when it was looked up whose claims have ended.
        let entries = if wanted.by_holder() { without_ended(app, entries, queue).await? } else { entries };
        for (place, entry) in places.into_iter().zip(entries).filter(|(_, entry)| wanted.is_held_so(entry)) {
            if found.len() == usize::from(limit) {
                return Ok((found, last));
            }
            found.push(entry);
            last = Some(place);
        }
        after = next.filter(|_| !over);
        if after.is_none() {
            break;
        }
    }
    Ok((found, after))
}

/// The entries, those without their claims that are free to take although somebody claimed them.
async fn without_ended(app: &App, mut entries: Vec<CaseSummary>, queue: Queue) -> Result<Vec<CaseSummary>, Problem> {
    let claimed = entries.iter().filter_map(|entry| Some((entry.claimed_by.as_ref()?, entry)));
    let held: Vec<Held<'_>> = claimed.map(|(by, entry)| (by, queue, &entry.contract)).collect();
    let ids: BTreeSet<&ContractId> = held.iter().map(|(.., contract)| *contract).collect();
    let now = app.now();
    let packs = ids.into_iter().map(|id| app.table().contract(id, now));
    let (holders, packs) = futures::join!(app.holders(&held), futures::future::try_join_all(packs));
    let (holders, packs) = (holders?, packs?);
    for (entry, holder) in entries.iter_mut().filter(|entry| entry.claimed_by.is_some()).zip(holders) {
        let pack = packs.iter().flatten().find(|pack| pack.id == entry.contract);
        if holder == Holder::Gone || !lasts(entry, pack.map(|pack| &**pack), now) {
            entry.claimed_by = None;
        }
    }
    Ok(entries)
}

/// `due#cas_…#R01`: the place of a request in a worklist.
fn is_place(text: &str) -> bool {
    let parts: Vec<&str> = text.split('#').collect();
    let due = |due: &str| due == "9999" || due.parse::<Timestamp>().is_ok();
    matches!(parts[..], [at, key, number]
        if due(at) && key.parse::<CaseKey>().is_ok() && number.parse::<RequestNumber>().is_ok())
}

/// The contracts to look at: the one asked for, if it is the reviewer's, else all of theirs.
fn chosen(reviewer: &Reviewer, queue: Queue, asked: Option<ContractId>) -> Result<Vec<ContractId>, Denied> {
    match asked {
        Some(contract) if !reviewer.contracts.contains(&contract) => Err(Denied::Hidden),
        _ if !reviewer.works(queue) => Err(Denied::Forbidden),
        Some(contract) => Ok(vec![contract]),
        None => Ok(reviewer.contracts.clone()),
    }
}

/// The first due of several contracts' worklists with their places, and the place that the rest follows.
fn merge(lists: Vec<Vec<(String, CaseSummary)>>, limit: usize) -> (Vec<(String, CaseSummary)>, Option<String>) {
    let mut entries: Vec<_> = lists.into_iter().flatten().collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(|(place, _)| place.clone());
    (entries, next)
}

impl WorkItem {
    fn of(entry: CaseSummary, now: Timestamp) -> Self {
        let due = entry.due_or_talk();
        Self {
            key: entry.key.to_string(),
            case_id: entry.case_id.map(|id| id.to_string()),
            contract: entry.contract.to_string(),
            request: entry.request.to_string(),
            review: word(&entry.review),
            urgency: word(&entry.urgency),
            status: word(&entry.status),
            setting: word(&entry.setting),
            service_type: entry.service_type,
            member_name: entry.member_name,
            member_birth_date: entry.member_birth_date,
            requesting_name: entry.requesting_name,
            submitted_at: entry.submitted_at,
            due,
            overdue: due.is_some_and(|due| due < now),
            escalated_since: entry.escalated,
            extended_days: entry.more_days,
            peer_to_peer: entry.talk.is_some(),
            claimed_by: entry.claimed_by.map(|name| name.to_string()),
            news_since: entry.news,
            messages_since: entry.unread,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::samples;

    fn entry(due: &str) -> (String, CaseSummary) {
        let summary = CaseSummary::of(&samples::claimed("nurse.ann"), &samples::contract().calendar).unwrap();
        (format!("{due}#{}#R01", summary.key), summary)
    }

    /// REQ: REV-01
    #[test]
    fn contracts_are_merged_by_due_time() {
        let lists = vec![vec![entry("2026-05-17T04:59:59Z")], vec![entry("2026-05-09T04:59:59Z"), entry("9999")]];
        let (entries, next) = merge(lists.clone(), 2);
        assert_eq!(entries.len(), 2);
        let place = entry("2026-05-17T04:59:59Z").0;
        assert_eq!(next.as_ref(), Some(&place));
        assert!(is_place(&place) && is_place(&entry("9999").0) && !is_place("CASE#1#R01"));
        assert_eq!(merge(lists, 3).1, None);
    }

    /// REQ: REV-01
    #[test]
    fn an_item_says_whether_it_is_overdue_and_who_has_it() {
        let item = |now: &str| WorkItem::of(entry("9999").1, now.parse().unwrap());
        assert!(!item("2026-05-17T04:59:59Z").overdue && item("2026-05-17T05:00:00Z").overdue);
        assert_eq!(item(samples::MORNING).claimed_by.as_deref(), Some("nurse.ann"));
    }

    #[test]
    fn a_claim_lasts_as_long_as_the_contract_says() {
        let (pack, (_, entry)) = (samples::contract(), entry("9999"));
        let at = |hours: i64| {
            let since: Timestamp = samples::MORNING.parse().unwrap();
            since.checked_add(jiff::Span::new().hours(hours)).unwrap()
        };
        let hours = i64::from(pack.reviews.claim_hours);
        assert!(lasts(&entry, Some(&pack), at(hours - 1)) && !lasts(&entry, Some(&pack), at(hours)));
        let before = CaseSummary { claimed_at: None, ..entry.clone() };
        assert!(lasts(&before, Some(&pack), at(hours)), "of what was stored before it is not known");
        let wanted = |name: Option<&str>| {
            parse(&Filter { claimed_by: name.map(Into::into), ..Filter::default() }, Timestamp::UNIX_EPOCH)
        };
        assert!(wanted(None).unwrap().is_held_so(&entry) && wanted(Some("nurse.ann")).unwrap().is_held_so(&entry));
        assert!(!wanted(Some("nurse.bob")).unwrap().is_held_so(&entry) && wanted(Some("!")).is_err());
    }

    #[test]
    fn a_list_is_narrowed_by_what_is_asked_for() {
        let (_, entry) = entry("9999");
        let due = entry.due.unwrap();
        let hours = |hours: i64| due.checked_sub(SignedDuration::from_hours(hours)).unwrap();
        let shows = |query: Filter, now: Timestamp| {
            let wanted = parse(&query, now).unwrap();
            wanted.narrowed() && wanted.fits(&entry) && wanted.is_held_so(&entry)
        };
        let text = |text: &str| Some(text.to_owned());
        for (word, hours_before, shown) in
            [("overdue", 1, false), ("overdue", -1, true), ("day", 25, false), ("day", 23, true), ("day", -1, true)]
        {
            let query = Filter { due: text(word), ..Filter::default() };
            assert_eq!(shows(query, hours(hours_before)), shown, "{word} {hours_before}");
        }
        let now = hours(99);
        for (word, shown) in [("standard", true), ("expedited", false)] {
            assert_eq!(shows(Filter { urgency: text(word), ..Filter::default() }, now), shown, "{word}");
        }
        for (word, shown) in [("initial", true), ("appeal", false)] {
            assert_eq!(shows(Filter { review: text(word), ..Filter::default() }, now), shown, "{word}");
        }
        for (word, shown) in [("somebody", true), ("nobody", false)] {
            assert_eq!(shows(Filter { held: text(word), ..Filter::default() }, now), shown, "{word}");
        }
        let paused = CaseSummary { due: None, ..entry.clone() };
        let overdue = parse(&Filter { due: text("overdue"), ..Filter::default() }, now).unwrap();
        assert!(!overdue.fits(&paused), "what has no due time now is not overdue");
        let wrong = Filter {
            held: text("me"),
            due: text("tomorrow"),
            urgency: text("stat"),
            review: text("first"),
            ..Filter::default()
        };
        let pointers: Vec<_> = parse(&wrong, now).unwrap_err().as_slice().iter().map(|e| e.pointer.clone()).collect();
        assert_eq!(pointers, ["/held", "/due", "/urgency", "/review"]);
        let all = Filter { due: text("day"), contract: text("arkansas"), ..Filter::default() };
        assert_eq!(parse(&all, now).unwrap().in_words(Queue::Nurse, &all), "nurse arkansas day");
    }

    /// REQ: REV-01
    #[test]
    fn a_reviewer_sees_only_their_contracts_and_lists() {
        let nurse = samples::nurse("nurse.ann");
        let nurse = nurse.reviewer().unwrap();
        let contract = |name: &str| Some(name.parse().unwrap());
        assert_eq!(chosen(nurse, Queue::Nurse, None).unwrap().len(), 1);
        assert_eq!(chosen(nurse, Queue::Nurse, contract("colorado")), Err(Denied::Hidden));
        assert_eq!(chosen(nurse, Queue::Physician, contract("arkansas")), Err(Denied::Forbidden));
    }
}
