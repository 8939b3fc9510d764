//! First step of signing in: the password (ACC-14, ACC-18).
//!
//! Provider users and payer staff have doors of their own; whoever belongs to the other door is unknown at this one.
//! Nothing tells why a sign-in was refused. A right password gives no token, only a handle for the second factor: the one
//! that the user wants to sign in with where they have it, else their first (ACC-11).

use std::sync::Arc;

use axum::extract::State;
use portico_aws::{
    accounts::{Asked, Error, Passed, Pool},
    table::Transaction,
};
use portico_domain::{
    accounts::User,
    factor::{Factor, Reach},
    field::{FieldErrors, Objection},
    id::Username,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    attempt::Attempt,
    pending::{self, Pending, Step},
    refusal::{Whose, evenly, noting, refused},
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    doors::{self, Door},
    json::Json,
    problem::{Problem, ProblemBody},
    terms::{self, TermsDue},
    throttle, words,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(sign_in)))
}

/// Name and password.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    #[schema(value_type = String, required = true)]
    username: Option<String>,
    #[schema(value_type = String, required = true)]
    password: Option<String>,
    /// `app`, `email`, `text` or `voice`: the second factor to sign in with.
    #[schema(value_type = Option<words::Factor>)]
    with: Option<String>,
}

/// What is asked next.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FactorAsked {
    /// To send with the code: within 3 minutes that of an app, within 5 a PIN.
    handle: String,
    /// `app`: the code that the authenticator app shows; `email`, `text`, `voice`: the PIN that was sent or spoken.
    #[schema(value_type = words::Factor)]
    factor: &'static str,
    /// Where the PIN went, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "(***) ***-0123")]
    sent_to: Option<String>,
    /// To acknowledge with the code: those of contracts where the user has not done so yet. Told with the password alone: a further PIN changes nothing of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<TermsDue>,
}

impl FactorAsked {
    /// This factor, under this handle.
    pub(super) fn of(handle: String, reach: &Reach) -> Self {
        Self { handle, factor: reach.factor().name(), sent_to: reach.hint(), terms: Vec::new() }
    }
}

/// Signs a user in: password.
#[utoipa::path(
    post, path = "/sessions", tag = "accounts", request_body = SignIn,
    responses(
        (status = 200, body = FactorAsked, description = "The second factor is asked"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 409, body = ProblemBody, description = "The PIN could not be delivered: choose another second factor"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
        (status = 429, body = ProblemBody, description = "Too many tries, by the count of the user pool"),
    ),
    security(())
)]
async fn sign_in(
    State(app): State<Arc<App>>,
    door: Door,
    from: Address,
    body: Json<SignIn>,
) -> Result<axum::Json<FactorAsked>, Problem> {
    let who = Whose::Unknown(body.value.username.as_deref().unwrap_or_default().trim());
    let attempt = Box::pin(check(&app, door.0, &from, &body.value));
    evenly(noting(&app, (who, &from), attempt)).await
}

async fn check(app: &App, pool: Pool, from: &Address, body: &SignIn) -> Result<axum::Json<FactorAsked>, Problem> {
    let (name, password, wanted) = parse(body)?;
    // A name with a form that cannot be is an unknown one.
    let name: Username = name.parse().map_err(|_| refused())?;
    let attempt = Box::pin(Attempt::begin(app, pool, &name, from)).await?;
    let Some(wanted) = attempt.user().factors.choose(wanted).map(Reach::factor) else {
        return Err(attempt.none("no second factor").await);
    };
    // Told before the password is known to be right, anything but the one refusal would say that the user exists.
    if wanted != Factor::App && throttle::count(app, &throttle::PINS, name.as_str()).await.is_err() {
        return Err(attempt.none("too many PINs").await);
    }
    let (next, due) =
        futures::join!(ask(app, pool, attempt.user(), password, wanted), terms::Due::read(app, attempt.user()));
    let next = match next {
        Ok(next) => next,
        Err(Error::Refused) => return Err(attempt.failed("wrong password").await),
        Err(Error::Unsent) => return Err(attempt.none("no second factor").await),
        Err(error) => return Err(attempt.broken(error).await),
    };
    let due = match due {
        Ok(due) => due,
        Err(problem) => return Err(attempt.broken(problem).await),
    };
    let mut transaction = Transaction::new();
    let user = attempt.give_back(&mut transaction).await?;
    let (step, reach) = next.step(app, &mut transaction, &user).await?;
    let handle = pending::keep(app, &mut transaction, &Pending { user: name, pool, step, terms: due.shown() })?;
    app.table().commit(transaction).await?;
    Ok(axum::Json(FactorAsked { terms: due.told(), ..FactorAsked::of(handle, &reach) }))
}

/// What a right password leads to.
pub(super) enum Next {
    /// A code that the pool waits for.
    Code(Asked),
    /// A PIN that is to be spoken.
    Call,
}

impl Next {
    /// The step, with the factor that it takes.
    ///
    /// # Errors
    /// Refused when the user has not verified that factor.
    pub(super) async fn step(
        self,
        app: &App,
        transaction: &mut Transaction,
        user: &User,
    ) -> Result<(Step, Reach), Problem> {
        let factor = match &self {
            Self::Code(asked) => asked.factor(),
            Self::Call => Factor::Voice,
        };
        let reach = user.factors.get(factor).cloned().ok_or_else(refused)?;
        let step = match (self, &reach) {
            (Self::Code(asked), _) => Step::Code { asked },
            (Self::Call, Reach::Voice(phone)) => {
                Step::Call { nonce: pending::call(app, transaction, &user.username, phone).await? }
            }
            (Self::Call, _) => return Err(refused()),
        };
        Ok((step, reach))
    }
}

/// Checks the password, and has the pool ask for a factor where it can: the wanted one, or another that the user has
/// verified.
///
/// # Errors
/// Refused when the password is wrong; unsent when the pool asks for nothing that the user has verified.
pub(super) async fn ask(app: &App, pool: Pool, user: &User, password: &str, wanted: Factor) -> Result<Next, Error> {
    let accounts = app.aws.accounts();
    match (wanted, accounts.password(pool, &user.username, password).await?) {
        (Factor::Voice, _) => Ok(Next::Call),
        (_, Passed::Code(asked)) if user.factors.get(asked.factor()).is_some() => Ok(Next::Code(asked)),
        (_, Passed::Choice(choice)) => Ok(Next::Code(accounts.choose(pool, &user.username, &choice, wanted).await?)),
        (_, Passed::Code(_) | Passed::NoFactor(_)) => Err(Error::Unsent),
    }
}

fn parse(body: &SignIn) -> Result<(&str, &str, Option<Factor>), Problem> {
    let mut errors = FieldErrors::none();
    let given = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    for (pointer, field) in [("/username", &body.username), ("/password", &body.password)] {
        if !given(field) {
            errors.add(pointer, Objection::required());
        }
    }
    let wanted = errors.parse_optional("/with", body.with.as_deref());
    let given = body.username.as_deref().map(str::trim).zip(body.password.as_deref());
    Ok(errors.finish(given.map(|(name, password)| (name, password, wanted)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fields_are_required_and_a_password_keeps_its_blanks() {
        let of = |username: &str, password: &str| SignIn {
            username: Some(username.into()),
            password: Some(password.into()),
            with: None,
        };
        assert_eq!(parse(&of(" jo ", " a b ")).unwrap(), ("jo", " a b ", None));
        assert_eq!(parse(&SignIn::default()).unwrap_err().pointers(), ["/username", "/password"]);
        assert_eq!(parse(&of("jo", "")).unwrap_err().pointers(), ["/password"]);
    }

    /// REQ: ACC-11
    #[test]
    fn one_signs_in_with_a_factor_that_there_is() {
        let of = |with: &str| SignIn {
            username: Some("jo".into()),
            password: Some("secret".into()),
            with: Some(with.into()),
        };
        assert_eq!(parse(&of("voice")).unwrap().2, Some(Factor::Voice));
        assert_eq!(parse(&of(" ")).unwrap().2, None);
        assert_eq!(parse(&of("pigeon")).unwrap_err().pointers(), ["/with"]);
    }
}
