//! Accounts without people: the challenge of the user pools, and accounts that nobody uses.

pub mod on_auth_challenge;
pub mod sweep_dormant_users;
