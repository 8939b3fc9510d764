//! Contact information as forms send it (ACC-07).

use portico_domain::{
    contact::{Address, Contact, Country, Email, Line, State, Zip},
    field::{FieldErrors, Objection},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Contact information. For somebody new all fields but `address2` and `phone` are required; in an edit what is absent
/// stays, and an empty `address2` or `phone` is taken away.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactForm {
    first_name: Option<String>,
    last_name: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    email: Option<String>,
    confirm_email: Option<String>,
    phone: Option<String>,
    /// Letters are faxed here.
    fax: Option<String>,
}

impl ContactForm {
    /// The contact information of somebody new.
    pub(crate) fn parse(&self, errors: &mut FieldErrors) -> Option<Contact> {
        let first_name = name(errors, "/firstName", self.first_name.as_deref());
        let last_name = name(errors, "/lastName", self.last_name.as_deref());
        let line1 = errors.parse("/address1", self.address1.as_deref());
        let line2 = errors.parse_optional("/address2", self.address2.as_deref());
        let city = errors.parse("/city", self.city.as_deref());
        let state = state(errors, self.state.as_deref());
        let zip = errors.parse::<Zip>("/zip", self.zip.as_deref());
        let email = self.parse_email(errors);
        let phone = errors.parse_optional("/phone", self.phone.as_deref());
        let fax = errors.parse("/fax", self.fax.as_deref());
        Some(Contact {
            first_name: first_name?,
            last_name: last_name?,
            address: Address { line1: line1?, line2, city: city?, state: state?, zip: zip?.into() },
            email: email?,
            phone,
            fax: fax?,
        })
    }

    /// `now` with what the form changes.
    pub(crate) fn edit(&self, errors: &mut FieldErrors, now: &Contact) -> Contact {
        fn text<T>(errors: &mut FieldErrors, pointer: &str, given: Option<&str>, now: &T) -> T
        where
            T: std::str::FromStr + Clone,
            T::Err: Into<Objection>,
        {
            let given = given.and_then(|given| errors.parse(pointer, Some(given)));
            given.unwrap_or_else(|| now.clone())
        }
        fn optional<T>(errors: &mut FieldErrors, pointer: &str, given: Option<&str>, now: Option<&T>) -> Option<T>
        where
            T: std::str::FromStr + Clone,
            T::Err: Into<Objection>,
        {
            if given.is_some() { errors.parse_optional(pointer, given) } else { now.cloned() }
        }
        let address = &now.address;
        let first_name = self.first_name.as_deref().and_then(|text| name(errors, "/firstName", Some(text)));
        let last_name = self.last_name.as_deref().and_then(|text| name(errors, "/lastName", Some(text)));
        let state = self.state.as_deref().and_then(|text| state(errors, Some(text)));
        let zip = self.zip.as_deref().and_then(|zip| errors.parse::<Zip>("/zip", Some(zip)));
        let email = if self.email.is_some() { self.parse_email(errors) } else { None };
        Contact {
            first_name: first_name.unwrap_or_else(|| now.first_name.clone()),
            last_name: last_name.unwrap_or_else(|| now.last_name.clone()),
            address: Address {
                line1: text(errors, "/address1", self.address1.as_deref(), &address.line1),
                line2: optional(errors, "/address2", self.address2.as_deref(), address.line2.as_ref()),
                city: text(errors, "/city", self.city.as_deref(), &address.city),
                state: state.unwrap_or_else(|| address.state.clone()),
                zip: zip.map_or_else(|| address.zip.clone(), Into::into),
            },
            email: email.unwrap_or_else(|| now.email.clone()),
            phone: optional(errors, "/phone", self.phone.as_deref(), now.phone.as_ref()),
            fax: text(errors, "/fax", self.fax.as_deref(), &now.fax),
        }
    }

    fn parse_email(&self, errors: &mut FieldErrors) -> Option<Email> {
        let email: Option<Email> = errors.parse("/email", self.email.as_deref());
        let confirmed: Option<Email> = errors.parse("/confirmEmail", self.confirm_email.as_deref());
        if email.is_some() && confirmed.is_some() && email != confirmed {
            errors.add("/confirmEmail", Wrong::EmailsDiffer.says("The two e-mail addresses differ."));
        }
        email
    }
}

/// The name of somebody whom we write to.
fn name(errors: &mut FieldErrors, pointer: &str, text: Option<&str>) -> Option<Line> {
    let name: Line = errors.parse(pointer, text)?;
    errors.keep(pointer, name.name())
}

/// Users work in the United States.
fn state(errors: &mut FieldErrors, text: Option<&str>) -> Option<State> {
    let state: State = errors.parse("/state", text)?;
    errors.keep("/state", state.of(Country::UnitedStates))
}

/// The fields that differ, for the record: never their values.
pub(crate) fn changed_fields(before: &Contact, after: &Contact) -> Vec<String> {
    let differ = [
        ("firstName", before.first_name != after.first_name),
        ("lastName", before.last_name != after.last_name),
        ("address", before.address != after.address),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("fax", before.fax != after.fax),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn contact() -> Contact {
        let form = json!({
            "firstName": "Jo", "lastName": "Smith", "address1": "12 Elm Street", "address2": "Suite 3",
            "city": "Little Rock", "state": "AR", "zip": "72201", "email": "jo@example.org",
            "confirmEmail": "jo@EXAMPLE.org", "phone": "501-555-0100", "fax": "501-555-0123",
        });
        let form: ContactForm = serde_json::from_value(form).unwrap();
        form.parse(&mut FieldErrors::none()).unwrap()
    }

    fn edit(form: serde_json::Value) -> (Contact, Vec<String>) {
        let form: ContactForm = serde_json::from_value(form).unwrap();
        let mut errors = FieldErrors::none();
        let edited = form.edit(&mut errors, &contact());
        (edited, errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    /// REQ: ACC-17
    #[test]
    fn an_edit_changes_what_it_names_and_nothing_else() {
        let (edited, errors) = edit(json!({"fax": "(501) 555-0199", "address2": "", "phone": " "}));
        assert_eq!(errors, [""; 0]);
        assert_eq!(changed_fields(&contact(), &edited), ["address", "phone", "fax"]);
        assert_eq!((edited.fax.to_string().as_str(), edited.phone, edited.address.line2), ("501-555-0199", None, None));
        assert_eq!(changed_fields(&contact(), &edit(json!({})).0), [""; 0]);
    }

    /// REQ: ACC-07
    #[test]
    fn an_edit_cannot_empty_a_required_field_and_confirms_an_address() {
        assert_eq!(edit(json!({"fax": "", "lastName": " "})).1, ["/lastName", "/fax"]);
        assert_eq!(edit(json!({"email": "ann@example.org"})).1, ["/confirmEmail"]);
        let twice = json!({"email": "ann@example.org", "confirmEmail": "ann@example.org"});
        assert_eq!(edit(twice).0.email.as_str(), "ann@example.org");
    }
}
