//! Changes of deliveries: workers and call-backs of the carrier meet at the same item.

use jiff::Timestamp;
use portico_domain::{
    delivery::Delivery,
    event::{About, Actor, EventKind},
    id::{CaseKey, LetterId},
};

use super::{Error, Guard, Table, Transaction};
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

impl Table {
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
        let mut pause = Pause::short();
        loop {
            let Some((delivery, version)) = self.delivery(case, letter).await? else { return Ok(Changed::NoDelivery) };
            let Some((delivery, events)) = change(delivery) else { return Ok(Changed::No) };
            let mut transaction = Transaction::new();
            transaction.delivery(self, case, &delivery, version + 1)?;
            for kind in events {
                transaction.event(self, About::Case(case), by.clone(), kind, at)?;
            }
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
