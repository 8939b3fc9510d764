//! The pair of NPI and registration code that opens registration, read and checked for its form and looked up the same
//! way when it is verified and when it is used.

use std::sync::Arc;

use portico_aws::{
    secrets::KeyRing,
    table::{accounts::tries::Throttle, people::Registrable},
};
use portico_domain::{
    accounts::registration::{Credentials, RegistrantNumber, RegistrationError, WRONG_PAIR, may_register},
    contracts::Contract,
    field::{FieldErrors, Objection},
    wrong::Wrong,
};

use super::throttle::{self, PAIRS_BY_ADDRESS, PAIRS_BY_NUMBER, PAIRS_WITHOUT_NUMBER};
use crate::{
    app::App,
    caller::From as Address,
    problem::{Kind, Problem},
};

/// Reads the two fields of the form; the NPI is checked before any look-up (ACC-04).
pub(crate) fn parse(errors: &mut FieldErrors, npi: Option<&str>, code: Option<&str>) -> Option<Credentials> {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let (npi, code) = (given(npi), given(code));
    for (pointer, missing) in [("/npi", npi.is_none()), ("/code", code.is_none())] {
        if missing {
            errors.add(pointer, Objection::required());
        }
    }
    if code.as_ref().is_some_and(|code| code.chars().count() > 64) {
        let text = "A registration code has at most 64 characters.";
        errors.add("/code", Wrong::TooLong { most: 64 }.says(text));
        return None;
    }
    let (npi, code) = npi.zip(code)?;
    errors.keep("/npi", Credentials::parse(&npi, &code))
}

/// The provider that a pair belongs to, when it may still register, and its contract.
///
/// Only wrong pairs count against the throttles: the try is counted with the look-up, whose answer is not used when
/// there were too many, and given back when the pair was right.
///
/// # Errors
/// 429; 422 with the one text for a wrong pair (ACC-02); 409 with the contact to ask (ACC-05); 403 for a kind of
/// provider that the contract does not register (ORG-09).
pub(crate) async fn look_up(
    app: &App,
    from: &Address,
    credentials: &Credentials,
) -> Result<(Registrable, Arc<Contract>), Problem> {
    let (table, now) = (app.table(), app.now());
    let keys = app.lookups().await?;
    let (address, (by, number)) = (throttle::address(from), by_number(&keys, &credentials.number));
    let (by_address, by_number, entry) = futures::join!(
        table.count_try_within(&PAIRS_BY_ADDRESS, &address, now),
        table.count_try_within(by, &number, now),
        table.registry_entry(&keys, credentials),
    );
    for (throttle, counted) in [(&PAIRS_BY_ADDRESS, by_address?), (by, by_number?)] {
        counted.ok_or_else(|| Problem::throttled(throttle.wait(now)))?;
    }
    let wrong = || Problem::new(Kind::Invalid, WRONG_PAIR);
    let (address, number, found) = futures::join!(
        table.give_back_try_within(&PAIRS_BY_ADDRESS, &address, now),
        table.give_back_try_within(by, &number, now),
        table.registrable(entry?.ok_or_else(wrong)?),
    );
    address.and(number)?;
    let found = found?.ok_or_else(wrong)?;
    let contract = app.contract(&found.provider.contract).await?;
    // Only who is second waits for the name of the contact to ask.
    let contact = if let Some(group) = found.provider.group { table.group_contact(group).await? } else { None };
    let contact = contact.map(|user| user.contact.full_name());
    may_register(&found.provider, &contract.registration, contact).map_err(|refusal| may_not(&refusal, &contract))?;
    Ok((found, contract))
}

/// The throttle of what stands in the NPI field. Who has no NPI guesses another number each time: all are counted together.
fn by_number(keys: &KeyRing, number: &RegistrantNumber) -> (&'static Throttle, String) {
    match number {
        RegistrantNumber::Npi(npi) => (&PAIRS_BY_NUMBER, keys.hash(&["tries", &npi.to_string()])),
        RegistrantNumber::Atypical(_) => (&PAIRS_WITHOUT_NUMBER, "all".to_owned()),
    }
}

fn may_not(refusal: &RegistrationError, contract: &Contract) -> Problem {
    let detail = format!("{refusal} {}", contract.support_sentence());
    match refusal {
        RegistrationError::Taken(_) | RegistrationError::Left => Problem::conflict(detail, "registered"),
        RegistrationError::Kind(_) => Problem::new(Kind::Forbidden, detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(npi: Option<&str>, code: Option<&str>) -> Vec<String> {
        let mut errors = FieldErrors::none();
        let parsed = parse(&mut errors, npi, code);
        assert_eq!(parsed.is_some(), errors.is_empty());
        errors.as_slice().iter().map(|error| error.pointer.clone()).collect()
    }

    /// REQ: ACC-03, ACC-04
    #[test]
    fn a_pair_has_two_fields_and_an_npi_or_the_code_twice() {
        assert_eq!(pointers(Some("1234567893"), Some("M-1")), [""; 0]);
        assert_eq!(pointers(Some(" aty-77q"), Some("ATY-77Q ")), [""; 0]);
        assert_eq!(pointers(None, Some(" ")), ["/npi", "/code"]);
        assert_eq!(pointers(Some("1234567890"), Some("M-1")), ["/npi"]);
        assert_eq!(pointers(Some("1234567893"), Some(&"x".repeat(65))), ["/code"]);
    }
}
