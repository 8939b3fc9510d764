//! A function's life: configuration, one action, the runtime.

use std::ops::AsyncFn;

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use portico_aws::Aws;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use lambda_runtime::Error;

use crate::{
    batch::{self, Answer, Batch, Waits},
    failure::Failure,
    feeds,
    pace::Pace,
};

/// Serves a queue whose work fills processor or memory, one message after the other.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_queue<T: DeserializeOwned>(
    handle: impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Result<(), Error> {
    let (aws, handle) = (&start()?, &handle);
    let each = move |event: LambdaEvent<Batch>| async move {
        Ok::<_, Error>(batch::in_turn(aws, event.payload, Waits::long(aws), handle).await)
    };
    lambda_runtime::run(service_fn(each)).await
}

/// Serves a queue whose work waits for others, all messages of a batch at once, as fast as `SENDS_PER_SECOND` allows.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_queue_at_once<T: DeserializeOwned>(
    handle: impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Result<(), Error> {
    serve_paced(Waits::long, handle).await
}

/// The same for what is of no use after some minutes: what fails comes again soon.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_urgent_queue<T: DeserializeOwned>(
    handle: impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Result<(), Error> {
    serve_paced(Waits::short, handle).await
}

async fn serve_paced<T: DeserializeOwned>(
    waits: impl Fn(&Aws) -> Waits,
    handle: impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Result<(), Error> {
    let aws = &start()?;
    let (waits, pace, handle) = (waits(aws), &Pace::per_second(aws.config().sends_per_second), &handle);
    let each = move |event: LambdaEvent<Batch>| async move {
        Ok::<_, Error>(batch::at_once(aws, event.payload, waits, pace, handle).await)
    };
    lambda_runtime::run(service_fn(each)).await
}

/// Serves a queue of feeds: one file after the other, each told when the call has to be over.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_feeds() -> Result<(), Error> {
    let aws = &start()?;
    let each = move |event: LambdaEvent<Batch>| async move {
        let millisecond = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        let deadline = Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::MAX);
        let handle = async |aws: &Aws, dropped| feeds::handle(aws, dropped, deadline).await;
        Ok::<_, Error>(batch::in_turn(aws, event.payload, Waits::long(aws), &handle).await)
    };
    lambda_runtime::run(service_fn(each)).await
}

/// Serves the table's stream.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_stream<T: DeserializeOwned>(
    handle: impl AsyncFn(&Aws, T) -> Result<Answer, Failure>,
) -> Result<(), Error> {
    let (aws, handle) = (&start()?, &handle);
    let each = move |event: LambdaEvent<T>| async move {
        Box::pin(handle(aws, event.payload)).await.map_err(|failure| {
            tracing::error!(reason = failure.reason(), "a batch of the stream was not done; it comes again");
            Error::from(failure)
        })
    };
    lambda_runtime::run(service_fn(each)).await
}

/// Serves a schedule: whatever calls, the same is done, and what was done is answered.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_schedule<T: Serialize>(handle: impl AsyncFn(&Aws) -> Result<T, Failure>) -> Result<(), Error> {
    let (aws, handle) = (&start()?, &handle);
    let each = move |_: LambdaEvent<serde_json::Value>| async move {
        Box::pin(handle(aws)).await.map_err(|failure| {
            tracing::error!(reason = failure.reason(), "the scheduled work was not done");
            Error::from(failure)
        })
    };
    lambda_runtime::run(service_fn(each)).await
}

/// Serves a trigger: whoever asks waits for the answer.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve_trigger(handle: impl AsyncFn(&Aws, Value) -> Result<Value, Failure>) -> Result<(), Error> {
    let (aws, handle) = (&start()?, &handle);
    let each = move |event: LambdaEvent<Value>| async move {
        Box::pin(handle(aws, event.payload)).await.map_err(|failure| {
            tracing::error!(reason = failure.reason(), "a trigger was not answered");
            Error::from(failure)
        })
    };
    lambda_runtime::run(service_fn(each)).await
}

/// One JSON line per event, without PHI: fields are ids, counts and states.
fn start() -> Result<Aws, Error> {
    tracing_subscriber::fmt()
        .json()
        .without_time()
        .with_target(false)
        .with_current_span(false)
        .with_max_level(tracing::Level::INFO)
        .init();
    Ok(Aws::from_env()?)
}

#[cfg(test)]
pub(crate) mod tests {
    use portico_aws::{Aws, Config};

    /// With a configuration that reaches nobody.
    pub(crate) fn aws() -> Aws {
        Aws::new(Config::read(|_| Some("1".to_owned())).unwrap())
    }
}
