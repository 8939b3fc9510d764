//! Sends an e-mail notice. Rule, handler and tests: `portico_workers::delivery::send_notice`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue_at_once(portico_workers::delivery::send_notice::handle).await
}
