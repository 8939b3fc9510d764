//! Systems of providers that ask by FHIR, over HTTP on the running engine.

#![cfg(test)]

mod clients;
mod inquiries;
mod submits;
mod tokens;
