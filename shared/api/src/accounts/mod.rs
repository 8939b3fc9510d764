//! Accounts: from registration and enrolment to signing in.

mod attempt;
mod links;
mod passwords;
mod pending;
mod refusal;
mod session;

pub mod add_factor;
pub mod answer_challenge;
pub mod check_username;
pub mod enrol;
pub mod forgot_password;
pub mod get_profile;
pub mod list_alerts;
pub mod refresh_session;
pub mod register;
pub mod resend_pin;
pub mod reset_password;
pub mod sign_in;
pub mod sign_out;
pub mod update_profile;
pub mod verify_registration;

use portico_aws::accounts;
use portico_domain::{accounts::EnrolError, wrong::Wrong};

use crate::{
    Action,
    problem::{Kind, Problem},
};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("verify-registration", verify_registration::route),
    ("check-username", check_username::route),
    ("register", register::route),
    ("enrol", enrol::route),
    ("sign-in", sign_in::route),
    ("answer-challenge", answer_challenge::route),
    ("resend-pin", resend_pin::route),
    ("refresh-session", refresh_session::route),
    ("sign-out", sign_out::route),
    ("forgot-password", forgot_password::route),
    ("reset-password", reset_password::route),
    ("get-profile", get_profile::route),
    ("list-alerts", list_alerts::route),
    ("update-profile", update_profile::route),
    ("add-factor", add_factor::route),
];

/// How long a pool that counts too many tries is left alone: it does not say, and its shortest pause is a second that
/// doubles with every try.
const PAUSE_SECONDS: u32 = 60;

impl From<accounts::Error> for Problem {
    fn from(error: accounts::Error) -> Self {
        match &error {
            accounts::Error::Refused => refusal::refused(),
            accounts::Error::Unsent => {
                tracing::warn!("a user pool did not send a PIN that it was asked for");
                Self::new(Kind::Unavailable, "The PIN could not be sent. Try again, or choose another second factor.")
            }
            accounts::Error::Undelivered => Self::conflict(
                "The PIN could not be delivered. Sign in with another second factor, or set another one up.",
                "undelivered",
            ),
            accounts::Error::Password => {
                let text = "This password is not accepted. Choose another one.";
                Self::invalid_field("/password", Wrong::NotAccepted.says(text))
            }
            accounts::Error::Pause => Self::throttled(PAUSE_SECONDS),
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
