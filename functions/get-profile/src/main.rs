//! The own profile. Rule, handler and tests: `portico_api::accounts::get_profile`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::get_profile::route).await
}
