//! Lists what was asked for a member before. Rule, handler and tests: `portico_api::cases::list_requests`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::list_requests::route).await
}
