//! The actions behind queues, the stream and triggers, one file each, and what they share.
//!
//! Every message may come twice, late, or after a crash in the middle: an action looks at what is stored, does what is
//! still to do, and saves state and event in one transaction. What fails and may be done later is left in its queue and
//! comes again; what can never be done goes to the dead letters at once ([`batch`]).

pub mod batch;
pub mod carrier;
pub mod events;
pub mod failure;
pub mod import;
pub mod lambda;
pub mod metrics;
mod notice;
pub mod on_auth_challenge;
pub mod on_case_submitted;
pub mod on_document_uploaded;
pub mod pace;
pub mod pages;
pub mod route_events;
pub mod send_fax;
pub mod send_mail;
pub mod send_notice;
pub mod send_pin;
pub mod sweep_dormant_users;
pub mod write_letter;
