//! What becomes of packs that are stored.

#![cfg(test)]

use std::path::Path;

use jiff::Timestamp;
use portico_contracts::Pack;
use portico_domain::contracts::packs::{Changed, Effect, Known, Standing, may_withdraw, plan, standings};

fn arkansas() -> Pack {
    portico_contracts::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/arkansas"))).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stored<'a>(from: &'a str, version: &'a str) -> Known<'a> {
    Known { from, version, json: "{}" }
}

/// The first day begins in the contract's zone: in Little Rock at six in the morning of Greenwich.
///
/// REQ: OPS-01
#[test]
fn a_pack_is_withdrawn_until_shortly_before_its_first_day() {
    let contract = arkansas().contract;
    let may = |now: &str| may_withdraw(&contract, at(now)).map_err(|error| error.to_string());
    assert_eq!(may("2026-01-01T05:54:59Z"), Ok(()));
    assert!(may("2026-01-01T05:55:01Z").unwrap_err().contains("in less than 5 minutes"));
    assert!(may("2026-01-01T06:00:00Z").unwrap_err().contains("it holds since 2026-01-01"));
}

/// REQ: OPS-01
#[test]
fn a_pack_that_would_never_hold_or_change_what_holds_is_refused() {
    let pack = arkansas();
    let planned = |known: &[Known<'_>], changed, now: &str| {
        plan(known, (&pack.contract, &pack.json), changed, at(now))
            .map(|plan| (plan.effect, plan.in_force))
            .map_err(|error| error.to_string())
    };
    let (before, during) = ("2025-12-31T12:00:00Z", "2026-05-01T12:00:00Z");
    let same = Known { json: &pack.json, ..stored("2026-01-01", "2026.1") };
    assert_eq!(planned(&[], Changed::OnlyBefore, before), Ok((Effect::New, false)));
    assert_eq!(planned(&[], Changed::OnlyBefore, during), Ok((Effect::New, true)));
    assert_eq!(planned(&[same], Changed::OnlyBefore, during), Ok((Effect::Nothing, true)));
    let other = [stored("2026-01-01", "2026.1")];
    assert_eq!(planned(&other, Changed::OnlyBefore, before), Ok((Effect::Replaces, false)));
    assert_eq!(planned(&other, Changed::Replaced, during), Ok((Effect::Replaces, true)));
    assert!(planned(&other, Changed::OnlyBefore, during).unwrap_err().contains("is in force since"));
    let moved = [stored("2026-03-01", "2026.1")];
    assert!(planned(&moved, Changed::Replaced, during).unwrap_err().contains("new version"));
    for later in ["2026-01-01", "2026-02-01"] {
        assert!(planned(&[stored(later, "2026.2")], Changed::Replaced, during).unwrap_err().contains("never hold"));
    }
    assert_eq!(planned(&[stored("2026-09-01", "2026.2")], Changed::OnlyBefore, during), Ok((Effect::New, true)));
}

/// One that cannot be read has no zone.
///
/// REQ: OPS-01
#[test]
fn of_several_packs_one_holds() {
    let zone = arkansas().contract.calendar.time_zone;
    let known = [("2025-01-01", None), ("2026-01-01", Some(&zone)), ("2026-09-01", None)];
    let told = |now: &str| standings(&known, at(now));
    assert_eq!(told("2026-05-01T12:00:00Z"), [Standing::Past, Standing::InForce, Standing::ToCome]);
    assert_eq!(told("2026-01-01T05:59:59Z"), [Standing::InForce, Standing::ToCome, Standing::ToCome]);
}
