//! What a system asks for first: a case of the same kind as a person's, in one transaction with what automatic review makes of it.

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
        Case, Claim,
        note::NoteType,
        questionnaires::Beside,
        submit::{self, Ready, Said, SubmitError},
    },
    contracts::Contract,
    events::Actor,
    fhir::asked::{self, Asked, NoCase, handed_in},
    id::{CaseKey, RequestNumber, Username},
    person::Member,
};

use super::{
    ended::Ended,
    papers::{Filed, Papers},
    taking::{Call, Kept, Saved},
    wishes::{self, Providers},
};
use crate::{
    billable::unbillable,
    problem::Problem,
    throttle::{NEW_CASES_OF_MEMBER, within},
};

/// What is asked for, as our words have it.
pub(super) fn asked_for(call: &Call<'_>, contract: &Contract, who: Providers) -> Result<Asked, Ended> {
    let today = contract.calendar.time_zone.date_at(call.app.now());
    wishes::asked(call.sent, contract, who, today)?.map_err(Ended::Business)
}

/// The draft of a request under this number; none of it is saved.
pub(super) fn draft(
    call: &Call<'_>,
    asked: Asked,
    of: (CaseKey, RequestNumber),
    (member, contract): (&Member, &Contract),
) -> Result<Case, Ended> {
    let by = (call.app.now(), Username::from(call.client.id));
    asked.draft(of, member.clone(), contract, by).map_err(|none| match none {
        NoCase::NotNeeded(said) => Ended::NotNeeded(said),
        NoCase::Wrong(errors) => call.wrong(&errors, &call.sent.kept()),
    })
}

/// The draft held to all that a submit is held to.
pub(super) fn ready<'c>(
    call: &Call<'_>,
    (draft, others): (Case, &Others),
    beside: Beside<'_>,
    contract: &'c Contract,
) -> Result<Ready<'c>, Ended> {
    let (app, client) = (call.app, call.client);
    let today = contract.calendar.time_zone.date_at(app.now());
    let day = draft.service_date().unwrap_or(today);
    let unbillable = unbillable(&draft.diagnoses, day);
    let seen: Vec<Case> = others.cases.iter().filter(|case| client.sees(case, &client.providers)).cloned().collect();
    // Its terms were agreed to when it was registered.
    let said = Said { agreed: true, reason: None, others: &seen, with_documents: true };
    let items = call.sent.kept();
    match submit::check(draft, beside, contract, said, app.now()) {
        Ok(ready) if unbillable.is_empty() => Ok(ready),
        Ok(_) => Err(call.wrong(&unbillable, &items)),
        Err(SubmitError::Incomplete(mut missing)) => {
            missing.nest("", unbillable);
            Err(call.wrong(&missing, &items))
        }
        Err(error @ SubmitError::NotDraft(_)) => Err(Problem::from(error).into()),
    }
}

/// What is kept of the Claim.
pub(super) fn claim(
    call: &Call<'_>,
    (request, words): (RequestNumber, Option<&str>),
    cancelled: Vec<u32>,
    filed: &Filed,
) -> Claim {
    let (documents, words, bundle) = (filed.sent.clone(), words.map(sha256), Some(call.name.clone()));
    Claim { request, cancelled, documents, words, bundle, ..call.sent.known_as() }
}

/// Makes the case, and keeps the answer with it.
pub(super) async fn case(
    call: &Call<'_>,
    (member, contract): (&Member, &Contract),
    (who, others): (Providers, &Others),
    papers: &Papers<'_>,
    key: &IdempotencyKey,
) -> Result<Kept, Ended> {
    let (app, client, number) = (call.app, call.client, RequestNumber::FIRST);
    let (table, now, by) = (app.table(), app.now(), Username::from(client.id));
    let case_key = CaseKey::new(portico_aws::clock::new_uuid());
    let words = call.words()?;
    let asked = asked_for(call, contract, who)?;
    let fax = asked.fax.clone();
    let draft = draft(call, asked, (case_key, number), (member, contract))?;
    let filed = papers.filed(contract, (&[], &[]), (number, now, &by))?;
    let documents = filed.documents.clone();
    let answers = papers.answers((&draft, &documents, &filed), contract, (now, &by))?;
    let beside = Beside { documents: &documents, answers: &answers };
    let ready = ready(call, (draft, others), beside, contract)?;
    // What is refused counts for nothing: corrected, it is welcome.
    let what = "This system has sent many requests for this member today.";
    let (of, today) = (format!("{}#{}", client.id, member.id), contract.calendar.time_zone.date_at(now));
    let (counted, case_id, bundle) =
        futures::join!(within(app, &NEW_CASES_OF_MEMBER, &of, what), table.draw_case_id(today), call.keep_bundle());
    counted?;
    bundle?;
    let case_id = case_id?;
    let claim = claim(call, (number, words.as_deref()), Vec::new(), &filed);
    let named = (case_id.clone(), fax, (claim, client.name.to_string()));
    let looked_at = asked::Beside { contract, known: others.known(), documents: &documents };
    let change = handed_in(ready, named, looked_at, (now, by.clone()));
    let mut transaction = Transaction::new();
    transaction.case_of_member(table, &change.case)?;
    transaction.case(table, &change, &contract.calendar, &Actor::User(by))?;
    transaction.approves(table, &change, others)?;
    transaction.case_number(table, &case_id, case_key)?;
    let note = words.map(|text| call.note(text, None, NoteType::Note));
    call.beside(&mut transaction, case_key, &Saved { documents, answers, note })?;
    let empty = CaseFile::of(change.case.clone());
    let kept = call.told(change, empty, (number, contract), filed.files)?;
    call.commit(transaction, key, &kept).await
}
