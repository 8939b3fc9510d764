//! Round trips: how often an action waits for AWS. What is asked together waits once.

use std::{fmt, time::Instant};

use portico_aws::record::Call;

const TRANSACTION: &str = "DynamoDB.TransactWriteItems";

/// How often an action waited.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trips {
    /// One after the other, before the transaction; all of them without a transaction.
    pub before: usize,
    /// Transactions, one after the other.
    pub transactions: usize,
    /// One after the other, after the transaction.
    pub after: usize,
    /// Every call in the order of its start.
    pub calls: Vec<String>,
}

impl Trips {
    /// Counts a log.
    #[must_use]
    pub fn of(mut calls: Vec<Call>) -> Self {
        calls.sort_by_key(|call| call.start);
        let is_write = |call: &&Call| call.operation == TRANSACTION;
        let writes: Vec<&Call> = calls.iter().filter(is_write).collect();
        let begin = writes.first().map(|call| call.start);
        let end = writes.iter().map(|call| call.end).max();
        Self {
            before: chain(calls.iter().filter(|call| begin.is_none_or(|begin| call.end <= begin))),
            transactions: chain(writes.iter().copied()),
            after: chain(calls.iter().filter(|call| end.is_some_and(|end| call.start >= end))),
            calls: calls.iter().map(|call| call.operation.clone()).collect(),
        }
    }

    /// Whether this is within a budget.
    #[must_use]
    pub fn within(&self, budget: Budget) -> bool {
        self.before <= budget.before
            && self.transactions <= budget.transactions
            && self.after <= budget.after
            && !self.calls.iter().any(|call| call.ends_with(".Scan"))
    }
}

/// The largest number of calls of which each began when the one before was answered.
fn chain<'a>(calls: impl Iterator<Item = &'a Call>) -> usize {
    let mut calls: Vec<&Call> = calls.collect();
    calls.sort_by_key(|call| call.end);
    let mut last: Option<Instant> = None;
    let mut count = 0;
    for call in calls {
        if last.is_none_or(|last| call.start >= last) {
            (last, count) = (Some(call.end), count + 1);
        }
    }
    count
}

/// How often an action may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Before the transaction, or in all.
    pub before: usize,
    /// Transactions.
    pub transactions: usize,
    /// After the transaction.
    pub after: usize,
    /// Why this action may wait more often than others of its kind.
    pub why: &'static str,
}

impl fmt::Display for Trips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let budget = Budget { before: self.before, transactions: self.transactions, after: self.after, why: "" };
        write!(f, "{budget} ({} calls)", self.calls.len())
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.before)?;
        if self.transactions > 0 {
            write!(f, " + {} transaction", self.transactions)?;
        }
        if self.after > 0 {
            write!(f, " + {}", self.after)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn calls(times: &[(&str, u64, u64)]) -> Vec<Call> {
        let zero = Instant::now();
        let at = |ms| zero + Duration::from_millis(ms);
        times
            .iter()
            .map(|&(operation, start, end)| Call { operation: operation.to_owned(), start: at(start), end: at(end) })
            .collect()
    }

    #[test]
    fn what_is_asked_together_counts_once() {
        let trips = Trips::of(calls(&[
            ("DynamoDB.GetItem", 0, 10),
            ("DynamoDB.Query", 1, 5),
            ("DynamoDB.Query", 6, 9),
            (TRANSACTION, 10, 20),
            ("DynamoDB.PutItem", 21, 22),
        ]));
        assert_eq!((trips.before, trips.transactions, trips.after, trips.calls.len()), (2, 1, 1, 5));
    }

    #[test]
    fn without_a_transaction_all_count_and_a_scan_is_never_within() {
        let trips = Trips::of(calls(&[("DynamoDB.GetItem", 0, 1), ("DynamoDB.Scan", 2, 3)]));
        assert_eq!((trips.before, trips.transactions), (2, 0));
        assert!(!trips.within(Budget { before: 9, transactions: 9, after: 9, why: "" }));
    }
}
