//! Systems of providers that ask by FHIR, over HTTP on the running engine.

#![cfg(test)]

mod attachments;
mod changes;
mod clients;
mod inquiries;
mod journey;
mod papers;
mod questionnaires;
mod sender;
mod submits;
mod subscriptions;
mod tokens;
