//! Answers on the wire: the items of FHIR R4 `QuestionnaireResponse`, as they are sent and as they are shown.

use portico_domain::{
    cases::answers::{AnsweredItem, Given},
    contracts::questionnaire::{Answer, Attachment, Coding, Quantity},
    field::FieldErrors,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::date;

/// An item that is answered.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ItemBody {
    /// The item of the questionnaire.
    #[schema(value_type = String, required = true)]
    link_id: Option<String>,
    /// Its text, in what is shown; it need not be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The answers to a question, each with one value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answer: Vec<AnswerBody>,
    /// What is in a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    item: Vec<ItemBody>,
}

/// An answer: one of its fields.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_field_names, reason = "the names of FHIR")]
pub(super) struct AnswerBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    value_boolean: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_decimal: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_integer: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_coding: Option<CodingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_quantity: Option<QuantityBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_attachment: Option<AttachmentBody>,
}

/// A choice.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct CodingBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    #[schema(value_type = String, required = true)]
    code: Option<String>,
    /// In words, in what is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<String>,
}

/// So many of a unit.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct QuantityBody {
    #[schema(value_type = f64, required = true)]
    value: Option<f64>,
    /// In words, in what is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// The code of the unit.
    #[schema(value_type = String, required = true)]
    code: Option<String>,
}

/// A document of the case.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct AttachmentBody {
    /// Its opaque id.
    #[schema(value_type = String, required = true)]
    url: Option<String>,
    /// Its file name, in what is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

impl ItemBody {
    pub(super) fn all(items: &[AnsweredItem]) -> Vec<Self> {
        items.iter().map(Self::of).collect()
    }

    fn of(item: &AnsweredItem) -> Self {
        Self {
            link_id: Some(item.link_id.clone()),
            text: Some(item.text.clone()),
            answer: item.answer.iter().map(AnswerBody::of).collect(),
            item: Self::all(&item.item),
        }
    }

    /// How many items and answers there are, at all depths.
    pub(super) fn count(items: &[Self]) -> usize {
        items.iter().map(|item| 1 + item.answer.len() + Self::count(&item.item)).sum()
    }

    /// What was sent below `pointer`, with the place of each answer; an answer without a value is none.
    pub(super) fn given(items: &[Self], pointer: &str, errors: &mut FieldErrors) -> Vec<Given> {
        let mut all = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let pointer = format!("{pointer}/item/{place}");
            let link_id = errors.parse::<String>(format!("{pointer}/linkId"), item.link_id.as_deref());
            let mut answers = Vec::new();
            for (number, answer) in item.answer.iter().enumerate() {
                let here = format!("{pointer}/answer/{number}");
                answers.extend(answer.given(&here, errors).map(|answer| (here, answer)));
            }
            let inside = Self::given(&item.item, &pointer, errors);
            all.extend(link_id.map(|link_id| Given { pointer, link_id, answers, item: inside }));
        }
        all
    }
}

impl AnswerBody {
    fn of(answer: &Answer) -> Self {
        let nothing = Self::default();
        match answer.clone() {
            Answer::Boolean(yes) => Self { value_boolean: Some(yes), ..nothing },
            Answer::Decimal(number) => Self { value_decimal: Some(number), ..nothing },
            Answer::Integer(number) => Self { value_integer: Some(number.into()), ..nothing },
            Answer::Date(day) => Self { value_date: Some(day.to_string()), ..nothing },
            Answer::String(text) => Self { value_string: Some(text), ..nothing },
            Answer::Coding(Coding { system, code, display }) => {
                Self { value_coding: Some(CodingBody { system, code: Some(code), display }), ..nothing }
            }
            Answer::Quantity(Quantity { value, unit, system, code }) => {
                let (value, code) = (Some(value), Some(code));
                Self { value_quantity: Some(QuantityBody { value, unit, system, code }), ..nothing }
            }
            Answer::Attachment(Attachment { url, title }) => {
                Self { value_attachment: Some(AttachmentBody { url: Some(url), title }), ..nothing }
            }
        }
    }

    fn given(&self, here: &str, errors: &mut FieldErrors) -> Option<Answer> {
        let before = errors.as_slice().len();
        let integer = self.value_integer.and_then(|number| match i32::try_from(number) {
            Ok(number) => Some(Answer::Integer(number)),
            Err(_) => {
                errors.add(format!("{here}/valueInteger"), Wrong::WrongType.says("This number is too large."));
                None
            }
        });
        let day = self.value_date.as_deref().filter(|text| !text.trim().is_empty());
        let day = day.and_then(|text| date(errors, &format!("{here}/valueDate"), Some(text)));
        let coding = self.value_coding.as_ref().and_then(|coding| {
            let code = errors.parse(format!("{here}/valueCoding/code"), coding.code.as_deref())?;
            Some(Coding { system: coding.system.clone(), code, display: None })
        });
        let quantity = self.value_quantity.as_ref().and_then(|quantity| {
            let code = errors.parse(format!("{here}/valueQuantity/code"), quantity.code.as_deref());
            let value = quantity.value;
            if value.is_none() {
                errors.add(format!("{here}/valueQuantity/value"), Wrong::Missing.says("Enter a number."));
            }
            Some(Quantity { value: value?, unit: None, system: None, code: code? })
        });
        let attachment = self.value_attachment.as_ref().and_then(|attachment| {
            let url = errors.parse(format!("{here}/valueAttachment/url"), attachment.url.as_deref())?;
            Some(Attachment { url, title: None })
        });
        let values: Vec<Answer> = [
            self.value_boolean.map(Answer::Boolean),
            self.value_decimal.map(Answer::Decimal),
            integer,
            day.map(Answer::Date),
            self.value_string.clone().map(Answer::String),
            coding.map(Answer::Coding),
            quantity.map(Answer::Quantity),
            attachment.map(Answer::Attachment),
        ]
        .into_iter()
        .flatten()
        .collect();
        if values.len() > 1 && errors.as_slice().len() == before {
            errors.add(here, Wrong::NotBoth.says("An answer has one value."));
        }
        values.into_iter().next()
    }
}
