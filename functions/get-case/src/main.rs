//! Shows a case. Rule, handler and tests: `portico_api::get_case`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::get_case::route).await
}
