//! tmp
#![allow(clippy::print_stdout, reason = "x")]
use std::path::Path;
fn main() -> anyhow::Result<()> {
    let env: Vec<(String, String)> = "AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY TABLE DOCUMENTS_BUCKET LETTERS_BUCKET KMS_KEY PROVIDER_POOL PROVIDER_CLIENT STAFF_POOL STAFF_CLIENT PORTAL_URL API_URL MAIL_FROM LOOKUP_SECRET TOKEN_SECRET FAX_SECRET MAIL_SECRET FAX_URL MAIL_URL FAX_RETRY_UNIT_SECONDS REVIEW_QUEUE LETTERS_QUEUE FAX_QUEUE MAIL_QUEUE NOTICES_QUEUE".split(' ').map(|n| (n.to_owned(), "1".to_owned())).chain([("AWS_ENDPOINT_URL".to_owned(), "http://127.0.0.1:4566".to_owned())]).collect();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let paths: Vec<&Path> = args.iter().map(Path::new).collect();
    let m = portico_bench::startup::medians(&paths, &env, 25)?;
    for (p, t) in paths.iter().zip(&m) { println!("{} {:?} {:.2}", p.display(), t, t.as_secs_f64()/m[0].as_secs_f64()); }
    Ok(())
}
