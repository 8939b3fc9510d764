//! Whether a fax that came in is for a contract (LTR-08), and whether its rules about faxes fit the rest of it.

use crate::{
    contact::Phone,
    contracts::{Contract, intake::IntakeRules},
};

impl Contract {
    /// Whether a fax to this number is for the contract.
    #[must_use]
    pub fn takes_faxes_at(&self, number: &Phone) -> bool {
        self.intake.fax_numbers.contains(number)
    }

    pub(super) fn intake_problems(&self) -> Vec<String> {
        let IntakeRules { fax_numbers, document_type } = &self.intake;
        let mut problems = Vec::new();
        if !fax_numbers.is_empty() && self.document_type(document_type).is_none() {
            problems.push(format!("intake: faxes are filed under the unknown document type {document_type}"));
        }
        let letterhead = self.letters.letterhead.fax.as_deref().map(str::parse::<Phone>);
        if let Some(Ok(number)) = letterhead.filter(|_| !fax_numbers.is_empty())
            && !fax_numbers.contains(&number)
        {
            problems.push("intake: fax-numbers lack the one of the letterhead, which answers come in on".to_owned());
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::samples::arkansas;

    #[test]
    fn what_comes_in_has_a_type_and_the_letterheads_number_is_among_those_that_are_dialled() {
        let mut contract = arkansas();
        assert!(contract.takes_faxes_at(&"855-997-3707".parse().unwrap()));
        assert!(!contract.takes_faxes_at(&"855-997-3708".parse().unwrap()));
        assert!(contract.intake_problems().is_empty());
        contract.intake.document_type = "x-ray".to_owned();
        contract.intake.fax_numbers = vec!["501-555-0190".parse().unwrap()];
        assert_eq!(contract.intake_problems().len(), 2);
        contract.intake.fax_numbers.clear();
        assert!(contract.intake_problems().is_empty(), "no number, no faxes");
    }
}
