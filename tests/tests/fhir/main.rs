//! Systems of providers that ask by FHIR, over HTTP on the running engine.

#![cfg(test)]

mod attachments;
mod clients;
mod inquiries;
mod questionnaires;
mod submits;
mod subscriptions;
mod tokens;
