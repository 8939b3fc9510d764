//! Sessions of a user: begun, moved, and ended in transactions that are never larger than one may be.

use jiff::Timestamp;
use portico_domain::{
    accounts::session::{Session, still_open},
    id::Username,
};

use crate::table::{Attributes, Error, Key, Table, Transaction, body, expires, item, size::MOST_WRITES};

/// As many sessions end in one transaction beside what they end with.
const MOST_ENDED: usize = 40;

impl Table {
    /// The sessions of a user that were not ended.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn sessions(&self, user: &Username) -> Result<Vec<Session>, Error> {
        self.partition(&Key::user(user).pk, "USER#SESSION#").await?.into_iter().map(session).collect()
    }

    /// Of these sessions of a user those that are still to be ended, for [`Transaction::end_sessions`]: what is over needs
    /// no end. Where there are more than fit beside other writes, the oldest are ended here and now; they end in any case.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn to_end(&self, user: &Username, sessions: &[Session], now: Timestamp) -> Result<Vec<Session>, Error> {
        let mut open: Vec<Session> = still_open(sessions, now).into_iter().cloned().collect();
        let last = open.split_off(open.len().saturating_sub(MOST_ENDED));
        for some in open.chunks(MOST_WRITES) {
            let mut transaction = Transaction::new();
            transaction.end_sessions(self, user, some);
            self.commit(transaction).await?;
        }
        Ok(last)
    }

    /// Notes that a session goes on: its idle time ends later. A session that was ended stays ended.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn touch_session(&self, user: &Username, session: &str, idle_until: Timestamp) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(Key::user_session(user, session).attributes()))
            .condition_expression("attribute_exists(pk)")
            .update_expression("SET idleUntil = :until")
            .expression_attribute_values(":until", expires(idle_until));
        match update.send().await.map_err(Error::of) {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A session as stored: its end by idleness stands beside the body, so that touching it changes nothing else.
pub(super) fn session(mut stored: Attributes) -> Result<Session, Error> {
    let idle_until = stored.remove("idleUntil").and_then(|n| n.as_n().ok().and_then(|n| n.parse().ok()));
    let mut session: Session = body(stored, "session")?;
    session.idle_until = idle_until.and_then(|at| Timestamp::from_second(at).ok()).unwrap_or(session.idle_until);
    Ok(session)
}

impl Transaction {
    /// Begins a session.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn session(&mut self, table: &Table, user: &Username, session: &Session) -> Result<(), Error> {
        let mut stored = item(&Key::user_session(user, &session.id), "session", session)?;
        stored.insert("idleUntil".to_owned(), expires(session.idle_until));
        stored.insert("expires".to_owned(), expires(session.until));
        self.put(table, stored);
        Ok(())
    }

    /// Ends sessions at once: as many as [`Table::to_end`] gives.
    pub fn end_sessions<'a>(
        &mut self,
        table: &Table,
        user: &Username,
        sessions: impl IntoIterator<Item = &'a Session>,
    ) {
        for session in sessions.into_iter().take(MOST_WRITES) {
            self.delete(table, &Key::user_session(user, &session.id));
        }
    }
}
