//! Intake begins a case with a fax (LTR-08): a draft of a registered provider's, with the fax as its document, which the provider's
//! users complete and hand in as any other. It stands beside `handle_fax`, whose function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::civil::Date;
use portico_aws::{clock::new_uuid, table::Transaction, table::people::MemberSearch};
use portico_domain::{
    cases::Case,
    contact::{Line, Phone},
    events::EventKind,
    field::FieldErrors,
    id::{CaseKey, ProviderId, RequestNumber, Username},
    person::{Member, Provider},
    service::Setting,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{held::Held, view_fax::FaxView};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{choice, date},
    json::Json,
    problem::{Problem, ProblemBody},
    throttle::{SEARCHES, within},
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(open_from_fax))
}

/// What a case begins with, as it stands on the fax.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct FaxedCase {
    /// The plan's number for the member.
    #[schema(value_type = String, required = true)]
    member_number: Option<String>,
    /// The member's date of birth: both have to be right.
    #[schema(value_type = String, required = true, example = "2022-02-28")]
    birth_date: Option<String>,
    /// Who asks, from the provider search: one that somebody has registered.
    #[schema(value_type = String, required = true)]
    requesting: Option<String>,
    /// `inpatient` or `outpatient`.
    #[schema(value_type = words::Setting, required = true)]
    setting: Option<String>,
    /// Where letters are to be faxed.
    #[schema(value_type = String, required = true, example = "501-555-0123")]
    fax: Option<String>,
}

/// The same, read.
struct Read {
    number: Line,
    born: Date,
    requesting: ProviderId,
    setting: Setting,
    fax: Phone,
}

/// Begins a case with a fax, as a draft of the provider's.
#[utoipa::path(
    post, path = "/staff/faxes/{fax}/case", tag = "delivery", request_body = FaxedCase,
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = FaxView, description = "Begun, now or before; `ended` names the case"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
        (status = 409, body = ProblemBody, description = "It was not taken, does not wait any more, or cannot be read"),
        (status = 412, body = ProblemBody, description = "Somebody changed it at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or nobody is so"),
        (status = 429, body = ProblemBody, description = "More members looked for than a person does"),
    ),
    security(("staff" = []))
)]
async fn open_from_fax(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<FaxedCase>,
) -> Result<Answer<FaxView>, Problem> {
    let held = Held::open(&app, &token, &id, "open-from-fax").await?;
    let read = parse(&body.value)?;
    if held.opened_by_caller() {
        return held.answer(&held.fax);
    }
    held.fax.taken_by(&held.by, &held.contract)?;
    let (table, now) = (app.table(), app.now());
    let (member, provider) = futures::join!(member(&app, &token, &held, &read), table.provider(read.requesting));
    let (member, provider) = (member?, requesting(provider?, &held)?);
    let key = CaseKey::new(new_uuid());
    let by = Username::from(held.fax.id);
    let begun = Case::create(key, read.setting, member, provider, read.fax, (now, by));
    let (fax, change, document) = held.fax.clone().open_by(&held.by, begun, &held.contract, now)?;
    let mut transaction = Transaction::new();
    transaction.case_of_member(table, &change.case)?;
    held.case(&mut transaction, &change, "open-from-fax")?;
    transaction.document(table, key, &document, 1)?;
    let placed = EventKind::FaxPlaced { case: key, request: RequestNumber::FIRST };
    held.save(Some(fax), placed, transaction).await
}

/// The member of this number and date of birth, and nobody else; who was looked for is on record.
async fn member(app: &App, token: &Token, held: &Held<'_>, read: &Read) -> Result<Member, Problem> {
    let search = MemberSearch::Number(read.number.clone());
    let contract = &held.contract.id;
    let often = "You have looked for members very often.";
    let (counted, keys) = futures::join!(within(app, &SEARCHES, token.username.as_str(), often), app.lookups());
    counted?;
    let keys = keys?;
    let found = app.table().find_members(&keys, contract, &search).await?;
    let found: Vec<Member> = found.into_iter().filter(|member| member.birth_date == read.born).collect();
    let shown = found.iter().map(|member| member.id.to_string()).collect();
    app.audit_shown(token, "open-from-fax", search.searched(&keys, contract), shown).await?;
    let text = "No member of this contract has this number and this date of birth.";
    found.into_iter().next().ok_or_else(|| Problem::invalid_field("/memberNumber", Wrong::NotFound.says(text)))
}

/// Who asks: a provider of the contract whose users can complete the case.
fn requesting(provider: Option<Provider>, held: &Held<'_>) -> Result<Provider, Problem> {
    let text = "This contract has no such provider.";
    let nobody = || Problem::invalid_field("/requesting", Wrong::NotFound.says(text));
    let provider = provider.filter(|provider| provider.contract == held.contract.id).ok_or_else(nobody)?;
    if provider.group.is_none() {
        let text = "Nobody has registered this provider in the portal, so nobody could complete the case.";
        return Err(Problem::invalid_field("/requesting", Wrong::NotOffered.says(text)));
    }
    Ok(provider)
}

fn parse(body: &FaxedCase) -> Result<Read, FieldErrors> {
    let mut errors = FieldErrors::none();
    let number = errors.parse("/memberNumber", body.member_number.as_deref());
    let born = date(&mut errors, "/birthDate", body.birth_date.as_deref());
    let requesting = errors.parse("/requesting", body.requesting.as_deref());
    let setting = choice(&mut errors, "/setting", body.setting.as_deref(), "Choose inpatient or outpatient.");
    let fax = errors.parse("/fax", body.fax.as_deref());
    let read = number.zip(born).zip(requesting).zip(setting).zip(fax);
    errors.finish(read.map(|((((number, born), requesting), setting), fax)| Read {
        number,
        born,
        requesting,
        setting,
        fax,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_case_begins_with_is_needed() {
        let wrong = parse(&FaxedCase::default()).map(|_| ()).unwrap_err();
        let pointers: Vec<_> = wrong.as_slice().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/memberNumber", "/birthDate", "/requesting", "/setting", "/fax"]);
    }
}
