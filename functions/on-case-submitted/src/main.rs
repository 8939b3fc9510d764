//! Reviews a submitted request automatically. Rule, handler and tests: `portico_workers::reviews::on_case_submitted`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue_at_once(portico_workers::reviews::on_case_submitted::handle).await
}
