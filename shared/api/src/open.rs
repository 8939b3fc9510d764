//! Opens a case for an action: finds it, asks whether the caller may, and notes the access (ACT-07, OPS-05).

use std::{fmt::Display, time::Duration};

use jiff::Timestamp;
use portico_aws::{
    clock::new_uuid,
    table::{
        Error, Transaction,
        audit::{Access, Shown},
        cases::{CaseFile, Earlier, Note},
    },
};
use portico_domain::{
    calendar::Calendar,
    caller::{Caller, Denied},
    cases::{Case, Change, access::CaseAction},
    events::{Actor, Event},
    id::{CaseId, CaseKey},
    reviews::worksheet,
};

use crate::{app::App, caller::Token, problem::Problem};

/// A case that the caller may do something with. `T` is what was read of it: by itself, or with what the action needs beside.
#[derive(Debug)]
pub(crate) struct Opened<T = Case> {
    /// Who.
    pub(crate) caller: Caller,
    /// What was read.
    pub(crate) found: T,
    /// The access, not saved yet: a reader saves it by itself, a writer with the change.
    pub(crate) access: Access,
}

impl<T> Opened<T> {
    /// The same, for this part of the case.
    pub(crate) fn about(mut self, part: impl Display) -> Self {
        self.access.what = Some(part.to_string());
        self
    }
}

/// What has a case in it.
pub(crate) trait HasCase {
    /// The case.
    fn case(&self) -> &Case;
}

impl HasCase for Case {
    fn case(&self) -> &Case {
        self
    }
}

impl HasCase for CaseFile {
    fn case(&self) -> &Case {
        &self.case
    }
}

/// A case as it was read to be shown.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// With what hangs on it.
    pub(crate) file: CaseFile,
    /// Its last notes, or those before some.
    pub(crate) notes: Earlier<Note>,
    /// What happened last, or before something.
    pub(crate) events: Earlier<Event>,
}

impl HasCase for Sheet {
    fn case(&self) -> &Case {
        &self.file.case
    }
}

impl HasCase for (CaseFile, usize) {
    fn case(&self) -> &Case {
        &self.0.case
    }
}

impl<B> HasCase for (Case, B) {
    fn case(&self) -> &Case {
        &self.0
    }
}

impl App {
    /// Opens the case of this opaque key or Case ID. What is hidden and what does not exist takes the same calls and
    /// gives the same answer. Either leaves a refusal on record: of a case with the case, of none with the caller.
    pub(crate) async fn open(
        &self,
        token: &Token,
        id: &str,
        action: CaseAction,
        operation: &str,
    ) -> Result<Opened, Problem> {
        Box::pin(self.open_as(token, id, action, operation, |key| self.table().case(key))).await
    }

    /// The same with something that hangs on the case, read at the same time: an action reads only what it uses.
    pub(crate) async fn open_with<B, F: Future<Output = Result<B, Error>>>(
        &self,
        token: &Token,
        id: &str,
        action: CaseAction,
        operation: &str,
        beside: impl FnOnce(CaseKey) -> F,
    ) -> Result<Opened<(Case, B)>, Problem> {
        let both = |key| async move {
            let (case, beside) = futures::join!(self.table().case(key), beside(key));
            Ok(case?.zip(Some(beside?)))
        };
        Box::pin(self.open_as(token, id, action, operation, both)).await
    }

    /// The same, read in this way.
    pub(crate) async fn open_as<T: HasCase, F: Future<Output = Result<Option<T>, Error>>>(
        &self,
        token: &Token,
        id: &str,
        action: CaseAction,
        operation: &str,
        read: impl FnOnce(CaseKey) -> F,
    ) -> Result<Opened<T>, Problem> {
        let found = async {
            let key = self.key_of(id).await?;
            Ok::<_, Problem>((key, read(key).await?))
        };
        let (caller, found) = futures::join!(self.caller(token), found);
        let (caller, (key, found)) = (caller?, found?);
        let Some(found) = found else { return Err(Denied::Hidden.into()) };
        let allowed = self.may(&caller, action, found.case()).await?;
        let access = self.access(token, operation, allowed.is_ok());
        match allowed {
            Ok(()) => Ok(Opened { caller, found, access }),
            Err(denied) => {
                self.table().audit(key, &access).await?;
                Err(Problem::from(denied).noted())
            }
        }
    }

    /// Whether the caller may do this with the case, by the groups that its providers have now (ACT-07).
    pub(crate) async fn may(
        &self,
        caller: &Caller,
        action: CaseAction,
        case: &Case,
    ) -> Result<Result<(), Denied>, Problem> {
        let (allowed, unregistered) = (caller.may(action, case), case.unregistered());
        if allowed.is_ok() || unregistered.is_empty() || matches!(caller, Caller::Staff(_)) {
            return Ok(allowed);
        }
        let now = self.table().providers(&unregistered).await?;
        Ok(caller.may(action, &case.clone().with_groups(&now)))
    }

    /// Those of these cases that the caller may see, by the same rule. Of the others nobody can tell how many there were.
    pub(crate) async fn seen(&self, caller: &Caller, cases: Vec<Case>) -> Result<Vec<Case>, Problem> {
        let hidden = |case: &&Case| caller.may(CaseAction::Read, case).is_err();
        let mut unregistered: Vec<_> = cases.iter().filter(hidden).flat_map(Case::unregistered).collect();
        unregistered.sort_unstable();
        unregistered.dedup();
        let now = self.table().providers(&unregistered).await?;
        let cases = cases.into_iter().map(|case| if hidden(&&case) { case.with_groups(&now) } else { case });
        Ok(cases.filter(|case| caller.may(CaseAction::Read, case).is_ok()).collect())
    }

    /// An address under which a file of a case can be fetched without a token for five minutes, with the end of that; who got
    /// it is noted.
    pub(crate) async fn address_of(
        &self,
        (bucket, key, version): (&str, &str, Option<&str>),
        named: Option<(&str, &str)>,
        (case, access): (CaseKey, &Access),
    ) -> Result<(String, Timestamp), Problem> {
        let (files, valid) = (self.aws.files(), Duration::from_secs(60 * 5));
        let link = async {
            match named {
                Some(named) => files.attachment((bucket, key), named, valid).await,
                None => files.link_to_version((bucket, key, version), valid).await,
            }
        };
        let (link, audited) = futures::join!(link, self.table().audit(case, access));
        audited?;
        let until = self.now().checked_add(valid).unwrap_or_else(|_| self.now());
        Ok((link.map_err(|error| Problem::unavailable(&error))?, until))
    }

    /// The case as it is now.
    pub(crate) async fn reload(&self, key: CaseKey) -> Result<Case, Problem> {
        self.table().case(key).await?.ok_or_else(Problem::not_found)
    }

    async fn key_of(&self, id: &str) -> Result<CaseKey, Problem> {
        match (id.parse::<CaseKey>(), id.parse::<CaseId>()) {
            (Ok(key), _) => Ok(key),
            // An unknown number goes on as a key that no case has.
            (_, Ok(number)) => Ok(self.table().case_key(&number).await?.unwrap_or_else(|| CaseKey::new(new_uuid()))),
            (Err(_), Err(_)) => Err(Problem::not_found()),
        }
    }

    /// An access by this caller, now.
    pub(crate) fn access(&self, token: &Token, operation: &str, allowed: bool) -> Access {
        Access {
            at: self.now(),
            by: token.username.clone(),
            operation: operation.to_owned(),
            from: token.from.clone(),
            allowed,
            what: None,
            person: None,
        }
    }

    /// Notes what a list or a search shows, and what it was asked for, before it is shown.
    pub(crate) async fn audit_shown(
        &self,
        token: &Token,
        operation: &str,
        what: Option<String>,
        shown: Vec<String>,
    ) -> Result<(), Problem> {
        let access = Access { what, ..self.access(token, operation, true) };
        Ok(self.table().audit_shown(&Shown { access, shown }).await?)
    }

    /// A transaction that saves a changed case, what happened and who did it.
    pub(crate) fn save<T: HasCase>(
        &self,
        change: &Change,
        calendar: &Calendar,
        opened: &Opened<T>,
    ) -> Result<Transaction, Problem> {
        let mut transaction = Transaction::new();
        for request in worksheet::ended(opened.found.case(), &change.case) {
            transaction.end_worksheet(self.table(), change.case.key, request);
        }
        transaction.case(self.table(), change, calendar, &Actor::User(opened.caller.username().clone()))?;
        transaction.audit(self.table(), change.case.key, &opened.access)?;
        Ok(transaction)
    }

    /// Saves what changed, if anything did. Gives the version that the case has then.
    pub(crate) async fn saved<T: HasCase>(
        &self,
        change: Option<&Change>,
        calendar: &Calendar,
        opened: &Opened<T>,
    ) -> Result<u64, Problem> {
        let Some(change) = change else { return Ok(opened.found.case().version) };
        self.table().commit(self.save(change, calendar, opened)?).await?;
        Ok(change.case.version)
    }
}
