//! A contract of twenty thousand rules for codes beside one of twenty: what an action reads, how long a start reads it, and how long
//! a line's rule takes.

use std::time::{Duration, Instant};

use anyhow::Result;
use portico_contracts::apart::Kept;
use portico_domain::contracts::{
    Contract,
    apart::shelf,
    code_rule::{CodeRule, Wanted, rule_for},
};
use serde_json::{Value, json};

use crate::report::Row;

const MANY: usize = 20_000;
const FEW: usize = 20;
const TURNS: u32 = 200;
/// Of many to few: an item of rules is read beside the pack, which has fewer in itself.
const BUDGET: f64 = 1.5;

struct Measured {
    bytes: usize,
    start: Duration,
    line: Duration,
}

/// A row for what is read, one for the start, one for a line.
///
/// # Errors
/// When the given pack is none.
pub fn rows(pack: &str) -> Result<Vec<Row>> {
    let (few, many) = (measure(pack, FEW)?, measure(pack, MANY)?);
    let row = |what: &str, few: f64, many: f64| {
        let ratio = many / few;
        let what = format!("{what}: {MANY} rules for codes to {FEW}");
        Row::new(what, format!("{ratio:.2}"), format!("{BUDGET}"), ratio <= BUDGET)
    };
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let bytes = |measured: &Measured| measured.bytes as f64;
    Ok(vec![
        row("bytes read for a line", bytes(&few), bytes(&many)),
        row("reading the pack", few.start.as_secs_f64(), many.start.as_secs_f64()),
        row("the rule of a line", few.line.as_secs_f64(), many.line.as_secs_f64()),
    ])
}

fn measure(pack: &str, count: usize) -> Result<Measured> {
    let mut pack: serde_json::Map<String, Value> = serde_json::from_str(pack)?;
    let rule = |number: usize| {
        let code = format!("{}{:04}", if number < 10_000 { 'A' } else { 'B' }, number % 10_000);
        json!({ "code": code, "description": "A supply", "unit": "1 piece", "authorization": "required" })
    };
    pack.insert("codes".to_owned(), (0..count).map(rule).collect());
    let kept = Kept::of(pack);
    let code = "A0007".parse()?;
    let rules = kept.shelves.get(shelf(&code)).cloned().unwrap_or_else(|| "[]".to_owned());
    let read = || -> Result<Contract> {
        let contract: Contract = serde_json::from_str(&kept.json)?;
        let rules: Vec<CodeRule> = serde_json::from_str(&rules)?;
        Ok(contract.with_rules(&rules))
    };
    let contract = read()?;
    Ok(Measured {
        bytes: kept.json.len() + rules.len(),
        start: best(|| drop(std::hint::black_box(read()))),
        line: best(|| {
            for _ in 0..1000 {
                drop(std::hint::black_box(rule_for(&contract.codes, &Wanted::of(&code, &[]))));
            }
        }),
    })
}

/// The shortest of many turns: what else runs on the machine only makes a turn longer.
fn best(work: impl Fn()) -> Duration {
    let turn = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..TURNS).map(turn).min().unwrap_or(Duration::MAX)
}
