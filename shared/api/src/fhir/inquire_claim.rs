//! Says where the requests of a member stand (HL7 Da Vinci PAS 2.2, `Claim/$inquire`): those of which the asking provider is on
//! the case, whoever asked for them, by the portal or otherwise. What is not there and what may not be seen look alike.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::{
    clock::new_uuid,
    table::{
        audit::{Access, Shown},
        cases::CaseFile,
    },
};
use portico_domain::{
    cases::request::Request as Asked,
    contracts::Contract,
    fhir::{Client, Scope},
    id::{CaseKey, ContractId, Username},
};
use portico_fhir::{
    answer::{AnswerBundle, ClaimResponse, CommunicationRequest, Parameters},
    bundle::Bundle,
    types::Reference,
    url,
};
use portico_pas::answers::{self, Terms};
use utoipa_axum::routes;

use super::{
    BASE, call,
    inquiry::Inquiry,
    outcome::{self, FhirResource, Refused},
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    throttle::{INQUIRIES, within},
};

/// As many requests an answer tells of, the newest ones.
const MOST_ANSWERS: usize = 25;
/// As many cases of a member are looked at, the newest ones.
const MOST_CASES: usize = 100;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(inquire_claim))
}

/// Says where requests stand.
#[utoipa::path(
    post, path = "/fhir/pas/2.2/Claim/$inquire", tag = "fhir",
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "A PAS inquiry request Bundle"),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "Parameters with a Bundle for each request that is found, the newest first"),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the Bundle cannot be worked with, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing, or the system does not act for who asks"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many inquiries"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn inquire_claim(State(app): State<Arc<App>>, from: Address, request: Request) -> Response {
    match inquire(&app, from.0, request).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn inquire(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Inquire).await?;
    let bundle = Bundle::read(&body, "Claim")?;
    let inquiry = Inquiry::of(&bundle)?;
    let now = app.now();
    let access = |allowed, what| Access {
        at: now,
        by: Username::from(client.id),
        operation: "inquire-claim".to_owned(),
        from: from.clone(),
        allowed,
        what,
        person: inquiry.parties.person,
    };
    if !inquiry.parties.asking.iter().any(|npi| client.providers.contains(npi)) {
        app.table().audit_shown(&Shown { access: access(false, None), shown: Vec::new() }).await?;
        let text = "This system does not act for the provider that asks.";
        return Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", text));
    }
    let (keys, contracts) = futures::join!(app.lookups(), call::contracts(app, &client, now));
    let (keys, contracts) = (keys?, contracts?);
    let what = "This system has asked very often.";
    let id = client.id.to_string();
    let (counted, members) =
        futures::join!(within(app, &INQUIRIES, &id, what), call::members(app, &keys, &inquiry.parties, &contracts));
    counted?;
    let members = members?.iter().map(|member| member.id).collect();
    let files = call::files(app, members, MOST_CASES).await?;
    let system = format!("{}{BASE}/requests", app.aws.config().api_url);
    let answers = told(&found(&files, &inquiry, &client), &inquiry, &contracts, &system);
    let shown = answers.iter().map(|told| told.key.to_string()).collect();
    let searched = call::searched(&keys, &inquiry.parties.numbers, &contracts);
    app.table().audit_shown(&Shown { access: access(true, searched), shown }).await?;
    Ok(outcome::answer(StatusCode::OK, &parameters(answers, &inquiry, &contracts, now)))
}

/// The requests that may be seen, of cases that are asked for: submitted, under a contract of the client, with an asking provider of the
/// client on the case. The newest first.
fn found<'a>(files: &'a [CaseFile], inquiry: &Inquiry<'_>, client: &Client) -> Vec<(&'a CaseFile, &'a Asked)> {
    let seen = |file: &&CaseFile| {
        client.sees(&file.case, &inquiry.parties.asking)
            && inquiry.wants_case(&file.case, &answers::numbers(call::file(file)))
    };
    let requests = files.iter().filter(seen).flat_map(|file| file.case.requests.iter().map(move |one| (file, one)));
    let mut found: Vec<_> = requests.filter(|(file, request)| told_of(file, request)).collect();
    found.sort_by_key(|(_, request)| Reverse((request.asked_at(), request.number)));
    found
}

/// Whether a request has an answer of its own: what a later Claim changed is told there.
fn told_of(file: &CaseFile, request: &Asked) -> bool {
    request.asked_at().is_some() && !file.case.is_replaced(request.number)
}

/// Where a request stands, and what its provider is asked for.
struct Told {
    key: CaseKey,
    answer: ClaimResponse,
    asked: Option<CommunicationRequest>,
}

fn told(
    found: &[(&CaseFile, &Asked)],
    inquiry: &Inquiry<'_>,
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
    system: &str,
) -> Vec<Told> {
    let one = |(file, request): &(&CaseFile, &Asked)| {
        let contract = contracts.get(&file.case.contract)?;
        let profile = url::CLAIM_INQUIRY_RESPONSE;
        let terms = Terms { system, profile, calendar: &contract.calendar };
        let answer = answers::answer(call::file(file), request, inquiry.parties.addresses(), &terms)?;
        if !inquiry.wants(&file.case, request, &answer) {
            return None;
        }
        let asked = answers::asked(call::file(file), request, inquiry.parties.addresses(), system);
        Some(Told { key: file.case.key, answer, asked })
    };
    found.iter().filter_map(one).collect()
}

/// A Bundle for each answer; what is cut off is said.
fn parameters<'a>(
    answers: Vec<Told>,
    inquiry: &Inquiry<'a>,
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
    now: Timestamp,
) -> Parameters<'a> {
    let echoed: Vec<_> = inquiry.parties.echoed.iter().map(|entry| (entry.full_url, entry.raw)).collect();
    let fresh = || format!("urn:uuid:{}", new_uuid());
    let cut = answers.len().saturating_sub(MOST_ANSWERS);
    let bundle = |Told { mut answer, asked, .. }| {
        let identifier = Some(inquiry.parties.bundle.clone());
        let asked = asked.map(|asked| (fresh(), asked));
        answer.communication_request = asked.iter().map(|(address, _)| Reference::to(address.as_str())).collect();
        let ours = (fresh(), answer);
        let mut bundle = AnswerBundle::new(url::INQUIRY_RESPONSE_BUNDLE, identifier, now.to_string(), ours, &echoed);
        if let Some((address, asked)) = asked {
            bundle.asks(address, asked);
        }
        bundle
    };
    let mut bundles: Vec<_> = answers.into_iter().take(MOST_ANSWERS).map(bundle).collect();
    if let Some(first) = bundles.first_mut().filter(|_| cut > 0) {
        let support = contracts.values().next().map(|contract| contract.support_sentence()).unwrap_or_default();
        first.warn(fresh(), format!("{cut} older requests are not shown. Narrow the inquiry, or ask. {support}"));
    }
    Parameters::of(bundles)
}

#[cfg(test)]
mod tests {
    use portico_domain::cases::follow;
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;

    const NPI: &str = "1234567893";

    fn text() -> String {
        let entry =
            |place: &str, resource: Value| json!({ "fullUrl": format!("urn:uuid:{place}"), "resource": resource });
        let to = |place: &str| json!({ "reference": format!("urn:uuid:{place}") });
        json!({
            "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00Z", "identifier": { "value": "I-1" },
            "entry": [
                entry("1", json!({ "resourceType": "Claim", "patient": to("2"), "insurer": to("3"), "provider": to("4") })),
                entry("2", json!({
                    "resourceType": "Patient", "identifier": [{ "value": "0123456789" }], "birthDate": "2022-02-28",
                })),
                entry("3", json!({ "resourceType": "Organization" })),
                entry("4", json!({
                    "resourceType": "Practitioner", "identifier": [{ "system": url::NPI, "value": NPI }],
                })),
            ],
        })
        .to_string()
    }

    fn client(npi: &str, contract: &str) -> Client {
        serde_json::from_value(json!({
            "id": "cli_00000000000000000000000000000001", "version": 1, "name": "River EHR", "contact": "ehr@example.org",
            "contracts": [contract], "providers": [npi], "scopes": ["system/Claim.rs"], "keys": [],
            "added": { "at": "2026-05-01T00:00:00Z", "by": "grace" },
        }))
        .unwrap()
    }

    fn asked(files: &[CaseFile], client: &Client) -> Value {
        let text = text();
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let inquiry = Inquiry::of(&bundle).unwrap();
        let contract = Arc::new(samples::contract());
        let contracts = BTreeMap::from([(contract.id.clone(), contract)]);
        let answers = told(&found(files, &inquiry, client), &inquiry, &contracts, "https://api.example/requests");
        let now = samples::MORNING.parse().unwrap();
        serde_json::to_value(parameters(answers, &inquiry, &contracts, now)).unwrap()
    }

    fn file(case: portico_domain::cases::Case) -> CaseFile {
        CaseFile::of(case)
    }

    /// The code of what was decided of an item.
    fn action(item: &Value) -> &Value {
        let parts = item["adjudication"][0]["extension"][0]["extension"].as_array().unwrap();
        let code = parts.iter().find(|part| part["url"] == url::REVIEW_ACTION_CODE).unwrap();
        &code["valueCodeableConcept"]["coding"][0]["code"]
    }

    #[test]
    fn what_waits_and_what_is_decided_is_told_line_by_line() {
        let own = client(NPI, "arkansas");
        let waits = asked(&[file(samples::submitted())], &own);
        let answer = &waits["parameter"][0]["resource"]["entry"][0]["resource"];
        assert_eq!((action(&answer["item"][0]), &answer["outcome"]), (&json!("A4"), &json!("complete")));
        assert_eq!(answer["item"][0]["extension"][0]["valueString"], "261270001");
        assert_eq!(answer["identifier"][0]["value"], "261270001-R01");
        assert_eq!(answer["request"]["extension"][0]["valueCode"], "unsupported");
        let places: Vec<_> = waits["parameter"][0]["resource"]["entry"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| &entry["fullUrl"])
            .collect();
        assert_eq!(places[1..], ["urn:uuid:2", "urn:uuid:3", "urn:uuid:4"]);

        let decided = asked(&[samples::decided().file], &own);
        let answer = &decided["parameter"][0]["resource"]["entry"][0]["resource"];
        assert_eq!(action(&answer["item"][0]), "A6");
        assert_eq!(answer["preAuthRef"], "A26127000101");
        assert_eq!(answer["addItem"][0]["quantity"]["value"], 90);
        assert_eq!(answer["addItem"][0]["modifier"].as_array().unwrap().len(), 2);
        assert_eq!(answer["processNote"][0]["text"], "Three hours a day meet the goals of the plan.");
        assert_eq!(answer["extension"][0]["extension"][0]["valueBoolean"], true);
    }

    /// The case as a system asked for it, with item 3.
    fn of_a_system(mut file: CaseFile) -> CaseFile {
        let claim = json!({
            "address": "urn:uuid:claim", "identifiers": [[null, "R-1"]], "items": [3], "kind": "institutional",
            "traces": [{ "item": 3, "identifier": "{\"system\":\"https://ehr.example/items\",\"value\":\"T-3\"}" }],
        });
        file.case.submission.as_mut().unwrap().claim = Some(serde_json::from_value(claim).unwrap());
        file
    }

    #[test]
    fn an_answer_is_of_the_type_and_has_the_numbers_of_its_claim() {
        let told = asked(&[of_a_system(samples::decided().file)], &client(NPI, "arkansas"));
        let answer = &told["parameter"][0]["resource"]["entry"][0]["resource"];
        assert_eq!(answer["type"]["coding"][0]["code"], "institutional");
        assert_eq!(answer["request"]["reference"], "urn:uuid:claim");
        let item = &answer["item"][0];
        assert_eq!((action(item), &item["itemSequence"]), (&json!("A6"), &json!(3)));
        let trace = json!({ "system": "https://ehr.example/items", "value": "T-3" });
        assert_eq!(
            (&item["extension"][0]["url"], &item["extension"][0]["valueIdentifier"]),
            (&json!(url::ITEM_TRACE_NUMBER), &trace)
        );
        assert_eq!(answer["addItem"][0]["itemSequence"], json!([3]));
    }

    #[test]
    fn what_the_portal_asks_for_on_a_claim_is_told_as_its_answer() {
        let mut file = of_a_system(samples::decided().file);
        let said = follow::Said {
            by: "clerk.cam".parse().unwrap(),
            fax: "501-555-0123".parse().unwrap(),
            urgency: portico_domain::service::Urgency::Standard,
            note: portico_domain::id::EventId::new(new_uuid()),
            documents: Vec::new(),
        };
        let (number, at) = ("R01".parse().unwrap(), "2026-05-11T14:00:00Z".parse().unwrap());
        let wanted = (follow::Wanted::Reconsideration, said);
        file.case = file.case.follow(number, wanted, &file.determinations, &samples::contract(), at).unwrap().case;
        let told = asked(&[file], &client(NPI, "arkansas"));
        let [one] = &told["parameter"].as_array().unwrap()[..] else { panic!("{told}") };
        let answer = &one["resource"]["entry"][0]["resource"];
        assert_eq!(answer["identifier"][0]["value"], "261270001-R02");
        assert_eq!(
            (&answer["request"]["reference"], &answer["request"]["identifier"]["value"]),
            (&json!("urn:uuid:claim"), &json!("R-1"))
        );
        let item = &answer["item"][0];
        assert_eq!(
            (action(item), &item["itemSequence"], answer["item"].as_array().unwrap().len()),
            (&json!("A4"), &json!(3), 1)
        );
    }

    #[test]
    fn what_is_not_the_systems_is_as_if_it_was_not_there() {
        let nothing = json!({ "resourceType": "Parameters" });
        let files = [file(samples::submitted())];
        assert_ne!(asked(&files, &client(NPI, "arkansas")), nothing);
        assert_eq!(asked(&files, &client("1245319599", "arkansas")), nothing);
        assert_eq!(asked(&files, &client(NPI, "colorado")), nothing);
        assert_eq!(asked(&[file(samples::draft())], &client(NPI, "arkansas")), nothing);
        let mut elsewhere = samples::submitted();
        elsewhere.requesting.npi = Some("1245319599".parse().unwrap());
        elsewhere.servicing = None;
        assert_eq!(asked(&[file(elsewhere)], &client(NPI, "arkansas")), nothing);
    }

    #[test]
    fn many_are_cut_and_that_is_said() {
        let files: Vec<_> = (0..MOST_ANSWERS + 2).map(|_| file(samples::submitted())).collect();
        let told = asked(&files, &client(NPI, "arkansas"));
        assert_eq!(told["parameter"].as_array().unwrap().len(), MOST_ANSWERS);
        let warning = &told["parameter"][0]["resource"]["entry"][1]["resource"]["issue"][0];
        assert_eq!(warning["severity"], "warning");
        assert!(warning["details"]["text"].as_str().unwrap().starts_with("2 older requests"));
    }
}
