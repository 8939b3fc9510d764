//! Answers to "is authorization required?", by their number (CASE-16).

use jiff::civil::Date;
use portico_domain::{contracts::check::Check, id::CheckNumber};

use crate::table::{Error, Guard, Key, Table, Transaction, item};

impl Transaction {
    /// Keeps an answer; none is ever written over.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn check(&mut self, table: &Table, check: &Check) -> Result<(), Error> {
        self.put_new(table, item(&Key::check(&check.number), "check", check)?, Guard::New);
        Ok(())
    }
}

impl Table {
    /// The answer of this number.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn check(&self, number: &CheckNumber) -> Result<Option<Check>, Error> {
        self.get(&Key::check(number), "check").await
    }

    /// The next number of a day's answers; one that is drawn is never drawn again.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn draw_check_number(&self, day: Date) -> Result<CheckNumber, Error> {
        Ok(CheckNumber::new(day, self.draw(&CheckNumber::day_prefix(day)).await?))
    }
}
