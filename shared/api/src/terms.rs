//! Terms of use that somebody has to acknowledge before they go on (ACC-08): with the first code of their account, and with the
//! code of a sign-in where a contract of theirs is new to them or has another version.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::try_join_all;
use portico_domain::{
    accounts::{Door, User, terms::TermsShown},
    caller::RoleAt,
    contracts::Contract,
    field::FieldErrors,
    id::ContractId,
    wrong::Wrong,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, problem::Problem};

/// Terms of use to acknowledge with the code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TermsDue {
    contract: String,
    /// Name of the contract.
    name: String,
    version: String,
    text: String,
}

/// The terms of these contracts that a user owes.
#[derive(Default)]
pub(crate) struct Due(Vec<Arc<Contract>>);

impl Due {
    /// Those of the contracts of these parts.
    ///
    /// # Errors
    /// When the table fails.
    pub(crate) async fn of(app: &App, user: &User, roles: &[RoleAt]) -> Result<Self, Problem> {
        let contracts: BTreeSet<&ContractId> = roles.iter().map(|role| &role.contract).collect();
        let all = try_join_all(contracts.into_iter().map(|id| app.table().contract(id, app.now()))).await?;
        let owed = all.into_iter().flatten().filter(|contract| user.owes(&TermsShown::of(contract)));
        Ok(Self(owed.collect()))
    }

    /// Those of the contracts where a user has a part, whose parts are not read yet.
    ///
    /// # Errors
    /// When the table fails.
    pub(crate) async fn read(app: &App, user: &User) -> Result<Self, Problem> {
        if user.door != Door::Provider {
            return Ok(Self::default());
        }
        let file = app.table().user_file(&user.username).await?;
        Self::of(app, user, &file.map(|file| file.roles).unwrap_or_default()).await
    }

    /// What was shown, to be kept until it is acknowledged.
    pub(crate) fn shown(&self) -> Vec<TermsShown> {
        self.0.iter().map(|contract| TermsShown::of(contract)).collect()
    }

    /// For the person, to read.
    pub(crate) fn told(&self) -> Vec<TermsDue> {
        let of = |contract: &Arc<Contract>| TermsDue {
            contract: contract.id.to_string(),
            name: contract.name.clone(),
            version: contract.registration.terms_version.clone(),
            text: contract.registration.terms.clone(),
        };
        self.0.iter().map(of).collect()
    }
}

/// What was acknowledged has to be what holds now.
///
/// # Errors
/// At `/termsVersion`, when there is another version.
pub(crate) fn current(given: &str, contract: &Contract) -> Result<(), Problem> {
    if given == contract.registration.terms_version {
        return Ok(());
    }
    let text = "The terms of use have changed. Read and acknowledge them again.";
    Err(Problem::invalid_field("/termsVersion", Wrong::TermsChanged.says(text)))
}

/// Notes terms that are not acknowledged, at `/termsAcknowledged`.
pub(crate) fn check(errors: &mut FieldErrors, acknowledged: Option<bool>) {
    if acknowledged != Some(true) {
        let text = "Read the terms of use and acknowledge them.";
        errors.add("/termsAcknowledged", Wrong::NotAgreed.says(text));
    }
}
