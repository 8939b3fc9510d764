//! Adds a temporary member. Rule, handler and tests: `portico_api::cases::add_temporary_member`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::add_temporary_member::route).await
}
