//! Sends the tasks of one event again, of which a letter, fax or mail should have come and did not (OPS-08). Nothing is done twice: workers
//! know what they have done.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_aws::{lanes::Failed, outbox, table};
use portico_domain::{
    events::About,
    field::FieldErrors,
    id::{CaseId, EventId},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub(super) fn route() -> Route {
    Route::new().routes(routes!(replay_event))
}

/// Which event.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct Replay {
    /// Its id.
    #[schema(value_type = String, required = true)]
    event: Option<String>,
    /// Of which case, user or fax it is: a Case ID or a case's key, a username, a fax's id. Needed unless it waits in the outbox.
    about: Option<String>,
}

/// What was sent.
#[derive(Serialize, ToSchema)]
struct ReplayedView {
    /// Tasks that are in their queues again; none when the event gives none.
    tasks: usize,
}

/// Sends the tasks of an event again.
#[utoipa::path(
    post, path = "/staff/events/replay", tag = "events", request_body = Replay,
    responses(
        (status = 200, body = ReplayedView, description = "They are in their queues"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations"),
        (status = 409, body = ProblemBody, description = "This version cannot read the event"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or there is no such event"),
        (status = 503, body = ProblemBody, description = "A queue did not take them all; the rest goes by itself"),
    ),
    security(("staff" = []))
)]
async fn replay_event(
    State(app): State<Arc<App>>,
    token: Token,
    body: Json<Replay>,
) -> Result<Answer<ReplayedView>, Problem> {
    app.operator(&token).await?;
    let (event, named) = parse(&body.value)?;
    let none = || Problem::invalid_field("/event", Wrong::NotFound.says("There is no such event."));
    let about = match named {
        Some(named) => about(&app, named).await?.ok_or_else(none)?,
        None => outbox::about_of_waiting(&app.aws, event, app.now()).await.map_err(unreadable)?.ok_or_else(|| {
            let text = "It does not wait for its queues: say of which case, user or fax it is.";
            Problem::invalid_field("/about", Wrong::Missing.says(text))
        })?,
    };
    app.note(&token, "replay-event", vec![event.to_string()]).await?;
    match outbox::replay_one(&app.aws, &about, event, app.now()).await.map_err(unreadable)? {
        Some(resent) if resent.unsent == 0 => Ok(Answer(ReplayedView { tasks: resent.tasks })),
        Some(_) => Err(Problem::unavailable(&Failed::Untaken(event))),
        None => Err(none()),
    }
}

/// An event of a later release is kept for it.
fn unreadable(error: table::Error) -> Problem {
    if matches!(error, table::Error::Corrupt(..)) {
        return Problem::conflict(
            "This version cannot read the event. With one that can, send it again.",
            "unreadable",
        );
    }
    error.into()
}

/// What an event may be of.
#[derive(Clone, PartialEq, Debug)]
enum Named {
    Case(CaseId),
    Other(About),
}

fn parse(body: &Replay) -> Result<(EventId, Option<Named>), FieldErrors> {
    let mut errors = FieldErrors::none();
    let event = errors.parse("/event", body.event.as_deref());
    let about = match body.about.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => Some(None),
        Some(text) => {
            let named = named(text);
            if named.is_none() {
                errors.add("/about", Wrong::NotAnId.says("This is no Case ID, username or fax's id."));
            }
            named.map(Some)
        }
    };
    errors.finish(event.zip(about))
}

fn named(text: &str) -> Option<Named> {
    let case = || text.parse().ok().map(About::Case);
    let fax = || text.parse().ok().map(About::Fax);
    let number = || text.parse().ok().map(Named::Case);
    let user = || text.parse().ok().map(About::User).map(Named::Other);
    case().or_else(fax).map(Named::Other).or_else(number).or_else(user)
}

async fn about(app: &App, named: Named) -> Result<Option<About>, Problem> {
    match named {
        Named::Case(id) => Ok(app.table().case_key(&id).await?.map(About::Case)),
        Named::Other(about) => Ok(Some(about)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_event_is_of_is_read_by_its_form() {
        let key = "cas_00000000000000000000000000000006";
        assert_eq!(named(key), Some(Named::Other(About::Case(key.parse().unwrap()))));
        assert_eq!(named("261270001"), Some(Named::Case("261270001".parse().unwrap())));
        assert_eq!(named("ann.lee"), Some(Named::Other(About::User("ann.lee".parse().unwrap()))));
        assert_eq!(named("no such thing"), None);
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let pointers = |body: &Replay| match parse(body) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.as_slice().iter().map(|error| error.pointer.clone()).collect::<Vec<_>>(),
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(pointers(&Replay::default()), ["/event"]);
        let event = text("evt_019e03f5c68070008000000000000001");
        assert!(pointers(&Replay { event: event.clone(), about: None }).is_empty());
        assert_eq!(pointers(&Replay { event, about: text("?!") }), ["/about"]);
    }
}
