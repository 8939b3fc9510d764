//! Requests in the words of HL7 Da Vinci PAS, for whoever answers a call and whoever notifies: what is known of a request becomes
//! the resources of [`portico_fhir`]. Pure, as both are that it is made of.

pub mod answers;
pub mod notice;
