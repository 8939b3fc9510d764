//! Payer staff: who works for which contract, as what (ACC-18). Contract Managers look after them.

mod post;

pub mod add_staff;
pub mod list_staff;
pub mod update_staff;

use portico_domain::{
    caller::{Denied, Reviewer},
    staff::StaffError,
};

use crate::{
    Action,
    problem::{Kind, Problem},
};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] =
    &[("list-staff", list_staff::route), ("add-staff", add_staff::route), ("update-staff", update_staff::route)];

impl From<StaffError> for Problem {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Denied(denied) => denied.into(),
            StaffError::Own | StaffError::BeyondOwn | StaffError::NotYoursAlone | StaffError::OfOperators => {
                Self::new(Kind::Forbidden, error.to_string())
            }
        }
    }
}

/// The post of whoever calls by the staff door.
///
/// # Errors
/// Hidden for provider users: the staff door does not exist for them (ACC-18).
fn own_post(by: &portico_domain::accounts::User) -> Result<&Reviewer, Denied> {
    by.post().ok_or(Denied::Hidden)
}
