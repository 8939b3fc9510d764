//! Tries a pack's rules of automatic review on past requests. Rule, handler and tests: `portico_api::contracts::simulate_pack`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::contracts::simulate_pack::route).await
}
