//! What an account waits for: a new address, new numbers, a spoken PIN; and its last passwords.

use jiff::Timestamp;
use portico_domain::{
    contact::{Email, Phone},
    factor::Factors,
    id::Username,
};
use serde::{Deserialize, Serialize};

use crate::table::{Error, Key, Table, Transaction, item};
use crate::{passwords::History, secrets::sha256};

/// A new e-mail address that waits for the PIN that was mailed to it (ACC-17).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingEmail {
    /// The address.
    pub email: Email,
    /// From which the PIN is made.
    pub nonce: String,
}

/// An e-mail address that a link puts back, as the account was before another one took its place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailBefore {
    /// Whose.
    pub user: Username,
    /// The address.
    pub email: Email,
    /// The second factors then: whoever took the session over may have added some.
    pub factors: Factors,
    /// When it was changed.
    pub at: Timestamp,
    /// Until when the link works.
    pub until: Timestamp,
}

/// The changes of an e-mail address that were taken back: the links that they have mailed work no more, for they lead to addresses of
/// whoever made them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PutBack {
    /// After the first of these times, up to the second.
    pub spans: Vec<(Timestamp, Timestamp)>,
}

/// As many are kept: links of changes that are older are over.
const MOST_SPANS: usize = 50;

impl PutBack {
    /// Whether a change was among them.
    #[must_use]
    pub fn holds(&self, change: &EmailBefore) -> bool {
        self.spans.iter().any(|(after, to)| *after < change.at && change.at <= *to)
    }

    /// After one more was taken back, and with it those that followed it.
    #[must_use]
    pub fn with(before: Option<Self>, change: &EmailBefore, now: Timestamp) -> Self {
        let mut spans = before.map(|before| before.spans).unwrap_or_default();
        spans.push((change.at, now));
        let over = spans.len().saturating_sub(MOST_SPANS);
        spans.drain(..over);
        Self { spans }
    }
}

/// A new phone number that waits for the PIN that was spoken to it (ACC-17).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingPhone {
    /// The number.
    pub phone: Phone,
    /// From which the PIN is made.
    pub nonce: String,
}

/// A new fax number that waits for the code that was faxed to it (ACC-17).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingFax {
    /// The number.
    pub fax: Phone,
    /// From which the code is made.
    pub nonce: String,
}

impl Table {
    /// The fax number that this code is for, while it waits for it.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn fax_of_code(&self, user: &Username, nonce: &str, now: Timestamp) -> Result<Option<Phone>, Error> {
        let waits: Option<PendingFax> = self.kept(&Key::pending_fax(user), now).await?;
        Ok(waits.filter(|waits| waits.nonce == nonce).map(|waits| waits.fax))
    }

    /// The number to which a PIN is to be spoken, while it works.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn pin_call(&self, nonce: &str, now: Timestamp) -> Result<Option<Phone>, Error> {
        self.kept(&Key::pin(&sha256(nonce)), now).await
    }

    /// The passwords that a user had last, as hashes.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn password_history(&self, user: &Username) -> Result<History, Error> {
        Ok(self.get(&Key::passwords(user), "password history").await?.unwrap_or_default())
    }
}

impl Transaction {
    /// Keeps a new e-mail address until its PIN comes back or its time is over. It replaces one that waited before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pending_email(
        &mut self,
        table: &Table,
        user: &Username,
        pending: &PendingEmail,
        until: Timestamp,
    ) -> Result<(), Error> {
        self.keep(table, &Key::pending_email(user), pending, until)
    }

    /// Takes away what waits for a PIN.
    pub fn no_pending_email(&mut self, table: &Table, user: &Username) {
        self.delete(table, &Key::pending_email(user));
    }

    /// Keeps a new phone number until its PIN comes back or its time is over. It replaces one that waited before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pending_phone(
        &mut self,
        table: &Table,
        user: &Username,
        pending: &PendingPhone,
        until: Timestamp,
    ) -> Result<(), Error> {
        self.keep(table, &Key::pending_phone(user), pending, until)
    }

    /// Takes away what waits for a PIN.
    pub fn no_pending_phone(&mut self, table: &Table, user: &Username) {
        self.delete(table, &Key::pending_phone(user));
    }

    /// Keeps a new fax number until its code comes back or its time is over. It replaces one that waited before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pending_fax(
        &mut self,
        table: &Table,
        user: &Username,
        pending: &PendingFax,
        until: Timestamp,
    ) -> Result<(), Error> {
        self.keep(table, &Key::pending_fax(user), pending, until)
    }

    /// Takes away what waits for a code.
    pub fn no_pending_fax(&mut self, table: &Table, user: &Username) {
        self.delete(table, &Key::pending_fax(user));
    }

    /// Keeps to which number a PIN is to be spoken, for as long as it works.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pin_call(&mut self, table: &Table, nonce: &str, to: &Phone, until: Timestamp) -> Result<(), Error> {
        self.keep(table, &Key::pin(&sha256(nonce)), to, until)
    }

    /// A PIN works no more: whoever has not been called yet is not called.
    pub fn no_pin_call(&mut self, table: &Table, nonce: &str) {
        self.delete(table, &Key::pin(&sha256(nonce)));
    }

    /// Keeps the hashes of the last passwords.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn password_history(&mut self, table: &Table, user: &Username, history: &History) -> Result<(), Error> {
        self.put(table, item(&Key::passwords(user), "password history", history)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_followed_a_change_that_was_taken_back_leads_nowhere_and_what_was_before_it_still_does() {
        let at = |minute: i64| Timestamp::UNIX_EPOCH.checked_add(jiff::SignedDuration::from_mins(minute)).unwrap();
        let change = |minute| EmailBefore {
            user: "jo.smith".parse().unwrap(),
            email: "jo@example.org".parse().unwrap(),
            factors: Factors::default(),
            at: at(minute),
            until: at(9999),
        };
        // Changed at 10 and, by whoever did it, at 20; taken back at 30.
        let back = PutBack::with(None, &change(10), at(30));
        assert_eq!([5, 10, 20, 30, 31].map(|minute| back.holds(&change(minute))), [false, false, true, true, false]);
        // One more later: what is dead stays so.
        let again = PutBack::with(Some(back), &change(40), at(50));
        assert_eq!([10, 20, 45, 51].map(|minute| again.holds(&change(minute))), [false, true, true, false]);
        // What was changed in between is the owner's to take back still.
        assert!(!again.holds(&change(35)) && !again.holds(&change(40)));
    }
}
