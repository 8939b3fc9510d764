//! Finds the member that a case is for: by number, or by last name and date of birth (CASE-03).
//!
//! Exact only, and only under a contract where the caller has a provider: nobody browses members. A POST, because what
//! is searched for is PHI and has no place in a URL (OPS-06).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use jiff::civil::Date;
use portico_aws::{metrics::emit, table::people::MemberSearch};
use portico_domain::{
    caller::Denied,
    contact::Line,
    contracts::Contract,
    field::FieldErrors,
    id::{ContractId, MemberId},
    person::{Gender, Member},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::date,
    json::Json,
    problem::{Kind, Problem, ProblemBody},
    throttle::{SEARCHES, within},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(find_members))
}

/// A member's number, or last name and date of birth.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct SearchBody {
    /// One of the caller's contracts.
    #[schema(value_type = String, required = true, example = "arkansas")]
    contract: Option<String>,
    /// The plan's number for the member.
    member_number: Option<String>,
    /// Last name, in full, or one part of a double one; with `birthDate`. Accents, letter case, hyphens and suffixes as
    /// "Jr" do not matter.
    last_name: Option<String>,
    /// Date of birth.
    #[schema(example = "2022-02-28")]
    birth_date: Option<String>,
}

/// The members that are exactly so.
#[derive(Serialize, ToSchema)]
struct FoundMembers {
    /// Most often one.
    members: Vec<FoundMember>,
    /// When nobody was found: what to try.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Whether a temporary member may be added now: nobody has this last name and date of birth, and the contract allows
    /// it (CASE-06, CASE-07).
    #[serde(rename = "mayAddTemporary")]
    may_add_temporary: bool,
}

/// As much of a member as is needed to choose.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FoundMember {
    /// For the new case.
    #[schema(value_type = String)]
    pub(super) id: MemberId,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// Date of birth.
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
    /// Gender.
    #[schema(value_type = words::Gender)]
    gender: Gender,
    /// The plan's number; none for a temporary member.
    member_number: Option<String>,
    /// Added by a provider; no file has brought them yet.
    temporary: bool,
}

impl FoundMember {
    pub(super) fn of(member: &Member) -> Self {
        Self {
            id: member.id,
            first_name: member.first_name.to_string(),
            last_name: member.last_name.to_string(),
            birth_date: member.birth_date,
            gender: member.gender,
            member_number: member.number().map(ToString::to_string),
            temporary: member.is_temporary(),
        }
    }
}

/// Finds members by number, or by last name and date of birth.
#[utoipa::path(
    post, path = "/members/search", tag = "cases", request_body = SearchBody,
    responses(
        (status = 200, body = FoundMembers, description = "The members that are exactly so, or a hint"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "Too many searches; says when to go on"),
    ),
    security(("provider" = []))
)]
async fn find_members(
    State(app): State<Arc<App>>,
    token: Token,
    body: Json<SearchBody>,
) -> Result<Answer<FoundMembers>, Problem> {
    let (contract, search) = parse(&body.value)?;
    let keys = app.lookups().await?;
    let searched = search.searched(&keys, &contract);
    let (caller, counted, members, holds) = futures::join!(
        app.caller(&token),
        counted(&app, &token),
        app.table().find_members(&keys, &contract, &search),
        app.contract(&contract),
    );
    let as_searched = |problem: Problem| problem.asked(searched.clone().unwrap_or_default());
    if !app.works_under(&caller?, &contract).await? {
        return Err(as_searched(Denied::Hidden.into()));
    }
    counted.map_err(as_searched)?;
    let (members, contract) = (members?, holds?);
    let shown = members.iter().map(|member| member.id.to_string()).collect();
    let empty = async { if members.is_empty() { found_nobody(&app, &token).await } else { Ok(()) } };
    let (audited, empty) = futures::join!(app.audit_shown(&token, "find-members", searched, shown), empty);
    audited.and(empty)?;
    Ok(Answer(found(&members, &search, &contract)))
}

/// Counts a search before anything of it is shown: nobody looks through a contract's members one after the other.
pub(super) async fn counted(app: &App, token: &Token) -> Result<(), Problem> {
    let what = "You have searched for members very often, or for many who are not found.";
    let counted = within(app, &SEARCHES, token.username.as_str(), what).await;
    if counted.as_ref().is_err_and(|problem| problem.kind() == Kind::Throttled) {
        emit(&app.aws, &[("MemberSearchesRefused", "Count", 1)]);
    }
    counted
}

/// A search that finds nobody counts once more; who has none left is told so with the next.
pub(super) async fn found_nobody(app: &App, token: &Token) -> Result<(), Problem> {
    emit(&app.aws, &[("MembersNotFound", "Count", 1)]);
    app.table().count_try_within(&SEARCHES, token.username.as_str(), app.now()).await?;
    Ok(())
}

fn parse(body: &SearchBody) -> Result<(ContractId, MemberSearch), FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse("/contract", body.contract.as_deref());
    let by = (body.member_number.as_deref(), body.last_name.as_deref(), body.birth_date.as_deref());
    let search = sought(&mut errors, by);
    if !is_given(by) {
        let text = "Enter the member's number, or last name and date of birth.";
        errors.add("/memberNumber", Wrong::OneNeeded.says(text));
    }
    errors.finish(contract.zip(search))
}

/// Number, last name and date of birth as they were typed.
pub(super) type By<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Whether any of it was typed.
pub(super) fn is_given((number, name, birth): By<'_>) -> bool {
    filled(number) || filled(name) || filled(birth)
}

/// Whom it looks for: by number, or by last name and date of birth.
pub(super) fn sought(errors: &mut FieldErrors, (number, name, birth): By<'_>) -> Option<MemberSearch> {
    match (filled(number), filled(name) || filled(birth)) {
        (true, true) => {
            let text = "Search either by number, or by last name and date of birth.";
            errors.add("/memberNumber", Wrong::NotBoth.says(text));
            None
        }
        (false, true) => {
            let name = errors.parse::<Line>("/lastName", name);
            let birth = date(errors, "/birthDate", birth);
            name.zip(birth).map(|(name, birth)| MemberSearch::NameAndBirth(name, birth))
        }
        (true, false) => errors.parse("/memberNumber", number).map(MemberSearch::Number),
        (false, false) => None,
    }
}

fn found(members: &[Member], search: &MemberSearch, contract: &Contract) -> FoundMembers {
    let by_name = matches!(search, MemberSearch::NameAndBirth(..));
    let hint = members.is_empty().then(|| match (by_name, contract.members.temporary) {
        (false, _) => {
            "No member of this contract has this number. Check it against the card, or search by last name and date of birth.".to_owned()
        }
        (true, true) => {
            "No member of this contract has this last name and date of birth. Check the spelling, search by the number on the card, or add a temporary member.".to_owned()
        }
        (true, false) => format!(
            "No member of this contract has this last name and date of birth. Check the spelling, or search by the number on the card. If the member has no number yet, call {}.",
            contract.support.phone
        ),
    });
    let may_add_temporary = members.is_empty() && by_name && contract.members.temporary;
    let members = members.iter().map(FoundMember::of).collect();
    FoundMembers { members, hint, may_add_temporary }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(body: serde_json::Value) -> Result<(ContractId, MemberSearch), Vec<String>> {
        parse(&serde_json::from_value(body).unwrap())
            .map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    /// REQ: CASE-03
    #[test]
    fn by_number_or_by_name_and_birth_date() {
        let (contract, by) = search(serde_json::json!({ "contract": "arkansas", "memberNumber": "012" })).unwrap();
        assert_eq!(contract.to_string(), "arkansas");
        assert!(matches!(by, MemberSearch::Number(number) if number.as_str() == "012"));
        let by_name = serde_json::json!({ "contract": "arkansas", "lastName": "Quill", "birthDate": "2022-02-28" });
        assert!(matches!(search(by_name).unwrap().1, MemberSearch::NameAndBirth(..)));
    }

    /// REQ: CASE-03
    #[test]
    fn half_a_search_says_what_is_missing() {
        assert_eq!(search(serde_json::json!({})).unwrap_err(), ["/contract", "/memberNumber"]);
        let half = serde_json::json!({ "contract": "arkansas", "lastName": "Quill" });
        assert_eq!(search(half).unwrap_err(), ["/birthDate"]);
        let both = serde_json::json!({ "contract": "arkansas", "lastName": "Quill", "memberNumber": "012" });
        assert_eq!(search(both).unwrap_err(), ["/memberNumber"]);
        let wrong = serde_json::json!({ "contract": "arkansas", "lastName": "Quill", "birthDate": "28.2.2022" });
        assert_eq!(search(wrong).unwrap_err(), ["/birthDate"]);
    }

    /// REQ: CASE-03, CASE-06, CASE-07
    #[test]
    fn nobody_found_is_explained_and_says_whether_a_temporary_member_may_be_added() {
        let number = MemberSearch::Number("012".parse().unwrap());
        let name = MemberSearch::NameAndBirth("Quill".parse().unwrap(), jiff::civil::date(2022, 2, 28));
        let mut contract = crate::samples::contract();
        contract.members.temporary = true;
        let answer = found(&[], &number, &contract);
        assert!(answer.hint.unwrap().contains("last name and date of birth") && !answer.may_add_temporary);
        let answer = found(&[], &name, &contract);
        assert!(answer.hint.unwrap().contains("add a temporary member") && answer.may_add_temporary);
        contract.members.temporary = false;
        let answer = found(&[], &name, &contract);
        assert!(answer.hint.unwrap().contains("call 888-660-3831") && !answer.may_add_temporary);
    }
}
