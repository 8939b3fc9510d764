//! Speaks a PIN to a phone number. Rule, handler and tests: `portico_workers::send_pin`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_urgent_queue(portico_workers::send_pin::handle).await
}
