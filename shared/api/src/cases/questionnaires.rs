//! Step `questionnaires`: saves the answers to one of those that the contract's rules pick, in part or marked complete, beside
//! the case (CASE-18); and what is seen of them.

use axum::response::Response;
use jiff::Timestamp;
use portico_domain::{
    cases::{
        Case,
        access::CaseAction,
        answers::{AnsweredItem, Need, held},
        document::Document,
        questionnaires::{Answers, Beside, Progress, Required, required},
    },
    contracts::questionnaire::Questionnaire,
    field::FieldErrors,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{answers_body::ItemBody, sight::Sight};
use crate::{app::App, caller::Token, form::word, problem::Problem, version::IfMatch, words};

/// Items and answers in one saving: more than any questionnaire of a pack has with all its copies.
const MOST_SENT: usize = 4_000;

/// Step `questionnaires` (CASE-18): the answers to one of them, all that there are.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct QuestionnairesStep {
    /// Which of those that the case shows.
    #[schema(value_type = String, required = true)]
    questionnaire: Option<String>,
    /// Its version, as the contract's document has it.
    #[schema(value_type = String, required = true)]
    version: Option<String>,
    /// The items of a FHIR R4 `QuestionnaireResponse`.
    item: Vec<ItemBody>,
    /// Whether the answers are marked complete; then none that is required may lack.
    complete: bool,
}

/// A questionnaire of a case: with its answers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuestionnaireView {
    /// Its id; what it asks stands in the contract's document.
    questionnaire: String,
    /// Its canonical address.
    url: String,
    /// Of a draft the version that is asked, of a submitted case the one that was answered.
    version: String,
    title: String,
    /// How far it is; whatever it says after `complete` was complete, and has to be marked again.
    #[schema(value_type = words::QuestionnaireProgress)]
    progress: String,
    /// The answers with their questions: the items of a FHIR R4 `QuestionnaireResponse`.
    item: Vec<ItemBody>,
    /// When they were last saved.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// By whom.
    by: Option<String>,
}

impl QuestionnaireView {
    fn of(one: &Required<'_>) -> Self {
        let asked = one.questionnaire;
        Self {
            questionnaire: asked.id.clone(),
            url: asked.url.clone(),
            version: asked.version.clone(),
            title: asked.title.clone(),
            progress: word(&one.progress),
            item: one.answers.map(|answers| ItemBody::all(&answers.item)).unwrap_or_default(),
            at: one.answers.map(|answers| answers.at),
            by: one.answers.map(|answers| answers.by.to_string()),
        }
    }

    fn answered(answers: &Answers) -> Self {
        Self {
            questionnaire: answers.questionnaire.clone(),
            url: answers.url.clone(),
            version: answers.version.clone(),
            title: answers.title.clone(),
            progress: word(&Progress::Complete),
            item: ItemBody::all(&answers.item),
            at: Some(answers.at),
            by: Some(answers.by.to_string()),
        }
    }

    /// Of a draft those that it has to answer, of a submitted case those that it had to, as they were answered.
    pub(super) fn all(case: &Case, beside: Beside<'_>, sight: Sight<'_>) -> Vec<Self> {
        if let Some(submission) = &case.submission {
            let kept = |id: &String| beside.answers.iter().find(|answers| answers.questionnaire == *id);
            return submission.questionnaires.iter().filter_map(kept).map(Self::answered).collect();
        }
        if case.is_cancelled() {
            return Vec::new();
        }
        required(case, beside, sight.contract, sight.now).iter().map(Self::of).collect()
    }
}

/// Saves the answers to a questionnaire.
pub(super) async fn save_answers(
    app: &App,
    (token, id): (&Token, &str),
    seen: IfMatch,
    step: QuestionnairesStep,
    answer: impl FnOnce(&Case, QuestionnaireView) -> Response,
) -> Result<Response, Problem> {
    let documents = |key| app.table().documents(key);
    let opened = app.open_with(token, id, CaseAction::Write, "edit-case", documents).await?;
    let (case, documents) = &opened.found;
    case.may_be_written()?;
    seen.check(case.version)?;
    let contract = app.contract_for(case).await?;
    let now = app.now();
    let change = case.clone().with_answers(now)?;
    let beside = Beside { documents, answers: &[] };
    let (asked, item) = step.read(&required(case, beside, &contract, now), documents, now)?;
    let facts = case.facts(contract.calendar.time_zone.date_at(now));
    let answers = Answers {
        questionnaire: asked.id.clone(),
        url: asked.url.clone(),
        version: asked.version.clone(),
        title: asked.title.clone(),
        item,
        at: now,
        by: token.username.clone(),
        complete_for: step.complete.then_some(facts),
    };
    let mut transaction = app.save(&change, &contract.calendar, &opened)?;
    transaction.answers(app.table(), case.key, &answers)?;
    app.table().commit(transaction).await?;
    let saved = std::slice::from_ref(&answers);
    let all = required(&change.case, Beside { documents, answers: saved }, &contract, now);
    let shown = all.iter().find(|one| one.answers.is_some()).map(QuestionnaireView::of);
    Ok(answer(&change.case, shown.unwrap_or_else(|| QuestionnaireView::answered(&answers))))
}

impl QuestionnairesStep {
    /// The answers as they are kept, held to what is asked now.
    fn read<'a>(
        &self,
        asked: &[Required<'a>],
        documents: &[Document],
        now: Timestamp,
    ) -> Result<(&'a Questionnaire, Vec<AnsweredItem>), FieldErrors> {
        let mut errors = FieldErrors::none();
        let id = errors.parse::<String>("/questionnaire", self.questionnaire.as_deref());
        let version = errors.parse::<String>("/version", self.version.as_deref());
        if ItemBody::count(&self.item) > MOST_SENT {
            let wrong = Wrong::TooMany { most: MOST_SENT };
            errors.add("/item", wrong.says(format!("Send at most {MOST_SENT} items and answers.")));
            return Err(errors);
        }
        let given = ItemBody::given(&self.item, "", &mut errors);
        let found = id.as_ref().and_then(|id| asked.iter().find(|one| one.questionnaire.id == *id));
        if id.is_some() && found.is_none() {
            let text = "The rules of the contract do not ask this questionnaire of this request.";
            errors.add("/questionnaire", Wrong::NotOffered.says(text));
        }
        let Some(asked) = found.map(|one| one.questionnaire) else { return Err(errors) };
        if version.is_some_and(|version| version != asked.version) {
            let questionnaire = asked.title.clone();
            let text = format!("This questionnaire has changed: {questionnaire}. Load the page again.");
            errors.add("/version", Wrong::QuestionnaireChanged { questionnaire }.says(text));
        }
        let name = |id: &str| {
            let is_it = |document: &&Document| document.id.to_string() == id && document.counts(now);
            documents.iter().find(is_it).map(|document| document.file_name.clone())
        };
        let need = if self.complete { Need::Whole } else { Need::Part };
        let item = match held(asked, &given, need, &name) {
            Ok(item) => Some(item),
            Err(found) => {
                errors.nest("", found);
                None
            }
        };
        errors.finish(item.map(|item| (asked, item)))
    }
}
