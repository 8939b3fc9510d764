//! Finds members of a contract. Rule, handler and tests: `portico_api::find_members`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::find_members::route).await
}
