//! The engine beside its front door: queues, mappings and logs, as an operator sees them.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::stack::Stack;

/// A message in a queue, seen without taking it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "parts of a message")]
pub struct Waiting {
    pub queue: String,
    pub body: String,
    pub attributes: Value,
}

impl Stack {
    /// One call of the engine's API by its root, whose signature is not checked.
    fn call(&self, service: &str, target: &str, body: &Value) -> Result<Value> {
        let content_type = if service == "sqs" { "application/x-amz-json-1.0" } else { "application/x-amz-json-1.1" };
        let mut answer = ureq::post(&self.endpoint)
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", self.authorization(service))
            .header("X-Amz-Date", "20260101T000000Z")
            .header("X-Amz-Target", target)
            .content_type(content_type)
            .send(body.to_string())?;
        let text = answer.body_mut().with_config().limit(500_000_000).read_to_string()?;
        if !answer.status().is_success() {
            bail!("{target}: {} {text}", answer.status());
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn authorization(&self, service: &str) -> String {
        let scope = format!("{}/20260101/{}/{service}/aws4_request", self.access_key_id, self.region);
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={}", "0".repeat(64))
    }

    /// What a user pool answers to somebody who may do everything with it, be it an error.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub fn ask_pool(&self, operation: &str, body: &Value) -> Result<Value> {
        let mut answer = ureq::post(&self.endpoint)
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", self.authorization("cognito-idp"))
            .header("X-Amz-Date", "20260101T000000Z")
            .header("X-Amz-Target", format!("AWSCognitoIdentityProviderService.{operation}"))
            .content_type("application/x-amz-json-1.1")
            .send(body.to_string())?;
        let text = answer.body_mut().read_to_string()?;
        serde_json::from_str(&text).with_context(|| format!("{operation}: {} {text}", answer.status()))
    }

    /// Puts an object into a bucket, as a sender of files does.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn put_object(&self, bucket: &str, key: &str, content: &[u8]) -> Result<()> {
        ureq::put(format!("{}/{bucket}/{key}", self.endpoint))
            .header("Authorization", self.authorization("s3"))
            .header("X-Amz-Date", "20260101T000000Z")
            .send(content)?;
        Ok(())
    }

    /// An object of a bucket, `None` when there is none.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn object(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>> {
        let mut answer = ureq::get(format!("{}/{bucket}/{key}", self.endpoint))
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", self.authorization("s3"))
            .header("X-Amz-Date", "20260101T000000Z")
            .call()?;
        match answer.status().as_u16() {
            404 => Ok(None),
            200 => Ok(Some(answer.body_mut().with_config().limit(100_000_000).read_to_vec()?)),
            status => bail!("{bucket}/{key}: {status}"),
        }
    }

    /// The names of a bucket's objects that begin so.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn objects(&self, bucket: &str, prefix: &str) -> Result<Vec<String>> {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let page = ureq::get(format!("{}/{bucket}?list-type=2&prefix={prefix}&start-after={after}", self.endpoint))
                .header("Authorization", self.authorization("s3"))
                .header("X-Amz-Date", "20260101T000000Z")
                .call()?
                .body_mut()
                .read_to_string()?;
            let found = page.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
            let found: Vec<String> = found.map(|(name, _)| name.to_owned()).collect();
            let Some(last) = found.last() else { return Ok(names) };
            last.clone_into(&mut after);
            names.extend(found);
        }
    }

    /// Changes the table as nobody of the product may: `PutItem`, `DeleteItem` …
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn table(&self, operation: &str, mut body: Value) -> Result<Value> {
        if let Some(fields) = body.as_object_mut() {
            fields.insert("TableName".to_owned(), json!(self.table));
        }
        self.call("dynamodb", &format!("DynamoDB_20120810.{operation}"), &body)
    }

    /// Lets mail be sent from this address, as an operator does once.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn verify_sender(&self, address: &str) -> Result<()> {
        ureq::post(format!("{}/v2/email/identities", self.endpoint))
            .config()
            // Verified before is as good.
            .http_status_as_error(false)
            .build()
            .header("Authorization", self.authorization("ses"))
            .send_json(json!({ "EmailIdentity": address }))?;
        Ok(())
    }

    /// Puts a message into a queue.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn send(&self, queue: &str, body: &str) -> Result<()> {
        let url = self.queues.get(queue).with_context(|| format!("no queue {queue}"))?;
        self.call("sqs", "AmazonSQS.SendMessage", &json!({ "QueueUrl": url, "MessageBody": body })).map(drop)
    }

    /// Puts messages into a queue in one call, so that a worker gets them as one batch.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn send_batch(&self, queue: &str, bodies: &[String]) -> Result<()> {
        let url = self.queues.get(queue).with_context(|| format!("no queue {queue}"))?;
        let entries: Vec<Value> = bodies
            .iter()
            .enumerate()
            .map(|(place, body)| json!({ "Id": place.to_string(), "MessageBody": body }))
            .collect();
        self.call("sqs", "AmazonSQS.SendMessageBatch", &json!({ "QueueUrl": url, "Entries": entries })).map(drop)
    }

    /// What stands in all queues and dead letters now, taken by nobody.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        let url = format!("{}/_ministack/sqs/messages", self.endpoint);
        let all: Value = ureq::get(&url).call()?.body_mut().with_config().limit(200_000_000).read_json()?;
        let regions = all.get("messages").and_then(Value::as_object).context("no messages in the engine's answer")?;
        let queues = regions.values().filter_map(Value::as_object).flat_map(|region| region.values());
        let mut found = Vec::new();
        for (queue, messages) in queues.filter_map(Value::as_object).flatten() {
            for message in messages.as_array().into_iter().flatten() {
                let body = message.get("Body").and_then(Value::as_str).unwrap_or_default().to_owned();
                let attributes = message.get("MessageAttributes").cloned().unwrap_or_default();
                found.push(Waiting { queue: queue.clone(), body, attributes });
            }
        }
        Ok(found)
    }

    /// The dead letters of a queue.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub fn dead_letters(&self, queue: &str) -> Result<Vec<Waiting>> {
        let url = self.dead_letters.get(queue).with_context(|| format!("no dead letters of {queue}"))?;
        let name = url.rsplit('/').next().unwrap_or(url).to_owned();
        Ok(self.waiting()?.into_iter().filter(|message| message.queue.ends_with(&format!("/{name}"))).collect())
    }

    /// Stops or starts what hands events from a source to a function.
    ///
    /// # Errors
    /// When there is no such mapping.
    pub fn set_mapping(&self, function: &str, enabled: bool) -> Result<()> {
        let name = self.functions.get(function).with_context(|| format!("no function {function}"))?;
        let base = format!("{}/2015-03-31/event-source-mappings/", self.endpoint);
        let signed = self.authorization("lambda");
        let mappings: Value = ureq::get(format!("{base}?FunctionName={name}"))
            .header("Authorization", &signed)
            .call()?
            .body_mut()
            .read_json()?;
        let mappings = mappings.get("EventSourceMappings").and_then(Value::as_array).cloned().unwrap_or_default();
        if mappings.is_empty() {
            bail!("{function} has no event source");
        }
        for id in mappings.iter().filter_map(|mapping| mapping.get("UUID").and_then(Value::as_str)) {
            ureq::put(format!("{base}{id}"))
                .header("Authorization", &signed)
                .send_json(json!({ "Enabled": enabled }))?;
        }
        Ok(())
    }

    /// Runs a function and waits for its answer.
    ///
    /// # Errors
    /// When there is no such function, or it fails.
    pub fn invoke(&self, function: &str, event: &Value) -> Result<Value> {
        let name = self.functions.get(function).with_context(|| format!("no function {function}"))?;
        let mut answer = ureq::post(format!("{}/2015-03-31/functions/{name}/invocations", self.endpoint))
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", self.authorization("lambda"))
            .send(event.to_string())?;
        let failed = answer.headers().contains_key("x-amz-function-error") || !answer.status().is_success();
        let text = answer.body_mut().read_to_string()?;
        if failed {
            bail!("{function} failed: {} {text}", answer.status());
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Every line that the functions logged, each with the function's name.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub fn logs(&self) -> Result<Vec<(String, String)>> {
        let mut lines = Vec::new();
        for (function, group) in &self.log_groups {
            let mut next = Value::Null;
            loop {
                let mut body = json!({ "logGroupName": group });
                if let (Value::String(token), Some(fields)) = (&next, body.as_object_mut()) {
                    fields.insert("nextToken".to_owned(), json!(token));
                }
                let page = self.call("logs", "Logs_20140328.FilterLogEvents", &body)?;
                for event in page.get("events").and_then(Value::as_array).into_iter().flatten() {
                    let message = event.get("message").and_then(Value::as_str).unwrap_or_default();
                    lines.push((function.clone(), message.to_owned()));
                }
                next = page.get("nextToken").cloned().unwrap_or_default();
                if next.is_null() {
                    break;
                }
            }
        }
        Ok(lines)
    }
}
