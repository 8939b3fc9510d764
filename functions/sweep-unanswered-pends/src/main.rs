//! Brings requests back that got no answer in time. Rule, handler and tests: `portico_workers::reviews::sweep_unanswered_pends`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::reviews::sweep_unanswered_pends::handle).await
}
