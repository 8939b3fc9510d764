//! Gives fax calls up of which the carrier says nothing. Rule, handler and tests: `portico_workers::delivery::sweep_silent_faxes`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::delivery::sweep_silent_faxes::handle).await
}
