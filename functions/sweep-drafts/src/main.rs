//! Ends drafts that nobody goes on with. Rule, handler and tests: `portico_workers::cases::sweep_drafts`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::cases::sweep_drafts::handle).await
}
