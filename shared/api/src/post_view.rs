//! The post of a member of staff, as the person and whoever looks after staff see it.

use portico_domain::{caller::Reviewer, id::ContractId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// What somebody does, and for whom.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostView {
    #[schema(value_type = words::StaffRole)]
    role: &'static str,
    /// As people read it.
    label: String,
    credential: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<LicenseView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    specialty: Option<String>,
    /// Whether they lead the others of their role: give their requests to one another.
    lead: bool,
    contracts: Vec<String>,
}

/// A professional license.
#[derive(Serialize, ToSchema)]
struct LicenseView {
    state: String,
    number: String,
}

impl PostView {
    /// The post with these of its contracts.
    pub(crate) fn of(post: &Reviewer, shown: impl Fn(&ContractId) -> bool) -> Self {
        Self {
            role: post.role.name(),
            label: post.role.to_string(),
            credential: post.credential.clone(),
            license: post
                .license
                .as_ref()
                .map(|license| LicenseView { state: license.state.to_string(), number: license.number.to_string() }),
            specialty: post.specialty.clone(),
            lead: post.lead,
            contracts: post.contracts.iter().filter(|id| shown(id)).map(ToString::to_string).collect(),
        }
    }
}
