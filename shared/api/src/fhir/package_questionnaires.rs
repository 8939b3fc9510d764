//! Gives questionnaires (HL7 Da Vinci DTR 2.2, `Questionnaire/$questionnaire-package`): those that the contract's rules pick for an
//! order or ask of a request, each with one draft in which is filled in what is known. They are those of the wizard.
//!
//! Known is what was answered before in cases of the system's own providers, and nothing else is told of the member.

use std::{collections::BTreeMap, slice::from_ref, sync::Arc};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::table::{
    audit::{Access, Shown},
    cases::CaseFile,
};
use portico_domain::{
    contracts::Contract,
    fhir::Scope,
    id::{ContractId, Username},
    person::Member,
};
use portico_fhir::parameters::Parameters;
use utoipa_axum::routes;

use super::{
    call,
    orders::Wanted,
    outcome::{self, FhirResource, Refused},
    packages::given,
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    throttle::{PACKAGES, UNKNOWN_MEMBERS, within},
};

/// As many cases of a member are looked at, the newest ones.
const MOST_CASES: usize = 100;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(package_questionnaires))
}

/// Gives questionnaires with what is known of their answers.
#[utoipa::path(
    post, path = "/fhir/pas/2.2/Questionnaire/$questionnaire-package", tag = "fhir",
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "Parameters: coverage, and at least one of order, questionnaire and context; changedsince"),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "Parameters with a packagebundle for each questionnaire, and an outcome where something could not be given"),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the Parameters cannot be worked with, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no such member, or no such request of the member that the system may see"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 422, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: nothing is asked of this request, and what to do"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn package_questionnaires(State(app): State<Arc<App>>, from: Address, request: Request) -> Response {
    match package(&app, from.0, request).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn package(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Questionnaires).await?;
    let wanted = Wanted::of(&Parameters::read(&body)?)?;
    let (now, id) = (app.now(), client.id.to_string());
    let what = "This system has asked for questionnaires very often.";
    let (keys, contracts) = futures::join!(app.lookups(), call::contracts(app, &client, now));
    let (keys, contracts) = (keys?, contracts?);
    let (counted, unknown, members) = futures::join!(
        within(app, &PACKAGES, &id, what),
        within(app, &UNKNOWN_MEMBERS, &id, "This system has asked for many members that are not here."),
        call::numbered(app, &keys, from_ref(&wanted.number), &contracts)
    );
    counted?;
    unknown?;
    let members = members?;
    let of = one_of(&members, &wanted, &contracts);
    let files = match of {
        Some((_, member)) => {
            let known = app.table().give_back_try_within(&UNKNOWN_MEMBERS, &id, now);
            let (known, files) = futures::join!(known, call::files(app, vec![member.id], MOST_CASES));
            known?;
            files?
        }
        None => Vec::new(),
    };
    let seen: Vec<&CaseFile> = files.iter().filter(|file| client.sees(&file.case, &client.providers)).collect();
    let codes = wanted.orders.iter().filter_map(|one| Some(&one.order.as_ref()?.code));
    let ruled = match of {
        Some((contract, _)) => Some(app.table().with_rules(contract.clone(), codes).await?),
        None => None,
    };
    let given = match ruled.as_deref().zip(of) {
        Some((contract, (_, member))) => given(&wanted, (contract, member), &seen, now),
        None => {
            let text =
                "This system asks for no member of this number here. Where several insurers know it, name the payor.";
            Err(Refused::new(StatusCode::NOT_FOUND, "not-found", text))
        }
    };
    let access = Access {
        at: now,
        by: Username::from(client.id),
        operation: "package-questionnaires".to_owned(),
        from,
        allowed: of.is_some(),
        what: call::searched(&keys, from_ref(&wanted.number), &contracts),
        person: None,
    };
    let used = |file: &&&CaseFile| given.as_ref().is_ok_and(|given| given.used(file));
    let shown = seen.iter().filter(used).map(|file| file.case.key.to_string()).collect();
    app.table().audit_shown(&Shown { access, shown }).await?;
    Ok(outcome::answer(StatusCode::OK, &given?.packages(&wanted, &seen, now)?))
}

/// The member who is meant, with the contract: of several of one number the one whose insurer is named.
fn one_of<'a>(
    members: &'a [Member],
    wanted: &Wanted,
    contracts: &'a BTreeMap<ContractId, Arc<Contract>>,
) -> Option<(&'a Arc<Contract>, &'a Member)> {
    let of = |member: &'a Member| Some((contracts.get(&member.contract)?, member));
    let named =
        |(contract, _): &(&Arc<Contract>, &Member)| contract.fhir.payers.iter().any(|it| wanted.payers.contains(it));
    let all: Vec<_> = members.iter().filter_map(of).collect();
    let near: Vec<_> = all.iter().copied().filter(named).collect();
    match (all.as_slice(), near.as_slice()) {
        ([only], _) | (_, [only]) => Some(*only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use portico_domain::contracts::fhir::FhirRules;
    use serde_json::json;

    use super::*;
    use crate::samples;

    #[test]
    fn of_several_members_of_one_number_the_one_of_the_named_insurer_is_meant() {
        let (member, mut here) = (samples::draft().member, samples::contract());
        here.fhir.payers = vec!["AR".into()];
        let there = Contract { id: "colorado".parse().unwrap(), fhir: FhirRules::default(), ..here.clone() };
        let other = Member { contract: there.id.clone(), ..member.clone() };
        let contracts = BTreeMap::from([(here.id.clone(), Arc::new(here)), (there.id.clone(), Arc::new(there))]);
        let wanted = |payers: &[&str]| {
            let payors: Vec<_> = payers.iter().map(|payer| json!({ "identifier": { "value": payer } })).collect();
            let coverage = json!({ "resourceType": "Coverage", "subscriberId": "1", "payor": payors });
            let context = json!({ "name": "context", "valueString": "1" });
            let sent = json!({ "resourceType": "Parameters", "parameter": [{ "name": "coverage", "resource": coverage }, context] });
            Wanted::of(&Parameters::read(&sent.to_string()).unwrap()).unwrap()
        };
        let of = |members: &[Member], payers: &[&str]| {
            one_of(members, &wanted(payers), &contracts).map(|(_, member)| member.contract.to_string())
        };
        let both = [member.clone(), other];
        assert_eq!(of(&both, &["AR"]).as_deref(), Some("arkansas"));
        assert_eq!((of(&both, &[]), of(&both, &["X"]), of(&[], &["AR"])), (None, None, None));
        assert_eq!(of(&[member], &["X"]).as_deref(), Some("arkansas"));
    }
}
