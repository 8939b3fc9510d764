//! A post as a form names it and as a Contract Manager sees it, and the account rules that follow from it.

use portico_domain::{
    accounts::{User, UserState},
    caller::{Reviewer, StaffRole},
    contact::Line,
    field::{FieldErrors, Objection},
    id::ContractId,
    license::License,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{post_view::PostView, words};

/// As many contracts one person works for: each has a list that is written with the person.
const MOST_CONTRACTS: usize = 25;

/// What somebody does, and for whom. For somebody new `role` and `contracts` are required; in an edit what is absent
/// stays, and an empty `specialty` is taken away.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostForm {
    /// `intake`, `nurse`, `physician`, `support` or `contract-manager`. `operations` is given by whoever operates the service.
    #[schema(value_type = Option<words::StaffRole>)]
    role: Option<String>,
    /// As it stands behind the name in letters.
    #[schema(example = "RN")]
    credential: Option<String>,
    /// Required for nurses and physicians.
    license: Option<LicenseForm>,
    /// Required for physicians.
    #[schema(example = "Pediatrics")]
    specialty: Option<String>,
    /// Whether a nurse or a physician leads the others of their role: sees what each has, and gives it to another.
    lead: Option<bool>,
    /// Which of the caller's contracts they work for; contracts of others stay as they are.
    #[schema(example = json!(["arkansas"]))]
    contracts: Option<Vec<String>>,
}

/// A professional license.
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct LicenseForm {
    /// The two-letter code of the state that gave it.
    #[schema(example = "AR")]
    state: Option<String>,
    #[schema(example = "E-900001")]
    number: Option<String>,
}

impl PostForm {
    /// The post of somebody new, beginning with `blank`.
    pub(super) fn new_post(&self, errors: &mut FieldErrors, blank: &Reviewer, managed: &[ContractId]) -> Reviewer {
        if self.role.is_none() {
            errors.add("/role", Objection::required());
        }
        self.edit(errors, blank, managed)
    }

    /// `now` with what the form changes, for a caller who manages `managed`; checked for what the role needs.
    pub(super) fn edit(&self, errors: &mut FieldErrors, now: &Reviewer, managed: &[ContractId]) -> Reviewer {
        let role: Option<StaffRole> = self.role.as_deref().and_then(|role| errors.parse("/role", Some(role)));
        let credential = self.credential.as_deref().and_then(|text| errors.parse::<Line>("/credential", Some(text)));
        let license = self.license.as_ref().map(|form| form.parse(errors));
        let specialty = self.specialty.as_deref().map(|text| errors.parse_optional::<Line>("/specialty", Some(text)));
        if role.is_some_and(|role| role != now.role && !role.is_given_by_managers()) {
            let text = "This role acts for the whole service. Whoever operates the service gives it, and nobody else.";
            errors.add("/role", Wrong::GivenByOperators.says(text));
        }
        let role = role.unwrap_or(now.role);
        let post = Reviewer {
            role,
            // Who does something else now leads nobody, without that being said.
            lead: self.lead.unwrap_or(now.lead && role.is_licensed()),
            credential: credential.map_or_else(|| now.credential.clone(), |credential| credential.to_string()),
            license: license.unwrap_or_else(|| now.license.clone()),
            specialty: specialty
                .map_or_else(|| now.specialty.clone(), |specialty| specialty.map(|specialty| specialty.to_string())),
            contracts: self.contracts_for(errors, now, managed),
            ..now.clone()
        };
        // What could not be read is told as that, not as missing.
        let told: Vec<String> = errors.as_slice().iter().map(|error| error.pointer.clone()).collect();
        let missing = post.lacks();
        for lack in missing.as_slice().iter().filter(|lack| !told.iter().any(|at| at.starts_with(&lack.pointer))) {
            errors.add(lack.pointer.clone(), lack.objection.clone());
        }
        post
    }

    fn contracts_for(&self, errors: &mut FieldErrors, now: &Reviewer, managed: &[ContractId]) -> Vec<ContractId> {
        let Some(named) = &self.contracts else { return now.contracts.clone() };
        if named.len() > MOST_CONTRACTS {
            let text = format!("Name at most {MOST_CONTRACTS} contracts.");
            errors.add("/contracts", Wrong::TooMany { most: MOST_CONTRACTS }.says(text));
            return now.contracts.clone();
        }
        let mut contracts: Vec<ContractId> =
            now.contracts.iter().filter(|contract| !managed.contains(contract)).cloned().collect();
        for (n, name) in named.iter().enumerate() {
            // A contract of others looks like one that does not exist.
            match name.trim().parse().ok().filter(|contract| managed.contains(contract)) {
                None => {
                    let text = "This is not one of your contracts.";
                    errors.add(format!("/contracts/{n}"), Wrong::NotYours.says(text));
                }
                Some(contract) if contracts.contains(&contract) => {
                    errors.add(format!("/contracts/{n}"), Wrong::Repeated.says("Name each contract once."));
                }
                Some(contract) => contracts.push(contract),
            }
        }
        contracts
    }
}

impl LicenseForm {
    fn parse(&self, errors: &mut FieldErrors) -> Option<License> {
        let state = errors.parse("/license/state", self.state.as_deref());
        let number = errors.parse("/license/number", self.number.as_deref());
        Some(License { state: state?, number: number? })
    }
}

/// A member of staff as a Contract Manager sees them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StaffView {
    username: String,
    /// For If-Match.
    version: u64,
    first_name: String,
    last_name: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    fax: String,
    /// `invited`, `active`, `locked`, `dormant` or `deactivated`.
    #[schema(value_type = words::UserState)]
    state: &'static str,
    /// Since when, or for an invitation until when.
    #[schema(value_type = String, format = DateTime)]
    state_at: jiff::Timestamp,
    #[serde(flatten)]
    post: PostView,
    /// Whether they work for contracts that the caller does not manage.
    works_elsewhere: bool,
}

impl StaffView {
    /// A member of staff as somebody with the post `by` sees them; none for a provider user.
    pub(super) fn of(user: &User, by: &Reviewer) -> Option<Self> {
        let (post, contact) = (user.post()?, &user.contact);
        let state_at = match &user.state {
            UserState::Invited { until, .. } => *until,
            UserState::Active { since }
            | UserState::Locked { since }
            | UserState::Dormant { since }
            | UserState::Deactivated { since } => *since,
        };
        Some(Self {
            username: user.username.to_string(),
            version: user.version,
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            email: contact.email.to_string(),
            phone: contact.phone.as_ref().map(ToString::to_string),
            fax: contact.fax.to_string(),
            state: user.state.name(),
            state_at,
            post: PostView::of(post, |contract| by.contracts.contains(contract)),
            works_elsewhere: post.contracts.iter().any(|contract| !by.contracts.contains(contract)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn nurse() -> Reviewer {
        serde_json::from_value(json!({
            "username": "ann", "name": "Ann Lee", "role": "nurse", "credential": "RN", "specialty": null,
            "license": "AR R-900001", "contracts": ["arkansas", "commercial"],
        }))
        .unwrap()
    }

    fn edit(form: Value) -> (Reviewer, Vec<String>) {
        let form: PostForm = serde_json::from_value(form).unwrap();
        let mut errors = FieldErrors::none();
        let managed = ["arkansas".parse().unwrap(), "colorado".parse().unwrap()];
        let post = form.edit(&mut errors, &nurse(), &managed);
        (post, errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    /// REQ: ACC-18
    #[test]
    fn an_edit_changes_what_it_names_and_contracts_of_others_stay() {
        assert_eq!(edit(json!({})), (nurse(), vec![]));
        let (post, errors) = edit(json!({ "contracts": ["colorado"] }));
        assert_eq!((post.contracts.len(), errors), (2, vec![]));
        assert!(post.contracts.contains(&"commercial".parse().unwrap()) && post.role == StaffRole::Nurse);
        assert_eq!(
            edit(json!({ "contracts": ["commercial", "colorado", "colorado"] })).1,
            ["/contracts/0", "/contracts/2"]
        );
        let physician = json!({
            "role": "physician", "credential": "MD", "specialty": "Pediatrics",
            "license": { "state": "ar", "number": "e-12" },
        });
        let (post, errors) = edit(physician);
        assert_eq!((post.license.unwrap().to_string().as_str(), errors), ("AR E-12", vec![]));
    }

    #[test]
    fn a_nurse_or_a_physician_leads_until_they_do_something_else() {
        let (post, errors) = edit(json!({ "lead": true }));
        assert!(post.lead && errors.is_empty());
        let form = |form: Value| serde_json::from_value::<PostForm>(form).unwrap();
        let after = |wanted: Value| {
            let mut errors = FieldErrors::none();
            form(wanted).edit(&mut errors, &post, &["arkansas".parse().unwrap()]).lead
        };
        assert!(after(json!({ "credential": "BSN" })), "what is absent stays");
        assert!(!after(json!({ "role": "intake" })) && !after(json!({ "lead": false })));
        assert_eq!(edit(json!({ "role": "intake", "lead": true })).1, ["/lead"]);
    }

    #[test]
    fn the_role_of_operators_is_refused_at_its_field() {
        let refused = |form: Value| {
            let mut errors = FieldErrors::none();
            let form: PostForm = serde_json::from_value(form).unwrap();
            form.edit(&mut errors, &nurse(), &[]);
            errors
                .as_slice()
                .iter()
                .map(|error| (error.pointer.clone(), error.objection.wrong.code()))
                .collect::<Vec<_>>()
        };
        assert_eq!(refused(json!({ "role": "operations" })), [("/role".to_owned(), "given-by-operators")]);
    }

    /// REQ: ACC-18, REV-03
    #[test]
    fn what_a_role_needs_is_told_at_its_field_and_once() {
        assert_eq!(edit(json!({ "role": "physician" })).1, ["/specialty"]);
        assert_eq!(
            edit(json!({ "role": "boss", "license": { "state": "Arkansas" } })).1,
            ["/role", "/license/state", "/license/number"]
        );
    }
}
