//! Lists what was asked for a member before, so that nobody asks twice (CASE-04): the requests of the caller's groups, and
//! apart from them those of others that the groups' providers serve. Nothing else of the member's is shown or counted.
//!
//! A GET: the member's opaque id says nothing of a person, and no filter does.

use std::{cmp::Ordering, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use futures::future::try_join_all;
use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::IssuedLetter;
use portico_domain::{
    caller::{Caller, Denied},
    cases::{Case, access::CaseAction, request::Request},
    contracts::Contract,
    field::FieldErrors,
    id::{CaseKey, MemberId, RequestNumber},
    service::Line,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::view_files::LetterView;
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{choice, word},
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_requests))
}

/// Which of the two lists, and in which order.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `requesting`: asked for by the caller's groups, which is the usual; `servicing`: by others, for the groups' providers
    /// to serve.
    #[param(value_type = Option<words::RequestList>, inline)]
    list: Option<String>,
    /// What they are sorted by; usually by their submit.
    #[param(value_type = Option<words::RequestSort>, inline)]
    sort: Option<String>,
    /// Usually descending.
    #[param(value_type = Option<words::Order>, inline)]
    order: Option<String>,
    /// Requests on a page: 1 to 50, usually 10.
    limit: Option<String>,
    /// `next` of the page before, with the same list and order.
    cursor: Option<String>,
}

/// Which list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum List {
    /// Asked for by the caller's groups.
    #[default]
    Requesting,
    /// Asked for by others, served by the groups' providers.
    Servicing,
}

/// What is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sort {
    Request,
    Status,
    #[default]
    Submitted,
    Setting,
    Discharged,
    ServiceType,
    Days,
}

/// In which direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// The first first.
    Ascending,
    /// The last first.
    #[default]
    Descending,
}

#[derive(Debug)]
struct Asked {
    list: List,
    sort: Sort,
    order: Order,
    page: Page,
}

/// A page of a member's earlier requests.
#[derive(Serialize, ToSchema)]
struct ListedRequests {
    requests: Vec<ListedRequest>,
    /// How many there are in this list.
    total: usize,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An earlier request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ListedRequest {
    /// Opaque key of its case.
    key: String,
    /// Once submitted.
    #[schema(example = "261270001")]
    case_id: Option<String>,
    contract: String,
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = words::ReviewKind)]
    review: String,
    #[schema(value_type = words::Status)]
    status: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    /// Inpatient or outpatient.
    #[schema(value_type = words::Setting)]
    setting: String,
    /// For a stay, once it is known.
    #[schema(value_type = Option<String>, format = Date)]
    discharged: Option<Date>,
    /// The service type in the contract's words.
    service_type: Option<String>,
    /// The first day that is asked for.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    requesting_name: String,
    servicing_name: Option<String>,
    procedures: Vec<ListedProcedure>,
    /// The letters about it, oldest first.
    letters: Vec<LetterView>,
}

/// A service that was asked for.
#[derive(Serialize, ToSchema)]
struct ListedProcedure {
    code: String,
    modifiers: Vec<String>,
    /// The contract's words for it.
    description: Option<String>,
}

/// A request with what it is sorted by.
struct Entry<'a> {
    case: &'a Case,
    request: &'a Request,
    service_type: Option<String>,
}

/// Lists a member's earlier requests.
#[utoipa::path(
    get, path = "/members/{member}/requests", tag = "cases",
    params(("member" = String, Path, description = "Opaque id, from the member search"), Filter),
    responses(
        (status = 200, body = ListedRequests, description = "A page of requests, possibly none"),
        (status = 404, body = ProblemBody, description = "No such member, or not of one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn list_requests(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<ListedRequests>, Problem> {
    let asked = parse(&query.0)?;
    let id: MemberId = id.parse().map_err(|_| Problem::from(Denied::Hidden))?;
    let (caller, member, keys) =
        futures::join!(app.caller(&token), app.table().member(id), app.table().cases_of_member(id));
    let (caller, member, mut keys) = (caller?, member?, keys?);
    let member = member.ok_or_else(|| Problem::from(Denied::Hidden))?;
    if !app.works_under(&caller, &member.contract).await? {
        return Err(Denied::Hidden.into());
    }
    if member.id != id {
        // A temporary member's that has become the real one's.
        keys = app.table().cases_of_member(member.id).await?;
    }
    let (contract, cases) = futures::join!(app.contract(&member.contract), app.table().cases(keys));
    let (contract, cases) = (contract?, app.seen(&caller, cases?).await?);
    let all = sorted(&cases, &caller, &asked, &contract);
    let (page, next) = page(&all, &asked.page)?;
    // Ids alone are noted, and before anything is shown.
    let what = format!("{} {} {}", member.id, word(&asked.list), word(&asked.sort));
    let mut shown: Vec<String> = page.iter().map(|entry| entry.case.key.to_string()).collect();
    shown.dedup();
    let letters = try_join_all(page.iter().map(|entry| app.table().letters(entry.case.key)));
    let (noted, letters) = futures::join!(app.audit_shown(&token, "list-requests", Some(what), shown), letters);
    noted?;
    let letters = letters?;
    let contract = app.table().with_rules(contract, page.iter().flat_map(|entry| entry.case.codes())).await?;
    let requests = page.iter().zip(&letters).map(|(entry, letters)| entry.listed(letters, &contract)).collect();
    Ok(Answer(ListedRequests { requests, total: all.len(), next }))
}

fn parse(query: &Filter) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let list = word_of(&mut errors, "/list", query.list.as_deref(), "Choose requesting or servicing.");
    let columns = "Choose request, status, submitted, setting, discharged, service-type or days.";
    let sort = word_of(&mut errors, "/sort", query.sort.as_deref(), columns);
    let order = word_of(&mut errors, "/order", query.order.as_deref(), "Choose ascending or descending.");
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (10, 50), |text| {
        place(text).is_some()
    });
    let asked = list.zip(sort).zip(order).map(|((list, sort), order)| Asked { list, sort, order, page });
    errors.finish(asked)
}

/// One of a few words, the usual one where none is sent.
fn word_of<T: DeserializeOwned + Default>(
    errors: &mut FieldErrors,
    pointer: &str,
    text: Option<&str>,
    known: &'static str,
) -> Option<T> {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => choice(errors, pointer, Some(text), known),
        None => Some(T::default()),
    }
}

/// `cas_…#R01`: which request stands last on a page. It says nothing of the member, as what it is sorted by would.
fn place(text: &str) -> Option<(CaseKey, RequestNumber)> {
    let (key, number) = text.split_once('#')?;
    key.parse().ok().zip(number.parse().ok())
}

/// The requests of one of the two lists, in order. Whoever asked in a case that the groups also serve sees it as asked for.
fn sorted<'a>(cases: &'a [Case], caller: &Caller, asked: &Asked, contract: &Contract) -> Vec<Entry<'a>> {
    let is_own = |case: &Case| caller.may(CaseAction::Write, case).is_ok();
    let of_list = cases.iter().filter(|case| is_own(case) == (asked.list == List::Requesting));
    let mut all: Vec<Entry<'a>> =
        of_list.flat_map(|case| case.requests.iter().map(move |request| Entry::of(case, request, contract))).collect();
    all.sort_by(|a, b| a.compared(b, asked.sort, asked.order));
    all
}

/// The requests of a page, and where the next one begins.
fn page<'a, 'b>(all: &'b [Entry<'a>], page: &Page) -> Result<(&'b [Entry<'a>], Option<String>), Problem> {
    let after = page.after.as_deref().and_then(place);
    let from = after.map(|(key, number)| {
        let last = all.iter().position(|entry| entry.case.key == key && entry.request.number == number);
        last.map(|last| last + 1)
    });
    // What is not in the list any more was never on a page of this caller's, or is hidden now.
    let from = from.unwrap_or(Some(0)).ok_or_else(|| {
        let mut errors = FieldErrors::none();
        errors.add("/cursor", crate::page::not_a_cursor());
        Problem::from(errors)
    })?;
    let rest = all.get(from..).unwrap_or_default();
    let shown = rest.get(..usize::from(page.limit)).unwrap_or(rest);
    let last = shown.last().filter(|_| shown.len() < rest.len());
    Ok((shown, last.map(|last| cursor(&format!("{}#{}", last.case.key, last.request.number)))))
}

impl<'a> Entry<'a> {
    fn of(case: &'a Case, request: &'a Request, contract: &Contract) -> Self {
        let id = case.service.as_ref().map(|service| service.service_type.as_str());
        let label = |id: &str| contract.service_type(id).map_or_else(|| id.to_owned(), |known| known.label.clone());
        Self { case, request, service_type: id.map(label) }
    }

    fn submitted(&self) -> Option<Timestamp> {
        self.case.submission.as_ref().map(|submission| submission.at)
    }

    fn discharged(&self) -> Option<Date> {
        self.case.service.as_ref()?.stay.as_ref()?.discharged
    }

    fn compared(&self, other: &Self, sort: Sort, order: Order) -> Ordering {
        // What is not known comes last in both directions.
        fn known<T: Ord>(one: Option<T>, other: Option<T>, order: Order) -> Ordering {
            match (one, other) {
                (Some(one), Some(other)) if order == Order::Descending => other.cmp(&one),
                (Some(one), Some(other)) => one.cmp(&other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            }
        }
        let number = |entry: &Self| entry.case.submission.as_ref().map(|is| is.case_id.to_string());
        let by = match sort {
            Sort::Request => known(number(self), number(other), order),
            Sort::Status => {
                known(Some(self.request.status().to_string()), Some(other.request.status().to_string()), order)
            }
            Sort::Submitted => known(self.submitted(), other.submitted(), order),
            Sort::Setting => known(Some(word(&self.case.setting)), Some(word(&other.case.setting)), order),
            Sort::Discharged => known(self.discharged(), other.discharged(), order),
            Sort::ServiceType => known(self.service_type.as_ref(), other.service_type.as_ref(), order),
            Sort::Days => {
                let days = |entry: &Self| entry.request.days().map(|days| (days.from(), days.to()));
                known(days(self), days(other), order)
            }
        };
        let newest = |entry: &Self| (entry.case.created_at, entry.case.key, entry.request.number);
        by.then_with(|| newest(other).cmp(&newest(self)))
    }

    fn listed(&self, letters: &[IssuedLetter], contract: &Contract) -> ListedRequest {
        let Self { case, request, .. } = self;
        let days = request.days();
        let procedure = |line: &Line| ListedProcedure {
            code: line.code.to_string(),
            modifiers: line.modifiers.iter().map(ToString::to_string).collect(),
            description: case.rule_of(line, contract).map(|rule| rule.description.clone()),
        };
        let about = letters.iter().filter(|letter| letter.request == request.number);
        ListedRequest {
            key: case.key.to_string(),
            case_id: case.submission.as_ref().map(|submission| submission.case_id.to_string()),
            contract: case.contract.to_string(),
            request: request.number.to_string(),
            review: word(&request.review),
            status: word(&request.status()),
            submitted_at: self.submitted(),
            setting: word(&case.setting),
            discharged: self.discharged(),
            service_type: self.service_type.clone(),
            from: days.map(portico_domain::period::Period::from),
            to: days.map(portico_domain::period::Period::to),
            requesting_name: case.requesting.name.to_string(),
            servicing_name: case.servicing.as_ref().map(|is| is.name.to_string()),
            procedures: request.lines.iter().map(procedure).collect(),
            letters: about.map(LetterView::of).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn asked(query: &Filter) -> Result<Asked, Vec<String>> {
        parse(query).map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    /// Two submitted on different days, and a draft.
    fn cases() -> [Case; 3] {
        let named = |mut case: Case, key: u8| {
            case.key = format!("cas_{key:032x}").parse().unwrap();
            case
        };
        let (first, mut second) = (named(samples::submitted(), 1), named(samples::submitted(), 2));
        let submission = second.submission.as_mut().unwrap();
        submission.at = "2026-05-09T15:00:00Z".parse().unwrap();
        submission.case_id = "261290001".parse().unwrap();
        [first, second, named(samples::draft(), 3)]
    }

    fn keys(cases: &[Case], caller: &Caller, query: &Filter) -> Vec<String> {
        let contract = samples::contract();
        let listed = sorted(cases, caller, &asked(query).unwrap(), &contract);
        listed.iter().map(|entry| entry.case.key.to_string()[35..].to_owned()).collect()
    }

    #[test]
    fn the_newest_submit_comes_first_and_what_has_none_last() {
        let (cases, clerk, text) = (cases(), samples::clerk(), |text: &str| Some(text.to_owned()));
        assert_eq!(keys(&cases, &clerk, &Filter::default()), ["2", "1", "3"]);
        assert_eq!(keys(&cases, &clerk, &Filter { order: text("ascending"), ..Filter::default() }), ["1", "2", "3"]);
        assert_eq!(keys(&cases, &clerk, &Filter { sort: text("status"), ..Filter::default() })[2], "3");
        for sort in ["request", "setting", "discharged", "service-type", "days"] {
            assert_eq!(keys(&cases, &clerk, &Filter { sort: text(sort), ..Filter::default() }).len(), 3, "{sort}");
        }
        assert!(keys(&cases, &clerk, &Filter { list: text("servicing"), ..Filter::default() }).is_empty());
    }

    #[test]
    fn pages_make_the_list_and_a_cursor_of_another_list_is_refused() {
        let (cases, clerk, contract) = (cases(), samples::clerk(), samples::contract());
        let limit = |cursor| Filter { limit: Some("2".to_owned()), cursor, ..Filter::default() };
        let first = asked(&limit(None)).unwrap();
        let all = sorted(&cases, &clerk, &first, &contract);
        let (shown, next) = page(&all, &first.page).unwrap();
        assert_eq!((shown.len(), next.is_some()), (2, true));
        let (rest, end) = page(&all, &asked(&limit(next)).unwrap().page).unwrap();
        assert_eq!((rest.len(), end), (1, None));
        let elsewhere = cursor(&format!("cas_{:032x}#R01", 9));
        assert!(page(&all, &asked(&limit(Some(elsewhere))).unwrap().page).is_err());
        let wrong = Filter {
            list: Some("all".to_owned()),
            sort: Some("member".to_owned()),
            order: Some("up".to_owned()),
            limit: Some("51".to_owned()),
            cursor: Some(cursor("cas_1#R01")),
        };
        assert_eq!(asked(&wrong).unwrap_err(), ["/list", "/sort", "/order", "/limit", "/cursor"]);
    }

    #[test]
    fn a_request_is_told_in_the_contracts_words() {
        let (case, contract) = (samples::submitted(), samples::contract());
        let entry = Entry::of(&case, &case.requests[0], &contract);
        let told = serde_json::to_value(entry.listed(&[], &contract)).unwrap();
        assert_eq!((&told["caseId"], &told["request"]), (&"261270001".into(), &"R01".into()));
        assert_eq!((&told["from"], &told["to"]), (&"2026-05-11".into(), &"2026-06-09".into()));
        assert_eq!(told["procedures"][0]["modifiers"], serde_json::json!(["U6", "UB"]));
        assert!(told["serviceType"].as_str().is_some_and(|label| label.starts_with("Day")));
    }
}
