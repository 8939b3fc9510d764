//! A questionnaire of a contract: FHIR R4 Questionnaire, as far as it can be asked here (CASE-18). What this does not read is
//! refused when the pack is checked: an element that nobody heeds would ask something else than its author meant.

use std::cmp::Ordering;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A questionnaire.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Questionnaire {
    /// That it is one.
    pub resource_type: ResourceType,
    /// Stable name; also that of its file.
    pub id: String,
    /// Its canonical address, the same for all versions.
    pub url: String,
    /// Answers name it.
    pub version: String,
    /// For programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people call it.
    pub title: String,
    /// Only what is active is asked.
    pub status: PublicationStatus,
    /// Whom the answers are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_type: Vec<String>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Who publishes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// What it is for, shown above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it asks, in order.
    #[serde(default)]
    pub item: Vec<Item>,
}

/// That a file is a questionnaire.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ResourceType {
    /// FHIR R4.
    Questionnaire,
}

/// How far its publication is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublicationStatus {
    /// In use.
    Active,
}

/// A question, a group of items, or a text between them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Item {
    /// By which answers and conditions name it.
    pub link_id: String,
    /// What stands before the text, e.g. "1a".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// As people read it.
    pub text: String,
    /// What it is, or what its answers are.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// When it is asked; always, when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enable_when: Vec<EnableWhen>,
    /// Whether one condition is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_behavior: Option<EnableBehavior>,
    /// Whether it must be answered where it is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether it may have several answers, or the group stand several times.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// Characters of a text, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// What may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_option: Vec<AnswerOption>,
    /// The least and the most of a number or a date, the units of a quantity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    /// What is in a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
}

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemType {
    /// Items that belong together.
    Group,
    /// A text to be read.
    Display,
    /// Yes or no.
    Boolean,
    /// A number.
    Decimal,
    /// A whole number.
    Integer,
    /// A day.
    Date,
    /// A line.
    String,
    /// Several lines.
    Text,
    /// One of its options.
    Choice,
    /// One of its options, or a text.
    OpenChoice,
    /// A number of a unit.
    Quantity,
    /// A document of the case.
    Attachment,
}

impl ItemType {
    /// Whether it has answers.
    #[must_use]
    pub fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display)
    }

    /// Whether its answers have an order.
    #[must_use]
    pub fn is_ordered(self) -> bool {
        matches!(self, Self::Decimal | Self::Integer | Self::Date | Self::Quantity)
    }

    /// The field of an answer; for what has none, that of a text.
    #[must_use]
    pub fn value(self) -> &'static str {
        match self {
            Self::Boolean => "valueBoolean",
            Self::Decimal => "valueDecimal",
            Self::Integer => "valueInteger",
            Self::Date => "valueDate",
            Self::Choice | Self::OpenChoice => "valueCoding",
            Self::Quantity => "valueQuantity",
            Self::Attachment => "valueAttachment",
            Self::Group | Self::Display | Self::String | Self::Text => "valueString",
        }
    }
}

/// Whether one condition is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnableBehavior {
    /// All must hold.
    #[default]
    All,
    /// One is enough.
    Any,
}

/// A condition under which an item is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "one of them is what the answer is compared with")]
pub struct EnableWhen {
    /// The question whose answers decide, by its `linkId`.
    pub question: String,
    /// How they are compared.
    pub operator: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_boolean: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_decimal: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_integer: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_string: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_coding: Option<Coding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_quantity: Option<Quantity>,
}

/// How answers are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Operator {
    /// Whether there is an answer.
    #[serde(rename = "exists")]
    Exists,
    /// One answer is this.
    #[serde(rename = "=")]
    Equal,
    /// No answer is this.
    #[serde(rename = "!=")]
    NotEqual,
    /// One answer is greater.
    #[serde(rename = ">")]
    Greater,
    /// One answer is less.
    #[serde(rename = "<")]
    Less,
    /// One answer is not less.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// One answer is not greater.
    #[serde(rename = "<=")]
    LessOrEqual,
}

/// What may be chosen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerOption {
    /// The choice.
    pub value_coding: Coding,
}

/// A choice with its code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// The set that the code is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// As people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// So many of a unit.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How many.
    pub value: f64,
    /// The unit as people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The set that the code is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The unit's code.
    pub code: String,
}

/// A document of the case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its opaque id.
    pub url: String,
    /// Its file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The least of a number or a date.
pub const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
/// The most of a number or a date.
pub const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
/// A unit that a quantity may have.
pub const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";

/// One of the extensions that FHIR itself defines for questions and that are heeded here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "one of them is its value")]
pub struct Extension {
    /// Which.
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_integer: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_decimal: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_coding: Option<Coding>,
}

/// An answer, under the name that FHIR gives its field.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Yes or no.
    #[serde(rename = "valueBoolean")]
    Boolean(bool),
    /// A number.
    #[serde(rename = "valueDecimal")]
    Decimal(f64),
    /// A whole number.
    #[serde(rename = "valueInteger")]
    Integer(i32),
    /// A day.
    #[serde(rename = "valueDate")]
    Date(Date),
    /// A text.
    #[serde(rename = "valueString")]
    String(String),
    /// A choice.
    #[serde(rename = "valueCoding")]
    Coding(Coding),
    /// A number of a unit.
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
    /// A document of the case.
    #[serde(rename = "valueAttachment")]
    Attachment(Attachment),
}

impl Answer {
    /// How it stands to another one; none where the two cannot be compared.
    #[must_use]
    pub fn compared(&self, other: &Self) -> Option<Ordering> {
        match (self.number(), other.number()) {
            (Some(one), Some(other)) => return one.partial_cmp(&other),
            (None, None) => {}
            _ => return None,
        }
        let same = |same: bool| same.then_some(Ordering::Equal);
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(other)) => same(one == other),
            (Self::Date(one), Self::Date(other)) => Some(one.cmp(other)),
            (Self::String(one), Self::String(other)) => same(one == other),
            (Self::Coding(one), Self::Coding(other)) => same(one.is(other)),
            (Self::Quantity(one), Self::Quantity(other)) if one.code == other.code => {
                one.value.partial_cmp(&other.value)
            }
            _ => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Decimal(number) => Some(*number),
            Self::Integer(number) => Some(f64::from(*number)),
            Self::Boolean(_)
            | Self::Date(_)
            | Self::String(_)
            | Self::Coding(_)
            | Self::Quantity(_)
            | Self::Attachment(_) => None,
        }
    }
}

impl Coding {
    /// Whether both are the same choice, however they are worded.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.code == other.code && self.system == other.system
    }
}

impl Extension {
    /// Its value, where it is one that answers can be compared with.
    #[must_use]
    pub fn limit(&self) -> Option<Answer> {
        let integer = self.value_integer.map(Answer::Integer);
        integer.or(self.value_decimal.map(Answer::Decimal)).or(self.value_date.map(Answer::Date))
    }
}

impl EnableWhen {
    /// All that it compares with: one, in a questionnaire without faults.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        [
            self.answer_boolean.map(Answer::Boolean),
            self.answer_decimal.map(Answer::Decimal),
            self.answer_integer.map(Answer::Integer),
            self.answer_date.map(Answer::Date),
            self.answer_string.clone().map(Answer::String),
            self.answer_coding.clone().map(Answer::Coding),
            self.answer_quantity.clone().map(Answer::Quantity),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether it holds for these answers of its question. By the value set of FHIR R4 `!=` holds as long as no answer is the
    /// one that is named: also before there is any.
    #[must_use]
    pub fn holds(&self, answers: &[&Answer]) -> bool {
        let Some(wanted) = self.answers().into_iter().next() else { return false };
        let any = |fits: fn(Ordering) -> bool| answers.iter().any(|given| given.compared(&wanted).is_some_and(fits));
        match self.operator {
            Operator::Exists => (wanted == Answer::Boolean(true)) != answers.is_empty(),
            Operator::Equal => any(Ordering::is_eq),
            Operator::NotEqual => !any(Ordering::is_eq),
            Operator::Greater => any(Ordering::is_gt),
            Operator::Less => any(Ordering::is_lt),
            Operator::GreaterOrEqual => any(Ordering::is_ge),
            Operator::LessOrEqual => any(Ordering::is_le),
        }
    }
}

impl Item {
    /// Whether it is asked, by what is answered already.
    #[must_use]
    pub fn is_asked<'a>(&self, answers: impl Fn(&str) -> Vec<&'a Answer>) -> bool {
        let mut conditions = self.enable_when.iter().map(|when| when.holds(&answers(&when.question)));
        match self.enable_behavior.unwrap_or_default() {
            EnableBehavior::Any if self.enable_when.is_empty() => true,
            EnableBehavior::All => conditions.all(|holds| holds),
            EnableBehavior::Any => conditions.any(|holds| holds),
        }
    }

    /// The least or the most that it takes.
    #[must_use]
    pub fn limit(&self, url: &str) -> Option<Answer> {
        self.extension.iter().find(|extension| extension.url == url).and_then(Extension::limit)
    }

    /// The units that it takes.
    pub fn units(&self) -> impl Iterator<Item = &Coding> {
        self.extension
            .iter()
            .filter(|extension| extension.url == UNIT_OPTION)
            .filter_map(|unit| unit.value_coding.as_ref())
    }
}
