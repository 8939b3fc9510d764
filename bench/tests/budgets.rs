//! The round trips of every action, counted on the running engine while a request and a provider group go their way.

use std::collections::BTreeSet;

use portico_bench::{budgets::BUDGETS, journey};

/// A budget is kept by every call, also by one that was refused.
#[test]
fn no_action_waits_for_aws_more_often_than_its_budget_says() {
    let actions: BTreeSet<&str> = portico_api::actions().into_iter().map(|(name, _)| name).collect();
    let budgets: BTreeSet<&str> = BUDGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(budgets, actions, "every action has a budget");
    let seen = journey::play().unwrap().seen();
    let mut broken = Vec::new();
    for (name, budget) in BUDGETS {
        let calls = seen.get(name).map(Vec::as_slice).unwrap_or_default();
        if calls.is_empty() {
            broken.push(format!("{name}: never called"));
        }
        for call in calls.iter().filter(|call| !call.trips.within(*budget)) {
            let made = call.trips.calls.join(", ");
            broken.push(format!("{name} ({}): {} instead of {budget}: {made}", call.status, call.trips));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}
