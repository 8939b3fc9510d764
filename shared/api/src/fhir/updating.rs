//! What a system changes of an earlier Claim: withdrawn, asked for anew or revised in its case, in one transaction.

use portico_aws::{
    secrets::sha256,
    table::{
        Transaction,
        cases::{CaseFile, others::Others},
        idempotency::IdempotencyKey,
    },
};
use portico_domain::{
    cases::{
        Case, Change, Claim, SentDocument,
        ends::EndError,
        follow::{self, FollowError},
        note::NoteType,
        questionnaires::Beside,
    },
    contracts::Contract,
    events::Actor,
    fhir::{
        asked::{self, Asked},
        update::{self, NotChanged, Way},
    },
    field::FieldErrors,
    id::{ProviderId, RequestNumber, Username},
    person::{Member, Provider},
    reviews::worksheet,
    service::Line,
};

use super::{
    earlier::{Earlier, UNKNOWN},
    ended::Ended,
    first,
    papers::{Filed, Papers},
    taking::{Call, Kept, Saved},
    wishes::{MISSING, Providers, WRONG},
};
use crate::{addition::has_room, problem::Problem};

/// What is said where a Claim is taken back without words.
const TAKEN_BACK: &str = "Taken back by the provider's system.";
/// What is said where a revision comes without words.
const CHANGED: &str = "Changed by the provider's system.";

/// A change, and what is saved beside the case.
struct Made {
    change: Change,
    saved: Saved,
    filed: Filed,
}

/// The member's case whose Claim is named, taken from among them. What is not there and what is somebody else's look alike.
pub(super) fn found(
    call: &Call<'_>,
    earlier: &Earlier,
    contract: &Contract,
    others: &mut Others,
) -> Result<(Case, Claim), Ended> {
    let (client, asking) = (call.client, &call.sent.parties.asking);
    let theirs = |case: &Case| case.contract == contract.id && client.may_change(case, asking);
    let named = |case: &Case| case.claims().rev().find(|claim| earlier.is(claim)).cloned();
    let all = others.cases.iter().enumerate().filter(|(_, case)| theirs(case));
    let all = all.filter_map(|(place, case)| Some((place, case.created_at, named(case)?)));
    let Some((place, _, claim)) = all.max_by_key(|(_, at, _)| *at) else {
        let text = "This system has sent no such Claim of this member and provider that can be changed.";
        return Err(Ended::business(UNKNOWN, earlier.path.clone(), text));
    };
    Ok((others.cases.swap_remove(place), claim))
}

/// Carries it out, and keeps the answer with it.
pub(super) async fn changed(
    call: &Call<'_>,
    (case, named, earlier): (Case, Claim, &Earlier),
    (member, contract): (&Member, &Contract),
    (who, others): (Option<Providers>, &Others),
    (papers, key): (&Papers<'_>, &IdempotencyKey),
) -> Result<Kept, Ended> {
    let (app, by) = (call.app, Username::from(call.client.id));
    let table = app.table();
    let file = table.case_file(case.key).await?.filter(|file| file.case.version == case.version);
    let file = file.ok_or_else(Problem::stale)?;
    let case = file.case.clone().with_authorizations(&file.determinations);
    let way = case.way_of_change(&named).map_err(|error| refused(call, earlier, &error, &[]))?;
    let update = Update { call, earlier, file: &file, contract, others, papers };
    let made = match (who, way) {
        (None, Way::Revision { .. }) => return Err(refused(call, earlier, &NotChanged::Authorized, &[])),
        (None, Way::Anew) => update.cancelled(case.clone(), &named)?,
        (Some(who), way) => {
            let asked = first::asked_for(call, contract, who)?;
            match way {
                Way::Anew => update.anew(case.clone(), asked, member)?,
                Way::Revision { of } => update.revised(case.clone(), of, asked)?,
            }
        }
    };
    call.keep_bundle().await?;
    let Made { change, saved, filed } = made;
    let Some(request) = change.case.claims().next_back().map(|claim| claim.request) else {
        return Err(Problem::stale().into());
    };
    let mut transaction = Transaction::new();
    for request in worksheet::ended(&file.case, &change.case) {
        transaction.end_worksheet(table, case.key, request);
    }
    transaction.case(table, &change, &contract.calendar, &Actor::User(by))?;
    transaction.approves(table, &change, others)?;
    call.beside(&mut transaction, case.key, &saved)?;
    let kept = call.told(change, file, (request, contract), filed.files)?;
    call.commit(transaction, key, &kept).await
}

/// A change while it is made.
struct Update<'a> {
    call: &'a Call<'a>,
    earlier: &'a Earlier,
    file: &'a CaseFile,
    contract: &'a Contract,
    others: &'a Others,
    papers: &'a Papers<'a>,
}

impl Update<'_> {
    /// All of it is taken back.
    fn cancelled(&self, case: Case, named: &Claim) -> Result<Made, Ended> {
        let by = (self.call.app.now(), Username::from(self.call.client.id));
        let words = self.call.words()?;
        let filed = self.papers.filed(
            self.contract,
            (&self.file.documents, &self.sent_before()),
            (named.request, by.0, &by.1),
        )?;
        // Those that it has come again with the Claim; what is new would be lost.
        if !filed.documents.is_empty() {
            let text = "All of it is taken back: no new documents are filed with it. Leave them out.";
            return Err(Ended::business(WRONG, self.call.sent.first.at("supportingInfo"), text));
        }
        let claim = Claim {
            items: named.items.clone(),
            ..first::claim(self.call, (named.request, words.as_deref()), named.cancelled.clone(), &filed)
        };
        let reason = words.as_deref().unwrap_or(TAKEN_BACK);
        let change = update::cancelled(case, claim, reason, self.contract, by).map_err(|error| self.refused(&error))?;
        Ok(Made { change, saved: Saved::default(), filed })
    }

    /// What is wanted now is asked for in place of what was, which nobody has decided.
    fn anew(&self, case: Case, asked: Asked, member: &Member) -> Result<Made, Ended> {
        let Self { call, contract, others, .. } = self;
        let (now, by) = (call.app.now(), Username::from(call.client.id));
        self.same_parties(&case, &asked)?;
        if asked.setting != case.setting {
            return Err(self.refused(&NotChanged::Parties));
        }
        let cancelled = self.cancelled_items(&case, &asked.lines)?;
        let number = case.requests.last().map_or(RequestNumber::FIRST, |last| last.number.next());
        let filed = self.filed(number)?;
        if filed.documents.is_empty() && self.papers.responses.is_empty() && self.is_same(&case, &asked, &cancelled) {
            return Err(self.refused(&NotChanged::Same));
        }
        let fax = asked.fax.clone();
        let draft = first::draft(call, asked, (case.key, number), (member, contract))?;
        let documents = [self.file.documents.as_slice(), &filed.documents].concat();
        let answers = self.papers.answers((&draft, &documents, &filed), contract, (now, &by))?;
        let new = |known: &str| answers.iter().any(|answers| answers.questionnaire == known);
        let before = self.file.answers.iter().filter(|known| !new(&known.questionnaire)).cloned();
        let all: Vec<_> = answers.iter().cloned().chain(before).collect();
        let beside = Beside { documents: &documents, answers: &all };
        let ready = first::ready(call, (draft, others), beside, contract)?;
        let words = call.words()?;
        let claim = first::claim(call, (number, words.as_deref()), cancelled, &filed);
        let looked_at = asked::Beside { contract, known: others.known(), documents: &documents };
        let note = self.new_words(words).map(|text| call.note(text, Some(number), NoteType::Information));
        let change = update::anew(case, ready, (claim, fax), looked_at, (now, by));
        let change = change.map_err(|error| self.refused(&error))?;
        let saved = Saved { documents: filed.documents.clone(), answers, note };
        Ok(Made { change, saved, filed })
    }

    /// What is authorized is revised.
    fn revised(&self, case: Case, of: RequestNumber, asked: Asked) -> Result<Made, Ended> {
        let Self { call, contract, others, .. } = self;
        let (now, by) = (call.app.now(), Username::from(call.client.id));
        self.same_parties(&case, &asked)?;
        if asked.setting != case.setting
            || Some(&asked.service) != case.service.as_ref()
            || asked.diagnoses != case.diagnoses
        {
            return Err(self.refused(&NotChanged::Details));
        }
        let cancelled = self.cancelled_items(&case, &asked.lines)?;
        let number = case.requests.last().map_or(RequestNumber::FIRST, |last| last.number.next());
        let filed = self.filed(number)?;
        let documents = [self.file.documents.as_slice(), &filed.documents].concat();
        self.papers.answered_before(&self.file.answers, (&documents, &filed), (contract, now))?;
        let restated = self.restated(&asked.lines);
        let lines = case.revised_lines(of, &restated).map_err(|error| self.refused(&error))?;
        let items: Vec<u32> = lines.iter().filter_map(|(item, ..)| *item).collect();
        let places: Vec<usize> = items.iter().filter_map(|item| self.place(*item)).collect();
        let words = call.words()?;
        let text = self.new_words(words.clone()).unwrap_or_else(|| CHANGED.to_owned());
        let note = call.note(text, Some(number), NoteType::Revision);
        let said = follow::Said {
            by,
            fax: asked.fax,
            urgency: asked.urgency,
            note: note.id,
            documents: filed.documents.iter().map(|document| document.id).collect(),
        };
        let claim = Claim { items, ..first::claim(call, (number, words.as_deref()), cancelled, &filed) };
        let looked_at = asked::Beside { contract, known: others.known(), documents: &documents };
        let beside = (self.file.determinations.as_slice(), looked_at);
        let change = update::revised(case, of, lines, (claim, said), beside, now);
        let change = change.map_err(|error| refused(call, self.earlier, &error, &places))?;
        let saved = Saved { documents: filed.documents.clone(), answers: Vec::new(), note: Some(note) };
        Ok(Made { change, saved, filed })
    }

    /// What its files become beside those that the case has.
    fn filed(&self, number: RequestNumber) -> Result<Filed, Ended> {
        let (now, by) = (self.call.app.now(), Username::from(self.call.client.id));
        let filed =
            self.papers.filed(self.contract, (&self.file.documents, &self.sent_before()), (number, now, &by))?;
        if has_room(&self.file.documents, filed.documents.len(), now).is_err() {
            let text = "The case has as many documents as a case may have.";
            return Err(Ended::business(WRONG, self.call.sent.first.at("supportingInfo"), text));
        }
        Ok(filed)
    }

    /// Its documents that came by earlier Claims.
    fn sent_before(&self) -> Vec<SentDocument> {
        self.file.case.claims().flat_map(|claim| claim.documents.iter().cloned()).collect()
    }

    /// Words that did not come before.
    fn new_words(&self, words: Option<String>) -> Option<String> {
        words.filter(|text| self.file.case.claims().all(|claim| claim.words.as_ref() != Some(&sha256(text))))
    }

    fn cancelled_items(&self, case: &Case, lines: &[Line]) -> Result<Vec<u32>, Ended> {
        let (restated, cancelled) = (self.restated(lines), self.call.sent.cancelled());
        case.names_all(&restated, &cancelled).map_err(|error| self.refused(&error))?;
        Ok(case.cancelled_with(&restated, &cancelled))
    }

    fn restated<'l>(&self, lines: &'l [Line]) -> Vec<(u32, &'l Line)> {
        self.call.sent.known_as().items.into_iter().zip(lines).collect()
    }

    fn is_same(&self, case: &Case, asked: &Asked, cancelled: &[u32]) -> bool {
        let last = case.requests.last();
        let request = last.is_some_and(|last| last.review == asked.review && last.urgency == asked.urgency);
        let details = case.service.as_ref() == Some(&asked.service) && case.diagnoses == asked.diagnoses;
        request && details && case.is_same(&self.restated(&asked.lines), cancelled)
    }

    fn same_parties(&self, case: &Case, asked: &Asked) -> Result<(), Ended> {
        let servicing = asked.servicing.as_ref().unwrap_or(&asked.requesting);
        let same = asked.requesting.id == case.requesting.id
            && id(Some(servicing)) == id(case.servicing.as_ref())
            && id(asked.attending.as_ref()) == id(case.attending.as_ref());
        if same { Ok(()) } else { Err(self.refused(&NotChanged::Parties)) }
    }

    fn place(&self, item: u32) -> Option<usize> {
        self.call.sent.claim.item.iter().position(|known| known.sequence == Some(item))
    }

    fn refused(&self, error: &NotChanged) -> Ended {
        refused(self.call, self.earlier, error, &self.call.sent.kept())
    }
}

fn id(provider: Option<&Provider>) -> Option<ProviderId> {
    provider.map(|provider| provider.id)
}

/// Why a change is not taken, at its place; `items` are the places of the items that the lines are.
fn refused(call: &Call<'_>, earlier: &Earlier, error: &NotChanged, items: &[usize]) -> Ended {
    let sent = call.sent;
    let at = |item: u32| sent.claim.item.iter().position(|known| known.sequence == Some(item));
    let fields = |errors: &FieldErrors| call.wrong(errors, items);
    let path = match error {
        NotChanged::Follow(FollowError::Fields(errors)) => return fields(errors),
        NotChanged::End(EndError::Fields(_)) => sent.first.at("supportingInfo"),
        NotChanged::Missing(_) | NotChanged::Same => sent.first.at("item"),
        NotChanged::DeniedItem(item) => {
            sent.first.at(&at(*item).map_or_else(|| "item".to_owned(), |place| format!("item[{place}]")))
        }
        NotChanged::Parties => sent.first.at("careTeam"),
        NotChanged::Details => sent.first.at("diagnosis"),
        NotChanged::Replaced
        | NotChanged::Over(_)
        | NotChanged::Denied
        | NotChanged::Authorized
        | NotChanged::Follow(_)
        | NotChanged::End(_) => earlier.path.clone(),
    };
    let code = if matches!(error, NotChanged::Missing(_)) { MISSING } else { WRONG };
    Ended::business(code, path, &error.to_string())
}
