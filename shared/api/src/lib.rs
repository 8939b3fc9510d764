//! The HTTP actions, one file each, and what they share.
//!
//! An action's file reads top to bottom: the rule in the field's words with its requirement ids, wire types, handler
//! (load, decide, save, answer), parsing. What two actions share stands in this folder.

// What rooms share.
mod account;
mod addition;
pub mod app;
mod billable;
pub mod caller;
mod contact_form;
mod csv;
mod doors;
mod edge;
mod field_problem;
mod form;
mod holders;
pub mod json;
pub mod lambda;
pub mod once;
mod open;
pub mod openapi;
pub mod page;
mod pair;
mod post_view;
pub mod problem;
mod refusals;
#[cfg(test)]
mod samples;
mod terms;
mod throttle;
pub mod version;
mod words;

// The rooms; none takes from another (docs/rooms.md).
pub mod accounts;
pub mod cases;
pub mod contracts;
pub mod delivery;
pub mod events;
pub mod feeds;
pub mod fhir;
pub mod groups;
pub mod letters;
pub mod reports;
pub mod reviews;
pub mod staff;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

/// A router with one action's routes.
pub type Route = OpenApiRouter<Arc<app::App>>;

/// An action: the name of its function, and its routes.
pub type Action = (&'static str, fn() -> Route);

/// Every action by the name of its function: the one list that functions, `OpenAPI` and tests read.
#[must_use]
pub fn actions() -> Vec<Action> {
    [
        contracts::ACTIONS,
        accounts::ACTIONS,
        groups::ACTIONS,
        staff::ACTIONS,
        cases::ACTIONS,
        feeds::ACTIONS,
        reviews::ACTIONS,
        letters::ACTIONS,
        delivery::ACTIONS,
        events::ACTIONS,
        reports::ACTIONS,
        fhir::ACTIONS,
    ]
    .concat()
}
