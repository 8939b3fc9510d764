//! Prepares the upload of a document. Rule, handler and tests: `portico_api::upload_document`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::upload_document::route).await
}
