//! A password as a user sets it: its rules are told one by one, the last five are refused (ACC-12, ACC-13).

use portico_aws::{
    clock::new_nonce,
    passwords::{History, REMEMBERED},
    secrets::KeyRing,
};
use portico_domain::{accounts::password_problems, field::FieldErrors};

use crate::problem::Problem;

/// The password, when it breaks no rule.
///
/// # Errors
/// 422 with each broken rule.
pub(super) fn parse(password: Option<&str>) -> Result<&str, Problem> {
    let mut errors = FieldErrors::none();
    let password = password.unwrap_or_default();
    for rule in password_problems(password) {
        errors.add("/password", rule);
    }
    Ok(errors.finish(Some(password))?)
}

/// The last passwords with this one as the newest.
///
/// # Errors
/// 422 when it is one of the last.
pub(super) fn renewed(history: History, keys: &KeyRing, password: &str) -> Result<History, Problem> {
    if history.has(keys, password) {
        let message = format!("This was one of your last {REMEMBERED} passwords. Choose another one.");
        return Err(Problem::invalid_field("/password", message));
    }
    let salt = new_nonce().map_err(|error| Problem::internal(&error))?;
    Ok(history.with(keys, salt, password))
}

#[cfg(test)]
mod tests {
    use portico_aws::secrets::Secret;

    use super::*;

    /// REQ: ACC-12
    #[test]
    fn each_broken_rule_is_told_at_the_password() {
        assert_eq!(parse(Some("River-Stone-2026")).unwrap(), "River-Stone-2026");
        assert_eq!(parse(Some("riverstone")).unwrap_err().pointers(), ["/password"; 4]);
        assert_eq!(parse(None).unwrap_err().pointers(), ["/password"; 5]);
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
