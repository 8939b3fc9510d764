//! Shows the queues, and the dead letters of one. Rule, handler and tests: `portico_api::events::list_queues`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::events::list_queues::route).await
}
