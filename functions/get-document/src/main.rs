//! Gives a document to whoever may see its case. Rule, handler and tests: `portico_api::cases::get_document`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::get_document::route).await
}
