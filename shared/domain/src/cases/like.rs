//! A new case that begins like an earlier one of the same member: what is still true is filled in (CASE-04).

use jiff::civil::Date;

use super::{Case, Change, Step};
use crate::{contracts::Contract, events::EventKind, person::Provider, service::Setting};

impl Change {
    /// A case that was just created, with the steps of an earlier one that are still right under the contract: providers that are
    /// `registered` now, service, diagnoses. Days, what is asked for, documents and answers are of then: they are entered anew. A
    /// diagnosis that cannot be billed any more is filled in and told at its step, as one that was typed.
    #[must_use]
    pub fn like(mut self, earlier: &Case, registered: &[Provider], contract: &Contract) -> Self {
        let today = contract.calendar.time_zone.date_at(self.case.created_at);
        for step in steps(&self.case, earlier, registered) {
            let event = EventKind::StepSaved { step: step.name().to_owned() };
            if self.case.fill(step, contract, today) {
                self.events.push(event);
            }
        }
        self
    }

    /// The steps that were filled in, by name.
    #[must_use]
    pub fn filled(&self) -> Vec<String> {
        let step =
            |event: &EventKind| if let EventKind::StepSaved { step } = event { Some(step.clone()) } else { None };
        self.events.iter().filter_map(step).collect()
    }
}

impl Case {
    /// Fills in a step when nothing is wrong with it; whether it was.
    fn fill(&mut self, step: Step, contract: &Contract, today: Date) -> bool {
        let right = self.check_step(&step, contract, today).into_result().is_ok();
        if right {
            self.put(step);
        }
        right
    }
}

/// What an earlier case says that may still be true.
fn steps(case: &Case, earlier: &Case, registered: &[Provider]) -> Vec<Step> {
    let now = |then: &Option<Provider>| {
        let id = then.as_ref()?.id;
        registered.iter().find(|provider| provider.id == id).cloned()
    };
    let (servicing, attending) = (now(&earlier.servicing), now(&earlier.attending));
    let providers = servicing.map(|servicing| Step::Providers { servicing, attending, fax: case.fax.clone() });
    // A stay has days of its own, and what is offered differs by setting.
    let stays = case.setting != earlier.setting || case.setting == Setting::Inpatient;
    let service = earlier.service.clone().filter(|_| !stays).map(Step::Service);
    let diagnoses = Some(Step::Diagnoses(earlier.diagnoses.clone()));
    [providers, service, diagnoses].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        contracts::samples::arkansas,
        id::{CaseKey, ProviderId},
        tests::{at, draft, submitted},
    };

    fn begun(setting: Setting) -> Change {
        let (of, key) = (draft(), CaseKey::new(Uuid::from_u128(2)));
        let fax = "501-555-0142".parse().unwrap();
        Case::create(key, setting, of.member, of.requesting, fax, (at(), "bea".parse().unwrap()))
    }

    #[test]
    fn what_is_still_true_is_filled_in_and_days_are_not() {
        let (earlier, contract) = (submitted(), arkansas());
        let other = Provider { id: ProviderId::new(Uuid::from_u128(900)), ..earlier.requesting.clone() };
        let earlier = Case { servicing: Some(other.clone()), attending: Some(other.clone()), ..earlier };
        let renamed = Provider { name: "Sunrise Clinic of the North".parse().unwrap(), ..other };
        let change = begun(Setting::Outpatient).like(&earlier, std::slice::from_ref(&renamed), &contract);
        assert_eq!(change.filled(), ["providers", "service", "diagnoses"]);
        let case = &change.case;
        assert_eq!((&case.servicing, &case.attending), (&Some(renamed.clone()), &Some(renamed)), "as they are now");
        assert_eq!((&case.service, &case.diagnoses), (&earlier.service, &earlier.diagnoses));
        assert_eq!(case.fax.to_string(), begun(Setting::Outpatient).case.fax.to_string(), "letters go to who asks now");
        assert!(case.requests[0].lines.is_empty() && case.is_draft() && case.version == 1);
        assert_eq!(case.submission, None);
    }

    #[test]
    fn what_is_not_true_any_more_is_left_to_be_entered() {
        let (earlier, contract) = (submitted(), arkansas());
        let nobody = begun(Setting::Outpatient).like(&earlier, &[], &contract);
        assert_eq!(nobody.filled(), ["service", "diagnoses"], "the servicing provider is registered no more");
        assert_eq!(nobody.case.servicing, begun(Setting::Outpatient).case.servicing);
        let none = Contract { service_types: Vec::new(), ..arkansas() };
        assert_eq!(begun(Setting::Outpatient).like(&earlier, &[], &none).filled(), ["diagnoses"]);
        assert_eq!(begun(Setting::Inpatient).like(&earlier, &[], &contract).filled(), ["diagnoses"]);
        let empty = Case { diagnoses: Vec::new(), service: None, ..earlier };
        assert_eq!(begun(Setting::Outpatient).like(&empty, &[], &contract).filled(), Vec::<String>::new());
    }
}
