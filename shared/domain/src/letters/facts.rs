//! What the decision record says, frozen at the moment of the decision: both letters of a decision read these facts.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{reading::Reading, status::Closed};

/// The decision record as the letters need it. Dates are dates in the contract's time zone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Id of the letter; with case and request it is the footer's reference and barcode.
    pub letter: String,
    /// Contract of the agency that decides.
    pub contract: String,
    /// Case id, e.g. "261270001".
    pub case: String,
    /// Request number, e.g. "R01".
    pub request: String,
    /// Authorization number, once there is one.
    pub authorization: Option<String>,
    /// Date on the letter, from which its deadlines run.
    pub date: Date,
    /// Day the request came in.
    pub submitted: Date,
    /// What was decided for the request as a whole.
    pub outcome: Outcome,
    /// Label of the review type, e.g. "Initial review, standard".
    pub review_type: String,
    /// The Member.
    pub member: Member,
    /// The `RequestingProvider`, to whom the provider letter is addressed.
    pub requesting: Provider,
    /// The `ServicingProvider`, where another one serves.
    pub servicing: Option<Provider>,
    /// The Lines of the request.
    pub lines: Vec<Line>,
    /// Diagnoses, the principal one first.
    pub diagnoses: Vec<Diagnosis>,
    /// Specific reasons that hold for the whole request.
    pub reasons: Vec<String>,
    /// Rules and criteria that the decision relies on.
    pub criteria: Vec<Criterion>,
    /// Items that a request for information asks for.
    pub information: Vec<String>,
    /// Who decided, where a person did.
    pub reviewer: Option<Reviewer>,
    /// Day on which the decision takes effect.
    pub effective: Option<Date>,
    /// Whether an adverse decision reduces, suspends or ends a service that goes on (42 CFR 431.211).
    #[serde(default)]
    pub under_way: bool,
    /// Whether nobody decided in time, so that it counts as denied (42 CFR 438.404(c)(5)).
    #[serde(default)]
    pub untimely: bool,
    /// The contract's rule that decided, where no person did: for the provider, no member knows it.
    #[serde(default)]
    pub rule: Option<String>,
    /// The request that this one follows, and what was decided of it.
    #[serde(default)]
    pub follows: Option<Followed>,
    /// Who took the request back, where it was (ACT-06).
    #[serde(default)]
    pub withdrawn_by: Option<String>,
    /// Why it was closed without a decision, where the contract's texts say it.
    #[serde(default)]
    pub closed: Option<Closed>,
    /// What only the provider's letter names: a rule, or another request.
    #[serde(default)]
    pub named: Option<String>,
    /// The letter that this one replaces, where a decision is corrected.
    #[serde(default)]
    pub replaces: Option<Replaces>,
    /// What the reader can do, and until when.
    pub deadlines: Vec<Deadline>,
}

/// The request that a request follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// Its number.
    pub request: String,
    /// How this one follows it.
    pub kind: FollowKind,
    /// What was decided of it.
    pub outcome: Outcome,
    /// On which day.
    pub on: Date,
    /// Under which number it was authorized.
    pub authorization: Option<String>,
}

/// How a request follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FollowKind {
    /// Another reviewer looks at the decision again.
    Reconsideration,
    /// It is appealed.
    Appeal,
    /// It carries out what a State fair hearing decided.
    Hearing,
    /// What is authorized is to change.
    Change,
}

/// A letter that another one replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaces {
    /// Its day.
    pub date: Date,
    /// Why the decision is corrected.
    pub reason: String,
}

/// Outcome of a request, or of one Line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Granted as asked.
    Approved,
    /// Granted in part.
    Modified,
    /// Not granted.
    Denied,
    /// Closed without a decision on the merits: not required, duplicate, not eligible.
    Void,
    /// Held until the provider sends what is missing.
    InformationRequested,
    /// The time for the decision was extended.
    Extended,
    /// Taken back by the provider before it was decided.
    Withdrawn,
}

impl Outcome {
    /// Less than was asked for: the letter must carry the notice of 42 CFR 431.210 and 438.404.
    #[must_use]
    pub const fn is_adverse(self) -> bool {
        matches!(self, Self::Modified | Self::Denied)
    }
}

/// The Member as the letter names them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Full name.
    pub name: String,
    /// First address line when the letter goes to someone who acts for the member: "Parent or guardian of".
    pub care_of: Option<String>,
    /// Postal address, at most four lines.
    pub address: Vec<String>,
    /// Date of birth.
    pub birth: Date,
    /// Member id of the programme.
    pub id: String,
    /// In which language and print they read.
    #[serde(default, skip_serializing_if = "Reading::is_unknown")]
    pub reading: Reading,
}

/// A provider as the letter names them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Name of the practice, facility or clinician.
    pub name: String,
    /// National provider identifier; empty for an atypical provider (ACC-03).
    pub npi: String,
    /// Postal address, at most four lines.
    pub address: Vec<String>,
    /// Fax number of the user who submitted, for the provider letter (LTR-03).
    pub fax: Option<String>,
}

/// One Line: what was asked and what was decided.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Procedure code.
    pub code: String,
    /// Modifiers.
    pub modifiers: Vec<String>,
    /// The service in plain words.
    pub description: Option<String>,
    /// What was asked.
    pub requested: Amount,
    /// What was granted; `None` when nothing was.
    pub authorized: Option<Amount>,
    /// What one unit is, e.g. "15 minutes".
    pub unit: Option<String>,
    /// The service in plain Spanish words, where the contract has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_es: Option<String>,
    /// What one unit is, in Spanish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_es: Option<String>,
    /// Decision on this line.
    pub outcome: Outcome,
    /// Specific reason for this line.
    pub reason: Option<String>,
}

/// Units over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// Number of units.
    pub units: Option<u32>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// To whom a letter goes, as it stands on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    /// Name, with who acts for a minor.
    pub name: String,
    /// The lines of the address.
    pub lines: Vec<String>,
}

impl Facts {
    /// The same with the diagnoses in words, which only the code set knows.
    #[must_use]
    pub fn described(mut self, words: impl Fn(&str) -> Option<String>) -> Self {
        for diagnosis in &mut self.diagnoses {
            diagnosis.description = words(&diagnosis.code);
        }
        self
    }
}

/// A diagnosis.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// Code as shown, dotted.
    pub code: String,
    /// Its description.
    pub description: Option<String>,
}

/// A rule or criterion that the decision relies on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    /// Its title.
    pub title: String,
    /// Where it stands: regulation, manual section, criteria set and edition.
    pub citation: String,
    /// The words that were applied.
    pub text: Option<String>,
}

/// The person who decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reviewer {
    /// Name.
    pub name: String,
    /// Credential, e.g. "MD".
    pub credential: String,
    /// Specialty.
    pub specialty: Option<String>,
    /// Licence, e.g. "Arkansas E-12345".
    pub licence: Option<String>,
}

/// Something the reader can do, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// What it is for.
    pub kind: DeadlineKind,
    /// Short label: "Ask for an appeal by".
    pub label: String,
    /// Last day.
    pub date: Date,
    /// Days from the letter date; business or calendar days as the contract counts.
    pub days: u16,
    /// How: where to call, send or click.
    pub how: String,
}

/// What a deadline is for. Letter texts refer to these with `{date}` and `{days}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeadlineKind {
    /// Reconsideration by another reviewer.
    Reconsideration,
    /// Peer-to-peer conversation with the physician.
    PeerToPeer,
    /// Appeal or State fair hearing.
    Appeal,
    /// Asking that services go on during the appeal.
    Continuation,
    /// Answering a request for information.
    Information,
    /// The decision, after an extension.
    Decision,
}

/// Names and dates of a person stay out of debug output (OPS-06); ids are what an operator needs.
macro_rules! debug_by_id {
    ($($type:ident { $($field:ident),* }),* $(,)?) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    )*};
}

debug_by_id!(
    Facts { letter, contract, case, request, outcome },
    Member {},
    Provider { npi },
    Line { outcome },
    Diagnosis {},
);
