//! Changes of deliveries: workers and call-backs of the carrier meet at the same item.

pub mod received;

use jiff::Timestamp;
use portico_domain::{
    delivery::Delivery,
    events::{About, Actor, EventKind},
    id::{CaseKey, LetterId},
};

use super::{Attributes, Error, Guard, Table, Transaction, key};
use crate::pause::Pause;

/// What came of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// It is saved with its events.
    Yes,
    /// There was nothing to change any more.
    No,
    /// There is no such delivery.
    NoDelivery,
}

/// A delivery whose call the carrier should have reported of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreported {
    /// The case.
    pub case: CaseKey,
    /// The letter.
    pub letter: LetterId,
    /// Its place in the index: the next page begins after it.
    pub place: String,
}

fn unreported(item: &Attributes) -> Option<Unreported> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let case = text("pk")?.strip_prefix("CASE#")?.parse().ok()?;
    let letter = text("sk")?.rsplit('#').next()?.parse().ok()?;
    Some(Unreported { case, letter, place: text("workDue")?.clone() })
}

impl Table {
    /// A page of the deliveries of one shard whose call should have been reported of by `now`, longest ago first, after a
    /// place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn unreported(
        &self,
        shard: u8,
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Unreported>, Error> {
        let page = self.due(key::fax_partition(shard), after, now, limit).await?;
        Ok(page.iter().filter_map(unreported).collect())
    }

    /// Changes a delivery with what happened. When somebody else changes it at the same time, `change` is asked again
    /// with the state as it is then; `None` leaves everything as it is.
    ///
    /// # Errors
    /// When the table fails, or others were faster every time ([`Error::Busy`]).
    pub async fn change_delivery(
        &self,
        (case, letter): (CaseKey, LetterId),
        (by, at): (Actor, Timestamp),
        change: impl Fn(Delivery) -> Option<(Delivery, Vec<EventKind>)>,
    ) -> Result<Changed, Error> {
        self.change_delivery_with((case, letter), (by, at), change, |_| Ok(())).await
    }

    /// The same, with what else is written in the same transaction.
    ///
    /// # Errors
    /// When the table fails, or others were faster every time ([`Error::Busy`]).
    pub async fn change_delivery_with(
        &self,
        (case, letter): (CaseKey, LetterId),
        (by, at): (Actor, Timestamp),
        change: impl Fn(Delivery) -> Option<(Delivery, Vec<EventKind>)>,
        beside: impl Fn(&mut Transaction) -> Result<(), Error>,
    ) -> Result<Changed, Error> {
        let mut pause = Pause::short();
        loop {
            let Some((delivery, version)) = self.delivery(case, letter).await? else { return Ok(Changed::NoDelivery) };
            let Some((delivery, events)) = change(delivery) else { return Ok(Changed::No) };
            let mut transaction = Transaction::new();
            transaction.delivery(self, case, &delivery, version + 1)?;
            for kind in events {
                transaction.event(self, About::Case(case), by.clone(), kind, at)?;
            }
            beside(&mut transaction)?;
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::Version) => {}
                saved => return saved.map(|()| Changed::Yes),
            }
            if !pause.again().await {
                return Err(Error::Busy);
            }
        }
    }
}
