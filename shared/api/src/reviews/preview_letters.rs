//! Shows the letters that a determination would send, from what is typed and before anything is saved: the physician reads what
//! the member will read (LTR-01, LTR-04).
//!
//! They are set by what sets the letters that go out, marked as not issued, and stand in the answer alone: no file is
//! kept. Who saw them is noted with the case.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_domain::{
    cases::{Change, access::CaseAction},
    contracts::Contract,
    events::EventKind,
    id::{LetterId, RequestNumber},
    letters,
    reviews::letter_facts,
    status::Audience,
    wrong::Wrong,
};
use portico_letters::Document;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    determine_request::{DeterminationBody, decided, to_decide},
    extend_time::{MoreTimeBody, extended},
    lacking::lacking,
};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    json::Json,
    problem::{Problem, ProblemBody},
    throttle::{PREVIEWS, within},
    words,
};

/// The most that both PDFs together may have in bytes: a function answers 6 MB, and in JSON a file is a third longer. A letter
/// has some 100 KB; only one with thousands of different Chinese characters, each with its glyph, comes near.
const MOST: usize = 4_000_000;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(preview_letters)).routes(routes!(preview_more_time))
}

/// The letters of a determination that is not issued.
#[derive(Serialize, ToSchema)]
struct PreviewedLetters {
    /// The provider's, then the member's.
    letters: Vec<PreviewedLetter>,
}

/// A letter that is not issued.
#[derive(Serialize, ToSchema)]
struct PreviewedLetter {
    /// Who would read it.
    #[schema(value_type = words::Audience)]
    audience: String,
    /// The language that it is written in, as BCP 47.
    #[schema(example = "es")]
    language: String,
    #[schema(value_type = words::LetterFormat)]
    format: String,
    /// Pages.
    pages: u32,
    /// The PDF in base64: as it would go out, but for the mark that it is not issued, and its reference. None when both
    /// together are more than an answer holds: the letter can be issued, and is seen then.
    #[schema(format = Byte)]
    pdf: Option<String>,
}

/// Shows the letters of a decision without deciding.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/determination/preview", tag = "reviews",
    request_body = DeterminationBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = PreviewedLetters, description = "Both letters; nothing is saved and nothing sent"),
        (status = 403, body = ProblemBody, description = "Only a physician may decide so"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, or decided"),
        (status = 429, body = ProblemBody, description = "Looked at very often within ten minutes"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, a letter would lack an element, or the decision sends no letter"),
    ),
    security(("staff" = []))
)]
async fn preview_letters(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<DeterminationBody>,
) -> Result<Answer<PreviewedLetters>, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "preview-letters").await?.about(number);
    let case = &opened.found;
    let what = "You have looked at the letters of decisions very often.";
    let counted = within(&app, &PREVIEWS, token.username.as_str(), what);
    let (read, counted) = futures::join!(to_decide(&app, &opened, number, &body.value), counted);
    counted?;
    let grounds = read?;
    let change = decided(&grounds, number, opened.caller.reviewer()?, &body.value, app.now())?;
    let letters = set(&change, number, &grounds.now)?;
    app.table().audit(case.key, &opened.access).await?;
    Ok(Answer(PreviewedLetters { letters }))
}

/// Shows the letters of more time for a decision without extending it.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/more-time/preview", tag = "reviews",
    request_body = MoreTimeBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = PreviewedLetters, description = "Both letters; nothing is saved and nothing sent"),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, decided, waiting, extended before, or over"),
        (status = 429, body = ProblemBody, description = "Looked at very often within ten minutes"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or a letter would lack an element"),
    ),
    security(("staff" = []))
)]
async fn preview_more_time(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<MoreTimeBody>,
) -> Result<Answer<PreviewedLetters>, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "preview-more-time").await?.about(number);
    let case = &opened.found;
    let what = "You have looked at the letters of decisions very often.";
    let counted = within(&app, &PREVIEWS, token.username.as_str(), what);
    let (contract, counted) = futures::join!(app.contract_for(case), counted);
    counted?;
    let contract = contract?;
    let change = extended(case, number, opened.caller.reviewer()?, &body.value, (&contract, app.now()))?;
    let letters = set(&change, number, &contract)?;
    app.table().audit(case.key, &opened.access).await?;
    Ok(Answer(PreviewedLetters { letters }))
}

fn set(change: &Change, number: RequestNumber, contract: &Contract) -> Result<Vec<PreviewedLetter>, Problem> {
    let longer = change.events.iter().any(|event| matches!(event, EventKind::TimeExtended { .. }));
    let more_time = || letter_facts::extended(&change.case, number, contract, LetterId::NOT_ISSUED);
    let facts = change
        .determination
        .as_ref()
        .and_then(|made| letter_facts::facts(&change.case, made, contract, LetterId::NOT_ISSUED))
        .or_else(|| letter_facts::voided(&change.case, number, contract, LetterId::NOT_ISSUED))
        .or_else(|| longer.then(more_time).flatten())
        .ok_or_else(|| {
            Problem::invalid_field(
                "/decision",
                Wrong::NotAChoice.says("A referral sends no letters. Choose determine, void or correct."),
            )
        })?;
    let facts = facts.described(|code| portico_codes::icd10cm().get(code).map(|entry| entry.description));
    let (mut previews, mut bytes) = (Vec::new(), 0);
    for audience in [Audience::Provider, Audience::Member] {
        let letter = letters::compose(&facts, &contract.letters, audience).map_err(lacking)?;
        let document = Document::preview(&letter).map_err(|error| Problem::internal(&error))?;
        let pdf = document.pdf().map_err(|error| Problem::internal(&error))?;
        bytes += pdf.len();
        previews.push(PreviewedLetter {
            audience: word(&audience),
            language: letter.language.clone(),
            format: word(&letter.format),
            pages: u32::try_from(document.page_count()).unwrap_or(u32::MAX),
            pdf: (bytes <= MOST).then(|| BASE64_STANDARD.encode(pdf)),
        });
    }
    Ok(previews)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use portico_domain::{cases::determination::LineOutcome, glyphs::clean};

    fn previewed(reason: &str) -> Vec<PreviewedLetter> {
        let mut file = samples::decided().file;
        let mut determination = file.determinations.remove(0);
        determination.lines = vec![LineOutcome::Denied { reason: reason.to_owned() }];
        let change = Change { case: file.case, events: Vec::new(), determination: Some(determination) };
        set(&change, RequestNumber::FIRST, &samples::contract()).unwrap()
    }

    #[test]
    fn both_letters_are_shown_the_providers_first() {
        let shown = previewed("The records show no need for this service at home.");
        assert_eq!(shown.iter().map(|letter| letter.audience.as_str()).collect::<Vec<_>>(), ["provider", "member"]);
        for letter in shown {
            let pdf = BASE64_STANDARD.decode(letter.pdf.unwrap()).unwrap();
            assert!(pdf.starts_with(b"%PDF-") && letter.pages >= 1);
        }
    }

    #[test]
    fn letters_with_the_glyph_of_every_character_stay_within_an_answer() {
        let every = ('\u{4E00}'..='\u{9FFF}').filter(|letter| clean(&letter.to_string()).is_ok()).collect::<String>();
        assert!(every.chars().count() > 10_000, "the fonts print Chinese");
        let shown = previewed(&every);
        let bytes: usize = shown.iter().filter_map(|letter| letter.pdf.as_ref()).map(String::len).sum();
        assert!(bytes < 5_500_000 && shown.iter().any(|letter| letter.pdf.is_none()), "{bytes}");
    }

    #[test]
    fn a_referral_sends_no_letters() {
        let change = Change { case: samples::claimed("nurse.ann"), events: Vec::new(), determination: None };
        assert_eq!(set(&change, RequestNumber::FIRST, &samples::contract()).err().unwrap().pointers(), ["/decision"]);
    }
}
