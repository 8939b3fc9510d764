//! Takes a provider file into the registry. Rule, handler and tests: `portico_workers::feeds`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_feeds().await
}
