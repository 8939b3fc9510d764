//! Mails a user a fresh link. Rule, handler and tests: `portico_api::groups::reset_registration`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::reset_registration::route).await
}
