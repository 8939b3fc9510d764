//! Why a reviewer closes a request, as it is sent (REV-04).

use portico_domain::{
    cases::{Case, request::Repeated},
    contracts::Contract,
    field::FieldErrors,
    id::{CaseId, RequestNumber},
    reviews::void::{self, Closing},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::outcomes::text;

/// The request that asks for the same.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DuplicateBody {
    /// The number of its case: another one of the same member, which the reviewer sees.
    #[schema(required = true, example = "261270001")]
    case_id: Option<String>,
    /// Its number there.
    #[schema(required = true, example = "R01")]
    request: Option<String>,
}

/// Why the request is closed, and what was found. `contracts`: as it held when the request was submitted, and as it holds now.
pub(super) fn parse(
    (because, named, note): (Option<&str>, Option<&DuplicateBody>, Option<&str>),
    (case, number): (&Case, RequestNumber),
    others: &[Case],
    contracts: &[&Contract],
) -> Result<(Closing, String), FieldErrors> {
    let mut errors = FieldErrors::none();
    let reason = text(&mut errors, "/note", note);
    let closing = match because {
        None | Some("not-eligible") => Some(Closing::NotEligible),
        Some("not-required") => Some(Closing::NotRequired { rule: void::not_required_by(case, number, contracts) }),
        Some("duplicate") => match named.unwrap_or(&DuplicateBody::default()).parse() {
            Ok(named) => match void::duplicate(case, number, named, others) {
                Ok(of) => Some(Closing::Duplicate(of)),
                Err(found) => {
                    errors.nest("", found);
                    None
                }
            },
            Err(found) => {
                errors.nest("", found);
                None
            }
        },
        Some(_) => {
            let text = "Choose not-eligible, not-required or duplicate.";
            errors.add("/because", Wrong::word(because).says(text));
            None
        }
    };
    errors.finish(closing.map(|closing| (closing, reason)))
}

impl DuplicateBody {
    fn parse(&self) -> Result<Repeated, FieldErrors> {
        let mut errors = FieldErrors::none();
        let given = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let (id, number) = (given(&self.case_id), given(&self.request));
        let case: Option<CaseId> = id.parse().ok();
        if case.is_none() {
            let wrong = if id.is_empty() { Wrong::Missing } else { Wrong::NotACaseId };
            errors.add("/duplicateOf/caseId", wrong.says("Enter the Case ID of the request that asks for the same."));
        }
        let request: Option<RequestNumber> = number.parse().ok();
        if request.is_none() {
            let wrong = if number.is_empty() { Wrong::Missing } else { Wrong::NotFound };
            errors.add("/duplicateOf/request", wrong.says("Enter the number of that request, as R01."));
        }
        errors.finish(case.zip(request).map(|(case, request)| Repeated { case, request }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[expect(clippy::needless_pass_by_value, reason = "it is made for this")]
    fn wrong(because: Option<&str>, named: Option<DuplicateBody>, note: &str) -> Vec<String> {
        let (case, contract) = (samples::claimed("nurse.ann"), samples::contract());
        let why = (because, named.as_ref(), Some(note));
        parse(why, (&case, RequestNumber::FIRST), &[], &[&contract])
            .err()
            .map(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn everything_wrong_with_why_it_is_closed_is_told_at_its_field() {
        let named = |case: &str, request: &str| {
            Some(DuplicateBody { case_id: Some(case.into()), request: Some(request.into()) })
        };
        assert!(wrong(None, None, "").is_empty() && wrong(Some("not-required"), None, "").is_empty());
        assert_eq!(wrong(Some("lost"), None, "\u{1F4C4}"), ["/note", "/because"]);
        assert_eq!(wrong(Some("duplicate"), None, ""), ["/duplicateOf/caseId", "/duplicateOf/request"]);
        assert_eq!(wrong(Some("duplicate"), named("12", "1"), ""), ["/duplicateOf/caseId", "/duplicateOf/request"]);
        assert_eq!(wrong(Some("duplicate"), named("261270001", "R01"), ""), ["/duplicateOf/caseId"], "it is not there");
    }
}
