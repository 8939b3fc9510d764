//! The answers to a questionnaire: read by what it asks, and held to it when they are marked complete, by the same rules as
//! in the browser (CASE-18).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{
    contracts::{
        questionnaire::{Answer, Attachment, Coding, Item, ItemType, MAX_VALUE, MIN_VALUE, Quantity, Questionnaire},
        questionnaire_check::MOST_ANSWER,
    },
    field::{FieldErrors, Objection},
    glyphs::{clean, clean_line},
    wrong::Wrong,
};

/// Answers of a question, and copies of a group, at most.
pub const MOST_REPEATS: usize = 20;
/// No measure that a request needs is larger.
const LARGEST: f64 = 1e12;

/// An item of FHIR R4 `QuestionnaireResponse`: with the question as it was read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredItem {
    /// The item of the questionnaire.
    pub link_id: String,
    /// Its text there.
    pub text: String,
    /// The answers to a question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<Answer>,
    /// What is answered in a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<AnsweredItem>,
}

/// An item as it was sent, not held to the questionnaire yet.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Given {
    /// Where it was sent.
    pub pointer: String,
    /// The item that it says it answers.
    pub link_id: String,
    /// Answers, each with where it was sent.
    pub answers: Vec<(String, Answer)>,
    /// What is in a group.
    pub item: Vec<Given>,
}

/// How much is asked of answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// What is there has to fit; anything may lack, and what is not asked any more stays.
    Part,
    /// Every required question that is asked has an answer; what is not asked is left out.
    Whole,
}

/// The answers as they are kept, in the order of the questionnaire. `document`: the name of a document of the case.
///
/// # Errors
/// Every answer that is wrong or missing, where it was sent or would stand.
pub fn held(
    questionnaire: &Questionnaire,
    given: &[Given],
    need: Need,
    document: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<AnsweredItem>, FieldErrors> {
    let mut hold = Hold { need, document, scopes: Vec::new(), errors: FieldErrors::none() };
    let items = hold.level(&questionnaire.item, given, "/item");
    hold.errors.finish(Some(items))
}

/// A level that is being read: the whole, or a copy of a group.
struct Scope<'a> {
    asks: &'a [Item],
    kept: Vec<AnsweredItem>,
}

struct Hold<'a> {
    need: Need,
    document: &'a dyn Fn(&str) -> Option<String>,
    scopes: Vec<Scope<'a>>,
    errors: FieldErrors,
}

impl<'a> Hold<'a> {
    fn level(&mut self, asks: &'a [Item], given: &[Given], pointer: &str) -> Vec<AnsweredItem> {
        self.scopes.push(Scope { asks, kept: Vec::new() });
        for unknown in given.iter().filter(|given| asks.iter().all(|item| item.link_id != given.link_id)) {
            let text = "This questionnaire asks nothing of this name here.";
            self.errors.add(format!("{}/linkId", unknown.pointer), Wrong::NotFound.says(text));
        }
        for item in asks {
            if self.need == Need::Whole && !item.is_asked(|name| answers_of(&self.scopes, name)) {
                continue;
            }
            let here: Vec<&Given> = given.iter().filter(|given| given.link_id == item.link_id).collect();
            let copies = item.kind == ItemType::Group && item.repeats;
            if let Some(second) = here.get(1).filter(|_| !copies) {
                let text = "This item stands twice.";
                self.errors.add(format!("{}/linkId", second.pointer), Wrong::Repeated.says(text));
            }
            let kept = if item.kind == ItemType::Group {
                self.group(item, &here, pointer)
            } else if item.kind.is_question() {
                self.question(item, &here, pointer).into_iter().collect()
            } else {
                self.nothing_of(&here, |given| !given.answers.is_empty() || !given.item.is_empty());
                Vec::new()
            };
            if let Some(scope) = self.scopes.last_mut() {
                scope.kept.extend(kept);
            }
        }
        self.scopes.pop().map(|scope| scope.kept).unwrap_or_default()
    }

    fn group(&mut self, item: &'a Item, here: &[&Given], pointer: &str) -> Vec<AnsweredItem> {
        self.nothing_of(here, |given| !given.answers.is_empty());
        if let Some(first) = here.first().filter(|_| here.len() > MOST_REPEATS) {
            let text = format!("At most {MOST_REPEATS} of these are taken.");
            self.errors.add(format!("{}/linkId", first.pointer), Wrong::TooMany { most: MOST_REPEATS }.says(text));
            return Vec::new();
        }
        let of_copy = |items: Vec<AnsweredItem>| AnsweredItem {
            link_id: item.link_id.clone(),
            text: item.text.clone(),
            answer: Vec::new(),
            item: items,
        };
        // A copy that was begun and left empty asks for nothing; one has to be there where the group is required.
        let filled: Vec<&Given> = here.iter().copied().filter(|given| !item.repeats || given.has_answers()).collect();
        let before = self.errors.as_slice().len();
        let mut kept = Vec::new();
        if filled.is_empty() && (!item.repeats || item.required) {
            let inside = here.first().map_or_else(|| pointer.to_owned(), |given| format!("{}/item", given.pointer));
            kept.push(self.level(&item.item, &[], &inside));
        }
        for given in filled {
            kept.push(self.level(&item.item, &given.item, &format!("{}/item", given.pointer)));
        }
        kept.retain(|items| !items.is_empty());
        if kept.is_empty() && item.required && self.need == Need::Whole && self.errors.as_slice().len() == before {
            let place = here.first().map_or_else(|| pointer.to_owned(), |given| format!("{}/linkId", given.pointer));
            self.errors.add(place, unanswered(item));
        }
        kept.into_iter().map(of_copy).collect()
    }

    fn question(&mut self, item: &Item, here: &[&Given], pointer: &str) -> Option<AnsweredItem> {
        self.nothing_of(here, |given| !given.item.is_empty());
        let given: Vec<&(String, Answer)> = here.iter().flat_map(|given| &given.answers).collect();
        let most = if item.repeats { MOST_REPEATS } else { 1 };
        if let Some((place, _)) = given.get(most) {
            let text =
                if item.repeats { format!("At most {most} answers are taken.") } else { "One answer is taken.".into() };
            self.errors.add(place, Wrong::TooMany { most }.says(text));
        }
        let before = self.errors.as_slice().len();
        let mut answer: Vec<Answer> = Vec::new();
        for (place, one) in given.into_iter().take(most) {
            match self.fits(item, one) {
                Ok(Some(fitting)) if answer.contains(&fitting) && matches!(fitting, Answer::Coding(_)) => {}
                Ok(fitting) => answer.extend(fitting),
                Err((field, objection)) => self.errors.add(format!("{place}{field}"), objection),
            }
        }
        let told = self.errors.as_slice().len() > before;
        if self.need == Need::Whole && item.required && answer.is_empty() && !told {
            let place = here.first().map(|given| format!("{}/answer/0/{}", given.pointer, item.kind.value()));
            self.errors.add(place.unwrap_or_else(|| pointer.to_owned()), unanswered(item));
        }
        let (link_id, text) = (item.link_id.clone(), item.text.clone());
        (!answer.is_empty()).then(|| AnsweredItem { link_id, text, answer, item: Vec::new() })
    }

    /// What has no place there.
    fn nothing_of(&mut self, here: &[&Given], wrong: impl Fn(&Given) -> bool) {
        for given in here.iter().filter(|given| wrong(given)) {
            let text = "This item takes no such answer.";
            self.errors.add(format!("{}/linkId", given.pointer), Wrong::WrongType.says(text));
        }
    }

    /// An answer as it is kept, if it is one; or what is wrong with it, and in which field of it.
    fn fits(&self, item: &Item, answer: &Answer) -> Result<Option<Answer>, (String, Objection)> {
        let field = format!("/{}", item.kind.value());
        let wrong = |objection: Objection| (field.clone(), objection);
        let other = |text: &str| (field.clone(), Wrong::WrongType.says(text));
        let within = |answer: Answer| limits(item, &answer).map_or(Ok(Some(answer)), |objection| Err(wrong(objection)));
        match (item.kind, answer) {
            (ItemType::Boolean, Answer::Boolean(_)) => Ok(Some(answer.clone())),
            (ItemType::Boolean, _) => Err(other("Answer yes or no.")),
            (ItemType::Integer, Answer::Integer(_)) | (ItemType::Date, Answer::Date(_)) => within(answer.clone()),
            (ItemType::Integer, _) => Err(other("Enter a whole number.")),
            (ItemType::Date, _) => Err(wrong(Objection::not_a_date())),
            (ItemType::Decimal, Answer::Decimal(number)) if is_measure(*number) => within(answer.clone()),
            (ItemType::Decimal, _) => Err(other("Enter a number.")),
            (ItemType::String | ItemType::Text, Answer::String(text)) => text_of(item, text).map_err(wrong),
            (ItemType::OpenChoice, Answer::String(text)) => {
                text_of(item, text).map_err(|objection| ("/valueString".to_owned(), objection))
            }
            (ItemType::String | ItemType::Text, _) => Err(other("Enter a text.")),
            (ItemType::Choice | ItemType::OpenChoice, Answer::Coding(coding)) => {
                let option =
                    item.answer_option.iter().map(|option| &option.value_coding).find(|known| is_meant(known, coding));
                option.map(|known| Some(Answer::Coding(known.clone()))).ok_or_else(|| wrong(not_an_option()))
            }
            (ItemType::Choice | ItemType::OpenChoice, _) => Err(wrong(not_an_option())),
            (ItemType::Quantity, Answer::Quantity(Quantity { value, code, .. })) => {
                if !is_measure(*value) {
                    return Err((format!("{field}/value"), Wrong::WrongType.says("Enter a number.")));
                }
                let unit = item.units().find(|unit| unit.code == *code);
                let unit = unit.ok_or_else(|| (format!("{field}/code"), not_an_option()))?;
                let Coding { system, code, display } = unit.clone();
                Ok(Some(Answer::Quantity(Quantity { value: *value, unit: display, system, code })))
            }
            (ItemType::Quantity, _) => Err(other("Enter a number with its unit.")),
            (ItemType::Attachment, Answer::Attachment(Attachment { url, .. })) => match (self.document)(url) {
                Some(name) => Ok(Some(Answer::Attachment(Attachment { url: url.clone(), title: Some(name) }))),
                None => {
                    let text = "This document is not attached to the case. Attach it first, then choose it here.";
                    Err(wrong(Wrong::NotFound.says(text)))
                }
            },
            (ItemType::Attachment, _) => Err(other("Choose a document of the case.")),
            (ItemType::Group | ItemType::Display, _) => Ok(None),
        }
    }
}

impl Given {
    fn has_answers(&self) -> bool {
        !self.answers.is_empty() || self.item.iter().any(Self::has_answers)
    }
}

/// The answers to a question as seen from the innermost level: those in the nearest level that asks it.
fn answers_of<'s>(scopes: &'s [Scope<'_>], name: &str) -> Vec<&'s Answer> {
    let mut found = Vec::new();
    if let Some(nearest) = scopes.iter().rev().find(|scope| asks(scope.asks, name)) {
        collect(&nearest.kept, name, &mut found);
    }
    found
}

fn asks(items: &[Item], name: &str) -> bool {
    items.iter().any(|item| item.link_id == name || asks(&item.item, name))
}

fn collect<'s>(items: &'s [AnsweredItem], name: &str, found: &mut Vec<&'s Answer>) {
    for item in items {
        if item.link_id == name {
            found.extend(&item.answer);
        }
        collect(&item.item, name, found);
    }
}

/// Every document that answers refer to.
#[must_use]
pub fn documents(items: &[AnsweredItem]) -> Vec<&str> {
    let mut found = Vec::new();
    for item in items {
        let named = item.answer.iter().filter_map(|answer| {
            if let Answer::Attachment(attachment) = answer { Some(attachment.url.as_str()) } else { None }
        });
        found.extend(named.chain(documents(&item.item)));
    }
    found
}

fn is_measure(number: f64) -> bool {
    number.is_finite() && number.abs() <= LARGEST
}

fn is_meant(known: &Coding, sent: &Coding) -> bool {
    known.code == sent.code && (sent.system.is_none() || known.system == sent.system)
}

fn not_an_option() -> Objection {
    Wrong::NotAChoice.says("Choose one of the answers that are offered.")
}

fn unanswered(item: &Item) -> Objection {
    let text = format!("Please answer: {}", item.text);
    Wrong::Unanswered { question: item.text.clone() }.says(text)
}

/// A text without what nobody sees; none where nothing is left of it.
fn text_of(item: &Item, typed: &str) -> Result<Option<Answer>, Objection> {
    let lines = item.kind == ItemType::Text;
    let kept = |c: &char| !c.is_control() || lines && matches!(c, '\n' | '\t');
    let text: String = typed.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).collect();
    let text = if lines { clean(&text)? } else { clean_line(&text)? };
    let text = text.trim();
    let most = item.max_length.unwrap_or(if lines { MOST_ANSWER.1 } else { MOST_ANSWER.0 });
    if text.chars().count() > most {
        return Err(Wrong::TooLong { most }.says(format!("At most {most} characters are taken.")));
    }
    Ok((!text.is_empty()).then(|| Answer::String(text.to_owned())))
}

/// What is said of a value beyond the least or the most.
fn limits(item: &Item, answer: &Answer) -> Option<Objection> {
    let beyond =
        |limit: &Option<Answer>, how: Ordering| limit.as_ref().is_some_and(|limit| answer.compared(limit) == Some(how));
    let (least, most) = (item.limit(MIN_VALUE), item.limit(MAX_VALUE));
    if beyond(&least, Ordering::Less) {
        let least = least.as_ref().map(written).unwrap_or_default();
        let text = format!("The least that can be entered is {least}.");
        return Some(Wrong::BelowLeast { least }.says(text));
    }
    beyond(&most, Ordering::Greater).then(|| {
        let most = most.as_ref().map(written).unwrap_or_default();
        let text = format!("The most that can be entered is {most}.");
        Wrong::AboveMost { most }.says(text)
    })
}

fn written(limit: &Answer) -> String {
    match limit {
        Answer::Integer(number) => number.to_string(),
        Answer::Decimal(number) => number.to_string(),
        Answer::Date(date) => date.to_string(),
        Answer::Boolean(_) | Answer::String(_) | Answer::Coding(_) | Answer::Quantity(_) | Answer::Attachment(_) => {
            String::new()
        }
    }
}
