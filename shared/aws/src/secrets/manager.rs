//! Secrets Manager itself. What is read is kept for five minutes: a key that is exchanged there is used by every function
//! soon after, without anything being deployed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

use super::{KeyRing, RingError, Secret};

/// How long a value is used without asking again.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// What does not fit may have been made with a key that was exchanged since: the keys are read once more, so often at most.
/// Whoever sends what never fits cannot make more calls of it.
const DOUBTED: Duration = Duration::from_secs(10);
/// How long an old value is used further when it cannot be read anew.
const AGAIN: Duration = Duration::from_secs(30);

/// A secret that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager does not give it.
    #[error("a secret could not be read")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is not what it should be.
    #[error("a secret holds no keys")]
    Ring(#[source] RingError),
}

/// Which version of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Stage {
    Current,
    Previous,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Current => "AWSCURRENT",
            Self::Previous => "AWSPREVIOUS",
        }
    }
}

/// A version as it was read, `None` where there is none, and when it is to be read again.
#[derive(Clone, Debug)]
struct Read {
    value: Option<Secret>,
    at: Instant,
    until: Instant,
}

/// Whoever asks first reads, all others wait for that one call.
type Slot = Arc<tokio::sync::Mutex<Option<Read>>>;

/// The secrets that a function has read.
#[derive(Debug)]
pub struct Secrets {
    pub(crate) client: aws_sdk_secretsmanager::Client,
    fresh: Duration,
    slots: Mutex<HashMap<(String, Stage), Slot>>,
    /// The rings that were read last, each with its text.
    rings: Mutex<HashMap<String, (Secret, KeyRing)>>,
}

impl Secrets {
    pub(crate) fn new(client: aws_sdk_secretsmanager::Client) -> Self {
        Self { client, fresh: FRESH, slots: Mutex::default(), rings: Mutex::default() }
    }

    /// The current value of a secret, by name or ARN.
    ///
    /// # Errors
    /// When Secrets Manager does not give it.
    pub async fn get(&self, id: &str) -> Result<Secret, SecretError> {
        self.read(id, Stage::Current, Duration::MAX)
            .await?
            .ok_or_else(|| SecretError::Unavailable("it has no value".into()))
    }

    /// The values by which something may be signed: the current one, and the one before it, so that the other side may
    /// exchange its key some time after we have.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn accepted(&self, id: &str) -> Result<Vec<Secret>, SecretError> {
        self.both(id, Duration::MAX).await
    }

    /// The same, read anew: for what fits none of them and may have been signed with a key that was exchanged since.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn accepted_now(&self, id: &str) -> Result<Vec<Secret>, SecretError> {
        self.both(id, DOUBTED.min(self.fresh)).await
    }

    async fn both(&self, id: &str, age: Duration) -> Result<Vec<Secret>, SecretError> {
        let (current, previous) =
            futures::join!(self.read(id, Stage::Current, age), self.read(id, Stage::Previous, age));
        let current = current?.ok_or_else(|| SecretError::Unavailable("it has no value".into()))?;
        Ok(std::iter::once(current).chain(previous?).collect())
    }

    /// The keys that a secret holds. A text that is no ring is passed over as long as one that was is known.
    ///
    /// # Errors
    /// When Secrets Manager does not give it, or it holds no keys.
    pub async fn ring(&self, id: &str) -> Result<KeyRing, SecretError> {
        let text = self.get(id).await?;
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let known = rings.get(id);
        if let Some((_, ring)) = known.filter(|(read, _)| *read == text) {
            return Ok(ring.clone());
        }
        match (KeyRing::parse(text.expose()), known) {
            (Ok(ring), _) => {
                rings.insert(id.to_owned(), (text, ring.clone()));
                Ok(ring)
            }
            (Err(error), Some((_, before))) => {
                tracing::error!(cause = %error, "a secret holds no keys any more; those that were read before are used");
                Ok(before.clone())
            }
            (Err(error), None) => Err(SecretError::Ring(error)),
        }
    }

    /// A value that was read at most so long ago.
    async fn read(&self, id: &str, stage: Stage, age: Duration) -> Result<Option<Secret>, SecretError> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry((id.to_owned(), stage)).or_default())
        };
        let mut known = slot.lock().await;
        let now = Instant::now();
        if let Some(read) = known.as_ref().filter(|read| now < read.until && now.duration_since(read.at) < age) {
            return Ok(read.value.clone());
        }
        // What waits for a service is large and deeply nested: it is kept out of the futures of all who read a secret.
        let fetched = Box::pin(self.fetch(id, stage)).await;
        let (value, fresh) = match (fetched, known.take()) {
            (Ok(value), _) => (value, self.fresh),
            // What was right five minutes ago is better than no answer: keys are exchanged with a time for both.
            (Err(error), Some(old)) => {
                tracing::warn!(cause = %error, "a secret could not be read again; the value that was read before is used");
                (old.value, AGAIN.min(self.fresh))
            }
            (Err(error), None) => return Err(error),
        };
        let now = Instant::now();
        *known = Some(Read { value: value.clone(), at: now, until: now + fresh });
        Ok(value)
    }

    async fn fetch(&self, id: &str, stage: Stage) -> Result<Option<Secret>, SecretError> {
        match self.client.get_secret_value().secret_id(id).version_stage(stage.name()).send().await {
            Ok(answer) => Ok(answer.secret_string().filter(|text| !text.is_empty()).map(Secret::new)),
            Err(error) if stage == Stage::Previous && error.code() == Some("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(SecretError::Unavailable(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Read as _, Write},
        net::TcpListener,
        thread::JoinHandle,
    };

    use super::*;
    use crate::{Aws, Config};

    /// Answers as many requests as there are answers, each with its status and secret; gives the stages asked for.
    fn manager(answers: Vec<(u16, &'static str)>) -> (Aws, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let mut stages = Vec::new();
            for (status, answer) in answers {
                let (stream, _) = listener.accept().unwrap();
                let (mut reader, mut line, mut length) = (BufReader::new(&stream), String::new(), 0);
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let asked: serde_json::Value = serde_json::from_slice(&body).unwrap();
                stages.push(asked["VersionStage"].as_str().unwrap_or_default().to_owned());
                let answer = match status {
                    200 => serde_json::json!({ "SecretString": answer }),
                    _ => serde_json::json!({ "__type": answer }),
                }
                .to_string();
                let head =
                    format!("HTTP/1.1 {status} .\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close");
                write!(&stream, "{head}\r\nContent-Length: {}\r\n\r\n{answer}", answer.len()).unwrap();
            }
            stages
        });
        let config = Config::read(|name| Some(if name == "AWS_ENDPOINT_URL" { url.clone() } else { "1".to_owned() }));
        (Aws::new(config.unwrap()), served)
    }

    fn secrets(aws: &Aws, fresh: Duration) -> Secrets {
        let client = aws_sdk_secretsmanager::Client::new(&aws.sdk);
        Secrets { fresh, ..Secrets::new(client) }
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// REQ: OPS-06
    #[test]
    fn many_who_ask_at_once_cost_one_call() {
        let (aws, served) = manager(vec![(200, "a key")]);
        let secrets = secrets(&aws, FRESH);
        let all = run(async { futures::future::join_all((0..50).map(|_| secrets.get("key"))).await });
        assert!(all.into_iter().all(|secret| secret.unwrap().expose() == "a key"));
        assert_eq!(served.join().unwrap(), ["AWSCURRENT"]);
    }

    /// REQ: OPS-06
    #[test]
    fn an_exchanged_key_is_used_once_the_time_is_over_and_the_one_before_is_accepted() {
        let (aws, served) = manager(vec![(200, "old"), (200, "new"), (200, "old")]);
        let secrets = secrets(&aws, Duration::ZERO);
        let (first, accepted) = run(async {
            let first = secrets.get("key").await.unwrap();
            let current = secrets.get("key").await.unwrap();
            let previous = secrets.read("key", Stage::Previous, Duration::MAX).await.unwrap();
            (first, [Some(current), previous])
        });
        assert_eq!(first.expose(), "old");
        assert_eq!(accepted, ["new", "old"].map(|text| Some(Secret::new(text))));
        assert_eq!(served.join().unwrap(), ["AWSCURRENT", "AWSCURRENT", "AWSPREVIOUS"]);
    }

    /// REQ: OPS-06
    #[test]
    fn what_fits_no_key_is_tried_with_keys_that_are_read_anew() {
        let (aws, served) = manager(vec![(200, "old"), (400, "ResourceNotFoundException"), (200, "new"), (200, "old")]);
        let secrets = secrets(&aws, FRESH);
        let (before, known, now) = run(async {
            let before = secrets.accepted("key").await.unwrap();
            // Read a moment ago: whoever forges gets no call for each try.
            let known = secrets.accepted_now("key").await.unwrap();
            for slot in secrets.slots.lock().unwrap().values() {
                let mut read = slot.try_lock().unwrap();
                let at = Instant::now().checked_sub(DOUBTED).unwrap();
                *read = read.take().map(|read| Read { at, ..read });
            }
            (before, known, secrets.accepted_now("key").await.unwrap())
        });
        assert_eq!(before, [Secret::new("old")]);
        assert_eq!(known, before);
        assert_eq!(now, ["new", "old"].map(Secret::new));
        assert_eq!(served.join().unwrap().len(), 4);
    }

    /// REQ: OPS-06
    #[test]
    fn a_key_that_was_never_exchanged_has_none_before_it() {
        let (aws, served) = manager(vec![(400, "ResourceNotFoundException")]);
        let secrets = secrets(&aws, FRESH);
        assert_eq!(run(secrets.read("key", Stage::Previous, Duration::MAX)).unwrap(), None);
        assert_eq!(
            run(secrets.read("key", Stage::Previous, Duration::MAX)).unwrap(),
            None,
            "that there is none is known for a while"
        );
        assert_eq!(served.join().unwrap(), ["AWSPREVIOUS"]);
    }

    /// REQ: OPS-04, OPS-06
    #[test]
    fn while_secrets_manager_is_away_what_was_read_serves_on() {
        let (aws, served) =
            manager(vec![(200, "a key"), (400, "AccessDeniedException"), (400, "AccessDeniedException")]);
        let secrets = secrets(&aws, Duration::ZERO);
        let (before, during) = run(async { (secrets.get("key").await.unwrap(), secrets.get("key").await.unwrap()) });
        assert_eq!(before, during);
        assert!(matches!(run(secrets.get("another")), Err(SecretError::Unavailable(_))), "what was never read is not");
        assert_eq!(served.join().unwrap().len(), 3);
    }

    /// REQ: OPS-06
    #[test]
    fn a_secret_that_is_no_ring_is_told_without_its_value() {
        let (aws, served) = manager(vec![(200, r#"{"current":"k1","keys":{"k1":"guessable"}}"#)]);
        let error = run(secrets(&aws, FRESH).ring("key")).unwrap_err();
        assert!(matches!(error, SecretError::Ring(RingError::Short)) && !format!("{error:?}").contains("guessable"));
        served.join().unwrap();
        let (aws, served) = manager(vec![(200, "a right one"), (200, r#"{"current":"k9"}"#)]);
        let secrets = secrets(&aws, Duration::ZERO);
        let (before, after) = run(async { (secrets.ring("key").await.unwrap(), secrets.ring("key").await.unwrap()) });
        assert_eq!(before.to_text(), after.to_text(), "whoever has read a ring goes on with it");
        served.join().unwrap();
    }
}
