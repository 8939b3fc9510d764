//! Lists temporary members, compares one with members of the plan's file, and merges them. Rule, handler and tests:
//! `portico_api::cases::merge_member`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::cases::merge_member::route).await
}
