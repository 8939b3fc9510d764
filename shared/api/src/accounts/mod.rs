//! Accounts: from registration and enrolment to signing in.

pub(crate) mod attempt;
pub(crate) mod contact_form;
pub(crate) mod pair;
mod pending;
mod refusal;
mod throttle;

pub mod answer_challenge;
pub mod check_username;
pub mod enrol;
pub mod register;
pub mod sign_in;
pub mod verify_registration;

use portico_aws::accounts;
use portico_domain::account::EnrolError;

use crate::{
    Route,
    problem::{Kind, Problem},
};

/// The actions of this room.
pub(crate) const ACTIONS: &[(&str, fn() -> Route)] = &[
    ("verify-registration", verify_registration::route),
    ("check-username", check_username::route),
    ("register", register::route),
    ("enrol", enrol::route),
    ("sign-in", sign_in::route),
    ("answer-challenge", answer_challenge::route),
];

impl From<accounts::Error> for Problem {
    fn from(error: accounts::Error) -> Self {
        match &error {
            accounts::Error::Refused => refusal::refused(),
            accounts::Error::Unexpected(_) => Self::internal(&error),
            accounts::Error::Unavailable(_) => Self::unavailable(&error),
        }
    }
}

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Self {
        match error {
            // A link that was used or replaced looks like one that never was.
            EnrolError::NotInvited => Self::new(Kind::NotFound, error.to_string()),
            EnrolError::Expired => Self::conflict(error.to_string(), "expired"),
        }
    }
}
