//! Gives reports of a contract and its yearly metrics. Rule, handler and tests: `portico_api::reports`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::reports::get_report::route).await
}
