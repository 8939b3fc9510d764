//! Support grants reports and withdraws them. Rule, handler and tests: `portico_api::groups::grant_reports`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::grant_reports::route).await
}
