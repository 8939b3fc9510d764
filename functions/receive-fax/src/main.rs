//! Fetches a fax that came in and files it or gives it to intake. Rule, handler and tests: `portico_workers::delivery::receive_fax`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue(portico_workers::delivery::receive_fax::handle).await
}
