//! Takes a request (HL7 Da Vinci PAS 2.2, `Claim/$submit`): it becomes the same kind of case as a person's, in one transaction with
//! what automatic review makes of it, so that the answer is there at once.
//!
//! What is sent again with the same identifiers is answered again, and done once.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::{clock::new_uuid, secrets::sha256, table::idempotency::IdempotencyKey};
use portico_domain::{
    contracts::Contract,
    fhir::Scope,
    id::{CaseKey, ContractId},
    person::Member,
};
use portico_fhir::{Fault, answer::AnswerBundle, bundle::Bundle, url};
use utoipa_axum::routes;

use super::{
    call,
    earlier::Earlier,
    ended::Ended,
    first,
    outcome::{self, FhirResource, Refused},
    papers::Papers,
    request::Sent,
    taking::{Call, Kept},
    updating, wishes,
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    problem::Problem,
    throttle::{SUBMITS, within},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(submit_claim))
}

/// Takes a request.
#[utoipa::path(
    post, path = "/fhir/pas/2.2/Claim/$submit", tag = "fhir",
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "A PAS request Bundle"),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "A Bundle with the ClaimResponse: what was decided of each item or that it waits, or why the request is not taken"),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the Bundle cannot be worked with, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing, or the system does not act for who asks"),
        (status = 409, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something changed at the same moment; send it again"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many requests"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn submit_claim(State(app): State<Arc<App>>, from: Address, request: Request) -> Response {
    match Box::pin(submit(&app, from.0, request)).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn submit(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Submit).await?;
    let bundle = Bundle::read(&body, "Claim")?;
    let sent = Sent::of(&bundle)?;
    let searched = OnceLock::new();
    let content = content(&body)?;
    // Other content under the same identifiers is another request: senders use their numbers again.
    let key = IdempotencyKey::new(
        &client.id.to_string(),
        "submit-claim",
        &format!("{}|{}", sent.key(), sha256(&content)),
        &content,
    );
    let name = sha256(&format!("{}|{content}", client.id));
    let call = Call { app, client: &client, from, body: &body, name, bundle: &bundle, sent: &sent, searched };
    if !sent.parties.asking.iter().any(|npi| client.providers.contains(npi)) {
        call.audit(false, Vec::new()).await?;
        let text = "This system does not act for the provider that asks.";
        return Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", text));
    }
    let kept = match Box::pin(kept(&call, &key)).await {
        Ok(kept) => kept,
        Err(Ended::Refused(refused)) => return Err(refused),
        // The same that was sent at the same moment has made a case meanwhile, which this one would repeat.
        Err(ended) => match app.replay_value::<Kept>(&key).await {
            Ok(Some(kept)) => {
                call.audit(true, vec![kept.case.clone()]).await?;
                kept
            }
            Err(problem) => return Err(problem.into()),
            Ok(None) => {
                call.audit(true, Vec::new()).await?;
                call.without_case(ended)?
            }
        },
    };
    let echoed: Vec<_> = sent.parties.echoed.iter().map(|entry| (entry.full_url, entry.raw)).collect();
    let first = (kept.address, kept.answer);
    let identifier = Some(sent.parties.bundle.clone());
    let answer = AnswerBundle::kept(url::RESPONSE_BUNDLE, identifier, kept.at, first, &echoed);
    Ok(outcome::answer(StatusCode::OK, &answer))
}

/// What a Bundle says, the same however it is written and whenever it was made: who sends again may make it anew.
fn content(body: &str) -> Result<String, Fault> {
    let mut content: serde_json::Value =
        serde_json::from_str(body).map_err(|_| Fault::at("Bundle", "Send a Bundle."))?;
    if let Some(bundle) = content.as_object_mut() {
        bundle.remove("timestamp");
    }
    Ok(content.to_string())
}

/// What is answered: what was before, or what is made of it. Its files are on their way then.
async fn kept(call: &Call<'_>, key: &IdempotencyKey) -> Result<Kept, Ended> {
    let Call { app, client, sent, bundle, .. } = call;
    let id = client.id.to_string();
    let (keys, contracts, counted, before) = futures::join!(
        app.lookups(),
        call::contracts(app, client, app.now()),
        within(app, &SUBMITS, &id, "This system has sent very many requests."),
        app.replay_value::<Kept>(key)
    );
    counted?;
    let (keys, contracts) = (keys?, contracts?);
    let papers = Papers::of(sent, bundle)?;
    if let Some(kept) = before? {
        call.audit(true, vec![kept.case.clone()]).await?;
        call.bring(&kept, &papers.files, true).await?;
        return Ok(kept);
    }
    let earlier = Earlier::of(sent, bundle).map_err(|refusal| Ended::Business(vec![refusal]))?;
    let refusals = wishes::not_taken(sent, earlier.is_some());
    if !refusals.is_empty() {
        return Err(Ended::Business(refusals));
    }
    let payers = sent.payers()?;
    let asked = |contract: &Arc<Contract>| contract.fhir.payers.iter().any(|payer| payers.contains(payer));
    let contracts: BTreeMap<ContractId, Arc<Contract>> =
        contracts.into_iter().filter(|(_, contract)| asked(contract)).collect();
    if contracts.is_empty() {
        let text = "This system asks no insurer of this identifier here.";
        return Err(Ended::business("T4", sent.parties.insurer.at("identifier"), text));
    }
    if let Some(searched) = call::searched(&keys, &sent.parties.numbers, &contracts) {
        call.searched.get_or_init(|| searched);
    }
    let members = call::members(app, &keys, &sent.parties, &contracts).await?;
    let [member] = members.as_slice() else {
        let text = "There is no such member: number, name and date of birth have to agree.";
        return Err(Ended::business("75", sent.parties.patient.at("identifier"), text));
    };
    let contract = contracts.get(&member.contract).ok_or_else(Problem::not_found)?;
    let kept = Box::pin(made(call, (member, contract), earlier.as_ref(), (&papers, key))).await?;
    call.bring(&kept, &papers.files, false).await?;
    Ok(kept)
}

/// A case, or a change of the one whose Claim is named.
async fn made(
    call: &Call<'_>,
    (member, contract): (&Member, &Arc<Contract>),
    earlier: Option<&Earlier>,
    (papers, key): (&Papers<'_>, &IdempotencyKey),
) -> Result<Kept, Ended> {
    let who = async { if call.sent.cancels_all() { Ok(None) } else { call.providers(contract).await.map(Some) } };
    let others = call.app.table().others_for_a_rule(member.id, CaseKey::new(new_uuid()));
    let (who, others) = futures::join!(who, others);
    let mut others = others?;
    if let Some(kept) = call.asked_before(&others.cases, contract, key).await? {
        return Ok(kept);
    }
    let who = who?;
    let asked = wishes::procedures(call.sent);
    let codes = asked.iter().chain(others.cases.iter().flat_map(portico_domain::cases::Case::codes));
    let npi = who.as_ref().and_then(|who| who.requesting.npi);
    let table = call.app.table();
    let (rules, records) =
        futures::join!(table.with_rules(contract.clone(), codes), table.records_for_a_rule(contract, npi, &asked));
    let rules = rules?;
    let contract: &Contract = &rules;
    others.records = records?;
    match (earlier, who) {
        (Some(earlier), who) => {
            let (case, named) = updating::found(call, earlier, contract, &mut others)?;
            let about = (member, contract);
            Box::pin(updating::changed(call, (case, named, earlier), about, (who, &others), (papers, key))).await
        }
        (None, Some(who)) => Box::pin(first::case(call, (member, contract), (who, &others), papers, key)).await,
        (None, None) => Err(Problem::not_found().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_the_same_however_and_whenever_it_is_written() {
        let first = content(r#"{"resourceType":"Bundle","timestamp":"2026-05-11T09:00:00Z","entry":[{"a":1,"b":2}]}"#);
        let again = content(
            "{\"entry\": [{\"b\": 2, \"a\": 1}],\n\"timestamp\": \"2026-05-11T09:05:00Z\", \"resourceType\": \"Bundle\"}",
        );
        assert_eq!(first.unwrap(), again.unwrap());
        let (one, other) = (content(r#"{"entry":[{"timestamp":"1"}]}"#), content(r#"{"entry":[{"timestamp":"2"}]}"#));
        assert_ne!(one.unwrap(), other.unwrap());
        assert!(content("no").is_err());
    }
}
