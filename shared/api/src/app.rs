//! What every action is given.

use std::sync::Arc;

use portico_aws::{
    Aws, clock,
    secrets::KeyRing,
    table::{Table, accounts::users::UserFile},
};
use portico_domain::{
    accounts::{Door, session::Session},
    caller::Caller,
    contracts::Contract,
    id::ContractId,
};

use crate::{caller::Token, problem::Problem};

/// What a fresh sign-in is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fresh {
    /// For one's own factors, addresses and numbers.
    Own,
    /// For the accounts of others: an administrator manages several in a row.
    Others,
}

impl Fresh {
    /// So many minutes a sign-in counts as one (OWASP ASVS 2.2.3, 3.7.1).
    const fn minutes(self) -> i64 {
        match self {
            Self::Own => 5,
            Self::Others => 15,
        }
    }
}

/// The ways out of an action: the table and, on demand, the rest of AWS.
#[derive(Debug)]
pub struct App {
    /// AWS, each client made when first used.
    pub aws: Aws,
}

impl App {
    /// The keys of links, PINs and hashes of passwords.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn tokens(&self) -> Result<KeyRing, Problem> {
        Ok(self.aws.secrets().ring(&self.aws.config().token_secret).await?)
    }

    /// The keys of the blind look-ups of people.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn lookups(&self) -> Result<KeyRing, Problem> {
        Ok(self.aws.secrets().ring(&self.aws.config().lookup_secret).await?)
    }

    /// A fresh nonce, from which a link's token or a PIN is made.
    ///
    /// # Errors
    /// When there are no keys or no randomness.
    pub async fn fresh_nonce(&self) -> Result<String, Problem> {
        self.tokens().await?.nonce().map_err(|error| Problem::internal(&error))
    }

    /// The table.
    pub fn table(&self) -> &Table {
        self.aws.table()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        clock::now()
    }

    /// The active user behind a token, with roles as they are now: a user who was removed is out at once.
    ///
    /// # Errors
    /// 401 when there is no such active user, or the session has ended.
    pub async fn caller(&self, token: &Token) -> Result<Caller, Problem> {
        let file = self.caller_file(token).await?;
        file.user.caller(file.roles).map_err(|_| Problem::signed_out())
    }

    /// What is known of the active user behind a token. Session and user are read in one call; a call moves the idle end
    /// of the session, with one write a minute (ACC-19).
    ///
    /// # Errors
    /// 401 when there is no such active user, or the session has ended.
    pub async fn caller_file(&self, token: &Token) -> Result<UserFile, Problem> {
        let file = self.table().user_file(&token.username).await?.ok_or_else(Problem::signed_out)?;
        let staff = matches!(file.user.door, Door::Staff(_));
        if staff != token.staff || !file.user.is_active() {
            return Err(Problem::signed_out());
        }
        self.go_on(&file, &token.session).await?;
        Ok(file)
    }

    /// Checks that a session of this user goes on, and moves its idle end.
    ///
    /// # Errors
    /// 401 when it has ended.
    pub async fn go_on(&self, file: &UserFile, session: &str) -> Result<(), Problem> {
        let now = self.now();
        let open = file.sessions.iter().find(|open| open.id == session && open.is_open(now));
        match open.ok_or_else(Problem::signed_out)?.moved_by_call(now) {
            Some(end) => Ok(self.table().touch_session(&file.user.username, session, end).await?),
            None => Ok(()),
        }
    }

    /// Checks that the caller has just given password and second factor: asked before anything is changed that lets a person
    /// in later, or says where PHI goes.
    ///
    /// # Errors
    /// 403 `proof-required` when the session began too long ago.
    pub(crate) fn proven(&self, file: &UserFile, token: &Token, fresh: Fresh) -> Result<(), Problem> {
        let proves = |session: &&Session| session.id == token.session && session.is_fresh(fresh.minutes(), self.now());
        file.sessions.iter().find(proves).map(|_| ()).ok_or_else(Problem::proof_required)
    }

    /// The contract as it holds now.
    ///
    /// # Errors
    /// 404 when there is none of this name.
    pub async fn contract(&self, id: &ContractId) -> Result<Arc<Contract>, Problem> {
        self.table().contract(id, self.now()).await?.ok_or_else(Problem::not_found)
    }
}
