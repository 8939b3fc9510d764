//! Times 2,000 fixed queries over both indexes and prints one row of the table of budgets.
//!
//! `cargo run -p portico-codes --example search_bench`

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use portico_codes::{hcpcs, icd10cm};

const QUERIES: usize = 2_000;
const PAGE: usize = 20;
const BUDGET: Duration = Duration::from_millis(2);

fn main() -> io::Result<()> {
    let start = Instant::now();
    let codes: Vec<&str> = [icd10cm(), hcpcs()].iter().filter_map(|index| index.codes().next()).collect();
    let first_use = start.elapsed();

    let mut times: Vec<Duration> = queries().iter().map(|query| time(query)).collect();
    times.sort_unstable();
    let [p50, p99, max] = [50, 99, 100]
        .map(|percent| times.get((times.len() * percent / 100).min(times.len() - 1)).copied().unwrap_or_default());
    writeln!(
        io::stdout(),
        "| code search over all ICD-10-CM and HCPCS, {} queries | p50 {} | p99 {} | max {} | first use {} | budget p99 {} | {} |",
        times.len(),
        micros(p50),
        micros(p99),
        micros(max),
        micros(first_use),
        micros(BUDGET),
        if p99 <= BUDGET && codes.len() == 2 { "kept" } else { "MISSED" },
    )
}

fn time(query: &str) -> Duration {
    let start = Instant::now();
    std::hint::black_box((icd10cm().search(query, PAGE, 0), hcpcs().search(query, PAGE, 0)));
    start.elapsed()
}

fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}

/// What people type, from one letter to whole descriptions, made from the codes themselves with a fixed generator.
fn queries() -> Vec<String> {
    let entries: Vec<&str> = icd10cm().codes().chain(hcpcs().codes()).collect();
    let mut seed = 42_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0) % below.max(1)
    };
    (0..QUERIES)
        .filter_map(|kind| {
            let code = entries.get(random(entries.len()))?;
            let entry = icd10cm().get(code).or_else(|| hcpcs().get(code))?;
            let words: Vec<&str> = entry.description.split_whitespace().collect();
            let mut word = || words.get(random(words.len())).copied().unwrap_or_default();
            let begin = |text: &str, length: usize| text.chars().take(length).collect::<String>();
            Some(match kind % 10 {
                0 => begin(word(), 1),
                1 => begin(word(), 2),
                2 => begin(word(), 3),
                3 => begin(code, 1 + kind / 10 % 4),
                4 => entry.display(),
                5 => word().to_owned(),
                6 => format!("{} {}", word(), begin(word(), 3)),
                7 => format!("{} {} {}", word(), word(), begin(word(), 1)),
                8 => format!("{} {} {} {}", begin(word(), 1), begin(word(), 1), begin(word(), 1), begin(word(), 1)),
                _ => entry.description.clone(),
            })
        })
        .collect()
}
