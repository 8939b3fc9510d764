//! A call of `Claim/$submit` while it is carried out: who asks whom, what is kept of it, and what is answered.

use std::{collections::BTreeMap, sync::OnceLock};

use futures::future::try_join_all;
use portico_aws::{
    clock::new_uuid,
    files::{claim, incoming},
    table::{
        Transaction,
        audit::{Access, Shown},
        cases::{CaseFile, Note},
        idempotency::IdempotencyKey,
    },
};
use portico_domain::{
    cases::{
        Case, Change,
        document::{Document, DocumentState, FileType},
        note::NoteType,
        questionnaires::Answers,
        request::Request,
    },
    contracts::Contract,
    events::{About, Actor, EventKind},
    fhir::Client,
    field::FieldErrors,
    id::{CaseKey, DocumentId, EventId, RequestNumber, Username},
    person::Provider,
};
use portico_fhir::{
    answer::{About as AboutAnswer, Action, ClaimResponse, Decided},
    bundle::Bundle,
    types::{Extension, Identifier, Reference},
    url,
};
use portico_pas::answers::{self, Terms};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::{
    BASE,
    attached::File,
    call,
    ended::Ended,
    outcome::Refused,
    request::{Named, Sent},
    team,
    wishes::{self, Providers},
};
use crate::{app::App, problem::Problem};

/// As many places of one NPI are looked at.
const MOST_PLACES: u8 = 25;

/// An answer that was given.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) case: String,
    pub(super) at: String,
    pub(super) address: String,
    pub(super) answer: Box<RawValue>,
    /// Of each file the document, with the kind of one that had not arrived.
    #[serde(default)]
    pub(super) files: Vec<(DocumentId, Option<FileType>)>,
}

/// What is saved beside a case that changes.
#[derive(Debug, Default)]
pub(super) struct Saved {
    pub(super) documents: Vec<Document>,
    pub(super) answers: Vec<Answers>,
    pub(super) note: Option<Note>,
}

/// A call, and what it sent.
pub(super) struct Call<'a> {
    pub(super) app: &'a App,
    pub(super) client: &'a Client,
    pub(super) from: String,
    /// As it came.
    pub(super) body: &'a str,
    /// The name under which its Bundle is kept: the same for the same that is sent again.
    pub(super) name: String,
    pub(super) bundle: &'a Bundle<'a>,
    pub(super) sent: &'a Sent<'a>,
    /// Who was looked for, hashed: it goes on record with what is answered.
    pub(super) searched: OnceLock<String>,
}

impl Call<'_> {
    /// Keeps the Bundle as it came, before what it asks for is saved: nothing is asked for of which it is not on record how.
    pub(super) async fn keep_bundle(&self) -> Result<(), Problem> {
        let (files, bucket) = (self.app.aws.files(), &self.app.aws.config().documents_bucket);
        let (place, content) = (claim(&self.name), self.body.as_bytes().to_vec());
        let written = files.write(bucket, &place, "application/fhir+json", content).await;
        written.map(drop).map_err(|error| Problem::unavailable(&error))
    }

    /// Adds what stands beside a case to its transaction, with who asked.
    pub(super) fn beside(&self, transaction: &mut Transaction, of: CaseKey, saved: &Saved) -> Result<(), Problem> {
        let (table, by) = (self.app.table(), Actor::User(Username::from(self.client.id)));
        for document in &saved.documents {
            transaction.document(table, of, document, 1)?;
            let event = EventKind::DocumentAwaited { document: document.id };
            transaction.event(table, About::Case(of), by.clone(), event, document.at)?;
        }
        for answers in &saved.answers {
            transaction.answers(table, of, answers)?;
        }
        if let Some(note) = &saved.note {
            transaction.note(table, of, note)?;
        }
        transaction.audit(table, of, &self.access(true))?;
        Ok(())
    }

    /// The words beside a request.
    pub(super) fn words(&self) -> Result<Option<String>, Ended> {
        wishes::note(self.sent).map_err(|refusal| Ended::Business(vec![refusal]))
    }

    /// Words as a note of the case.
    pub(super) fn note(&self, text: String, request: Option<RequestNumber>, of: NoteType) -> Note {
        let (at, by) = (self.app.now(), Username::from(self.client.id));
        Note { id: EventId::new(new_uuid()), at, by, text, request, of }
    }

    /// Commits what was made of it, and keeps the answer.
    pub(super) async fn commit(
        &self,
        transaction: Transaction,
        key: &IdempotencyKey,
        kept: &Kept,
    ) -> Result<Kept, Ended> {
        Ok(self.app.commit_value(transaction, key, kept).await?)
    }

    /// Brings the files that have not arrived yet to where uploads are checked; after a repetition those alone.
    pub(super) async fn bring(&self, kept: &Kept, files: &[File], again: bool) -> Result<(), Refused> {
        let new = kept.files.iter().zip(files).filter_map(|((id, kind), file)| Some((*id, (*kind)?, file)));
        let mut new: Vec<(DocumentId, FileType, &File)> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let key: CaseKey = kept.case.parse().map_err(|_| Problem::not_found())?;
        if again {
            let known = self.app.table().documents(key).await?;
            let awaited = |id: DocumentId| {
                known.iter().any(|document| document.id == id && document.state == DocumentState::Awaited)
            };
            new.retain(|(id, ..)| awaited(*id));
        }
        let (bucket, to) = (&self.app.aws.config().documents_bucket, self.app.aws.files());
        let put = new.into_iter().map(|(id, kind, file)| async move {
            to.write(bucket, &incoming(key, id), kind.media_type(), file.content.clone()).await
        });
        try_join_all(put).await.map_err(|error| Problem::unavailable(&error))?;
        Ok(())
    }

    /// The answer to what was sent before and made a case, as it is now: what was answered then is kept for a day alone.
    pub(super) async fn asked_before(
        &self,
        cases: &[Case],
        contract: &Contract,
        key: &IdempotencyKey,
    ) -> Result<Option<Kept>, Ended> {
        let same = |case: &&Case| case.claims().any(|claim| claim.bundle.as_ref() == Some(&self.name));
        let Some(case) = cases.iter().find(same) else { return Ok(None) };
        // The same that was sent at the same moment has made it meanwhile.
        if let Some(kept) = self.app.replay_value::<Kept>(key).await? {
            self.audit(true, vec![kept.case.clone()]).await?;
            return Ok(Some(kept));
        }
        let file = self.app.table().case_file(case.key).await?.ok_or_else(Problem::not_found)?;
        let told = |one: &&Request| one.asked_at().is_some() && !file.case.is_replaced(one.number);
        let request = file.case.requests.iter().rev().find(told).map(|request| request.number);
        let request = request.ok_or_else(Problem::not_found)?;
        self.audit(true, vec![case.key.to_string()]).await?;
        self.of(&file, request, contract).map(Some)
    }

    /// The answer for a case after a change.
    pub(super) fn told(
        &self,
        change: Change,
        before: CaseFile,
        (request, contract): (RequestNumber, &Contract),
        files: Vec<(DocumentId, Option<FileType>)>,
    ) -> Result<Kept, Ended> {
        let mut file = CaseFile { case: change.case, ..before };
        file.determinations.extend(change.determination);
        Ok(Kept { files, ..self.of(&file, request, contract)? })
    }

    fn of(&self, file: &CaseFile, request: RequestNumber, contract: &Contract) -> Result<Kept, Ended> {
        let system = format!("{}{BASE}/requests", self.app.aws.config().api_url);
        let terms = Terms { system: &system, calendar: &contract.calendar, profile: url::CLAIM_RESPONSE };
        let request = file.case.request(request);
        let answer = request
            .and_then(|request| answers::answer(call::file(file), request, self.sent.parties.addresses(), &terms));
        let answer = answer.ok_or_else(Problem::not_found)?;
        Ok(self.keep(file.case.key.to_string(), &answer)?)
    }

    fn keep(&self, case: String, answer: &ClaimResponse) -> Result<Kept, Refused> {
        let answer = to_raw_value(answer).map_err(|error| Problem::internal(&error))?;
        let (at, address) = (self.app.now().to_string(), format!("urn:uuid:{}", new_uuid()));
        Ok(Kept { case, at, address, answer, files: Vec::new() })
    }

    /// The answer where there is no case.
    pub(super) fn without_case(&self, ended: Ended) -> Result<Kept, Refused> {
        let parties = &self.sent.parties;
        let known = self.sent.known_as();
        let identifier = known.identifiers.first().map(|(system, value)| {
            Box::new(Identifier { system: system.clone(), value: Some(value.clone()), ..Identifier::default() })
        });
        let about = AboutAnswer {
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
    pub(super) async fn providers(&self, contract: &Contract) -> Result<Providers, Ended> {
        let mut asking = self.sent.asking(self.bundle)?;
        let team = team::team(self.sent, self.bundle)?.map_err(Ended::Business)?;
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
            return Err(Ended::business("43", named.path.clone(), "This plan knows no provider of this NPI."));
        };
        let here =
            |place: &&Provider| named.zip.as_deref().is_some_and(|zip| place.address.zip.to_string().starts_with(zip));
        let near: Vec<_> = places.iter().filter(here).collect();
        match (places.as_slice(), near.as_slice()) {
            ([only], _) => Ok(only.clone()),
            (_, [near]) => Ok((*near).clone()),
            _ => {
                let text = "This NPI has several places with this plan. Give the address of the one that is meant.";
                Err(Ended::business("43", named.path.clone(), text))
            }
        }
    }

    /// What the rules of a case find wrong, of lines that are these items.
    pub(super) fn wrong(&self, errors: &FieldErrors, items: &[usize]) -> Ended {
        Ended::Business(wishes::refusals(self.sent, errors, items))
    }

    fn access(&self, allowed: bool) -> Access {
        Access {
            at: self.app.now(),
            by: Username::from(self.client.id),
            operation: "submit-claim".to_owned(),
            from: self.from.clone(),
            allowed,
            what: self.searched.get().cloned(),
            person: self.sent.parties.person,
        }
    }

    pub(super) async fn audit(&self, allowed: bool, shown: Vec<String>) -> Result<(), Refused> {
        Ok(self.app.table().audit_shown(&Shown { access: self.access(allowed), shown }).await?)
    }
}

fn not_needed(sequence: u32, reason: String, traces: &BTreeMap<u32, Vec<Extension>>) -> Decided<'_> {
    let traces = traces.get(&sequence).map(Vec::as_slice).unwrap_or_default();
    Decided { sequence, action: Action::NoAction, traces, authorization: None, reference: None, reason: Some(reason) }
}
