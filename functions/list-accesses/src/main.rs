//! Lists who has viewed a case. Rule, handler and tests: `portico_api::cases::list_accesses`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::list_accesses::route).await
}
