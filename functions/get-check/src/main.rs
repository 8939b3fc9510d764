//! Gives an answer to "is authorization required?". Rule, handler and tests: `portico_api::contracts::get_check`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::contracts::get_check::route).await
}
