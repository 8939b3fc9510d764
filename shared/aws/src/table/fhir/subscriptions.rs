//! What systems subscribed to, and the changes that are told under it. Functions, workers and the sweep meet at one item: each
//! change is made of what is stored, and made again when somebody was faster.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};
use portico_domain::{
    events::{About, Actor, EventKind},
    fhir::subscriptions::{Moment, Notification, Subscription},
    id::{CaseKey, ClientId, EventId, RequestNumber, SubscriptionId, Username},
};

use crate::{
    pause::Pause,
    table::{Attributes, Error, Guard, Key, Table, Transaction, body, expires, item, key},
};

/// Days for which a change can be told: longer than its message may be in the queue and in its dead letters.
const KEPT_DAYS: i64 = 30;

/// A subscription under which something is to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Due {
    pub client: ClientId,
    pub subscription: SubscriptionId,
    /// Its place in the index: the next page begins after it.
    pub place: String,
}

fn due(item: &Attributes) -> Option<Due> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let client = text("pk")?.rsplit('#').next()?.parse().ok()?;
    let subscription = text("sk")?.rsplit('#').next()?.parse().ok()?;
    Some(Due { client, subscription, place: text("workDue")?.clone() })
}

/// An answer that changed.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Change {
    pub event: EventId,
    pub case: CaseKey,
    pub request: RequestNumber,
}

impl Transaction {
    /// Saves a subscription.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn subscription(&mut self, table: &Table, subscription: &Subscription) -> Result<(), Error> {
        let place = Key::subscription(subscription.client, subscription.id);
        let mut stored = item(&place, "subscription", subscription)?;
        if let Some(due) = subscription.due {
            stored.insert("work".to_owned(), AttributeValue::S(key::SUBSCRIPTIONS_DUE.to_owned()));
            stored.insert("workDue".to_owned(), AttributeValue::S(key::subscription_due(due, subscription.id)));
        }
        self.put_version(table, stored, subscription.version);
        Ok(())
    }

    /// Takes a subscription out. What was to be told under it goes by itself.
    pub fn no_subscription(&mut self, table: &Table, client: ClientId, id: SubscriptionId) {
        self.delete(table, &Key::subscription(client, id));
    }

    /// That something is to be sent: number 0 is the handshake.
    ///
    /// # Errors
    /// When the event cannot be written as JSON.
    pub fn notification_due(
        &mut self,
        table: &Table,
        (client, subscription): (ClientId, SubscriptionId),
        number: u64,
        (by, at): (Actor, Timestamp),
    ) -> Result<(), Error> {
        let kind = EventKind::NotificationDue { client, subscription, number };
        self.event(table, About::User(Username::from(client)), by, kind, at)?;
        Ok(())
    }
}

impl Table {
    /// A subscription of a client.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn subscription(&self, client: ClientId, id: SubscriptionId) -> Result<Option<Subscription>, Error> {
        self.get(&Key::subscription(client, id), "subscription").await
    }

    /// All subscriptions of a client: few.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn subscriptions(&self, client: ClientId) -> Result<Vec<Subscription>, Error> {
        let items = self.partition(&key::subscriptions_of(client), "SUBSCRIPTION#").await?;
        items.into_iter().map(|item| body(item, "subscription")).collect()
    }

    /// A change that is told, by its number.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn notification(
        &self,
        (client, id): (ClientId, SubscriptionId),
        number: u64,
    ) -> Result<Option<Notification>, Error> {
        self.get(&Key::notification(client, id, number), "notification").await
    }

    /// A page of the subscriptions under which something is to be sent by `now`, longest due first, after a place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn subscriptions_due(&self, after: Option<&str>, now: Timestamp, limit: i32) -> Result<Vec<Due>, Error> {
        let page = self.due(key::SUBSCRIPTIONS_DUE.to_owned(), after, now, limit).await?;
        Ok(page.iter().filter_map(due).collect())
    }

    /// Changes a subscription. When somebody else changes it at the same time, `change` is asked again with the state as it is
    /// then; what it refuses leaves everything as it is. None where there is no such subscription.
    ///
    /// # Errors
    /// When the table fails, or others were faster every time ([`Error::Busy`]).
    pub async fn change_subscription<R>(
        &self,
        (client, id): (ClientId, SubscriptionId),
        change: impl Fn(&Subscription) -> Result<Subscription, R>,
    ) -> Result<Option<Result<Subscription, R>>, Error> {
        let mut pause = Pause::short();
        loop {
            let Some(before) = self.subscription(client, id).await? else { return Ok(None) };
            let after = match change(&before) {
                Ok(after) => after,
                Err(refused) => return Ok(Some(Err(refused))),
            };
            let mut transaction = Transaction::new();
            transaction.subscription(self, &after)?;
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::Version) => {}
                saved => return saved.map(|()| Some(Ok(after))),
            }
            if !pause.again().await {
                return Err(Error::Busy);
            }
        }
    }

    /// Gives a change its number under a subscription, with the event that has it sent: once, however often it is asked for.
    ///
    /// # Errors
    /// When the table fails, or others were faster every time ([`Error::Busy`]).
    pub async fn count_change(&self, of: &Subscription, change: Change, moment: Moment) -> Result<(), Error> {
        let (client, id, at) = (of.client, of.id, moment.now);
        let until = expires(at.checked_add((KEPT_DAYS * 24).hours()).unwrap_or(at));
        let mut pause = Pause::short();
        loop {
            let Some(before) = self.subscription(client, id).await? else { return Ok(()) };
            let after = before.counted(moment);
            let Change { event, case, request } = change;
            let notification = Notification { number: after.events, at, case, request };
            let mut stored = item(&Key::notification(client, id, after.events), "notification", &notification)?;
            stored.insert("expires".to_owned(), until.clone());
            let mut told = Key::told(client, id, event).attributes();
            told.insert("expires".to_owned(), until.clone());
            let mut transaction = Transaction::new();
            transaction.put_new(self, told, Guard::New);
            transaction.subscription(self, &after)?;
            transaction.put_new(self, stored, Guard::Nothing);
            transaction.notification_due(self, (client, id), after.events, (Actor::System, at))?;
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::New) => return Ok(()),
                Err(error) if error.refused(Guard::Version) => {}
                saved => return saved,
            }
            if !pause.again().await {
                return Err(Error::Busy);
            }
        }
    }
}
