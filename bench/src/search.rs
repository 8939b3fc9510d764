//! Code search over all of ICD-10-CM and HCPCS, as it is typed.

use std::time::{Duration, Instant};

use portico_codes::{find_hcpcs, find_icd10cm, hcpcs, icd10cm};

use crate::report::Row;

const QUERIES: usize = 2_000;
const PAGE: usize = 20;
const BUDGET: Duration = Duration::from_millis(2);

/// The 99th of a hundred queries.
#[must_use]
pub fn row() -> Row {
    let mut times: Vec<Duration> = queries().iter().map(|query| time(query)).collect();
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
    let p99 = at(99).copied().unwrap_or(Duration::MAX);
    let what = format!("code search over all ICD-10-CM and HCPCS, {} queries, p99", times.len());
    Row::new(what, format!("{p99:.1?}"), format!("{BUDGET:?}"), p99 <= BUDGET)
}

fn time(query: &str) -> Duration {
    let start = Instant::now();
    std::hint::black_box((find_icd10cm().search(query, PAGE, 0), find_hcpcs().search(query, PAGE, 0)));
    start.elapsed()
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
