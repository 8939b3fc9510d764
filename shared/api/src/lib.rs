//! The HTTP actions, one file each, and what they share.
//!
//! An action's file reads top to bottom: the rule in the field's words with its requirement ids, wire types, handler
//! (load, decide, save, answer), parsing. What two actions share stands in this folder.

pub mod accounts;
pub mod app;
pub mod caller;
pub mod carriers;
pub mod cases;
mod edge;
pub mod feeds;
pub mod groups;
pub mod json;
pub mod lambda;
pub mod once;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod reviews;
pub mod staff;
pub mod version;

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
        accounts::ACTIONS,
        groups::ACTIONS,
        staff::ACTIONS,
        cases::ACTIONS,
        feeds::ACTIONS,
        reviews::ACTIONS,
        carriers::ACTIONS,
    ]
    .concat()
}
