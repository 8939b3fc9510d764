//! Gives a letter's PDF to everybody who may see the case (LTR-02): as an address that works for five minutes.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::files::letter_pdf;
use portico_domain::{cases::access::CaseAction, id::LetterId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    problem::{Problem, ProblemBody},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(get_letter)))
}

/// Where the PDF is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LetterFile {
    /// Fetch it from here, without a token.
    url: String,
    /// When the address stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// SHA-256 of the PDF as it was issued, in hex.
    sha256: String,
    /// Pages.
    pages: u32,
}

/// Gives a letter.
#[utoipa::path(
    get, path = "/cases/{id}/letters/{letter}", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("letter" = String, Path, description = "Id of the letter"),
    ),
    responses(
        (status = 200, body = LetterFile, description = "An address for five minutes"),
        (status = 404, body = ProblemBody, description = "No such letter, or not for the caller"),
    ),
    security(("provider" = []))
)]
async fn get_letter(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, letter)): Path<(String, String)>,
) -> Result<Answer<LetterFile>, Problem> {
    let letter: LetterId = letter.parse().map_err(|_| Problem::not_found())?;
    let beside = |key| app.table().letter(key, letter);
    let opened = app.open_with(&token, &id, CaseAction::Read, "get-letter", beside).await?.about(letter);
    let (case, issued) = &opened.found;
    let issued = issued.as_ref().ok_or_else(Problem::not_found)?;
    let (bucket, key) = (app.aws.config().letters_bucket.as_str(), letter_pdf(letter));
    let (url, expires_at) =
        app.address_of((bucket, &key, issued.files.pdf.as_deref()), None, (case.key, &opened.access)).await?;
    Ok(Answer(LetterFile { url, expires_at, sha256: issued.sha256.clone(), pages: issued.pages }))
}
