//! The parties of an answer where we write them ourselves: nobody has sent them with a call.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    types::{CodeableConcept, HumanName, Identifier, Meta},
    url,
};

/// The member (PAS Beneficiary).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Beneficiary {
    resource_type: &'static str,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier>,
    name: [HumanName; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<&'static str>,
    birth_date: String,
}

impl Beneficiary {
    /// By number, name, gender and date of birth.
    #[must_use]
    pub fn new(
        number: Option<(String, String)>,
        (family, given): (String, String),
        gender: Option<&'static str>,
        birth_date: String,
    ) -> Self {
        let identifier = number.map(|(system, value)| Identifier {
            kind: Some(CodeableConcept::of(url::IDENTIFIER_TYPE, "MB")),
            system: Some(system),
            value: Some(value),
            ..Identifier::default()
        });
        Self {
            resource_type: "Patient",
            meta: Meta { profile: vec![url::BENEFICIARY.to_owned()] },
            identifier: identifier.into_iter().collect(),
            name: [HumanName { family: Some(family), given: vec![given] }],
            gender,
            birth_date,
        }
    }

    /// As it is sent.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn raw(&self) -> Result<Box<RawValue>, serde_json::Error> {
        to_raw_value(self)
    }
}

/// The insurer, or who asks (PAS Insurer, Requestor).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationParty {
    resource_type: &'static str,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier>,
    active: bool,
    name: String,
}

impl OrganizationParty {
    /// By its identifiers and its name.
    #[must_use]
    pub fn new(profile: &str, identifiers: Vec<(Option<&str>, String)>, name: String) -> Self {
        let of = |(system, value): (Option<&str>, String)| Identifier {
            system: system.map(ToOwned::to_owned),
            value: Some(value),
            ..Identifier::default()
        };
        Self {
            resource_type: "Organization",
            meta: Meta { profile: vec![profile.to_owned()] },
            identifier: identifiers.into_iter().map(of).collect(),
            active: true,
            name,
        }
    }

    /// As it is sent.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn raw(&self) -> Result<Box<RawValue>, serde_json::Error> {
        to_raw_value(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_are_written_with_what_they_are_known_by() {
        let number = Some(("https://a/members".to_owned(), "M-1".to_owned()));
        let name = ("Quill".to_owned(), "Ada".to_owned());
        let patient = Beneficiary::new(number, name, Some("female"), "1980-01-02".to_owned()).raw().unwrap();
        let patient: serde_json::Value = serde_json::from_str(patient.get()).unwrap();
        assert_eq!(patient["identifier"][0]["type"]["coding"][0]["code"], "MB");
        assert_eq!((&patient["name"][0]["family"], &patient["gender"]), (&"Quill".into(), &"female".into()));
        let insurer = OrganizationParty::new(url::INSURER, vec![(None, "P-1".to_owned())], "Plan".to_owned());
        let insurer: serde_json::Value = serde_json::from_str(insurer.raw().unwrap().get()).unwrap();
        assert_eq!((&insurer["identifier"][0]["value"], &insurer["active"]), (&"P-1".into(), &true.into()));
    }
}
