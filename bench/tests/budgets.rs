//! Every action stays within its round trips: counted against the running stack, not timed.

use std::{collections::BTreeSet, fmt::Write};

use portico_bench::{budgets::BUDGETS, journey};

/// REQ: OPS-04
#[test]
fn every_action_waits_for_aws_no_more_often_than_its_budget_says() {
    let actions: BTreeSet<&str> = portico_api::actions().into_iter().map(|(name, _)| name).collect();
    let budgeted: BTreeSet<&str> = BUDGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(actions, budgeted, "an action without a budget, or a budget without an action");
    let seen = journey::play().unwrap().seen();
    let mut broken = String::new();
    for (name, budget) in BUDGETS {
        let calls = seen.get(name).map(Vec::as_slice).unwrap_or_default();
        if calls.is_empty() {
            writeln!(broken, "{name}: the journey never calls it").unwrap();
        }
        for call in calls.iter().filter(|call| !call.trips.within(*budget)) {
            let path = &call.event["rawPath"];
            writeln!(
                broken,
                "{name} {path} → {}: {}, budget {budget}: {:?}",
                call.status, call.trips, call.trips.calls
            )
            .unwrap();
        }
    }
    assert!(broken.is_empty(), "{broken}");
}
