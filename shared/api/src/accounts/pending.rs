//! What is kept between two steps of signing in or enrolling. The caller holds a random handle, the table its hash:
//! no step can be skipped, repeated elsewhere or made up.

use jiff::ToSpan;
use portico_aws::{
    accounts::{Pool, Proof},
    clock::new_nonce,
    passwords::History,
    secrets::sha256,
    table::Key,
};
use portico_domain::id::Username;
use serde::{Deserialize, Serialize};

use crate::{app::App, problem::Problem};

/// A started sign-in or enrolment.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pending {
    /// Whose.
    pub(super) user: Username,
    /// Through which door.
    pub(super) pool: Pool,
    /// What comes next.
    pub(super) step: Step,
}

/// What comes next.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Step {
    /// The code of the second factor.
    Code { session: String },
    /// The first code of a factor that is being set up by the link of this token's hash; the password is remembered with it.
    SetUp { proof: Proof, link: String, nonce: String, history: History },
}

impl Step {
    /// Minutes to take it: a code is on the phone; an authenticator app has to be installed first.
    fn minutes(&self) -> i64 {
        match self {
            Self::Code { .. } => 3,
            Self::SetUp { .. } => 15,
        }
    }
}

/// Keeps it and gives the handle.
///
/// # Errors
/// When the table fails.
pub(super) async fn keep(app: &App, pending: &Pending) -> Result<String, Problem> {
    let handle = new_nonce().map_err(|error| Problem::internal(&error))?;
    let now = app.now();
    let until = now.checked_add(pending.step.minutes().minutes()).unwrap_or(now);
    app.table().keep(&key(&handle), pending, until).await?;
    Ok(handle)
}

/// The key of what a handle stands for.
pub(super) fn key(handle: &str) -> Key {
    Key::session(&sha256(handle))
}
