//! Searches the cases of the caller's groups. Rule, handler and tests: `portico_api::cases::search_cases`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::search_cases::route).await
}
