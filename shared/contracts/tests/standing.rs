//! What becomes of packs that are stored.

#![cfg(test)]

use std::path::Path;

use jiff::Timestamp;
use portico_contracts::Pack;
use portico_domain::contracts::packs::{Changed, Effect, Known, Refused, Standing, may_withdraw, plan, standings};

fn arkansas() -> Pack {
    portico_contracts::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/arkansas"))).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stored<'a>(from: &'a str, version: &'a str) -> Known<'a> {
    Known { from, version, json: "{}", zone: None }
}

/// The first day begins in the contract's zone: in Little Rock at six in the morning of Greenwich.
#[test]
fn a_pack_is_withdrawn_until_shortly_before_its_first_day() {
    let contract = arkansas().contract;
    let may = |now: &str| may_withdraw(&contract, at(now)).map_err(|error| error.to_string());
    assert_eq!(may("2026-01-01T05:54:59Z"), Ok(()));
    assert!(may("2026-01-01T05:55:01Z").unwrap_err().contains("in less than 5 minutes"));
    assert!(may("2026-01-01T06:00:00Z").unwrap_err().contains("it holds since 2026-01-01"));
}

#[test]
fn a_pack_that_would_never_hold_or_change_what_holds_is_refused() {
    let pack = arkansas();
    let planned = |known: &[Known<'_>], changed, now: &str| {
        plan(known, (&pack.contract, &pack.kept.json), changed, at(now))
            .map(|plan| (plan.effect, plan.in_force))
            .map_err(|error| error.to_string())
    };
    let (before, during) = ("2025-12-31T12:00:00Z", "2026-05-01T12:00:00Z");
    let same = Known { json: &pack.kept.json, ..stored("2026-01-01", "2026.1") };
    assert_eq!(planned(&[], Changed::OnlyBefore, before), Ok((Effect::New, false)));
    assert_eq!(planned(&[], Changed::OnlyBefore, during), Ok((Effect::New, true)));
    assert_eq!(planned(&[same], Changed::OnlyBefore, during), Ok((Effect::Nothing, true)));
    let other = [stored("2026-01-01", "2026.1")];
    assert_eq!(planned(&other, Changed::OnlyBefore, before), Ok((Effect::Replaces, false)));
    assert_eq!(planned(&other, Changed::Replaced, during), Ok((Effect::Replaces, true)));
    assert!(planned(&other, Changed::OnlyBefore, during).unwrap_err().contains("is in force since"));
    let moved = [stored("2026-03-01", "2026.1")];
    assert!(planned(&moved, Changed::Replaced, during).unwrap_err().contains("new version"));
    assert!(planned(&[stored("2026-02-01", "2026.2")], Changed::Replaced, during).unwrap_err().contains("never hold"));
    assert_eq!(planned(&[stored("2026-09-01", "2026.2")], Changed::OnlyBefore, during), Ok((Effect::New, true)));
}

/// Requests are decided by the pack that held when they were submitted: none begins on a day that has begun, or on that of
/// another one.
#[test]
fn a_pack_begins_on_a_day_to_come_that_is_its_own() {
    let pack = arkansas();
    let planned = |known: &[Known<'_>], changed, now: &str| {
        plan(known, (&pack.contract, &pack.kept.json), changed, at(now))
            .map(|plan| plan.effect)
            .map_err(|error| error.to_string())
    };
    let holds = [stored("2025-01-01", "2025.1")];
    assert_eq!(planned(&holds, Changed::OnlyBefore, "2026-01-01T05:54:59Z"), Ok(Effect::New));
    for late in ["2026-01-01T05:55:01Z", "2026-01-01T06:00:00Z", "2026-05-01T12:00:00Z"] {
        let refused = planned(&holds, Changed::OnlyBefore, late).unwrap_err();
        assert!(refused.contains("submitted under version 2025.1"), "{refused}");
    }
    let other = [stored("2025-01-01", "2025.1"), stored("2026-01-01", "2026.10")];
    let refused = planned(&other, Changed::OnlyBefore, "2025-12-01T12:00:00Z").unwrap_err();
    assert!(refused.contains("arkansas 2026.10 has 2026-01-01 as its first day too"), "{refused}");
}

/// What has begun in the zone that is stored, or in the one that is sent, is not replaced.
#[test]
fn no_other_zone_brings_the_day_before_back() {
    let pack = arkansas();
    let planned = |zone: Option<&str>, now: &str| {
        let zone = zone.map(|zone| zone.parse().unwrap());
        let known = Known { zone, ..stored("2026-01-01", "2026.1") };
        plan(&[known], (&pack.contract, &pack.kept.json), Changed::OnlyBefore, at(now)).map(|plan| plan.effect)
    };
    let (hour_before, near, after) = ("2026-01-01T05:00:00Z", "2026-01-01T05:57:00Z", "2026-01-01T06:00:00Z");
    assert_eq!(planned(Some("America/Chicago"), hour_before), Ok(Effect::Replaces));
    assert!(matches!(planned(Some("America/New_York"), hour_before), Err(Refused::OtherContent { .. })));
    assert!(matches!(planned(Some("America/Los_Angeles"), after), Err(Refused::OtherContent { .. })));
    assert!(matches!(planned(None, near), Err(Refused::NearOtherContent { .. })));
}

/// One that cannot be read has no zone.
#[test]
fn of_several_packs_one_holds() {
    let zone = arkansas().contract.calendar.time_zone;
    let known = [("2025-01-01", None), ("2026-01-01", Some(&zone)), ("2026-09-01", None)];
    let told = |now: &str| standings(&known, at(now));
    assert_eq!(told("2026-05-01T12:00:00Z"), [Standing::Past, Standing::InForce, Standing::ToCome]);
    assert_eq!(told("2026-01-01T05:59:59Z"), [Standing::InForce, Standing::ToCome, Standing::ToCome]);
}
