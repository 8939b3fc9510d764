//! Saving and checking the steps of the wizard: nothing waits until submit (CASE-08 to CASE-15).

use jiff::{Timestamp, civil::Date};

use crate::{
    cases::{Case, Change, Service, Stay, Step, StepError},
    contracts::{
        Contract,
        caps::{self, Share},
        code_rule::NoRule,
    },
    events::EventKind,
    field::FieldErrors,
    id::DocumentId,
    service::{Line, ReviewKind, Setting},
    wrong::Wrong,
};

impl Case {
    /// Whether steps can be saved.
    ///
    /// # Errors
    /// When the case is no draft any more.
    pub fn may_be_written(&self) -> Result<(), StepError> {
        if self.is_draft() { Ok(()) } else { Err(StepError::NotDraft(self.status())) }
    }

    /// Saves a step of the wizard: checked against the contract at the field, so that nothing waits until submit.
    ///
    /// # Errors
    /// Everything wrong at the fields, or that the case is no draft any more.
    pub fn save_step(mut self, step: Step, contract: &Contract, at: Timestamp) -> Result<Change, StepError> {
        self.may_be_written()?;
        let today = contract.calendar.time_zone.date_at(at);
        let errors = self.check_step(&step, contract, today);
        errors.into_result().map_err(StepError::Fields)?;
        let event = EventKind::StepSaved { step: step.name().to_owned() };
        self.put(step);
        self.touch(at);
        Ok(Change { case: self, events: vec![event], determination: None })
    }

    /// The draft with a step that was checked.
    pub(super) fn put(&mut self, step: Step) {
        match step {
            Step::Providers { servicing, attending, fax } => {
                (self.servicing, self.attending, self.fax) = (Some(servicing), attending, fax);
            }
            Step::Service(service) => self.service = Some(service),
            Step::Diagnoses(diagnoses) => self.diagnoses = diagnoses,
            Step::Request { review, urgency } => {
                if let Some(request) = self.draft_mut() {
                    (request.review, request.urgency) = (review, urgency);
                }
            }
            Step::Procedures(lines) => {
                if let Some(request) = self.draft_mut() {
                    request.lines = lines;
                }
            }
        }
    }

    /// The draft after a document was taken out of it: a version on, so that nobody submits it with what is gone.
    ///
    /// # Errors
    /// When the case is no draft any more.
    pub fn without_document(mut self, document: DocumentId, at: Timestamp) -> Result<Change, StepError> {
        self.may_be_written()?;
        self.touch(at);
        Ok(Change { case: self, events: vec![EventKind::DocumentRemoved { document }], determination: None })
    }

    /// What is wrong with a step under the contract, on a day there.
    #[must_use]
    pub fn check_step(&self, step: &Step, contract: &Contract, today: Date) -> FieldErrors {
        let mut errors = FieldErrors::none();
        match step {
            Step::Providers { servicing, attending, .. } => {
                for (pointer, provider) in [("/servicing", Some(servicing)), ("/attending", attending.as_ref())] {
                    if provider.is_some_and(|provider| provider.contract != self.contract) {
                        let text = "This provider is not in the registry of the case's contract.";
                        errors.add(pointer, Wrong::OtherContract.says(text));
                    }
                }
            }
            Step::Service(service) => {
                self.check_service(service, contract, &mut errors);
                if service.stay.as_ref().is_some_and(|stay| stay.admitted > contract.windows.latest(today)) {
                    errors.add("/stay/admitted", contract.windows.too_far());
                }
            }
            Step::Diagnoses(codes) => {
                if codes.is_empty() || codes.len() > 25 {
                    let text = "Enter 1 to 25 diagnoses, the primary one first.";
                    errors.add("/diagnoses", Wrong::entries(codes, 25).says(text));
                    return errors;
                }
                for (place, code) in codes.iter().enumerate() {
                    if codes.iter().take(place).any(|earlier| earlier == code) {
                        let text = "This diagnosis is entered twice.";
                        errors.add(format!("/diagnoses/{place}"), Wrong::Repeated.says(text));
                    }
                }
            }
            Step::Request { review, .. } => {
                if !ReviewKind::OF_A_NEW_CASE.contains(review) {
                    let text = "This is asked for on a decided request, not in a new case.";
                    errors.add("/review", Wrong::NotInANewCase.says(text));
                }
            }
            Step::Procedures(lines) => {
                let review = self.requests.last().map(|request| request.review);
                errors.nest("", self.check_lines(lines, review, contract, today));
            }
        }
        errors
    }

    fn check_service(&self, service: &Service, contract: &Contract, errors: &mut FieldErrors) {
        match contract.service_type(&service.service_type) {
            None => {
                let text = "Choose a service type from the contract's list.";
                errors.add("/serviceType", Wrong::NotOffered.says(text));
            }
            Some(known) if !known.settings.contains(&self.setting) => {
                let text = "This service type is not offered in the setting of this case.";
                errors.add("/serviceType", Wrong::OtherSetting.says(text));
            }
            Some(_) => {}
        }
        if !contract.places_of_service.iter().any(|place| place.id == service.place_of_service) {
            let text = "Choose a place of service from the contract's list.";
            errors.add("/placeOfService", Wrong::NotOffered.says(text));
        }
        match (self.setting, &service.stay) {
            (Setting::Inpatient, None) => {
                errors.add("/stay", Wrong::Missing.says("An inpatient case needs the admission details."));
            }
            (Setting::Outpatient, Some(_)) => {
                errors.add("/stay", Wrong::OtherSetting.says("An outpatient case has no admission."));
            }
            (_, Some(Stay { admitted, discharged: Some(discharged), .. })) if discharged < admitted => {
                let text = "The discharge is before the admission.";
                errors.add("/stay/discharged", Wrong::EndsBeforeItBegins.says(text));
            }
            (Setting::Inpatient, Some(_)) | (Setting::Outpatient, None) => {}
        }
    }

    /// What is wrong with lines that are asked for on a day, in a request of this kind where that is known.
    pub(super) fn check_lines(
        &self,
        lines: &[Line],
        review: Option<ReviewKind>,
        contract: &Contract,
        today: Date,
    ) -> FieldErrors {
        let mut errors = FieldErrors::none();
        if lines.is_empty() || lines.len() > 50 {
            errors.add("/lines", Wrong::entries(lines, 50).says("Enter 1 to 50 procedure lines."));
            return errors;
        }
        let support = contract.support_sentence();
        for (place, line) in lines.iter().enumerate() {
            let at = format!("/lines/{place}");
            if line.modifiers.len() > 4 {
                let text = "A line has at most four modifiers.";
                errors.add(format!("{at}/modifiers"), Wrong::TooMany { most: 4 }.says(text));
            }
            if u32::from(line.duration) != line.period.days() {
                let days = line.period.days();
                let text = format!("The dates cover {days} days; the duration says otherwise.");
                errors.add(format!("{at}/duration"), Wrong::DurationDiffers { days }.says(text));
            }
            if let Some(review) = review {
                errors.nest(&at, contract.windows.check(review, line.period, today));
            }
            match self.rule_for(line, contract) {
                Ok(rule) => errors.nest(&at, rule.check(line, &self.member, &support)),
                Err(NoRule::Outside(rule, misfits)) => {
                    errors.nest(&at, rule.outside(&misfits, &line.code));
                    errors.nest(&at, rule.check_bounds(line, &self.member));
                }
                Err(NoRule::Unlisted(code)) => errors.nest(&at, contract.unlisted_line(&code)),
                Err(NoRule::Modifiers(error)) => {
                    errors.add(format!("{at}/modifiers"), error);
                }
            }
        }
        let shares: Vec<_> = lines.iter().enumerate().map(|(place, line)| Share::asked(place, line)).collect();
        errors.nest("", caps::check(|line| self.rule_of(line, contract), &shares, "quantity", false));
        errors
    }
}
