//! Warns of accounts that nobody uses and takes them out. Rule, handler and tests:
//! `portico_workers::accounts::sweep_dormant_users`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::accounts::sweep_dormant_users::handle).await
}
