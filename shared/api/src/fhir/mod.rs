//! What systems of providers use: their registration by payer staff, tokens, and prior authorization by FHIR (HL7 Da Vinci
//! PAS). The answers to systems are FHIR's and OAuth's own, those to staff as everywhere.

mod answered;
mod assertion;
mod attached;
mod call;
mod jwks;

pub mod describe_fhir;
mod earlier;
mod ended;
mod first;
pub mod inquire_claim;
mod inquiry;
pub mod issue_token;
pub mod keep_client;
pub mod keep_subscription;
pub mod list_clients;
mod orders;
mod outcome;
pub mod package_questionnaires;
mod packages;
mod papers;
mod parties;
mod request;
pub mod submit_attachment;
pub mod submit_claim;
mod subscription;
mod taking;
mod team;
mod updating;
mod view_client;
mod wishes;

use crate::{
    Action,
    problem::{Kind, Problem},
};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-clients", list_clients::route),
    ("keep-client", keep_client::route),
    ("issue-token", issue_token::route),
    ("describe-fhir", describe_fhir::route),
    ("inquire-claim", inquire_claim::route),
    ("submit-claim", submit_claim::route),
    ("package-questionnaires", package_questionnaires::route),
    ("submit-attachment", submit_attachment::route),
    ("keep-subscription", keep_subscription::route),
];

/// Where tokens are given.
const TOKEN_PATH: &str = "/oauth/token";

impl From<portico_domain::fhir::EndedError> for Problem {
    fn from(error: portico_domain::fhir::EndedError) -> Self {
        Self::conflict(error.to_string(), "ended")
    }
}

/// Why staff may not do something with a client.
fn refused(error: &portico_domain::staff::StaffError) -> Problem {
    use portico_domain::staff::StaffError;
    match error {
        StaffError::Denied(denied) => (*denied).into(),
        StaffError::Own | StaffError::BeyondOwn | StaffError::NotYoursAlone | StaffError::OfOperators => {
            Problem::new(Kind::Forbidden, error.to_string())
        }
    }
}

/// What every path of the FHIR interface begins with: one version of the guide.
const BASE: &str = "/fhir/pas/2.2";
