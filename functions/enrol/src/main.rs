//! Sets the first password and begins the set-up of the second factor. Rule, handler and tests: `portico_api::enrol`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::enrol::route).await
}
