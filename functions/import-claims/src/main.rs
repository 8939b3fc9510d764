//! Takes a file of claims to the authorizations that they were made under. Rule, handler and tests: `portico_workers::feeds`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_feeds().await
}
