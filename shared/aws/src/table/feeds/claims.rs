//! Lines of claims on their way to the cases whose authorizations they were made under (ACT-03).

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use portico_domain::{
    calendar::Calendar,
    cases::billing::{ClaimLine, Heard},
    events::Actor,
    id::CaseId,
};

use super::{Outcome, Table, Transaction};
use crate::{
    pause::Pause,
    table::{Error, Guard},
};

/// Cases that are written at the same time.
const CASES_AT_ONCE: usize = 8;

impl From<Heard> for Outcome {
    fn from(heard: Heard) -> Self {
        match heard {
            Heard::New => Self::New,
            Heard::Changed => Self::Changed,
            Heard::Unchanged => Self::Unchanged,
            Heard::NoAuthorization => Self::NoAuthorization,
            Heard::NoLine => Self::NoLine,
            Heard::TooMany => Self::TooMany,
        }
    }
}

impl Table {
    /// Takes lines of claims; what became of each, in order. Each case is written once, with what happened (ACT-03).
    ///
    /// # Errors
    /// When the table fails or a case cannot be read; the same lines again do what is left to do.
    pub async fn import_claims(&self, claims: &[ClaimLine], now: Timestamp) -> Result<Vec<Outcome>, Error> {
        let Some(first) = claims.first() else { return Ok(Vec::new()) };
        let contract = self.contract(&first.contract, now).await?;
        let calendar = contract.as_ref().map(|contract| &contract.calendar);
        let mut outcomes = vec![Outcome::NoAuthorization; claims.len()];
        let mut of_cases: BTreeMap<CaseId, Vec<(usize, &ClaimLine)>> = BTreeMap::new();
        for (place, claim) in claims.iter().enumerate() {
            if let Some(case) = claim.authorization.case() {
                of_cases.entry(case).or_default().push((place, claim));
            }
        }
        let saved: Vec<Vec<(usize, Outcome)>> = stream::iter(of_cases)
            .map(|(case, some)| async move {
                let (places, claims): (Vec<usize>, Vec<&ClaimLine>) = some.into_iter().unzip();
                let told = match calendar {
                    Some(calendar) => self.bill(&case, &claims, calendar, now).await?,
                    None => vec![Outcome::NoAuthorization; claims.len()],
                };
                Ok::<_, Error>(places.into_iter().zip(told).collect())
            })
            .buffer_unordered(CASES_AT_ONCE)
            .try_collect()
            .await?;
        for (place, outcome) in saved.into_iter().flatten() {
            if let Some(told) = outcomes.get_mut(place) {
                *told = outcome;
            }
        }
        Ok(outcomes)
    }

    /// One case, read again as often as others change it meanwhile.
    async fn bill(
        &self,
        case: &CaseId,
        claims: &[&ClaimLine],
        calendar: &Calendar,
        now: Timestamp,
    ) -> Result<Vec<Outcome>, Error> {
        let same = |outcome: Outcome| vec![outcome; claims.len()];
        let Some(key) = self.case_key(case).await? else { return Ok(same(Outcome::NoAuthorization)) };
        let mut pause = Pause::patient();
        loop {
            let Some(case) = self.case(key).await? else { return Ok(same(Outcome::NoAuthorization)) };
            let before = if case.authorizations.is_empty() { self.case_file(key).await? } else { None };
            let determinations = before.map(|file| file.determinations).unwrap_or_default();
            let (heard, change) = case.bill(claims, &determinations, now);
            let heard = heard.into_iter().map(Outcome::from).collect();
            let Some(change) = change else { return Ok(heard) };
            let mut transaction = Transaction::new();
            transaction.case(self, &change, calendar, &Actor::System)?;
            match self.commit(transaction).await {
                Ok(()) => return Ok(heard),
                Err(error) if error.refused(Guard::Version) && pause.again().await => {}
                // Whoever works on it goes first: the lines come again.
                Err(error) if error.refused(Guard::Version) || error.passes() => return Ok(same(Outcome::Throttled)),
                Err(error) => return Err(error),
            }
        }
    }
}
