//! What is sent to AWS, when somebody wants to count it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};

/// A round trip to AWS; one that is tried again counts again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// As `DynamoDB.GetItem`; method and first part of the path for services without such names.
    pub operation: String,
    /// When it was sent.
    pub start: Instant,
    /// When the answer was there.
    pub end: Instant,
}

/// The round trips so far.
#[derive(Clone, Default, Debug)]
pub struct CallLog(Arc<Mutex<Vec<Call>>>);

impl CallLog {
    /// The calls since the last time, in the order of their answers.
    #[must_use]
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, call: Call) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

/// A client that notes every call before it passes it on.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) client: SharedHttpClient,
    pub(crate) log: CallLog,
}

impl HttpClient for Recorder {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, parts);
        SharedHttpConnector::new(Connector { connector, log: self.log.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    connector: SharedHttpConnector,
    log: CallLog,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (connector, log, operation) = (self.connector.clone(), self.log.clone(), operation(&request));
        HttpConnectorFuture::new(async move {
            let start = Instant::now();
            let answer = connector.call(request).await;
            log.add(Call { operation, start, end: Instant::now() });
            answer
        })
    }
}

fn operation(request: &HttpRequest) -> String {
    if let Some((service, operation)) = request.headers().get("x-amz-target").and_then(|target| target.rsplit_once('.'))
    {
        return format!("{}.{operation}", service.split('_').next().unwrap_or(service));
    }
    let path = request.uri().splitn(4, '/').nth(3).unwrap_or_default();
    format!("{} /{}", request.method(), path.split(['/', '?']).next().unwrap_or_default())
}
