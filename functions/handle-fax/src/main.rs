//! What intake does with a fax. Rule, handler and tests: `portico_api::delivery::handle_fax`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::delivery::handle_fax::route).await
}
