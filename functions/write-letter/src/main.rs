//! Writes the letters of a determination. Rule, handler and tests: `portico_workers::letters::write_letter`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue(portico_workers::letters::write_letter::handle).await
}
