//! Second factors and the sign-in chain, over HTTP on the running engine. What no local engine has, PINs by e-mail and text
//! from the user pools, is shown in `shared/aws` with answers as Cognito gives them.

mod chain;
mod person;
mod profile;
mod voice;
