//! Answers to a questionnaire as a system sends them: held to what is asked by the rules that hold the wizard's.

use jiff::Timestamp;
use portico_domain::{
    cases::{
        Case,
        answers::{AnsweredItem, Given, Need, held},
        document::Document,
        questionnaires::{Answers, Beside, required},
    },
    contracts::{
        Contract,
        questionnaire::{self, Answer, Questionnaire},
    },
    field::{FieldErrors, Objection},
    id::{DocumentId, Username},
    wrong::Wrong,
};
use portico_fhir::{
    answer::Refusal,
    bundle::Entry,
    types::{AnswerValue, Answered, Attachment, QuestionnaireResponse},
};

use super::wishes::{WRONG, code_of, refusal};

/// Answers, and where they stand.
#[derive(Debug)]
pub(super) struct Response<'a> {
    /// Its place.
    pub(super) path: String,
    /// What it is in a Bundle.
    pub(super) entry: Option<Entry<'a>>,
    pub(super) read: QuestionnaireResponse,
}

/// The document that an answer at this place names.
type DocumentAt<'a> = &'a dyn Fn(&str) -> Option<DocumentId>;

impl Response<'_> {
    /// The address of what it answers.
    pub(super) fn url(&self) -> &str {
        let canonical = self.read.questionnaire.as_deref().unwrap_or_default();
        canonical.split_once('|').map_or(canonical, |(url, _)| url)
    }

    /// Something that is wrong with it.
    pub(super) fn wrong(&self, element: &str, text: &str) -> Refusal {
        refusal(WRONG, self.at(element), text)
    }

    /// The place of something in it.
    pub(super) fn at(&self, element: &str) -> String {
        format!("{}.{element}", self.path)
    }

    /// The answers as they are kept, held to this questionnaire.
    pub(super) fn held(
        &self,
        questionnaire: &Questionnaire,
        (documents, at): (&[Document], Timestamp),
        document: DocumentAt<'_>,
    ) -> Result<Vec<AnsweredItem>, Vec<Refusal>> {
        if !matches!(self.read.status.as_deref(), Some("completed" | "amended")) {
            return Err(vec![self.wrong("status", "Send answers that are completed.")]);
        }
        let canonical = self.read.questionnaire.as_deref().unwrap_or_default();
        if canonical.split_once('|').is_some_and(|(_, version)| version != questionnaire.version) {
            let text = format!("This questionnaire has changed: {}. Get it anew.", questionnaire.title);
            return Err(vec![self.wrong("questionnaire", &text)]);
        }
        let mut errors = FieldErrors::none();
        let given = self.given(&self.read.item, "", document, &mut errors);
        let name = |id: &str| {
            let is_it = |document: &&Document| document.id.to_string() == id && document.counts(at);
            documents.iter().find(is_it).map(|document| document.file_name.clone())
        };
        let item = match held(questionnaire, &given, Need::Whole, &name) {
            Ok(item) => Some(item),
            Err(found) => {
                errors.nest("", found);
                None
            }
        };
        let of = |errors: FieldErrors| {
            let all = errors.as_slice().iter();
            all.map(|error| refusal(code_of(error), self.at(&path(&error.pointer)), &error.objection.sentence))
                .collect()
        };
        errors.finish(item).map_err(of)
    }

    fn given(
        &self,
        items: &[Answered],
        pointer: &str,
        document: DocumentAt<'_>,
        errors: &mut FieldErrors,
    ) -> Vec<Given> {
        let mut all = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let pointer = format!("{pointer}/item/{place}");
            let link_id = errors.parse::<String>(format!("{pointer}/linkId"), item.link_id.as_deref());
            let mut answers = Vec::new();
            for (number, answer) in item.answer.iter().enumerate() {
                let here = format!("{pointer}/answer/{number}");
                answers.extend(self.value(answer, &here, document, errors).map(|answer| (here, answer)));
            }
            let inside = self.given(&item.item, &pointer, document, errors);
            all.extend(link_id.map(|link_id| Given { pointer, link_id, answers, item: inside }));
        }
        all
    }

    /// The one value of an answer. What is of no kind that a questionnaire asks for is told, and not passed over.
    fn value(
        &self,
        answer: &AnswerValue,
        here: &str,
        document: DocumentAt<'_>,
        errors: &mut FieldErrors,
    ) -> Option<Answer> {
        let AnswerValue { value_date_time, value_time, value_uri, value_reference, item, .. } = answer;
        let unread = value_date_time.is_some() || value_time.is_some() || value_uri.is_some();
        if unread || value_reference.is_some() || !item.is_empty() {
            errors.add(here, Wrong::WrongType.says("This kind of answer is not asked for."));
            return None;
        }
        let date = answer.value_date.as_deref().and_then(|day| match day.parse() {
            Ok(day) => Some(Answer::Date(day)),
            Err(_) => {
                errors.add(format!("{here}/valueDate"), Objection::not_a_date());
                None
            }
        });
        let coding = answer.value_coding.as_ref().and_then(|coding| {
            let code = errors.parse(format!("{here}/valueCoding/code"), coding.code.as_deref())?;
            Some(questionnaire::Coding { system: coding.system.clone(), code, display: None })
        });
        let quantity = answer.value_quantity.as_ref().and_then(|quantity| {
            let code = errors.parse(format!("{here}/valueQuantity/code"), quantity.code.as_deref());
            let value = quantity.value.as_ref().and_then(serde_json::Number::as_f64);
            if value.is_none() {
                errors.add(format!("{here}/valueQuantity/value"), Wrong::Missing.says("Enter a number."));
            }
            Some(questionnaire::Quantity { value: value?, unit: None, system: None, code: code? })
        });
        let attachment = answer.value_attachment.as_ref().map(|_| {
            // What is in no Bundle is no document of the case, which is told as for any other.
            let id = document(&self.at(&path(&format!("{here}/valueAttachment"))));
            questionnaire::Attachment { url: id.map(|id| id.to_string()).unwrap_or_default(), title: None }
        });
        let values: Vec<Answer> = [
            answer.value_boolean.map(Answer::Boolean),
            answer.value_decimal.as_ref().and_then(serde_json::Number::as_f64).map(Answer::Decimal),
            answer.value_integer.map(Answer::Integer),
            date,
            answer.value_string.clone().map(Answer::String),
            coding.map(Answer::Coding),
            quantity.map(Answer::Quantity),
            attachment.map(Answer::Attachment),
        ]
        .into_iter()
        .flatten()
        .collect();
        if values.len() > 1 {
            errors.add(here, Wrong::NotBoth.says("An answer has one value."));
        }
        values.into_iter().next()
    }
}

/// The answers to the questionnaires that the contract's rules ask of this case, of which these are the documents.
pub(super) fn answers<'r>(
    responses: impl IntoIterator<Item = &'r Response<'r>>,
    (case, documents): (&Case, &[Document]),
    contract: &Contract,
    (at, by): (Timestamp, &Username),
    document: DocumentAt<'_>,
) -> Result<Vec<Answers>, Vec<Refusal>> {
    let facts = case.facts(contract.calendar.time_zone.date_at(at));
    let asked = required(case, Beside { documents, answers: &[] }, contract, at);
    let mut all: Vec<Answers> = Vec::new();
    let mut refusals = Vec::new();
    for response in responses {
        let Some(of) = asked.iter().find(|one| one.questionnaire.url == response.url()) else {
            let text = "This plan does not ask this questionnaire of this request.";
            refusals.push(response.wrong("questionnaire", text));
            continue;
        };
        let of = of.questionnaire;
        if all.iter().any(|known| known.questionnaire == of.id) {
            refusals.push(response.wrong("questionnaire", "This questionnaire is answered twice."));
            continue;
        }
        match response.held(of, (documents, at), document) {
            Ok(item) => all.push(Answers {
                questionnaire: of.id.clone(),
                url: of.url.clone(),
                version: of.version.clone(),
                title: of.title.clone(),
                item,
                at,
                by: by.clone(),
                complete_for: Some(facts.clone()),
            }),
            Err(found) => refusals.extend(found),
        }
    }
    if refusals.is_empty() { Ok(all) } else { Err(refusals) }
}

/// Every file in the answers, each with its place.
pub(super) fn attachments<'a>(items: &'a [Answered], pointer: &str) -> Vec<(String, &'a Attachment)> {
    let mut found = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let pointer = format!("{pointer}/item/{place}");
        for (number, answer) in item.answer.iter().enumerate() {
            let place = format!("{pointer}/answer/{number}/valueAttachment");
            found.extend(answer.value_attachment.as_ref().map(|attachment| (path(&place), attachment)));
        }
        found.extend(attachments(&item.item, &pointer));
    }
    found
}

/// A pointer as a `FHIRPath`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
    path
}
