//! The portal's side of the HTTP API: what a person's browser would send, and what comes back.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use ureq::{
    Agent,
    http::{HeaderMap, Method, Request},
};

use crate::{documented, files::File, stack::Stack};

/// A browser: the address of the API and, once signed in, a token.
#[derive(Clone, Debug)]
pub struct Portal {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// JSON body; null when there was none.
    pub body: Value,
    asked: String,
}

/// A call that is about to be made.
#[must_use]
#[derive(Debug)]
pub struct Call<'a> {
    portal: &'a Portal,
    method: Method,
    path: String,
    body: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Portal {
    /// Before signing in.
    #[must_use]
    pub fn new(stack: &Stack) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30)));
        // The engine ends a connection that was idle for five seconds; a test may wait longer between two calls.
        let config = config.max_idle_age(Duration::from_secs(2));
        Self { agent: config.build().into(), base: stack.api_url.clone(), token: None }
    }

    /// The same browser with this token, or none.
    #[must_use]
    pub fn with_token(&self, token: Option<String>) -> Self {
        Self { token, ..self.clone() }
    }

    /// The token of whoever is signed in.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Any call.
    pub fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        Call { portal: self, method, path: path.into(), body: None, headers: Vec::new() }
    }

    /// Reads.
    pub fn get(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// Creates or does; with a fresh idempotency key.
    pub fn post(&self, path: impl Into<String>, body: &Value) -> Call<'_> {
        self.call(Method::POST, path).json(body).idempotency_key(&portico_aws::clock::new_uuid().to_string())
    }

    /// Changes what was read with this `ETag`.
    pub fn put(&self, path: impl Into<String>, body: &Value, etag: &str) -> Call<'_> {
        self.call(Method::PUT, path).json(body).header("If-Match", etag)
    }

    /// Changes parts of what was read with this `ETag`.
    pub fn patch(&self, path: impl Into<String>, body: &Value, etag: &str) -> Call<'_> {
        self.call(Method::PATCH, path).json(body).header("If-Match", etag)
    }

    /// Ends something.
    pub fn delete(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Uploads a file where `form`, an answer's presigned POST, says: `url` and `fields`.
    ///
    /// # Errors
    /// When the store does not answer; gives its status.
    pub fn upload(&self, form: &Value, file: &File) -> Result<u16> {
        let url = form.get("url").and_then(Value::as_str).context("the upload has no url")?;
        let fields = form.get("fields").and_then(Value::as_object).context("the upload has no fields")?;
        let boundary = format!("portico{}", portico_aws::clock::new_uuid().simple());
        let mut body = Vec::new();
        for (name, value) in fields {
            let value = value.as_str().unwrap_or_default();
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: \
             application/octet-stream\r\n\r\n",
            file.name
        );
        body.extend(head.bytes());
        body.extend(&file.content);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let sent = self
            .agent
            .post(url)
            .header("Content-Type", format!("multipart/form-data; boundary={boundary}"))
            .send(body.as_slice())?;
        Ok(sent.status().as_u16())
    }

    /// Downloads from an address that an answer gave.
    ///
    /// # Errors
    /// When it is not there.
    pub fn download(&self, url: &str) -> Result<Vec<u8>> {
        let mut answer = self.agent.get(url).call()?;
        ensure!(answer.status().is_success(), "a download was answered with {}", answer.status());
        Ok(answer.body_mut().with_config().limit(100_000_000).read_to_vec()?)
    }
}

impl Call<'_> {
    /// With this body.
    pub fn json(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    /// With a body as it is, JSON or not.
    pub fn text(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// With a header; an earlier one of this name is replaced.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With this idempotency key.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// Without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// Makes the call, whatever the answer's status.
    ///
    /// # Errors
    /// When there is no answer at all, or one that the `OpenAPI` document does not promise (API-01).
    pub fn send(self) -> Result<Answer> {
        let (method, asked) = (self.method.to_string(), format!("{} {}", self.method, self.path));
        let mut request = Request::builder().method(self.method).uri(format!("{}{}", self.portal.base, self.path));
        if let Some(token) = &self.portal.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if self.body.is_some() && !self.headers.iter().any(|(name, _)| *name == "Content-Type") {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = match self.body {
            Some(body) => self.portal.agent.run(request.body(body)?),
            None => self.portal.agent.run(request.body(())?),
        };
        let mut answer = answer.with_context(|| format!("{asked} was not answered"))?;
        let text = answer.body_mut().with_config().limit(20_000_000).read_to_string()?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.clone()))
        };
        let answer = Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body, asked };
        documented::check(&method, &self.path, &answer)?;
        Ok(answer)
    }

    /// Makes the call; any answer but this status is an error that shows it.
    ///
    /// # Errors
    /// When the status is another one.
    pub fn expect(self, status: u16) -> Result<Answer> {
        let answer = self.send()?;
        if answer.status != status {
            bail!("{} was answered with {} instead of {status}: {}", answer.asked, answer.status, answer.body);
        }
        Ok(answer)
    }

    /// Makes the call and expects a refusal as RFC 9457 wants it: this status and kind.
    ///
    /// # Errors
    /// When it is answered otherwise.
    pub fn refused(self, status: u16, kind: &str) -> Result<Answer> {
        let answer = self.expect(status)?;
        let media_type = answer.header("content-type");
        ensure!(media_type.starts_with("application/problem+json"), "{} answered {media_type}", answer.asked);
        let found = answer.text("/type")?;
        ensure!(found.ends_with(&format!("/{kind}")), "{} was refused as {found}, not {kind}", answer.asked);
        for member in ["title", "detail"] {
            ensure!(!answer.text(&format!("/{member}"))?.is_empty(), "{}: no {member}", answer.asked);
        }
        Ok(answer)
    }
}

impl Answer {
    /// A header, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The part of the body at a JSON pointer.
    ///
    /// # Errors
    /// When it is not there.
    pub fn at(&self, pointer: &str) -> Result<&Value> {
        self.body.pointer(pointer).with_context(|| format!("{}: no {pointer} in {}", self.asked, self.body))
    }

    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// When it is not there, or no text.
    pub fn text(&self, pointer: &str) -> Result<String> {
        let value = self.at(pointer)?;
        value.as_str().map(ToOwned::to_owned).with_context(|| format!("{}: {pointer} is {value}", self.asked))
    }

    /// The list at a JSON pointer.
    ///
    /// # Errors
    /// When it is not there, or no list.
    pub fn list(&self, pointer: &str) -> Result<&[Value]> {
        let value = self.at(pointer)?;
        value.as_array().map(Vec::as_slice).with_context(|| format!("{}: {pointer} is {value}", self.asked))
    }

    /// What a refusal says about the field at `pointer`.
    ///
    /// # Errors
    /// When it says nothing about it; shows what it says.
    pub fn error_at(&self, pointer: &str) -> Result<String> {
        let said: Vec<&str> = self
            .list("/errors")?
            .iter()
            .filter(|error| error.get("pointer").and_then(Value::as_str) == Some(pointer))
            .filter_map(|error| error.get("detail").and_then(Value::as_str))
            .collect();
        ensure!(!said.is_empty(), "{}: nothing is said about {pointer} in {}", self.asked, self.body);
        Ok(said.join(" "))
    }

    /// What is wrong at `pointer` is `code` and nothing else; the values that its sentence names.
    ///
    /// # Errors
    /// When it is anything else; shows what it says.
    pub fn wrong_at(&self, pointer: &str, code: &str) -> Result<Value> {
        let at = |error: &&Value| error.get("pointer").and_then(Value::as_str) == Some(pointer);
        let found: Vec<&Value> = self.list("/errors")?.iter().filter(at).collect();
        let [error] = found.as_slice() else {
            bail!("{}: {} errors at {pointer} in {}", self.asked, found.len(), self.body)
        };
        ensure!(error.get("code").and_then(Value::as_str) == Some(code), "{}: not {code} but {error}", self.asked);
        Ok(error.get("values").cloned().unwrap_or(Value::Null))
    }
}
