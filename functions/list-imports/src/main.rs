//! Lists the imports of files. Rule, handler and tests: `portico_api::feeds::list_imports`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::feeds::list_imports::route).await
}
