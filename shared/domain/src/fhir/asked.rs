//! What a system asks for becomes a case of the same kind as a person's: begun, handed in and looked at by automatic review in
//! one step, by the same rules.

use jiff::Timestamp;

use crate::{
    cases::{
        Case, Change, Claim, Service, Step,
        document::Document,
        submit::{ChecklistStatus, Ready, checklist},
    },
    code::DiagnosisCode,
    contact::Phone,
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::{CaseId, CaseKey, RequestNumber, Username},
    person::{Member, Provider},
    reviews,
    service::{Line, ReviewKind, Setting, Urgency},
    wrong::Wrong,
};

/// What is asked for, in our words.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// With a bed or without.
    pub setting: Setting,
    /// Who asks.
    pub requesting: Provider,
    /// Who performs it; who asks where nobody is named.
    pub servicing: Option<Provider>,
    /// Who is responsible in a stay.
    pub attending: Option<Provider>,
    /// Where letters are faxed.
    pub fax: Phone,
    /// Kind, place and stay.
    pub service: Service,
    /// The first is primary.
    pub diagnoses: Vec<DiagnosisCode>,
    /// Why it is asked for.
    pub review: ReviewKind,
    /// How fast an answer is needed.
    pub urgency: Urgency,
    /// What is asked for, line by line.
    pub lines: Vec<Line>,
}

/// Why it is no case.
#[derive(Clone, PartialEq, Debug)]
pub enum NoCase {
    /// None of it needs authorization: for each line, in words.
    NotNeeded(Vec<String>),
    /// What is wrong, with pointers as the steps of the wizard have them.
    Wrong(FieldErrors),
}

impl Asked {
    /// The draft of a case, checked step by step as a person's is.
    ///
    /// # Errors
    /// When none of it needs authorization, or everything that is wrong.
    pub fn draft(
        self,
        (key, number): (CaseKey, RequestNumber),
        member: Member,
        contract: &Contract,
        (at, by): (Timestamp, Username),
    ) -> Result<Case, NoCase> {
        let Self { setting, requesting, servicing, attending, fax, service, diagnoses, review, urgency, lines } = self;
        let servicing = servicing.unwrap_or_else(|| requesting.clone());
        let count = lines.len();
        let mut case = Case::create(key, setting, member, requesting, fax.clone(), (at, by)).case;
        for request in &mut case.requests {
            request.number = number;
        }
        let steps = [
            Step::Providers { servicing, attending, fax },
            Step::Service(service),
            Step::Diagnoses(diagnoses),
            Step::Request { review, urgency },
            Step::Procedures(lines),
        ];
        let today = contract.calendar.time_zone.date_at(at);
        let mut errors = FieldErrors::none();
        for step in steps {
            errors.nest("", case.check_step(&step, contract, today));
            // What is wrong with one step is told above; the next is looked at all the same.
            if let Ok(change) = case.clone().save_step(step, contract, at) {
                case = change.case;
            }
        }
        let not_needed: Vec<String> = (0..count).filter_map(|place| not_needed(&errors, place)).collect();
        if count > 0 && not_needed.len() == count {
            return Err(NoCase::NotNeeded(not_needed));
        }
        errors.into_result().map_err(NoCase::Wrong)?;
        Ok(case)
    }
}

/// That a line needs no authorization, in words.
fn not_needed(errors: &FieldErrors, place: usize) -> Option<String> {
    let at = format!("/lines/{place}/code");
    let found = errors
        .as_slice()
        .iter()
        .find(|error| error.pointer == at && matches!(error.objection.wrong, Wrong::NoAuthorizationNeeded { .. }))?;
    Some(found.objection.sentence.clone())
}

/// What is looked at beside a request: the contract, the member's other cases, whoever asked, and the documents.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The other cases.
    pub known: reviews::Known<'a>,
    /// The documents of the case, also those that come with the request.
    pub documents: &'a [Document],
}

/// The case as it is saved first: handed in under `case_id`, and looked at by automatic review, which approves it or passes it
/// on.
#[must_use]
pub fn handed_in(
    ready: Ready<'_>,
    (case_id, fax, (claim, system)): (CaseId, Phone, (Claim, String)),
    beside: Beside<'_>,
    (at, by): (Timestamp, Username),
) -> Change {
    let mut change = ready.submit(case_id, fax, at, by);
    if let Some(submission) = &mut change.case.submission {
        submission.claim = Some(claim);
        submission.system = Some(system);
    }
    change.events.insert(0, EventKind::CaseCreated);
    let mut change = reviewed(change, RequestNumber::FIRST, beside, at);
    change.case.version = 1;
    change
}

/// What automatic review makes of it. A document that the contract needs and that is not checked yet is for a person to wait for.
pub(super) fn reviewed(mut change: Change, number: RequestNumber, beside: Beside<'_>, at: Timestamp) -> Change {
    let Beside { contract, known, documents } = beside;
    let case = change.case.clone();
    let needed = checklist(&case, documents, contract, at);
    let reviewed = if needed.iter().any(|item| item.status == ChecklistStatus::Checking) {
        reviews::unchecked(case, number, contract, known, at)
    } else {
        reviews::automatic(case, number, contract, known, at)
    };
    if let Some(reviewed) = reviewed {
        change.case = reviewed.case;
        change.determination = reviewed.determination;
        change.events.extend(reviewed.events);
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::{
            request::{State, samples::line},
            submit,
        },
        contracts::{auto_rule::AutoRule, code_rule::Authorization, samples::arkansas},
        person::samples::{child, clinic},
        tests::{AGREED, at, beside, documents},
    };
    use uuid::Uuid;

    fn asked(contract: &Contract) -> Asked {
        let mut asked = line("T1015", 30, 150);
        asked.modifiers = vec!["U6".parse().unwrap(), "UB".parse().unwrap()];
        Asked {
            setting: Setting::Outpatient,
            requesting: clinic(),
            servicing: None,
            attending: None,
            fax: "501-555-0123".parse().unwrap(),
            service: Service {
                service_type: "day-habilitative".into(),
                place_of_service: contract.places_of_service[0].id.clone(),
                stay: None,
            },
            diagnoses: vec!["F84.0".parse().unwrap()],
            review: ReviewKind::Initial,
            urgency: Urgency::Standard,
            lines: vec![asked],
        }
    }

    fn by() -> (Timestamp, Username) {
        (at(), "cli".parse().unwrap())
    }

    fn draft(asked: Asked, contract: &Contract) -> Result<Case, NoCase> {
        asked.draft((CaseKey::new(Uuid::from_u128(9)), RequestNumber::FIRST), child(), contract, by())
    }

    fn claim() -> Claim {
        Claim {
            address: "urn:uuid:1".into(),
            identifiers: vec![(None, "C-1".into())],
            request: RequestNumber::FIRST,
            items: vec![1],
            cancelled: Vec::new(),
            documents: Vec::new(),
            words: None,
            bundle: None,
            kind: None,
            traces: Vec::new(),
        }
    }

    fn handed_in_under(contract: &Contract) -> Change {
        let case = draft(asked(contract), contract).unwrap();
        let (documents, (at, by)) = (documents(), by());
        let ready = submit::check(case, beside(&documents), contract, AGREED, at).unwrap();
        let fax = "501-555-0123".parse().unwrap();
        let number = "261270001".parse().unwrap();
        let looked_at = Beside { contract, known: reviews::Known::default(), documents: &documents };
        handed_in(ready, (number, fax, (claim(), "River EHR".into())), looked_at, (at, by))
    }

    #[test]
    fn a_request_is_handed_in_and_passed_to_the_nurses_in_one_version() {
        let change = handed_in_under(&arkansas());
        assert_eq!(change.case.version, 1);
        assert!(matches!(change.case.requests[0].state, State::NurseReview { .. }));
        assert!(matches!(
            change.events.as_slice(),
            [EventKind::CaseCreated, EventKind::CaseSubmitted { .. }, EventKind::RequestRouted { .. }]
        ));
        let submission = change.case.submission.unwrap();
        assert_eq!((submission.claim, submission.by.as_str()), (Some(claim()), "cli"));
        assert_eq!(submission.system.as_deref(), Some("River EHR"));
        assert_eq!(change.case.servicing, Some(change.case.requesting));
    }

    #[test]
    fn what_a_rule_fits_is_approved_at_once() {
        let rule = AutoRule {
            id: "all".into(),
            reason: "All of it.".into(),
            codes: vec!["T1015".parse().unwrap()],
            diagnoses: vec!["F84.0".parse().unwrap()],
            age_from: None,
            max_units: 150,
            ..AutoRule::default()
        };
        let change = handed_in_under(&Contract { auto_review: vec![rule], ..arkansas() });
        assert!(change.determination.is_some_and(|made| made.authorization.is_some()));
        assert!(matches!(change.events.last(), Some(EventKind::RequestDetermined { .. })));
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_what_needs_no_authorization_is_no_case() {
        let contract = arkansas();
        let mut wrong = asked(&contract);
        wrong.service.place_of_service = "none".into();
        wrong.lines[0].modifiers.clear();
        let Err(NoCase::Wrong(errors)) = draft(wrong, &contract) else { panic!("it was taken") };
        let pointers: Vec<_> = errors.as_slice().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/placeOfService", "/lines/0/modifiers"]);

        let mut free = contract;
        free.codes[0].authorization = Authorization::NotRequired;
        let mut both = asked(&free);
        both.lines.push(both.lines[0].clone());
        let Err(NoCase::NotNeeded(said)) = draft(both.clone(), &free) else { panic!("it was taken") };
        assert_eq!(said.len(), 2);
        both.lines[1].code = "A0426".parse().unwrap();
        assert!(matches!(draft(both, &free), Err(NoCase::Wrong(_))));
    }
}
