//! Whether the words of a decision that came from the contract's catalogue are as it wants them (REV-05).

use crate::{
    cases::determination::{Criterion, LineOutcome, Sources},
    contracts::{
        Contract,
        catalogue::{holds, is_left_blank},
    },
    field::FieldErrors,
    status::Outcome,
    wrong::Wrong,
};

const BLANK: &str = "Complete what stands in square brackets.";

/// What is wrong with what a decision takes from the catalogue, in a case of this service type.
#[must_use]
pub fn check(
    contract: &Contract,
    service_type: Option<&str>,
    (lines, criteria): (&[LineOutcome], &[Criterion]),
    sources: &Sources,
) -> FieldErrors {
    let mut errors = FieldErrors::none();
    for (place, line) in lines.iter().enumerate() {
        let (outcome, typed) = match line {
            LineOutcome::Approved => continue,
            LineOutcome::Modified { reason, .. } => (Outcome::Modified, reason),
            LineOutcome::Denied { reason } => (Outcome::Denied, reason),
        };
        let id = sources.reasons.get(place).and_then(Option::as_ref);
        let Some(id) = id else {
            if contract.catalogue.reason_required {
                let text = "Choose a reason of the contract's catalogue. You may add to it.";
                errors.add(format!("/lines/{place}/catalogue"), Wrong::Missing.says(text));
            }
            continue;
        };
        let fits = contract.reasons.iter().find(|reason| reason.id == *id && reason.fits(outcome, service_type));
        let Some(reason) = fits else {
            let text = "The contract's catalogue has no such reason for this outcome and service.";
            errors.add(format!("/lines/{place}/catalogue"), Wrong::NotOfTheCatalogue.says(text));
            continue;
        };
        if is_left_blank(&reason.text, typed) {
            errors.add(format!("/lines/{place}/reason"), Wrong::NotCompleted.says(BLANK));
        } else if contract.catalogue.reason_required && !holds(&reason.text, typed) {
            let text = "The words of the catalogue stand in the letter as they are. Complete them, and add to them.";
            errors.add(format!("/lines/{place}/reason"), Wrong::NotCompleted.says(text));
        }
    }
    for (place, criterion) in criteria.iter().enumerate() {
        let Some(id) = sources.criteria.get(place).and_then(Option::as_ref) else { continue };
        let Some(known) = contract.criteria.iter().find(|known| known.id == *id && known.fits(service_type)) else {
            let text = "The contract's catalogue has no such criterion for this service.";
            errors.add(format!("/criteria/{place}/catalogue"), Wrong::NotOfTheCatalogue.says(text));
            continue;
        };
        for (field, text, typed) in
            [("citation", &known.citation, &criterion.citation), ("text", &known.text, &criterion.text)]
        {
            if is_left_blank(text, typed) {
                errors.add(format!("/criteria/{place}/{field}"), Wrong::NotCompleted.says(BLANK));
            }
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::{catalogue, samples::arkansas};

    fn denied(reason: &str) -> Vec<LineOutcome> {
        vec![LineOutcome::Denied { reason: reason.into() }]
    }

    fn pointers(contract: &Contract, lines: &[LineOutcome], reason: Option<&str>) -> Vec<String> {
        let sources = Sources { reasons: vec![reason.map(ToOwned::to_owned)], criteria: Vec::new() };
        let errors = check(contract, Some("day-habilitative"), (lines, &[]), &sources);
        errors.as_slice().iter().map(|error| error.pointer.clone()).collect()
    }

    #[test]
    fn what_is_taken_is_completed_and_where_a_reason_is_required_it_is_kept_and_added_to() {
        let mut contract = arkansas();
        contract.reasons = vec![catalogue::Reason {
            id: "not-tried".into(),
            text: "The records do not show that [what] was tried.".into(),
            outcomes: vec![Outcome::Denied],
            service_types: vec!["day-habilitative".into()],
        }];
        let whole = denied("The records do not show that a group was tried. See page 3.");
        let own = denied("The goals of the plan are met already.");
        let blank = denied("The records do not show that [what] was tried.");
        for required in [false, true] {
            contract.catalogue.reason_required = required;
            assert!(pointers(&contract, &whole, Some("not-tried")).is_empty());
            assert_eq!(pointers(&contract, &blank, Some("not-tried")), ["/lines/0/reason"]);
            assert_eq!(pointers(&contract, &whole, Some("other")), ["/lines/0/catalogue"]);
            assert!(pointers(&contract, &[LineOutcome::Approved], Some("other")).is_empty(), "it has no reason");
        }
        assert_eq!(pointers(&contract, &own, None), ["/lines/0/catalogue"]);
        assert_eq!(pointers(&contract, &own, Some("not-tried")), ["/lines/0/reason"]);
        contract.catalogue.reason_required = false;
        assert!(pointers(&contract, &own, None).is_empty() && pointers(&contract, &own, Some("not-tried")).is_empty());
        let part = vec![LineOutcome::Modified {
            units: 1.try_into().unwrap(),
            period: crate::cases::request::samples::line("T1015", 1, 1).period,
            reason: "x".into(),
        }];
        assert_eq!(pointers(&contract, &part, Some("not-tried")), ["/lines/0/catalogue"], "of another outcome");
    }
}
