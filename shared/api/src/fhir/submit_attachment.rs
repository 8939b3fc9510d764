//! Takes documents for a request (HL7 Da Vinci `CDex` 2.1, `$submit-attachment`): they are added as from the portal (ACT-01), checked by
//! the same worker, answers to questionnaires are held to the same rules, and what answers a request for information brings the request back to its reviewer (REV-06).
//!
//! The call is one write; then the files go where the portal's uploads go. What is sent again adds nothing, brings what had not
//! arrived, and says what became of each document.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use portico_aws::{
    clock::new_uuid,
    files::incoming,
    secrets::sha256,
    table::{
        audit::{Access, Shown},
        cases::Note,
        idempotency::IdempotencyKey,
    },
};
use portico_domain::{
    cases::{
        Case,
        document::{Document, DocumentState},
        note::NoteType,
        questionnaires::Answers,
        request::{Added, Request as Asked},
    },
    contact::Line,
    contracts::Contract,
    fhir::{Client, Scope, attached::Named},
    id::{DocumentId, EventId, RequestNumber, Username},
    name::fold,
};
use portico_fhir::{Fault, answer::OperationOutcome, parameters::Parameters};
use serde::{Deserialize, Serialize};
use utoipa_axum::routes;

use super::{
    answered,
    attached::{Described, File, Sent, Unread},
    call,
    outcome::{self, FhirResource, Refused},
};
use crate::{
    Route,
    addition::{Addition, has_room},
    app::App,
    caller::From as Address,
    problem::Problem,
    throttle::{ATTACHMENTS, within},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(submit_attachment))
}

/// What is kept of a call: of each file the document that it became, unless it was there before.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    documents: Vec<Option<DocumentId>>,
    /// Whether its answers are in the case now that they were not before; none where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered: Option<bool>,
}

/// Takes documents for a request.
#[utoipa::path(
    post, path = "/fhir/pas/2.2/$submit-attachment", tag = "fhir",
    request_body(content = FhirResource, content_type = "application/fhir+json", description = "Parameters: TrackingId, AttachTo, MemberId, OrganizationId or ProviderId, Attachment; PayerId, AdminRefNumber, Final"),
    responses(
        (status = 200, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: what became of each document"),
        (status = 400, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the Parameters cannot be worked with, and where"),
        (status = 401, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no token, or one that holds no more"),
        (status = 403, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the scope is missing"),
        (status = 404, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no such request of this member that the system may see"),
        (status = 409, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something changed at the same moment, send it again; or the request was taken back, or the case has as many documents as it may have"),
        (status = 413, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: the body is too large"),
        (status = 415, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: no JSON"),
        (status = 422, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: a document cannot be taken, and why"),
        (status = 429, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: too many calls"),
        (status = 500, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: something went wrong on our side"),
        (status = 503, body = FhirResource, content_type = "application/fhir+json", description = "OperationOutcome: try again in a moment"),
    ),
    security(("client" = []))
)]
async fn submit_attachment(State(app): State<Arc<App>>, from: Address, request: Request) -> Response {
    match take(&app, from.0, request).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Fault(fault) => fault.into(),
            Unread::NotTaken(fault) => Self::unprocessable("not-supported", fault),
        }
    }
}

async fn take(app: &App, from: String, request: Request) -> Result<Response, Refused> {
    let (client, body) = call::client_and_body(app, request, Scope::Attach).await?;
    let sent = Sent::of(&Parameters::read(&body)?)?;
    let id = client.id.to_string();
    let key = key(&id, &sent);
    let what = "This system has sent documents very often.";
    let (counted, found, before) =
        futures::join!(within(app, &ATTACHMENTS, &id, what), found(app, &sent), app.replay_value::<Kept>(&key));
    counted?;
    let (found, before) = (found?, before?);
    let access = Access {
        at: app.now(),
        by: Username::from(client.id),
        operation: "submit-attachment".to_owned(),
        from,
        allowed: true,
        // What was named stands on record also where there is no such case.
        what: sent.named.as_ref().map(|named| named.case().to_string()),
        person: sent.person,
    };
    let Some((named, case, beside)) = found.filter(|(_, case, _)| is_theirs(&client, &sent, case)) else {
        return Err(hidden(app, access).await?);
    };
    let contract = app.contract_for(&case).await?;
    let payers = &contract.fhir.payers;
    let asked = named.request(&case).filter(|_| sent.payer.as_ref().is_none_or(|payer| payers.contains(payer)));
    let Some(asked) = asked else { return Err(hidden(app, access).await?) };
    let described = described(&sent, &contract)?;
    let (documents, answers) = &beside;
    let call = Call { app, access, sent: &sent, described: &described, documents, answers, key: &key };
    let kept = match before {
        Some(kept) => {
            app.table().audit(case.key, &call.access).await?;
            kept
        }
        None => call.save(&named, asked, &case, &contract).await?,
    };
    call.bring(&case, &kept).await?;
    Ok(outcome::answer(StatusCode::OK, &call.told(&kept)))
}

/// The same was sent when the number, the documents and whether they are the last are the same.
fn key(client: &str, sent: &Sent) -> IdempotencyKey {
    let answers = sent.responses.iter().map(|(_, sha256)| sha256.clone());
    let hashes: Vec<String> = sent.files.iter().map(File::sha256).chain(answers).collect();
    let named = sent.named.as_ref().map(|named| format!("{named:?}"));
    let all = sha256(&format!("{}|{:?}|{}|{}", sent.tracking, named, sent.last, hashes.join("|")));
    IdempotencyKey::new(client, "submit-attachment", &all, &all)
}

/// What stands beside a case: its documents, and its answers where some are sent.
type Beside = (Vec<Document>, Vec<Answers>);

/// The case that is named, with what stands beside it.
async fn found(app: &App, sent: &Sent) -> Result<Option<(Named, Case, Beside)>, Refused> {
    let Some(named) = sent.named.clone() else { return Ok(None) };
    let Some(key) = app.table().case_key(named.case()).await? else { return Ok(None) };
    let beside = async {
        match sent.responses.as_slice() {
            [] => app.table().documents(key).await.map(|documents| (documents, Vec::new())),
            _ => app.table().beside(key).await,
        }
    };
    let (case, beside) = futures::join!(app.table().case(key), beside);
    let beside = beside?;
    Ok(case?.map(|case| (named, case, beside)))
}

/// Whether whoever sends it is on the case, and it is that member's.
fn is_theirs(client: &Client, sent: &Sent, case: &Case) -> bool {
    client.sees(case, &sent.npis) && case.member.number().is_some_and(|number| is_same_number(number, &sent.member))
}

/// Numbers of members are one where people are found by either: case, blanks and marks do not count.
fn is_same_number(known: &Line, sent: &Line) -> bool {
    fold(known.as_str()) == fold(sent.as_str())
}

/// What is not there and what is somebody else's look alike.
async fn hidden(app: &App, access: Access) -> Result<Refused, Refused> {
    app.table().audit_shown(&Shown { access: Access { allowed: false, ..access }, shown: Vec::new() }).await?;
    let text = "There is no request of this member and provider that this belongs to. Send the control number of what was asked as \
                TrackingId, or the Case ID as AdminRefNumber, after the request itself: nothing is held here.";
    Ok(Refused::new(StatusCode::NOT_FOUND, "not-found", text))
}

fn described(sent: &Sent, contract: &Contract) -> Result<Vec<Described>, Refused> {
    let each = sent.files.iter().enumerate().map(|(place, file)| file.describe(contract, place + 1));
    each.collect::<Result<_, _>>().map_err(|fault| Refused::unprocessable("business-rule", fault))
}

/// A call for a case that its sender may add to.
struct Call<'a> {
    app: &'a App,
    access: Access,
    sent: &'a Sent,
    described: &'a [Described],
    /// Of the case, as they were before.
    documents: &'a [Document],
    answers: &'a [Answers],
    key: &'a IdempotencyKey,
}

impl Call<'_> {
    /// Adds what is new; where nothing is and nothing is answered, it is only noted who asked.
    async fn save(&self, named: &Named, asked: &Asked, case: &Case, contract: &Contract) -> Result<Kept, Refused> {
        let (at, by) = (self.access.at, self.access.by.clone());
        let mut documents = Vec::new();
        let new = self.new_answers(asked, case, contract)?;
        let answered = (!self.sent.responses.is_empty()).then_some(!new.is_empty());
        let mut kept = Kept { documents: Vec::new(), answered };
        for (file, of) in self.sent.files.iter().zip(self.described) {
            if self.already(asked, file).is_some() {
                kept.documents.push(None);
                continue;
            }
            let Described { document_type, file_name, file_type } = of.clone();
            let (id, request, state) = (DocumentId::new(new_uuid()), asked.number, DocumentState::Awaited);
            kept.documents.push(Some(id));
            documents.push(Document { id, request, document_type, file_name, file_type, at, by: by.clone(), state });
        }
        let something = !documents.is_empty() || !new.is_empty();
        let answers = named.answers(asked, (self.sent.last, something));
        if !something && !answers {
            self.app.table().audit(case.key, &self.access).await?;
            return Ok(kept);
        }
        has_room(self.documents, documents.len(), at)?;
        let ids = documents.iter().map(|document| document.id).collect();
        let note = note(&new, asked.number, (at, by.clone()));
        let added = Added { at, by, note: note.as_ref().map(|note| note.id), documents: ids, answers, seen: None };
        let addition = Addition { request: asked.number, added, note, documents, answers: new };
        Ok(addition.save(self.app, case.clone(), (self.key, &self.access), contract, |_| kept.clone()).await?)
    }

    /// The answers that the case has not yet, held to what the plan's rules ask of the request.
    fn new_answers(&self, asked: &Asked, case: &Case, contract: &Contract) -> Result<Vec<Answers>, Refused> {
        let responses = &self.sent.responses;
        let Some((first, _)) = responses.first() else { return Ok(Vec::new()) };
        if case.requests.last().is_none_or(|last| last.number != asked.number) {
            let text = "Answers are of what was asked for last: name that request, or none.";
            return Err(Refused::unprocessable("business-rule", Fault::at(first.path.clone(), text)));
        }
        let about = (self.access.at, &self.access.by);
        let responses = responses.iter().map(|(response, _)| response);
        // Files of answers come with a request alone, in whose Bundle they stand.
        let found = answered::answers(responses, (case, self.documents), contract, about, &|_| None);
        let mut found = found.map_err(|refusals| {
            let fault = refusals.into_iter().next().map(|one| Fault::at(one.path, one.text));
            let unread = || Fault::at(first.path.clone(), "These answers cannot be taken.");
            Refused::unprocessable("business-rule", fault.unwrap_or_else(unread))
        })?;
        found.retain(|new| {
            let same = |old: &Answers| old.questionnaire == new.questionnaire && old.version == new.version;
            !self.answers.iter().any(|old| same(old) && old.item == new.item && old.complete_for == new.complete_for)
        });
        Ok(found)
    }

    /// The document of this system that the request has with this content.
    fn already(&self, asked: &Asked, file: &File) -> Option<&Document> {
        let known = file.sha256();
        let same = |document: &&Document| {
            let kept = matches!(&document.state, DocumentState::Accepted { sha256, .. } if *sha256 == known);
            kept && document.request == asked.number && document.by == self.access.by
        };
        self.documents.iter().find(same)
    }

    fn known(&self, id: DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// Brings the files that have not arrived yet to where uploads are checked.
    async fn bring(&self, case: &Case, kept: &Kept) -> Result<(), Refused> {
        let (files, bucket) = (self.app.aws.files(), &self.app.aws.config().documents_bucket);
        let awaited = |id: &DocumentId| self.known(*id).is_none_or(|document| document.state == DocumentState::Awaited);
        let each = self.sent.files.iter().zip(self.described).zip(&kept.documents);
        let awaited = each.filter_map(|((file, of), id)| Some((file, of, id.filter(awaited)?)));
        let put = awaited.map(|(file, of, id)| async move {
            files.write(bucket, &incoming(case.key, id), of.file_type.media_type(), file.content.clone()).await
        });
        try_join_all(put).await.map_err(|error| Problem::unavailable(&error))?;
        Ok(())
    }

    /// What became of each document.
    fn told(&self, kept: &Kept) -> OperationOutcome {
        let of = |id: &Option<DocumentId>| match id.map(|id| self.known(id).map(|document| &document.state)) {
            None => "This document was sent before and is kept.".to_owned(),
            Some(None | Some(DocumentState::Awaited)) => {
                "This document is added and will be checked. Send the same again to learn what came of it.".to_owned()
            }
            Some(Some(DocumentState::Accepted { .. })) => "This document is added and kept.".to_owned(),
            Some(Some(DocumentState::Refused { reason, .. })) => format!("This document was not kept. {reason}"),
            Some(Some(DocumentState::Removed { .. })) => "This document was taken out.".to_owned(),
        };
        let each = self.sent.files.iter().zip(&kept.documents);
        let mut told: Vec<_> = each.map(|(file, id)| (of(id), Some(file.path.clone()))).collect();
        let answers = kept.answered.map(|new| {
            let text = if new { "These answers are kept." } else { "These answers were sent before and are kept." };
            text.to_owned()
        });
        let first = self.sent.responses.first().map(|(response, _)| response.path.clone());
        told.extend(answers.map(|text| (text, first)));
        OperationOutcome::informed(told)
    }
}

/// By which a reviewer sees that answers came, and to what.
fn note(answers: &[Answers], request: RequestNumber, (at, by): (Timestamp, Username)) -> Option<Note> {
    let titles: Vec<&str> = answers.iter().map(|answers| answers.title.as_str()).collect();
    let text = format!("Answers to a questionnaire came: {}.", titles.join("; "));
    let (id, of) = (EventId::new(new_uuid()), NoteType::Information);
    (!titles.is_empty()).then_some(Note { id, at, by, text, request: Some(request), of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_number_is_told_as_a_search_tells_it() {
        let same = |one: &str, other: &str| is_same_number(&one.parse().unwrap(), &other.parse().unwrap());
        assert!(same("AR-0123456", "ar-0123 456") && same("0123456789", "0123456789"));
        assert!(!same("0123456789", "0123456780") && !same("AR-0123456", "0123456"));
    }
}
