//! `Idempotency-Key`: what is sent again is answered again, and done once.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use portico_aws::table::{
    Guard, Transaction,
    accounts::users::UserFile,
    idempotency::{IdempotencyKey, Replay},
};
use portico_domain::caller::Caller;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    open::Opened,
    problem::{Kind, Problem},
};

/// The caller's `Idempotency-Key`, required on every POST that creates something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key(String);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
        value.filter(|key| (8..=128).contains(&key.len())).map(|key| Self(key.to_owned())).ok_or_else(|| {
            Problem::malformed("Send an Idempotency-Key of 8 to 128 characters, a new one for each new request.")
        })
    }
}

impl Key {
    /// The key in the scope of its caller and operation; `payload` is the path and body as received.
    #[must_use]
    pub fn scoped(&self, caller: &str, operation: &str, payload: &str) -> IdempotencyKey {
        IdempotencyKey::new(caller, operation, &self.0, payload)
    }
}

/// An answer that was given before. It is looked up while the caller is checked, and given only to whom the check let in:
/// a session that has ended reads nothing any more.
#[derive(Debug)]
#[must_use]
pub(crate) struct Before(Option<Response>);

impl Before {
    /// The answer, for a caller who may still act.
    pub(crate) fn give(self, _to: &impl Checked) -> Option<Response> {
        self.0
    }
}

/// What only a check of the caller gives.
pub(crate) trait Checked {}

impl Checked for UserFile {}
impl Checked for Caller {}
impl<T> Checked for Opened<T> {}

/// Whoever calls an action that nobody signs in for.
pub(crate) struct Anybody;

impl Checked for Anybody {}

impl App {
    /// The answer that was given under this key before, if any.
    ///
    /// # Errors
    /// 422 when the key stands for something else.
    pub(crate) async fn replay(&self, key: &IdempotencyKey) -> Result<Before, Problem> {
        Ok(Before(self.replayed(key).await?.map(|(status, body)| json_response(status, body))))
    }

    /// As `App::replay`, for an answer that is made anew from what was kept.
    ///
    /// # Errors
    /// 422 when the key stands for something else.
    pub async fn replay_value<T: DeserializeOwned>(&self, key: &IdempotencyKey) -> Result<Option<T>, Problem> {
        self.replayed(key).await?.map(|(_, body)| read(&body)).transpose()
    }

    /// Commits a transaction and keeps the answer under the key. Of several at once one is done; all get its answer.
    ///
    /// # Errors
    /// What the transaction was refused for.
    pub async fn commit_once<T: Serialize>(
        &self,
        transaction: Transaction,
        key: &IdempotencyKey,
        status: StatusCode,
        answer: &T,
    ) -> Result<Response, Problem> {
        let (status, body) = self.committed(transaction, key, status, answer).await?;
        Ok(json_response(status, body))
    }

    /// As [`App::commit_once`], for an answer that is made anew from what is kept.
    ///
    /// # Errors
    /// What the transaction was refused for.
    pub async fn commit_value<T: Serialize + DeserializeOwned>(
        &self,
        transaction: Transaction,
        key: &IdempotencyKey,
        value: &T,
    ) -> Result<T, Problem> {
        let (_, body) = self.committed(transaction, key, StatusCode::OK, value).await?;
        read(&body)
    }

    async fn replayed(&self, key: &IdempotencyKey) -> Result<Option<(u16, String)>, Problem> {
        match self.table().replay(key, self.now()).await? {
            None => Ok(None),
            Some(Replay::Answer { status, body }) => Ok(Some((status, body))),
            Some(Replay::OtherPayload) => {
                Err(Problem::new(Kind::KeyReused, "Use a new Idempotency-Key for a new request."))
            }
        }
    }

    async fn committed<T: Serialize>(
        &self,
        mut transaction: Transaction,
        key: &IdempotencyKey,
        status: StatusCode,
        answer: &T,
    ) -> Result<(u16, String), Problem> {
        let body = serde_json::to_string(answer).map_err(|error| Problem::internal(&error))?;
        transaction.remember(self.table(), key, status.as_u16(), body.clone(), self.now());
        match self.table().commit(transaction).await {
            Ok(()) => Ok((status.as_u16(), body)),
            Err(error) if error.refused(Guard::Idempotency) => {
                self.replayed(key).await?.ok_or_else(|| Problem::unavailable(&error))
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(|error| Problem::internal(&error))
}

fn json_response(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
