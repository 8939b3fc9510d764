//! Lists the gold cards of a provider, takes one away or gives it back. Rule, handler and tests:
//! `portico_api::reviews::keep_gold_card`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::reviews::keep_gold_card::route).await
}
