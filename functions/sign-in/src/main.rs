//! First step of signing in: the password. Rule, handler and tests: `portico_api::sign_in`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::sign_in::route).await
}
