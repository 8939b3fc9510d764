//! Copies audit and events to where nobody can change them. Rule, handler and tests:
//! `portico_workers::events::keep_records`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_stream(portico_workers::events::keep_records::handle).await
}
