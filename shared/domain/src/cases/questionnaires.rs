//! The questionnaires of a request: which are required, how far each is, and why one is asked again (CASE-18).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        Case, Change, StepError,
        answers::{self, AnsweredItem},
        document::Document,
    },
    contracts::{Contract, questionnaire::Questionnaire, questionnaire_rules::Facts},
    events::EventKind,
    field::{FieldErrors, Objection},
    id::Username,
    service::ReviewKind,
    wrong::Wrong,
};

/// The name of the step in paths and on the timeline.
pub const STEP: &str = "questionnaires";

/// The answers to one questionnaire, kept beside the case; after submit they are not changed any more, but by a system that asks
/// anew for what nobody has decided.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answers {
    /// The questionnaire's id.
    pub questionnaire: String,
    /// Its canonical address.
    pub url: String,
    /// The version that was answered.
    pub version: String,
    /// Its title then.
    pub title: String,
    /// The answers with their questions.
    pub item: Vec<AnsweredItem>,
    /// When they were last saved.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// For which request they were marked complete; none while they are being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_for: Option<Facts>,
}

/// What stands beside a draft and belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// What is attached.
    pub documents: &'a [Document],
    /// What is answered.
    pub answers: &'a [Answers],
}

/// How far a questionnaire is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// Nothing is answered.
    NotBegun,
    /// It is not marked complete.
    Begun,
    /// It is marked complete.
    Complete,
    /// It was complete, and the contract asks another version of it now.
    VersionChanged,
    /// It was complete, for another service, other codes, or another age of the member.
    RequestChanged,
    /// It was complete, and a document that an answer names is not there any more.
    DocumentGone,
}

/// A questionnaire that a draft has to answer.
#[derive(Clone, Copy, Debug)]
pub struct Required<'a> {
    /// As the contract asks it now.
    pub questionnaire: &'a Questionnaire,
    /// What was answered.
    pub answers: Option<&'a Answers>,
    /// How far it is.
    pub progress: Progress,
}

impl Case {
    /// What the rules of the contract know of the request that is being written.
    #[must_use]
    pub fn facts(&self, today: Date) -> Facts {
        let request = self.requests.last();
        let mut codes: Vec<_> =
            request.into_iter().flat_map(|request| &request.lines).map(|line| line.code.clone()).collect();
        codes.sort();
        codes.dedup();
        Facts {
            service_type: self.service.as_ref().map(|service| service.service_type.clone()),
            setting: self.setting,
            review: request.map_or(ReviewKind::Initial, |request| request.review),
            codes,
            age: self.member.age_on(self.service_date().unwrap_or(today)),
        }
    }

    /// Whether it is known what the rules pick: by service and codes.
    #[must_use]
    pub fn is_known_to_rules(&self) -> bool {
        self.service.is_some() && self.requests.last().is_some_and(|request| !request.lines.is_empty())
    }

    /// The draft after answers were saved: a version on, so that nobody submits it with others.
    ///
    /// # Errors
    /// When the case is no draft any more.
    pub fn with_answers(mut self, at: Timestamp) -> Result<Change, StepError> {
        self.may_be_written()?;
        self.touch(at);
        let events = vec![EventKind::StepSaved { step: STEP.to_owned() }];
        Ok(Change { case: self, events, determination: None })
    }
}

/// The questionnaires that the draft has to answer under the contract, in the order of its rules.
#[must_use]
pub fn required<'a>(case: &Case, beside: Beside<'a>, contract: &'a Contract, at: Timestamp) -> Vec<Required<'a>> {
    let facts = case.facts(contract.calendar.time_zone.date_at(at));
    let of = |questionnaire: &'a Questionnaire| {
        let answers = beside.answers.iter().find(|answers| answers.questionnaire == questionnaire.id);
        Required { questionnaire, answers, progress: progress(questionnaire, answers, (&facts, beside.documents), at) }
    };
    contract.questionnaires_for(&facts).into_iter().map(of).collect()
}

fn progress(
    questionnaire: &Questionnaire,
    answers: Option<&Answers>,
    (facts, attached): (&Facts, &[Document]),
    at: Timestamp,
) -> Progress {
    let Some(answers) = answers else { return Progress::NotBegun };
    let there = |id: &&str| attached.iter().any(|document| document.id.to_string() == **id && document.counts(at));
    match &answers.complete_for {
        None => Progress::Begun,
        Some(_) if answers.version != questionnaire.version => Progress::VersionChanged,
        Some(known) if known != facts => Progress::RequestChanged,
        Some(_) if !answers::documents(&answers.item).iter().all(there) => Progress::DocumentGone,
        Some(_) => Progress::Complete,
    }
}

/// What a submit is refused for, each at its questionnaire.
pub(super) fn missing(required: &[Required<'_>]) -> FieldErrors {
    let mut errors = FieldErrors::none();
    for one in required {
        if let Some(objection) = one.objection() {
            errors.add(format!("/{STEP}/{}", one.questionnaire.id), objection);
        }
    }
    errors
}

impl Required<'_> {
    fn objection(&self) -> Option<Objection> {
        let title = &self.questionnaire.title;
        let questionnaire = title.clone();
        Some(match self.progress {
            Progress::Complete => return None,
            Progress::NotBegun | Progress::Begun => Wrong::QuestionnaireMissing { questionnaire }
                .says(format!("This questionnaire has to be marked complete: {title}.")),
            Progress::VersionChanged => Wrong::QuestionnaireChanged { questionnaire }.says(format!(
                "This questionnaire has changed since it was marked complete: {title}. Look at it and mark it again."
            )),
            Progress::RequestChanged => Wrong::AnsweredForAnother { questionnaire }.says(format!(
                "The request has changed since this questionnaire was marked complete: {title}. Look at the answers and \
                 mark it again."
            )),
            Progress::DocumentGone => Wrong::AnsweredDocumentGone { questionnaire }.says(format!(
                "A document that an answer names is not attached any more: {title}. Choose another one and mark it again."
            )),
        })
    }
}
