//! Takes a document out of a draft. Rule, handler and tests: `portico_api::cases::remove_document`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::remove_document::route).await
}
