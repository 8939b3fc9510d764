//! A password as a user sets it: its rules are told one by one, one that is soon guessed and the last five are refused
//! (ACC-12, ACC-13; NIST SP 800-63B 5.1.1.2).

use portico_aws::{
    clock::new_nonce,
    passwords::{History, REMEMBERED},
    secrets::KeyRing,
};
use portico_domain::{
    accounts::{User, password_problems},
    field::FieldErrors,
    wrong::Wrong,
};
use zxcvbn::zxcvbn;

use crate::problem::Problem;

/// Whoever guesses tries such a password within so many tries: ten times what zxcvbn calls hard to guess.
const GUESSABLE: u64 = 100_000_000_000;
/// Characters that a password has beside the user's own names and the portal's words.
const OTHERS: usize = 8;
/// What a password of this portal is likely to be made of.
const OF_THE_PORTAL: [&str; 6] = ["portico", "portal", "provider", "authorization", "medicaid", "clinic"];

/// The password of this user, when it breaks no rule.
///
/// # Errors
/// 422 with each broken rule.
pub(super) fn parse<'p>(password: Option<&'p str>, user: &User) -> Result<&'p str, Problem> {
    let mut errors = FieldErrors::none();
    let password = checked(&mut errors, password, user);
    Ok(errors.finish(Some(password))?)
}

/// As [`parse`], beside other fields of a form.
pub(super) fn checked<'p>(errors: &mut FieldErrors, password: Option<&'p str>, user: &User) -> &'p str {
    let password = password.unwrap_or_default();
    let broken = password_problems(password);
    if broken.is_empty() && is_guessable(password, user) {
        let text = "This password is easily guessed: it is made of common words, names, years or repeats. Use several words that do not belong together.";
        errors.add("/password", Wrong::EasilyGuessed.says(text));
    }
    for rule in broken {
        errors.add("/password", rule);
    }
    password
}

fn is_guessable(password: &str, user: &User) -> bool {
    let contact = &user.contact;
    let (email, _) = contact.email.as_str().split_once('@').unwrap_or_default();
    let (first, last) = (contact.first_name.to_string(), contact.last_name.to_string());
    let own = [user.username.as_str(), email, &first, &last, &contact.address.city.to_string()].map(str::to_lowercase);
    let parts =
        own.iter().flat_map(|own| own.split(['.', '-', '_', ' ']).chain([own.as_str()])).filter(|part| part.len() > 2);
    let mut known: Vec<&str> = OF_THE_PORTAL.into_iter().chain(parts).collect();
    if zxcvbn(password, &known).guesses() < GUESSABLE {
        return true;
    }
    // The longest first: a part of a name is not left over.
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let left = known.iter().fold(password.to_lowercase(), |left, word| left.replace(word, ""));
    left.chars().count() < OTHERS.min(password.chars().count())
}

/// The last passwords with this one as the newest.
///
/// # Errors
/// 422 when it is one of the last.
pub(super) fn renewed(history: History, keys: &KeyRing, password: &str) -> Result<History, Problem> {
    if history.has(keys, password) {
        let message = format!("This was one of your last {REMEMBERED} passwords. Choose another one.");
        return Err(Problem::invalid_field("/password", Wrong::UsedBefore { last: REMEMBERED }.says(message)));
    }
    let salt = new_nonce().map_err(|error| Problem::internal(&error))?;
    history.with(keys, salt, password).map_err(|error| Problem::internal(&error))
}

#[cfg(test)]
mod tests {
    use portico_aws::secrets::Secret;

    use super::*;

    fn user() -> User {
        serde_json::from_value(serde_json::json!({
            "username": "dana.riverton", "version": 1, "door": "provider",
            "state": {"is": "invited", "nonce": "n", "until": "2026-05-08T00:00:00Z"},
            "contact": {
                "firstName": "Dana", "lastName": "Riverton", "email": "dana@clinic.example", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15, "absolute-hours": 10,
            },
        }))
        .unwrap()
    }

    /// REQ: ACC-12
    #[test]
    fn each_broken_rule_is_told_at_the_password() {
        let user = user();
        assert_eq!(parse(Some("River-Stone-2026"), &user).unwrap(), "River-Stone-2026");
        assert_eq!(parse(Some("riverstone"), &user).unwrap_err().pointers(), ["/password"; 4]);
        assert_eq!(parse(None, &user).unwrap_err().pointers(), ["/password"; 5]);
    }

    #[test]
    fn what_is_soon_guessed_is_refused_and_what_is_not_is_taken() {
        let user = user();

        for bad in [
            "Password123456!",
            "Password1234567890!",
            "Welcome2026!!!",
            "Summer2026!Summer",
            "aaaaaaaaaaaaA1!",
            "Abcabcabcabc1!",
            "Qwertyuiop123!",
            "Dana.Riverton1!A",
            "Riverton-Dana-1!",
            "Portico-Portal-1!",
            "1qaz2wsx3edcRFV!",
            "P@ssw0rdP@ssw0rd1",
        ] {
            let refused = parse(Some(bad), &user).unwrap_err();
            assert_eq!(refused.pointers(), ["/password"], "{bad}");
        }
        for good in ["River-Stone-2026!", "Blue.kettle-7-sings", "tr0ubador&Maple-Fence", "4-Lanterns-in-Fog!"] {
            assert!(parse(Some(good), &user).is_ok(), "{good}");
        }
    }

    /// REQ: ACC-13
    #[test]
    fn one_of_the_last_five_passwords_is_refused_and_the_sixth_is_not() {
        let key = KeyRing::of(Secret::new("key"));
        let mut history = History::default();
        for n in 1..=REMEMBERED + 1 {
            history = renewed(history, &key, &format!("River-Stone-200{n}")).unwrap();
        }
        assert_eq!(renewed(history.clone(), &key, "River-Stone-2002").unwrap_err().pointers(), ["/password"]);
        assert!(renewed(history, &key, "River-Stone-2001").is_ok());
    }
}
