//! Sends messages on a case, lists them and keeps what was read. Rule, handler and tests: `portico_api::cases::send_message`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::send_message::route).await
}
