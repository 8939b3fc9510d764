//! Cases: from search to submit, and what can be seen of them after.

pub mod add_temporary_member;
pub mod create_case;
pub mod edit_case;
pub mod end_case;
pub mod find_codes;
pub mod find_duplicates;
pub mod find_members;
pub mod find_providers;
pub mod get_case;
pub mod get_document;
pub mod list_accesses;
pub mod list_cases;
pub mod list_requests;
pub mod merge_member;
pub mod remove_document;
pub mod search_cases;
pub mod send_message;
pub mod submit_case;
pub mod upload_document;

mod add_information;
mod answers_body;
mod ask_hearing;
mod ask_talk;
mod follow_request;
mod hand_over;
mod list_messages;
mod listed;
mod new_file;
mod questionnaires;
mod sight;
mod steps;
mod timeline;
mod view;
mod view_decision;
mod view_delivery;
mod view_files;
mod view_follow;
mod view_hearing;
mod view_history;
mod view_lines;
mod view_progress;
mod view_request;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("find-members", find_members::route),
    ("add-temporary-member", add_temporary_member::route),
    ("merge-member", merge_member::route),
    ("find-providers", find_providers::route),
    ("find-codes", find_codes::route),
    ("create-case", create_case::route),
    ("edit-case", edit_case::route),
    ("get-case", get_case::route),
    ("list-cases", list_cases::route),
    ("search-cases", search_cases::route),
    ("list-requests", list_requests::route),
    ("list-accesses", list_accesses::route),
    ("find-duplicates", find_duplicates::route),
    ("upload-document", upload_document::route),
    ("get-document", get_document::route),
    ("remove-document", remove_document::route),
    ("send-message", send_message::route),
    ("submit-case", submit_case::route),
];
