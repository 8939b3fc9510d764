//! Documents: how long a file of the largest size takes to be looked at, as it is and as somebody might build it to cost
//! time. A worker has one core (1,769 MB) and checks one document at a time.

use std::time::{Duration, Instant};

use portico_domain::cases::document::FileType;
use portico_workers::cases::pages;

use crate::{report::Row, startup::median};

const BYTES: usize = 25_000_000;
const ROUNDS: usize = 5;
/// A scan: nearly all of it is compressed pictures.
const SCAN: Duration = Duration::from_millis(150);
/// The worst of the hostile ones, which nobody waits for but the worker.
const HOSTILE: Duration = Duration::from_secs(3);

/// What a scanner makes: pages of noise, as compressed pictures are, and a page tree at the end.
fn scan() -> Vec<u8> {
    let mut seed = 42_u64;
    let noise = std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed.to_be_bytes()
    });
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(noise.take(BYTES / 8).flatten());
    file.extend(b"\nendstream endobj 1 0 obj<</Type/Pages/Kids[2 0 R]/Count 40>>endobj");
    file
}

/// One small part again and again.
fn repeated(part: &[u8]) -> Vec<u8> {
    [b"%PDF-1.7\n".as_slice(), &part.repeat(BYTES / part.len().max(1))].concat()
}

fn time(file: &[u8], pages: Option<u32>) -> (Duration, bool) {
    let mut right = true;
    let times = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        right &= FileType::Pdf.check(file).is_ok() && pages::count(FileType::Pdf, file) == pages;
        begin.elapsed()
    });
    let times = times.collect();
    (median(times), right)
}

/// The time of a scan, and of the worst of some hostile files.
#[must_use]
pub fn rows() -> Vec<Row> {
    let (scanned, right) = time(&scan(), Some(40));
    let hostile: [&[u8]; 6] = [
        b"<<",
        b"<<>>",
        b"<</Type/Pages/Parent 1 0 R/Count 3>>",
        b"/ObjStm",
        b"/ObjStm stream\nendstream",
        b"/Type    /Count    ",
    ];
    let hostile: Vec<_> = hostile.map(|part| time(&repeated(part), None)).into();
    let worst = hostile.iter().map(|(time, _)| *time).max().unwrap_or(Duration::MAX);
    let row = |what: &str, measured: Duration, budget: Duration, right: bool| {
        Row::new(what, format!("{measured:.1?}"), format!("{budget:?}"), right && measured <= budget)
    };
    vec![
        row("pages of a scan of 25 MB", scanned, SCAN, right),
        row("pages of a hostile file of 25 MB, the slowest", worst, HOSTILE, hostile.iter().all(|(_, right)| *right)),
    ]
}
