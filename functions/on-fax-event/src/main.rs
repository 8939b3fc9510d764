//! Takes a call-back of the fax carrier. Rule, handler and tests: `portico_api::delivery::on_fax_event`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::delivery::on_fax_event::route).await
}
