//! What takes days, without waiting for it: what is stored is moved into the past, and a schedule is run by hand.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use portico_aws::{clock, table::Transaction};
use portico_domain::{
    accounts::{UserState, dormancy::Usage},
    events::{About, Actor, EventKind},
    id::Username,
};
use serde_json::{Value, json};

use crate::seeding::World;

impl World {
    /// Makes the last sign-in of a user one of so long ago.
    ///
    /// # Errors
    /// When there is no such user, or the stack does not take it.
    pub fn last_seen(&self, name: &str, ago: SignedDuration) -> Result<Timestamp> {
        let (name, at): (Username, Timestamp) = (name.parse()?, clock::now().checked_sub(ago)?);
        self.wait(async {
            let table = self.aws.table();
            let user = table.user(&name).await?.with_context(|| format!("there is no user {name}"))?;
            let mut transaction = Transaction::new();
            transaction.usage(table, &user, &Usage::signed_in(at))?;
            table.commit(transaction).await?;
            Ok(at)
        })
    }

    /// Ends the window in which an invited user may enrol.
    ///
    /// # Errors
    /// When the user is not invited, or the stack does not take it.
    pub fn window_is_over(&self, name: &str) -> Result<()> {
        let name: Username = name.parse()?;
        self.wait(async {
            let table = self.aws.table();
            let mut user = table.user(&name).await?.with_context(|| format!("there is no user {name}"))?;
            let UserState::Invited { until, .. } = &mut user.state else { anyhow::bail!("{name} is not invited") };
            *until = clock::now().checked_sub(SignedDuration::from_secs(1))?;
            user.version += 1;
            let mut transaction = Transaction::new();
            transaction.user(table, &user, &Actor::System, Vec::new(), clock::now())?;
            table.commit(transaction).await?;
            Ok(())
        })
    }

    /// What happened to a user, oldest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn user_events(&self, name: &str) -> Result<Vec<EventKind>> {
        let about = About::User(name.parse()?);
        let events = self.wait(async { Ok(self.aws.table().events(&about).await?) })?;
        Ok(events.into_iter().map(|event| event.kind).collect())
    }

    /// Does what the schedule does once a day; what was done.
    ///
    /// # Errors
    /// When it fails.
    pub fn sweep_dormant_users(&self) -> Result<Value> {
        self.stack.invoke("sweep-dormant-users", &json!({}))
    }
}
