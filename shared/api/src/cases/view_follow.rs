//! What is seen of what follows a decision: what a request follows, what may follow it, and what is authorized.

use jiff::{Timestamp, civil::Date};
use portico_domain::{
    cases::{
        Case,
        access::CaseAction,
        authorization::{Authorization, Authorized, Follows},
        follow::FollowUp,
        request::Request,
    },
    contracts::Contract,
    service::Line,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{sight::Sight, view_lines::LineView};
use crate::{form::word, words};

/// What a request follows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FollowsView {
    /// The decided request.
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Who asked; nobody did where it carries out what a hearing ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Id of the note that it came with, which stands among those of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Ids of the documents that it came with.
    documents: Vec<String>,
    /// For each of its lines what was authorized when it was asked for; none for what was not.
    authorized: Vec<Option<BeforeView>>,
    /// Lines that are not to be authorized any more.
    removed: usize,
    /// Who is to perform it from now on, where that is to change.
    servicing: Option<NamedView>,
}

/// A provider by name.
#[derive(Serialize, ToSchema)]
struct NamedView {
    name: String,
    npi: Option<String>,
}

/// What is authorized of a line.
#[derive(Serialize, ToSchema)]
struct BeforeView {
    units: u32,
    modifiers: Vec<String>,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// Something that may follow a decided request.
#[derive(Serialize, ToSchema)]
pub(super) struct FollowUpView {
    #[schema(value_type = words::FollowKind)]
    kind: String,
    /// The last day on which it may be asked for, in the contract's zone.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Why it may not be asked for now.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedView>,
}

/// Why something may not follow a decision.
#[derive(Serialize, ToSchema)]
struct RefusedView {
    #[schema(value_type = words::FollowRefusal)]
    code: &'static str,
    /// In words.
    detail: String,
}

/// What is authorized under one number.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizationView {
    /// For claims.
    number: String,
    /// The requests whose decisions gave or changed it, oldest first.
    #[schema(example = json!(["R01", "R02"]))]
    requests: Vec<String>,
    /// The last day on which something is authorized.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Something was billed: then the provider and the modifiers stay.
    billed: bool,
    /// What it holds now; units and days are those that are authorized.
    lines: Vec<LineView>,
    /// Units of each line that were billed so far.
    billed_units: Vec<u64>,
}

impl FollowsView {
    pub(super) fn of(request: &Request, case: &Case) -> Option<Self> {
        let Follows { of, by, note, documents, authorized, removed, servicing, ordered, .. } =
            request.follows.as_ref()?;
        let asked = ordered.is_none();
        let held = |line: &Line| BeforeView {
            units: line.quantity.into(),
            modifiers: line.modifiers.iter().map(ToString::to_string).collect(),
            from: line.period.from(),
            to: line.period.to(),
        };
        Some(Self {
            request: of.to_string(),
            at: request.asked_at(),
            by: asked.then(|| case.name_of(by)),
            note: asked.then(|| note.to_string()),
            documents: documents.iter().map(ToString::to_string).collect(),
            authorized: authorized.iter().map(|line| line.as_ref().map(held)).collect(),
            removed: removed.len(),
            servicing: servicing
                .as_ref()
                .map(|is| NamedView { name: is.name.to_string(), npi: is.npi.map(|npi| npi.to_string()) }),
        })
    }
}

impl FollowUpView {
    /// What may follow a request, for whoever may ask for it.
    pub(super) fn all(case: &Case, request: &Request, sight: Sight<'_>) -> Vec<Self> {
        if sight.caller.may(CaseAction::Write, case).is_err() {
            return Vec::new();
        }
        let view = |FollowUp { kind, until, refused }: FollowUp| Self {
            kind: word(&kind),
            until,
            refused: refused.map(|why| RefusedView { code: why.code(), detail: why.to_string() }),
        };
        case.follow_ups(request.number, sight.contract, sight.now).into_iter().map(view).collect()
    }

    /// The changes of what is authorized that may be asked for now.
    pub(super) fn changes(case: &Case, request: &Request, sight: Sight<'_>) -> Vec<Self> {
        let mut all = Self::all(case, request, sight);
        all.retain(|offer| offer.refused.is_none() && matches!(offer.kind.as_str(), "extension" | "revision"));
        all
    }
}

impl AuthorizationView {
    pub(super) fn of(authorization: &Authorization, (contract, case): (&Contract, &Case)) -> Self {
        Self {
            number: authorization.number.to_string(),
            requests: authorization.requests.iter().map(ToString::to_string).collect(),
            until: authorization.last_day(),
            billed: authorization.is_billed(),
            lines: authorization.lines.iter().map(|held| LineView::of(&held.line, None, (contract, case))).collect(),
            billed_units: authorization.lines.iter().map(Authorized::billed_units).collect(),
        }
    }
}
