//! Throttles: of what anybody may try without signing in, and of what a user may do within a time. They stand far above what a
//! busy office does, and far below what a program does with a stolen session. A function may count what its template names
//! (`TRIES#what` in `infra/`).

use std::net::{IpAddr, Ipv6Addr};

use portico_aws::{secrets::sha256, table::accounts::tries::Throttle};

use crate::{app::App, caller::From as Address, problem::Problem};

/// Wrong pairs of NPI and code from one address (ACC-02).
pub(super) const PAIRS_BY_ADDRESS: Throttle = Throttle { what: "pair-address", limit: 10, minutes: 10 };
/// Wrong codes for one NPI, from wherever: as many as nobody reaches who does not guess from a hundred networks, so that a
/// few wrong ones of strangers never keep the rightful out (ACC-02).
pub(super) const PAIRS_BY_NUMBER: Throttle = Throttle { what: "pair-number", limit: 1000, minutes: 1440 };
/// Wrong codes of atypical providers, who have no NPI: each guess is another number (ACC-03).
pub(super) const PAIRS_WITHOUT_NUMBER: Throttle = Throttle { what: "pair-atypical", limit: 100, minutes: 10 };
/// Failures to sign in from one address: a large clinic is behind one.
pub(super) const SIGN_INS_BY_ADDRESS: Throttle = Throttle { what: "sign-in-address", limit: 100, minutes: 10 };
/// Failures of all strangers together at one name: guessing from many addresses at once ends here (NIST SP 800-63B 5.2.2).
pub(super) const STRANGERS_BY_NAME: Throttle = Throttle { what: "sign-in-strangers", limit: 100, minutes: 1440 };
/// Usernames asked for from one address; the form asks while the user types (ACC-06).
pub(super) const USERNAMES: Throttle = Throttle { what: "username", limit: 100, minutes: 10 };
/// PINs sent or spoken to one user.
pub(super) const PINS: Throttle = Throttle { what: "pins", limit: 10, minutes: 15 };
/// Further PINs for one handle.
pub(super) const FURTHER_PINS: Throttle = Throttle { what: "further-pins", limit: 3, minutes: 15 };
/// Codes tried in one set-up of a factor: enrolment can be begun again.
pub(super) const SET_UP: Throttle = Throttle { what: "set-up", limit: 5, minutes: 15 };

/// Links to set a new password, asked for from one address (ACC-13).
pub(super) const FORGOTTEN_BY_ADDRESS: Throttle = Throttle { what: "forgotten-address", limit: 20, minutes: 10 };
/// Links to set a new password that are mailed to one user.
pub(super) const FORGOTTEN_BY_USER: Throttle = Throttle { what: "forgotten-user", limit: 3, minutes: 15 };
/// PINs mailed to new addresses of one user (ACC-17).
pub(super) const EMAIL_PINS: Throttle = Throttle { what: "email-pin", limit: 5, minutes: 60 };
/// PINs spoken to new phone numbers of one user (ACC-17).
pub(super) const PHONE_PINS: Throttle = Throttle { what: "phone-pin", limit: 5, minutes: 60 };
/// PINs for a new phone number that one user tries.
pub(super) const PHONE_PINS_TRIED: Throttle = Throttle { what: "phone-pin-tried", limit: 5, minutes: 60 };
/// PINs that one user tries.
pub(super) const EMAIL_PINS_TRIED: Throttle = Throttle { what: "email-pin-tried", limit: 5, minutes: 60 };

/// Refusals of which one a minute goes on record: nothing is tried in them, and anybody can have as many as they like.
pub(super) const ON_RECORD: Throttle = Throttle { what: "on-record", limit: 1, minutes: 1 };
/// Tokens that clients ask for from one address: each holds for five minutes.
pub(super) const CLIENT_TOKENS: Throttle = Throttle { what: "client-tokens", limit: 300, minutes: 10 };
/// Inquiries of one client: a system asks for all patients of a day.
pub(super) const INQUIRIES: Throttle = Throttle { what: "inquiries", limit: 1200, minutes: 10 };
/// Requests of one client: a system sends those of a day at once.
pub(super) const SUBMITS: Throttle = Throttle { what: "submits", limit: 600, minutes: 10 };
/// Packages of questionnaires that one client asks for: a system asks at every order.
pub(super) const PACKAGES: Throttle = Throttle { what: "packages", limit: 1200, minutes: 10 };
/// Members of no such number that one client asks for there: each call is counted, and given back where there is one.
pub(super) const UNKNOWN_MEMBERS: Throttle = Throttle { what: "unknown-members", limit: 60, minutes: 10 };
/// Calls with documents of one client.
pub(super) const ATTACHMENTS: Throttle = Throttle { what: "attachments", limit: 600, minutes: 10 };
/// Calls of one client for its subscriptions: a system that waits for its handshake asks where it stands.
pub(super) const SUBSCRIPTIONS: Throttle = Throttle { what: "subscriptions", limit: 600, minutes: 10 };
/// Members searched by one user; a search that finds nobody counts twice (CASE-03).
pub(super) const SEARCHES: Throttle = Throttle { what: "member-searches", limit: 60, minutes: 10 };
/// Answers to "is authorization required?" that one user asks for (CASE-16).
pub(super) const CHECKS: Throttle = Throttle { what: "checks", limit: 120, minutes: 10 };
/// Letters of decisions that are not issued, as one reviewer looks at them: each is set anew.
pub(super) const PREVIEWS: Throttle = Throttle { what: "previews", limit: 60, minutes: 10 };
/// Reports and pages of requests behind their figures that one user asks for (OPS-03): each reads all requests of its days.
pub(super) const REPORTS: Throttle = Throttle { what: "reports", limit: 240, minutes: 10 };
/// Temporary members that one user adds (CASE-06): every file of members looks each of them up.
pub(super) const TEMPORARY_MEMBERS: Throttle = Throttle { what: "temporary-members", limit: 50, minutes: 1440 };
/// Messages that one user sends: everybody of the other side is told of each (ACT-09).
pub(super) const MESSAGES: Throttle = Throttle { what: "messages", limit: 100, minutes: 60 };
/// Cases that one user begins.
pub(super) const NEW_CASES: Throttle = Throttle { what: "new-cases", limit: 500, minutes: 1440 };
/// Cases that one user begins for one member: all of a member's are read together.
pub(super) const NEW_CASES_OF_MEMBER: Throttle = Throttle { what: "new-cases-member", limit: 20, minutes: 1440 };
/// People whom one user of a group invites, and to whom links are sent again: mails of ours, to whomever somebody names.
pub(super) const INVITATIONS: Throttle = Throttle { what: "invitations", limit: 20, minutes: 60 };
/// The same of a Contract Manager, who begins with a whole team.
pub(super) const STAFF_INVITATIONS: Throttle = Throttle { what: "staff-invitations", limit: 100, minutes: 60 };
/// Pages faxed to new fax numbers of one user.
pub(super) const FAX_PINS: Throttle = Throttle { what: "fax-pin", limit: 5, minutes: 60 };
/// Codes for a new fax number that one user tries.
pub(super) const FAX_PINS_TRIED: Throttle = Throttle { what: "fax-pin-tried", limit: 5, minutes: 60 };

/// The address as it stands in a key: of the newer kind its network, as every customer has one to itself (RFC 6177).
pub(super) fn address(from: &Address) -> String {
    sha256(&network(&from.0))
}

fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).to_string(),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Counts a try, and refuses it when the window has no more.
///
/// # Errors
/// 429 with the seconds until the window ends.
pub(super) async fn count(app: &App, throttle: &Throttle, hash: &str) -> Result<(), Problem> {
    let now = app.now();
    match Box::pin(app.table().count_try_within(throttle, hash, now)).await? {
        Some(_) => Ok(()),
        None => Err(Problem::throttled(throttle.wait(now))),
    }
}

/// The same for what a user does in good faith; `what` has happened, as a sentence says it.
///
/// # Errors
/// 429 with the time to wait in words and in seconds.
pub(super) async fn within(app: &App, throttle: &Throttle, hash: &str, what: &str) -> Result<(), Problem> {
    let now = app.now();
    match Box::pin(app.table().count_try_within(throttle, hash, now)).await? {
        Some(_) => Ok(()),
        None => Err(Problem::too_often(what, throttle.wait(now))),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_network_are_one() {
        for (address, expected) in [
            ("203.0.113.9", "203.0.113.9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("", ""),
        ] {
            assert_eq!(network(address), expected);
        }
    }
}
