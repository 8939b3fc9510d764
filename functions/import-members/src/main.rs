//! Takes a member file into the table. Rule, handler and tests: `portico_workers::feeds`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_feeds().await
}
