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
use portico_aws::{
    clock::new_uuid,
    table::{
        Transaction,
        audit::{Access, Shown},
        cases::{CaseFile, Note},
        idempotency::IdempotencyKey,
    },
};
use portico_domain::{
    cases::{
        Case,
        note::NoteType,
        questionnaires::Beside,
        submit::{self, Said, SubmitError},
    },
    contracts::Contract,
    events::Actor,
    fhir::{
        Client, Scope,
        asked::{NoCase, handed_in},
    },
    field::FieldErrors,
    id::{CaseKey, ContractId, EventId, Username},
    person::{Member, Provider},
};
use portico_fhir::{
    Fault,
    answer::{About, Action, AnswerBundle, ClaimResponse, Decided, Refusal},
    bundle::Bundle,
    types::{Extension, Identifier, Reference},
    url,
};
use portico_pas::answers::{self, Terms};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa_axum::routes;

use super::{
    BASE, call,
    outcome::{self, FhirResource, Refused},
    request::{Named, Sent},
    wishes::{self, Providers},
};
use crate::{
    Route,
    app::App,
    billable::unbillable,
    caller::From as Address,
    problem::{Kind, Problem},
    throttle::{NEW_CASES_OF_MEMBER, SUBMITS, within},
};

/// As many places of one NPI are looked at.
const MOST_PLACES: u8 = 25;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(submit_claim))
}

/// An answer that was given.
#[derive(Serialize, Deserialize)]
struct Kept {
    case: String,
    at: String,
    address: String,
    answer: Box<RawValue>,
}

/// Why there is no case.
enum Ended {
    /// The Bundle, the caller or we ourselves.
    Refused(Refused),
    /// The request cannot be taken as it is.
    Business(Vec<Refusal>),
    /// None of it needs authorization.
    NotNeeded(Vec<String>),
}

impl<T: Into<Refused>> From<T> for Ended {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
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
    match submit(&app, from.0, request).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn submit(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Submit).await?;
    let bundle = Bundle::read(&body, "Claim")?;
    let sent = Sent::of(&bundle)?;
    let call = Call { app, client: &client, from, bundle: &bundle, sent: &sent, searched: OnceLock::new() };
    if !sent.parties.asking.iter().any(|npi| client.providers.contains(npi)) {
        call.audit(false, Vec::new()).await?;
        let text = "This system does not act for the provider that asks.";
        return Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", text));
    }
    let content: serde_json::Value = serde_json::from_str(&body).map_err(|_| Fault::at("Bundle", "Send a Bundle."))?;
    let key = IdempotencyKey::new(&client.id.to_string(), "submit-claim", &sent.key(), &content.to_string());
    let kept = match call.kept(&key).await {
        Ok(kept) => kept,
        Err(Ended::Refused(refused)) => return Err(refused),
        // The same that was sent at the same moment has made a case meanwhile, which this one would repeat.
        Err(ended) => match app.replay_value::<Kept>(&key).await {
            Ok(Some(kept)) => {
                call.audit(true, vec![kept.case.clone()]).await?;
                kept
            }
            Err(problem) if problem.kind() != Kind::KeyReused => return Err(problem.into()),
            Ok(None) | Err(_) => {
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

/// A call, and what it sent.
struct Call<'a> {
    app: &'a App,
    client: &'a Client,
    from: String,
    bundle: &'a Bundle<'a>,
    sent: &'a Sent<'a>,
    /// Who was looked for, hashed: it goes on record with what is answered.
    searched: OnceLock<String>,
}

impl Call<'_> {
    /// What is answered: what was before, or the case that it makes.
    async fn kept(&self, key: &IdempotencyKey) -> Result<Kept, Ended> {
        let Self { app, client, sent, .. } = self;
        let id = client.id.to_string();
        let (keys, contracts, counted, before) = futures::join!(
            app.lookups(),
            call::contracts(app, client, app.now()),
            within(app, &SUBMITS, &id, "This system has sent very many requests."),
            app.replay_value::<Kept>(key)
        );
        counted?;
        let (keys, contracts) = (keys?, contracts?);
        if let Some(kept) = before.map_err(|problem| self.used(problem))? {
            self.audit(true, vec![kept.case.clone()]).await?;
            return Ok(kept);
        }
        let refusals = wishes::not_taken(sent);
        if !refusals.is_empty() {
            return Err(Ended::Business(refusals));
        }
        let payers = sent.payers()?;
        let asked = |contract: &Arc<Contract>| contract.fhir.payers.iter().any(|payer| payers.contains(payer));
        let contracts: BTreeMap<ContractId, Arc<Contract>> =
            contracts.into_iter().filter(|(_, contract)| asked(contract)).collect();
        if contracts.is_empty() {
            let text = "This system asks no insurer of this identifier here.";
            return Err(business("T4", sent.parties.insurer.at("identifier"), text));
        }
        if let Some(searched) = call::searched(&keys, &sent.parties.numbers, &contracts) {
            self.searched.get_or_init(|| searched);
        }
        let members = call::members(app, &keys, &sent.parties, &contracts).await?;
        let [member] = members.as_slice() else {
            let text = "There is no such member: number, name and date of birth have to agree.";
            return Err(business("75", sent.parties.patient.at("identifier"), text));
        };
        let contract = contracts.get(&member.contract).ok_or_else(Problem::not_found)?;
        self.case(contract, member, key).await
    }

    /// Makes the case, and keeps the answer with it.
    async fn case(&self, contract: &Contract, member: &Member, key: &IdempotencyKey) -> Result<Kept, Ended> {
        let Self { app, client, sent, .. } = self;
        let (table, now, by) = (app.table(), app.now(), Username::from(client.id));
        let what = "This system has sent many requests for this member today.";
        let of = format!("{}#{}", client.id, member.id);
        let case_key = CaseKey::new(new_uuid());
        let (who, others) = futures::join!(self.providers(contract), table.others_for_a_rule(member.id, case_key));
        let (who, others) = (who?, others?);
        let today = contract.calendar.time_zone.date_at(now);
        let note = wishes::note(sent).map_err(|refusal| Ended::Business(vec![refusal]))?;
        let asked = wishes::asked(sent, contract, who, today)?.map_err(Ended::Business)?;
        let fax = asked.fax.clone();
        let draft = asked.draft(case_key, member.clone(), contract, (now, by.clone()));
        let draft = draft.map_err(|none| match none {
            NoCase::NotNeeded(said) => Ended::NotNeeded(said),
            NoCase::Wrong(errors) => self.wrong(&errors),
        })?;
        let day = draft.service_date().unwrap_or(today);
        let unbillable = unbillable(&draft.diagnoses, day);
        let seen: Vec<Case> =
            others.cases.iter().filter(|case| client.sees(case, &client.providers)).cloned().collect();
        // Its terms were agreed to when it was registered.
        let said = Said { agreed: true, reason: None, others: &seen };
        let ready = match submit::check(draft, Beside::default(), contract, said, now) {
            Ok(ready) if unbillable.is_empty() => ready,
            Ok(_) => return Err(self.wrong(&unbillable)),
            Err(SubmitError::Incomplete(mut missing)) => {
                missing.nest("", unbillable);
                return Err(self.wrong(&missing));
            }
            Err(error @ SubmitError::NotDraft(_)) => return Err(Problem::from(error).into()),
        };
        // What is refused counts for nothing: corrected, it is welcome.
        let (counted, case_id) =
            futures::join!(within(app, &NEW_CASES_OF_MEMBER, &of, what), table.draw_case_id(today));
        counted?;
        let case_id = case_id?;
        let named = (case_id.clone(), fax, sent.known_as());
        let change = handed_in(ready, named, (contract, &others.cases), (now, by.clone()));
        let mut transaction = Transaction::new();
        transaction.case_of_member(table, &change.case)?;
        transaction.case(table, &change, &contract.calendar, &Actor::User(by.clone()))?;
        transaction.approves(table, &change, &others)?;
        transaction.case_number(table, &case_id, change.case.key)?;
        if let Some(text) = note {
            let note = Note { id: EventId::new(new_uuid()), at: now, by, text, request: None, of: NoteType::Note };
            transaction.note(table, change.case.key, &note)?;
        }
        transaction.audit(table, change.case.key, &self.access(true))?;
        let determinations = change.determination.clone().into_iter().collect();
        let file = CaseFile { determinations, ..CaseFile::of(change.case) };
        let kept = self.told(&file, contract)?;
        app.commit_value(transaction, key, &kept).await.map_err(|problem| self.used(problem))
    }

    /// The answer for a case.
    fn told(&self, file: &CaseFile, contract: &Contract) -> Result<Kept, Ended> {
        let system = format!("{}{BASE}/requests", self.app.aws.config().api_url);
        let traces = self.sent.traces();
        let terms =
            Terms { system: &system, calendar: &contract.calendar, profile: url::CLAIM_RESPONSE, traces: &traces };
        let request = file.case.requests.first();
        let answer = request
            .and_then(|request| answers::answer(call::file(file), request, self.sent.parties.addresses(), &terms));
        let answer = answer.ok_or_else(Problem::not_found)?;
        Ok(self.keep(file.case.key.to_string(), &answer)?)
    }

    fn keep(&self, case: String, answer: &ClaimResponse) -> Result<Kept, Refused> {
        let answer = to_raw_value(answer).map_err(|error| Problem::internal(&error))?;
        let (at, address) = (self.app.now().to_string(), format!("urn:uuid:{}", new_uuid()));
        Ok(Kept { case, at, address, answer })
    }

    /// The answer where there is no case.
    fn without_case(&self, ended: Ended) -> Result<Kept, Refused> {
        let parties = &self.sent.parties;
        let known = self.sent.known_as();
        let identifier = known.identifiers.first().map(|(system, value)| {
            Box::new(Identifier { system: system.clone(), value: Some(value.clone()), ..Identifier::default() })
        });
        let about = About {
            identifier: Vec::new(),
            kind: self.sent.claim.kind.clone(),
            patient: Reference::to(parties.patient.full_url),
            insurer: Reference::to(parties.insurer.full_url),
            requestor: Some(Reference::to(parties.provider.full_url)),
            request: Reference { identifier, ..Reference::to(known.address.as_str()) },
            created: self.app.now().to_string(),
        };
        let answer = match ended {
            Ended::Refused(refused) => return Err(refused),
            Ended::Business(refusals) => ClaimResponse::refused(about, url::CLAIM_RESPONSE, &refusals),
            Ended::NotNeeded(said) => {
                let traces = self.sent.traces();
                let items: Vec<_> = known
                    .items
                    .iter()
                    .zip(said)
                    .map(|(sequence, reason)| not_needed(*sequence, reason, &traces))
                    .collect();
                ClaimResponse::decided(about, url::CLAIM_RESPONSE, &items, None)
            }
        };
        self.keep(String::new(), &answer)
    }

    /// Who asks, performs and attends, as the contract's registry has them.
    async fn providers(&self, contract: &Contract) -> Result<Providers, Ended> {
        let (mut asking, team) = (self.sent.asking(self.bundle)?, self.sent.team(self.bundle)?);
        asking.npis.retain(|npi| self.client.acts_for(npi, &contract.id));
        let optional = |named: Option<Named>| async move {
            match named {
                Some(named) => self.provider(contract, &named).await.map(Some),
                None => Ok(None),
            }
        };
        let (requesting, servicing, attending) =
            futures::join!(self.provider(contract, &asking), optional(team.servicing), optional(team.attending));
        Ok(Providers { requesting: requesting?, servicing: servicing?, attending: attending? })
    }

    /// The one place that is meant: of several with one NPI that whose ZIP code is named.
    async fn provider(&self, contract: &Contract, named: &Named) -> Result<Provider, Ended> {
        let each = named.npis.iter().map(|npi| self.app.table().providers_by_npi(&contract.id, npi, MOST_PLACES));
        let found = futures::future::try_join_all(each).await?;
        let Some(places) = found.into_iter().find(|places| !places.is_empty()) else {
            return Err(business("43", named.path.clone(), "This plan knows no provider of this NPI."));
        };
        let here =
            |place: &&Provider| named.zip.as_deref().is_some_and(|zip| place.address.zip.to_string().starts_with(zip));
        let near: Vec<_> = places.iter().filter(here).collect();
        match (places.as_slice(), near.as_slice()) {
            ([only], _) => Ok(only.clone()),
            (_, [near]) => Ok((*near).clone()),
            _ => {
                let text = "This NPI has several places with this plan. Give the address of the one that is meant.";
                Err(business("43", named.path.clone(), text))
            }
        }
    }

    fn wrong(&self, errors: &FieldErrors) -> Ended {
        Ended::Business(wishes::refusals(self.sent, errors))
    }

    /// What is said when the identifiers stand for something else.
    fn used(&self, problem: Problem) -> Ended {
        if problem.kind() != Kind::KeyReused {
            return problem.into();
        }
        let text = "Another request with these identifiers was sent before. Give each request identifiers of its own; a change of an earlier one is asked for in the portal.";
        business("33", self.sent.first.at("identifier"), text)
    }

    fn access(&self, allowed: bool) -> Access {
        Access {
            at: self.app.now(),
            by: Username::from(self.client.id),
            operation: "submit-claim".to_owned(),
            from: self.from.clone(),
            allowed,
            what: self.searched.get().cloned(),
        }
    }

    async fn audit(&self, allowed: bool, shown: Vec<String>) -> Result<(), Refused> {
        Ok(self.app.table().audit_shown(&Shown { access: self.access(allowed), shown }).await?)
    }
}

/// The member's other cases, whoever asked.
fn not_needed(sequence: u32, reason: String, traces: &BTreeMap<u32, Vec<Extension>>) -> Decided<'_> {
    let traces = traces.get(&sequence).map(Vec::as_slice).unwrap_or_default();
    Decided { sequence, action: Action::NoAction, traces, authorization: None, reference: None, reason: Some(reason) }
}

fn business(code: &'static str, path: String, text: &str) -> Ended {
    Ended::Business(vec![Refusal { code, path, text: text.to_owned() }])
}
