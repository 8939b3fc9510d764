//! Counts uploads of which no scan has told. Rule, handler and tests: `portico_workers::cases::sweep_uploads`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::cases::sweep_uploads::handle).await
}
