//! Opens a case for an action: finds it, asks whether the caller may, and notes the access (ACT-07, OPS-05).

use portico_aws::{
    clock::new_uuid,
    table::{
        Transaction,
        audit::{Access, Shown},
        cases::CaseFile,
    },
};
use portico_domain::{
    calendar::Calendar,
    caller::{Caller, Denied},
    cases::{Change, access::CaseAction},
    events::Actor,
    id::{CaseId, CaseKey},
};

use crate::{app::App, caller::Token, problem::Problem};

/// A case that the caller may do something with.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Who.
    pub(crate) caller: Caller,
    /// The case with all that hangs on it.
    pub(crate) file: CaseFile,
    /// The access, not saved yet: a reader saves it by itself, a writer with the change.
    pub(crate) access: Access,
}

impl App {
    /// Opens the case of this opaque key or Case ID. What is hidden and what does not exist takes the same calls and
    /// gives the same answer; either leaves a refusal in the audit.
    pub(crate) async fn open(
        &self,
        token: &Token,
        id: &str,
        action: CaseAction,
        operation: &str,
    ) -> Result<Opened, Problem> {
        let (caller, found) = futures::join!(self.caller(token), self.case_file(id));
        let (caller, (key, file)) = (caller?, found?);
        let allowed = file.ok_or(Denied::Hidden).and_then(|file| caller.may(action, &file.case).map(|()| file));
        let access = self.access(token, operation, allowed.is_ok());
        match allowed {
            Ok(file) => Ok(Opened { caller, file, access }),
            Err(denied) => {
                self.table().audit(key, &access).await?;
                Err(denied.into())
            }
        }
    }

    /// The case as it is now.
    pub(crate) async fn reload(&self, key: CaseKey) -> Result<CaseFile, Problem> {
        self.table().case_file(key).await?.ok_or_else(Problem::not_found)
    }

    async fn case_file(&self, id: &str) -> Result<(CaseKey, Option<CaseFile>), Problem> {
        let key = match (id.parse::<CaseKey>(), id.parse::<CaseId>()) {
            (Ok(key), _) => key,
            // An unknown number goes on as a key that no case has.
            (_, Ok(number)) => self.table().case_key(&number).await?.unwrap_or_else(|| CaseKey::new(new_uuid())),
            (Err(_), Err(_)) => return Err(Problem::not_found()),
        };
        Ok((key, self.table().case_file(key).await?))
    }

    /// An access by this caller, now.
    pub(crate) fn access(&self, token: &Token, operation: &str, allowed: bool) -> Access {
        Access {
            at: self.now(),
            by: token.username.clone(),
            operation: operation.to_owned(),
            from: token.from.clone(),
            allowed,
        }
    }

    /// Notes what a list or a search shows, before it is shown.
    pub(crate) async fn audit_shown(&self, token: &Token, operation: &str, shown: Vec<String>) -> Result<(), Problem> {
        let access = self.access(token, operation, true);
        Ok(self.table().audit_shown(&Shown { access, shown }).await?)
    }

    /// A transaction that saves a changed case, what happened and who did it.
    pub(crate) fn save(&self, change: &Change, calendar: &Calendar, opened: &Opened) -> Result<Transaction, Problem> {
        let mut transaction = Transaction::new();
        transaction.case(self.table(), change, calendar, &Actor::User(opened.caller.username().clone()))?;
        transaction.audit(self.table(), change.case.key, &opened.access)?;
        Ok(transaction)
    }
}
