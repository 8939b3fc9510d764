//! Support unlocks or reactivates an account. Rule, handler and tests: `portico_api::groups::unlock_user`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::unlock_user::route).await
}
