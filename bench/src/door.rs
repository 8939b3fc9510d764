//! The API's front door in this process: every action behind one address, with each round trip to AWS noted.

use std::{
    collections::BTreeMap,
    io::{BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use anyhow::{Context, Result, anyhow};
use axum::{Router, body::to_bytes};
use portico_api::app::App;
use portico_aws::{Aws, Config, record::CallLog};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::{event, http::Request, trips::Trips};

/// An answer may be a page of a list, never a file.
const MAX_ANSWER: usize = 4 << 20;

/// Every action of the API, served from this process.
#[derive(Debug)]
pub struct Door {
    /// What to put before a path.
    pub url: String,
    house: Arc<Mutex<House>>,
}

#[derive(Debug)]
struct House {
    runtime: Runtime,
    app: Arc<App>,
    log: CallLog,
    actions: Vec<Served>,
    seen: Seen,
}

/// The answered calls of each action.
pub type Seen = BTreeMap<&'static str, Vec<Answered>>;

/// A call that was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What the function was given.
    pub event: Value,
    /// Status of the answer.
    pub status: u16,
    /// How often it waited.
    pub trips: Trips,
}

#[derive(Debug)]
struct Served {
    name: &'static str,
    router: Router,
    /// Method and path with its parameters in braces.
    routes: Vec<(String, String)>,
}

impl Door {
    /// Opens the door before the AWS of this configuration.
    ///
    /// # Errors
    /// When there is no port.
    pub fn open(config: Config) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (aws, log) = Aws::recorded(config);
        let app = Arc::new(App { aws });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let actions = portico_api::actions().into_iter().map(|(name, route)| served(name, route, &app)).collect();
        let house = Arc::new(Mutex::new(House { runtime, app, log, actions, seen: Seen::new() }));
        let inside = Arc::clone(&house);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let house = Arc::clone(&inside);
                thread::spawn(move || converse(stream, &house));
            }
        });
        Ok(Self { url, house })
    }

    /// Does something with the app whose round trips are not counted.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn beside<T>(&self, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
        let house = self.house.lock().unwrap_or_else(PoisonError::into_inner);
        let done = house.runtime.block_on(work(&house.app));
        drop(house.log.take());
        done
    }

    /// What was called so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.house.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }
}

fn served(name: &'static str, route: fn() -> portico_api::Route, app: &Arc<App>) -> Served {
    let (_, document) = route().split_for_parts();
    let paths = serde_json::to_value(document.paths).unwrap_or_default();
    let mut routes = Vec::new();
    for (path, item) in paths.as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(|item| item.keys()) {
            routes.push((method.to_ascii_uppercase(), path.clone()));
        }
    }
    Served { name, router: portico_api::lambda::router(route, app), routes }
}

impl Served {
    fn takes(&self, method: &str, path: &str) -> bool {
        let fits = |template: &str| {
            let (mut want, mut have) = (template.split('/'), path.split('/'));
            loop {
                match (want.next(), have.next()) {
                    (None, None) => return true,
                    (Some(want), Some(have)) if want.starts_with('{') || want == have => {}
                    _ => return false,
                }
            }
        };
        self.routes.iter().any(|(known, template)| known == method && fits(template))
    }
}

fn converse(stream: TcpStream, house: &Mutex<House>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let request = Request::read(&mut reader)?;
        // One call at a time: what is noted meanwhile is its own.
        let mut house = house.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = house.answer(&request).unwrap_or_else(|error| {
            let body = format!("{error:#}");
            format!("HTTP/1.1 500 Internal Server Error\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into()
        });
        writer.write_all(&answer).ok()?;
    }
}

impl House {
    fn answer(&mut self, request: &Request) -> Result<Vec<u8>> {
        let path = request.target.split('?').next().unwrap_or_default();
        // `/cases/{id}` and a fixed word in its place: the action with the fixed word is the one that is meant.
        let fits = |served: &&Served| served.takes(&request.method, path);
        let served = self.actions.iter().find(fits).with_context(|| format!("no action takes {}", request.target))?;
        let event = event::of(request);
        let asked = lambda_http::request::from_str(&event.to_string()).map_err(|error| anyhow!("{error}"))?;
        drop(self.log.take());
        let (name, router) = (served.name, served.router.clone());
        let (parts, body) = self.runtime.block_on(async {
            let (parts, body) = router.oneshot(asked).await?.into_parts();
            anyhow::Ok((parts, to_bytes(body, MAX_ANSWER).await?))
        })?;
        let trips = Trips::of(self.log.take());
        let status = parts.status.as_u16();
        self.seen.entry(name).or_default().push(Answered { event, status, trips });
        let mut answer = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
        for (name, value) in parts.headers.iter().filter(|(name, _)| *name != "content-length") {
            answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        answer.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
        answer.extend(body);
        Ok(answer)
    }
}
