//! Saves a step of a draft. Rule, handler and tests: `portico_api::edit_case`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::edit_case::route).await
}
