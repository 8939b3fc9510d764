//! Says what a draft may ask for twice. Rule, handler and tests: `portico_api::cases::find_duplicates`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::find_duplicates::route).await
}
