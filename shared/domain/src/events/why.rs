//! Why a person has to look at a request.

use serde::{Deserialize, Serialize};

use crate::id::CaseId;

/// Why a person has to look at a request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum Why {
    /// A decision is to be looked at again.
    AnotherLook,
    /// Nobody knows yet who the member is.
    TemporaryMember,
    /// The plan's file does not cover the member on all days that are asked for.
    NotCovered,
    /// The plan's file does not say when the member is covered.
    CoverageUnknown,
    /// What it would take was billed since it was asked for (ACT-03).
    Billed,
    /// The same was asked for the member, on days that overlap.
    Duplicate {
        /// The case in which.
        of: CaseId,
    },
    /// No rule of the contract approves it.
    NoRule {
        /// The one that lacks least.
        rule: String,
        /// What it lacks.
        lacks: Vec<Lack>,
    },
    /// A person looks at some of those whose provider has a gold card.
    Sample {
        /// The rule that would approve it.
        rule: String,
    },
}

/// What a rule of automatic review asks for and a request does not have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lack {
    /// One of its diagnoses.
    Diagnosis,
    /// An age within its bounds.
    Age,
    /// Few enough units.
    Units,
    /// Its setting.
    Setting,
    /// Its service type.
    ServiceType,
    /// Its place of service.
    Place,
    /// A provider whom it names.
    Provider,
    /// That the member was authorized the same before.
    Before,
    /// A gold card of the provider.
    GoldCard,
}

impl Why {
    /// One sentence, as people read it.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::AnotherLook => "The decision is looked at again.".to_owned(),
            Self::TemporaryMember => "The member is a temporary one.".to_owned(),
            Self::NotCovered => "The plan's file does not cover the member on all days that are asked for.".to_owned(),
            Self::CoverageUnknown => "The plan's file does not say when the member is covered.".to_owned(),
            Self::Billed => "What it would take was billed since it was asked for.".to_owned(),
            Self::Duplicate { of } => format!("Possible duplicate: {of} asks for the same on days that overlap."),
            Self::NoRule { rule, lacks } => {
                let lacks: Vec<_> = lacks.iter().map(|lack| lack.in_words()).collect();
                format!("The rule {rule} does not fit: {}.", lacks.join(", "))
            }
            Self::Sample { rule } => {
                format!("The rule {rule} fits; a person looks at some requests all the same.")
            }
        }
    }
}

impl Lack {
    /// What it is about.
    fn in_words(self) -> &'static str {
        match self {
            Self::Diagnosis => "the diagnoses",
            Self::Age => "the age",
            Self::Units => "the number of units",
            Self::Setting => "the setting",
            Self::ServiceType => "the service type",
            Self::Place => "the place of service",
            Self::Provider => "the provider",
            Self::Before => "no authorization before",
            Self::GoldCard => "no gold card",
        }
    }
}
