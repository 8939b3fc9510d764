//! Adds a temporary member: somebody whom eligibility does not know yet (CASE-06), where the contract allows it; where it
//! does not, the refusal shows whom to call (CASE-07).
//!
//! Only after a search without result. The server does not take anybody's word for that: it makes the search by last name
//! and date of birth again, and refuses who is known (decision 11). A file that brings the real member merges the two.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use jiff::{civil::Date, tz::TimeZone};
use portico_aws::{
    clock::new_uuid,
    table::{
        Transaction,
        audit::{Access, Shown},
        people::MemberSearch,
    },
};
use portico_domain::{
    caller::{Caller, Denied},
    cases::temporary::{Details, TemporaryMember, is_known},
    contact::{Address, Country, Line, PostalCode, State as StateCode},
    feeds::member::{birth, gender},
    field::FieldErrors,
    id::{ContractId, MemberId, ProviderId},
    person::{Coverage, Gender, Member, Provider, Standing},
    reading::{self, Reading},
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
    once,
    problem::{Kind, Problem, ProblemBody},
    throttle::{TEMPORARY_MEMBERS, within},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(add_temporary_member))
}

/// The form for a temporary member. The address is entered, or that of one of the caller's facilities is used.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct NewMember {
    /// One of the caller's contracts.
    #[schema(value_type = String, required = true, example = "colorado")]
    contract: Option<String>,
    prefix: Option<String>,
    #[schema(value_type = String, required = true)]
    first_name: Option<String>,
    middle_name: Option<String>,
    #[schema(value_type = String, required = true)]
    last_name: Option<String>,
    suffix: Option<String>,
    /// `female`, `male` or `unknown`.
    #[schema(value_type = words::Gender, required = true)]
    gender: Option<String>,
    #[schema(value_type = String, required = true, example = "1996-04-12")]
    birth_date: Option<String>,
    /// The language in which they want their letters: its code, as BCP 47.
    #[schema(example = "es")]
    language: Option<String>,
    /// The print that they need; usual print when absent.
    #[schema(value_type = Option<words::LetterFormat>)]
    format: Option<String>,
    /// A provider of the caller's, whose address is used.
    use_facility_address: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    /// `US` or `CA`.
    #[schema(value_type = Option<words::Country>)]
    country: Option<String>,
    /// State or province, two letters.
    state: Option<String>,
    county: Option<String>,
    /// ZIP code, or Canadian postal code.
    postal_code: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

/// A temporary member as added.
#[derive(Serialize, ToSchema)]
struct AddedMember {
    /// For the new case.
    id: String,
    /// Always true.
    temporary: bool,
}

struct Form {
    contract: ContractId,
    first_name: Line,
    last_name: Line,
    gender: Gender,
    birth_date: Date,
    place: Place,
    reading: Reading,
    details: Details,
}

enum Place {
    Entered(Address),
    Facility(ProviderId),
}

/// Adds a temporary member.
#[utoipa::path(
    post, path = "/members", tag = "cases", request_body = NewMember,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new member")),
    responses(
        (status = 201, body = AddedMember, description = "Added; a case can be created"),
        (status = 403, body = ProblemBody, description = "The contract takes no temporary members; says whom to call"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts or providers"),
        (status = 409, body = ProblemBody, description = "A search finds this member"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "As many as one person adds in a day"),
    ),
    security(("provider" = []))
)]
async fn add_temporary_member(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    body: Json<NewMember>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "add-temporary-member", &body.raw);
    let now = app.now();
    let form = parse(&body.value, TimeZone::UTC.to_datetime(now).date())?;
    let table = app.table();
    let (replay, caller, keys, contract, facility) =
        futures::join!(app.replay(&key), app.caller(&token), app.lookups(), app.contract(&form.contract), async {
            if let Place::Facility(id) = form.place { table.provider(id).await } else { Ok(None) }
        },);
    let caller = caller?;
    if let Some(answer) = replay?.give(&caller) {
        return Ok(answer);
    }
    let keys = keys?;
    let search = MemberSearch::NameAndBirth(form.last_name.clone(), form.birth_date);
    let searched = search.searched(&keys, &form.contract);
    let hidden = |denied: Denied| Problem::from(denied).asked(searched.clone().unwrap_or_default());
    if !app.works_under(&caller, &form.contract).await? {
        return Err(hidden(Denied::Hidden));
    }
    let contract = contract?;
    if !contract.members.temporary {
        let phone = &contract.support.phone;
        let detail = format!("{} takes no temporary members. Please call {phone}.", contract.name);
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let address = address(&form, facility?, &caller).map_err(hidden)?;
    let too_many = "You have added as many temporary members as one person may add in a day. If you have to add more, call support.";
    let counted = within(&app, &TEMPORARY_MEMBERS, token.username.as_str(), too_many);
    let (counted, found) = futures::join!(counted, table.find_members(&keys, &form.contract, &search));
    counted?;
    let found = found?;
    if is_known(&found, &form.first_name, form.details.middle_name.as_ref()) {
        let detail = "A member with this name and date of birth is known. Search for them and choose them there.";
        return Err(Problem::conflict(detail, "known"));
    }
    let added = TemporaryMember {
        member: Member {
            id: MemberId::new(new_uuid()),
            contract: form.contract,
            first_name: form.first_name,
            last_name: form.last_name,
            birth_date: form.birth_date,
            gender: form.gender,
            address,
            standing: Standing::Temporary,
            coverage: Coverage::default(),
            reading: form.reading,
        },
        details: form.details,
        at: now,
        by: token.username.clone(),
    };
    let mut transaction = Transaction::new();
    transaction.temporary_member(table, &keys, &added)?;
    let id = added.member.id.to_string();
    let access = Access { what: searched, ..app.access(&token, "add-temporary-member", true) };
    transaction.audit_shown(table, &Shown { access, shown: vec![id.clone()] })?;
    app.commit_once(transaction, &key, StatusCode::CREATED, &AddedMember { id, temporary: true }).await
}

/// The address that was entered, or that of the caller's own facility under the contract.
fn address(form: &Form, facility: Option<Provider>, caller: &Caller) -> Result<Address, Denied> {
    match &form.place {
        Place::Entered(address) => Ok(address.clone()),
        Place::Facility(_) => {
            let facility = facility.filter(|facility| facility.contract == form.contract);
            let own = facility.filter(|facility| caller.works_for(facility));
            own.map(|facility| facility.address).ok_or(Denied::Hidden)
        }
    }
}

fn parse(body: &NewMember, today: Date) -> Result<Form, FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse("/contract", body.contract.as_deref());
    let first_name = errors.parse("/firstName", body.first_name.as_deref());
    let last_name = errors.parse("/lastName", body.last_name.as_deref());
    let gender = gender(body.gender.as_deref().unwrap_or_default().trim());
    if gender.is_none() {
        let wrong = Wrong::word(body.gender.as_deref());
        errors.add("/gender", wrong.says("Choose female, male or unknown."));
    }
    let birth_date = birth(&mut errors, "/birthDate", body.birth_date.as_deref().unwrap_or_default().trim(), today);
    let facility = errors.parse_optional::<ProviderId>("/useFacilityAddress", body.use_facility_address.as_deref());
    let entered = [&body.address1, &body.city, &body.state, &body.postal_code];
    let entered = entered.into_iter().flatten().any(|text| !text.trim().is_empty());
    let (place, country, county) = if body.use_facility_address.is_some() {
        if entered {
            let text = "Use the facility's address, or enter one.";
            errors.add("/useFacilityAddress", Wrong::NotBoth.says(text));
        }
        (facility.map(Place::Facility), Some(Country::UnitedStates), None)
    } else {
        parse_address(body, &mut errors)
    };
    let prefix = errors.parse_optional("/prefix", body.prefix.as_deref());
    let middle_name = errors.parse_optional("/middleName", body.middle_name.as_deref());
    let suffix = errors.parse_optional("/suffix", body.suffix.as_deref());
    let reading = reading::parse(&mut errors, (body.language.as_deref(), body.format.as_deref()));
    let phone = errors.parse_optional("/phone", body.phone.as_deref());
    let email = errors.parse_optional("/email", body.email.as_deref());
    let form = || {
        let details = Details { country: country?, county, prefix, middle_name, suffix, phone, email };
        Some(Form {
            contract: contract?,
            first_name: first_name?,
            last_name: last_name?,
            gender: gender?,
            birth_date: birth_date?,
            place: place?,
            reading: reading?,
            details,
        })
    };
    let form = form();
    errors.finish(form)
}

fn parse_address(body: &NewMember, errors: &mut FieldErrors) -> (Option<Place>, Option<Country>, Option<Line>) {
    let line1 = errors.parse("/address1", body.address1.as_deref());
    let line2 = errors.parse_optional("/address2", body.address2.as_deref());
    let city = errors.parse("/city", body.city.as_deref());
    let country = match body.country.as_deref().map(str::trim) {
        Some("US") => Some(Country::UnitedStates),
        Some("CA") => Some(Country::Canada),
        _ => {
            let wrong = Wrong::word(body.country.as_deref());
            errors.add("/country", wrong.says("Choose United States (US) or Canada (CA)."));
            None
        }
    };
    let state = errors.parse::<StateCode>("/state", body.state.as_deref());
    let state = match country {
        Some(country) => state.and_then(|state| errors.keep("/state", state.of(country))),
        None => state,
    };
    let county = errors.parse("/county", body.county.as_deref());
    let zip = errors.parse::<PostalCode>("/postalCode", body.postal_code.as_deref());
    if let (Some(country), Some(zip)) = (country, &zip)
        && zip.country() != country
    {
        let text = "This is not a postal code of the chosen country.";
        errors.add("/postalCode", Wrong::OtherCountry.says(text));
    }
    let address = || Some(Address { line1: line1?, line2, city: city?, state: state?, zip: zip? });
    (address().map(Place::Entered), country, county)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use portico_domain::reading::Format;

    const TODAY: Date = jiff::civil::date(2026, 5, 7);

    /// The form of the training.
    fn ryan() -> Value {
        json!({
            "contract": "colorado", "firstName": "Ryan", "lastName": "Clark", "gender": "male", "birthDate": "1996-04-12",
            "address1": "999 99th Ave", "city": "Boulder", "country": "US", "state": "CO", "county": "Boulder",
            "postalCode": "99999",
        })
    }

    fn pointers(body: Value) -> Vec<String> {
        let parsed = parse(&serde_json::from_value(body).unwrap(), TODAY);
        parsed.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    /// REQ: CASE-06
    #[test]
    fn the_form_asks_for_what_the_training_marks() {
        assert!(pointers(ryan()).is_empty());
        let required = [
            "contract",
            "firstName",
            "lastName",
            "gender",
            "birthDate",
            "address1",
            "city",
            "country",
            "state",
            "county",
            "postalCode",
        ];
        assert_eq!(pointers(json!({})), required.map(|name| format!("/{name}")));
        let mut optional = ryan();
        optional["phone"] = json!("12");
        optional["email"] = json!("ryan");
        optional["birthDate"] = json!("2026-05-08");
        optional["language"] = json!("Spanish");
        optional["format"] = json!("big");
        assert_eq!(pointers(optional), ["/birthDate", "/language", "/format", "/phone", "/email"]);
        let mut reads = ryan();
        (reads["language"], reads["format"]) = (json!("es-MX"), json!("large-print"));
        let form = parse(&serde_json::from_value(reads).unwrap(), TODAY).unwrap();
        assert_eq!(form.reading.language.map(|tag| tag.to_string()).as_deref(), Some("es-MX"));
        assert_eq!(form.reading.format, Some(Format::LargePrint));
    }

    /// REQ: CASE-06
    #[test]
    fn an_address_is_of_its_country_or_the_facilitys() {
        let mut form = ryan();
        form["country"] = json!("CA");
        form["state"] = json!("AR");
        assert_eq!(pointers(form.clone()), ["/state", "/postalCode"]);
        form["postalCode"] = json!("k1a 0b1");
        form["state"] = json!("ON");
        assert!(pointers(form.clone()).is_empty());
        form["useFacilityAddress"] = json!("prv_00000000000000000000000000000002");
        assert_eq!(pointers(form.clone()), ["/useFacilityAddress"]);
        for name in ["address1", "city", "country", "state", "county", "postalCode"] {
            form.as_object_mut().unwrap().remove(name);
        }
        assert!(pointers(form).is_empty());
    }
}
