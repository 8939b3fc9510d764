//! Accounts over HTTP on the running engine: registration, second factors and the sign-in chain, passwords and sessions, and
//! accounts that nobody uses. What no local engine has, PINs by e-mail and text from the user pools, is shown in `shared/aws`
//! with answers as Cognito gives them.

#![cfg(test)]

mod chain;
mod dormancy;
mod profile;
mod refusals;
mod registration;
mod robots;
mod sessions;
mod takeover;
mod terms;
mod voice;
