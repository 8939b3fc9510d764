//! Checks an uploaded document. Rule, handler and tests: `portico_workers::cases::on_document_uploaded`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue(portico_workers::cases::on_document_uploaded::handle).await
}
