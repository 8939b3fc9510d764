//! Who has viewed a case (OPS-05): from the record of its accesses, the last ones first, to everybody who sees the case and to whoever
//! leads the staff of its contract. The provider's side is told the names of its own people; who works for the payer is the review
//! team or the agency to it. That somebody looked at this is on record too. The same as a file for whoever leads.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use portico_aws::table::{Error, audit::Access};
use portico_domain::{
    accounts::Door,
    caller::Caller,
    cases::{
        Case,
        access::CaseAction,
        accesses::{Deed, Party, Row, together},
    },
    field::FieldErrors,
    id::{ClientId, EventId, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    csv, doors,
    form::word,
    open::Opened,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// People who are read at once.
const AT_ONCE: usize = 50;
/// Rows of a file, the last ones: an answer of a function has six megabytes at most.
const MOST_ROWS: usize = 20_000;

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(list_accesses))).merge(Route::new().routes(routes!(export_accesses)))
}

/// Which page.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Entries of the record that a page is made of: 1 to 100, usually 50.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of who has viewed a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Accesses {
    /// The case, for links.
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<String>,
    /// The contract, whose zone times are told in.
    contract: String,
    /// The last ones first.
    accesses: Vec<AccessView>,
    /// Whether the caller may take it all away as a file.
    may_export: bool,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What somebody did with a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccessView {
    /// When last.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When first, where it is several times within minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// How often.
    times: u32,
    #[schema(value_type = words::Party)]
    party: String,
    /// First and last name, or the name of a system; to the provider's side of its own people alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Sign-in name, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The provider of the case at which they work now.
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    #[schema(value_type = words::Deed)]
    did: String,
    /// Whether it was allowed, or refused.
    allowed: bool,
    /// From which address, for whoever leads staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

/// Somebody who is on record with a case.
#[derive(Clone, Debug)]
struct Person {
    party: Party,
    name: Option<String>,
    office: Option<String>,
}

/// Lists who has viewed a case.
#[utoipa::path(
    get, path = "/cases/{id}/accesses", tag = "cases",
    params(("id" = String, Path, description = "Opaque key or Case ID"), Filter),
    responses(
        (status = 200, body = Accesses, description = "A page; what one person did again within minutes is one row"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
        (status = 422, body = ProblemBody, description = "A part of the query has no form"),
    ),
    security(("provider" = []))
)]
async fn list_accesses(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<Accesses>, Problem> {
    let mut errors = FieldErrors::none();
    let place = |text: &str| text.parse::<EventId>().is_ok();
    let page = Page::parse(&mut errors, (query.0.limit.as_deref(), query.0.cursor.as_deref()), (50, 100), place);
    errors.into_result()?;
    let beside = |key| app.table().audits_before(key, page.after.as_deref(), page.limit);
    let opened = Box::pin(app.open_with(&token, &id, CaseAction::Trace, "list-accesses", beside)).await?;
    let Opened { caller, found: (case, (found, more)), access } = opened;
    let (people, audited) = futures::join!(
        people(&app, &case, found.iter().map(|(_, access)| &access.by).collect()),
        app.table().audit(case.key, &access),
    );
    audited?;
    let people = people?;
    let next = found.last().filter(|_| more).map(|(place, _)| cursor(place));
    let rows = together(found.into_iter().map(|(_, access)| row(access)));
    Ok(Answer(Accesses {
        key: case.key.to_string(),
        case_id: case.submission.as_ref().map(|submission| submission.case_id.to_string()),
        contract: case.contract.to_string(),
        accesses: rows.into_iter().map(|row| AccessView::of(row, &caller, &people)).collect(),
        may_export: caller.may(CaseAction::TakeTrace, &case).is_ok(),
        next,
    }))
}

/// Gives who has viewed a case as a file for spreadsheets.
#[utoipa::path(
    get, path = "/staff/cases/{id}/accesses/file", tag = "cases",
    params(("id" = String, Path, description = "Opaque key or Case ID")),
    responses(
        (status = 200, description = "Every entry a row, the last ones first: 20,000 at most", content((String = "text/csv"))),
        (status = 403, body = ProblemBody, description = "The caller leads nobody"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
    ),
    security(("staff" = []))
)]
async fn export_accesses(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let beside = |key| app.table().audits(key);
    let opened = Box::pin(app.open_with(&token, &id, CaseAction::TakeTrace, "export-accesses", beside)).await?;
    let (case, found) = &opened.found;
    let found: Vec<&Access> = found.iter().rev().take(MOST_ROWS).collect();
    let (people, audited) = futures::join!(
        people(&app, case, found.iter().map(|access| &access.by).collect()),
        app.table().audit(case.key, &opened.access),
    );
    audited?;
    let people = people?;
    let head = ["at", "name", "username", "side", "office", "did", "operation", "outcome", "address"];
    let head = head.map(ToOwned::to_owned).to_vec();
    let rows = found.into_iter().map(|access| cells(access, people.get(&access.by)));
    Ok(csv::file(&format!("accesses-{}", case.key), csv::text([head].into_iter().chain(rows))?).into_response())
}

/// An entry as it stands in a file.
fn cells(access: &Access, person: Option<&Person>) -> Vec<String> {
    let of = |part: fn(&Person) -> Option<&String>| person.and_then(part).map(String::as_str).unwrap_or_default();
    let at = access.at.to_string();
    let cells = [
        at.as_str(),
        of(|person| person.name.as_ref()),
        access.by.as_str(),
        person.map_or("", |person| person.party.label()),
        of(|person| person.office.as_ref()),
        Deed::of(&access.operation).label(),
        access.operation.as_str(),
        if access.allowed { "allowed" } else { "refused" },
        access.from.as_str(),
    ];
    cells.map(csv::harmless).to_vec()
}

fn row(access: Access) -> Row {
    let deed = Deed::of(&access.operation);
    let Access { at, by, allowed, from, .. } = access;
    Row { at, since: at, by, deed, allowed, from, times: 1 }
}

/// Who these are. Offices are those of the case, by the groups that its providers have now.
async fn people(app: &App, case: &Case, names: BTreeSet<&Username>) -> Result<HashMap<Username, Person>, Error> {
    let unregistered = case.unregistered();
    let now = app.table().providers(&unregistered).await?;
    let case = &case.clone().with_groups(&now);
    let read = |name: Username| async move { Ok(person(app, case, &name).await?.map(|person| (name, person))) };
    let names: Vec<Username> = names.into_iter().cloned().collect();
    let found: Vec<_> = stream::iter(names).map(read).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

async fn person(app: &App, case: &Case, name: &Username) -> Result<Option<Person>, Error> {
    if let Ok(client) = name.as_str().parse::<ClientId>() {
        let named = app.table().client(client).await?.map(|client| client.name.to_string());
        return Ok(Some(Person { party: Party::System, name: named, office: None }));
    }
    let Some(file) = app.table().user_file(name).await? else { return Ok(None) };
    let party = match &file.user.door {
        Door::Provider => Party::Provider,
        Door::Staff(post) => Party::of_staff(post.role),
    };
    let office = case.office_of(&file.roles).map(|provider| provider.name.to_string());
    Ok(Some(Person { party, name: Some(file.user.contact.full_name()), office }))
}

impl AccessView {
    fn of(row: Row, reader: &Caller, people: &HashMap<Username, Person>) -> Self {
        let Row { at, since, by, deed, allowed, from, times } = row;
        let person = people.get(&by);
        let party = person.map_or(Party::Agency, |person| person.party);
        let office = person.and_then(|person| person.office.clone());
        let told = reader.is_told_who(party, allowed, office.is_some());
        Self {
            at,
            since: (times > 1).then_some(since),
            times,
            party: word(&party),
            name: person.and_then(|person| person.name.clone()).filter(|_| told),
            username: reader.reviewer().is_ok().then(|| by.to_string()),
            office,
            did: word(&deed),
            allowed,
            from: Some(from).filter(|_| reader.is_told_from_where()),
        }
    }
}

#[cfg(test)]
mod tests {
    use portico_domain::caller::{Reviewer, StaffRole};
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;

    fn access(by: &str, operation: &str, allowed: bool) -> Access {
        Access {
            at: samples::MORNING.parse().unwrap(),
            by: by.parse().unwrap(),
            operation: operation.to_owned(),
            from: "192.0.2.7".to_owned(),
            allowed,
            what: None,
            person: None,
        }
    }

    fn known() -> HashMap<Username, Person> {
        let person = |party, name: &str, office: Option<&str>| Person {
            party,
            name: Some(name.to_owned()),
            office: office.map(ToOwned::to_owned),
        };
        [
            ("clerk.cam", person(Party::Provider, "Cam Reed", Some("River Day Clinic"))),
            ("out.side", person(Party::Provider, "Otto Side", None)),
            ("nurse.ann", person(Party::ReviewTeam, "Ann Hall", None)),
            ("sam.help", person(Party::Agency, "Sam Help", None)),
        ]
        .into_iter()
        .map(|(name, person)| (name.parse().unwrap(), person))
        .collect()
    }

    fn seen(reader: &Caller, access: Access) -> Value {
        serde_json::to_value(AccessView::of(row(access), reader, &known())).unwrap()
    }

    #[test]
    fn a_provider_is_told_its_own_people_by_name_and_nobody_else() {
        let clerk = samples::clerk();
        let own = seen(&clerk, access("clerk.cam", "get-case", true));
        let expected = json!({
            "at": samples::MORNING, "times": 1, "party": "provider", "name": "Cam Reed", "office": "River Day Clinic",
            "did": "viewed", "allowed": true,
        });
        assert_eq!(own, expected);
        let former = seen(&clerk, access("out.side", "get-letter", true));
        assert_eq!((&former["name"], &former["office"]), (&json!("Otto Side"), &Value::Null));
        for (by, operation, allowed, party) in [
            ("out.side", "get-case", false, "provider"),
            ("nurse.ann", "determine-request", true, "review-team"),
            ("sam.help", "get-case", true, "agency"),
            ("gone.now", "get-case", true, "agency"),
        ] {
            let row = seen(&clerk, access(by, operation, allowed));
            assert_eq!((&row["party"], &row["name"], &row["allowed"]), (&json!(party), &Value::Null, &json!(allowed)));
            assert!(!row.to_string().contains(by) && !row.to_string().contains("192.0.2"), "{row}");
        }
    }

    #[test]
    fn staff_are_told_everybody_and_whoever_leads_from_where() {
        let nurse = samples::nurse("nurse.ann");
        let row = seen(&nurse, access("out.side", "get-case", false));
        assert_eq!(
            (&row["name"], &row["username"], &row["from"]),
            (&json!("Otto Side"), &json!("out.side"), &Value::Null)
        );
        let Caller::Staff(post) = nurse else { panic!("a nurse is staff") };
        for leads in [
            Caller::Staff(Reviewer { lead: true, ..post.clone() }),
            Caller::Staff(Reviewer { role: StaffRole::ContractManager, ..post }),
        ] {
            assert_eq!(seen(&leads, access("sam.help", "get-document", true))["from"], "192.0.2.7");
        }
    }

    #[test]
    fn a_file_has_no_formula_and_says_what_was_done() {
        let mut formula = known();
        formula.insert(
            "out.side".parse().unwrap(),
            Person { party: Party::Provider, name: Some("=1+1".into()), office: None },
        );
        let access = access("out.side", "get-case", false);
        let expected = [
            samples::MORNING,
            "'=1+1",
            "out.side",
            "Provider",
            "",
            "Looked at the case",
            "get-case",
            "refused",
            "192.0.2.7",
        ];
        assert_eq!(cells(&access, formula.get(&access.by)), expected);
    }
}
