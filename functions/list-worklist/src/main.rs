//! Lists a reviewers' worklist by due time. Rule, handler and tests: `portico_api::list_worklist`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::list_worklist::route).await
}
