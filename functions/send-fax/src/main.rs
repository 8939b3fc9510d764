//! Hands a letter to the fax carrier. Rule, handler and tests: `portico_workers::delivery::send_fax`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue_at_once(portico_workers::delivery::send_fax::handle).await
}
