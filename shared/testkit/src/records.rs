//! What is on record, and what only the stack itself knows.

use anyhow::{Context, Result};
use portico_aws::{
    clock,
    links::pin,
    table::{
        Key,
        accounts::{pending::PendingFax, tries::Throttle},
        audit::{Access, Operation, Shown},
    },
};
use portico_domain::{
    events::{About, Event},
    id::{CaseKey, Username},
};

use crate::{
    poll::{self, PATIENCE},
    seeding::World,
};

impl World {
    /// What lists and searches showed to a user and what the user was refused, newest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn shown_to(&self, name: &str) -> Result<Vec<Shown>> {
        let name: Username = name.parse()?;
        self.wait(async { Ok(self.aws.table().shown_to(&name, 100).await?) })
    }

    /// What operators changed, newest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn operations(&self) -> Result<Vec<Operation>> {
        self.wait(async { Ok(self.aws.table().operations(100).await?) })
    }

    /// What happened to a case, user or fax, oldest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn events(&self, about: &About) -> Result<Vec<Event>> {
        self.wait(async { Ok(self.aws.table().events(about).await?) })
    }

    /// Who looked at or changed a case, or was refused, oldest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn audits(&self, case: &str) -> Result<Vec<Access>> {
        let case: CaseKey = case.parse()?;
        self.wait(async { Ok(self.aws.table().audits(case).await?) })
    }

    /// Tells a case to the reports once more, as the stream does when a batch comes again.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn tell_again(&self, case: &str) -> Result<()> {
        let case: CaseKey = case.parse()?;
        self.wait(async { Ok(self.aws.table().tell_facts(case).await?) })
    }

    /// What was refused to names and handles that nobody has.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn refused_unknown(&self) -> Result<Vec<Event>> {
        self.wait(async { Ok(self.aws.table().events(&About::Unknown(String::new())).await?) })
    }

    /// Uses up what a throttle leaves in the window that is open now, which stays open for some seconds.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn use_up(&self, throttle: &Throttle, of: &str) -> Result<()> {
        poll::until("a window with time left", PATIENCE, || Ok((throttle.wait(clock::now()) > 20).then_some(())))?;
        self.wait(async {
            while self.aws.table().count_try_within(throttle, of, clock::now()).await?.is_some() {}
            Ok(())
        })
    }

    /// The code that was faxed to the new number of a user.
    ///
    /// # Errors
    /// When none waits, or the stack does not answer.
    pub fn fax_code(&self, name: &str) -> Result<String> {
        let name: Username = name.parse()?;
        self.wait(async {
            let waits: Option<PendingFax> = self.aws.table().kept(&Key::pending_fax(&name), clock::now()).await?;
            let tokens = self.aws.secrets().ring(&self.aws.config().token_secret).await?;
            Ok(pin(&tokens, &waits.context("no fax number waits for a code")?.nonce))
        })
    }
}
