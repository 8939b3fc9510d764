//! Users, their roles, groups, sessions between sign-in steps, mailed links.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, ToSpan};
use portico_domain::{
    accounts::{User, UserState, dormancy::Usage, registration::Group, session::Session},
    caller::RoleAt,
    events::{About, Actor, EventKind},
    id::Username,
};
use serde::{Deserialize, Serialize};

use super::sessions::session;
use crate::table::{Attributes, Error, Guard, Key, Table, Transaction, body, expires, is_expired, item, sort_key};
use crate::{
    links::{link_hash, link_token},
    secrets::KeyRing,
};

/// What an item beside the user is.
fn part_of_user(item: &Attributes) -> PartOfUser {
    match sort_key(item) {
        "USER" => PartOfUser::User,
        "USER#SEEN" => PartOfUser::Usage,
        sk if sk.starts_with("USER#SESSION#") => PartOfUser::Session,
        _ => PartOfUser::Role,
    }
}

/// What stands under a user's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PartOfUser {
    User,
    Role,
    Usage,
    Session,
}

/// A user with their part at each provider, read in one call.
#[derive(Clone, PartialEq, Debug)]
pub struct UserFile {
    /// The user.
    pub user: User,
    /// Part at each provider; empty for staff.
    pub roles: Vec<RoleAt>,
    /// Sessions that were not ended; whether one goes on says its time.
    pub sessions: Vec<Session>,
    /// How the account is used; none before enrolment.
    pub usage: Option<Usage>,
}

impl UserFile {
    /// Last sign-in.
    #[must_use]
    pub fn last_sign_in(&self) -> Option<Timestamp> {
        self.usage.as_ref().and_then(|usage| usage.signed_in)
    }

    /// Moves what is due of this user to where the rules of `after`, the user as changed, put it (ACC-15).
    pub fn reschedule(&self, transaction: &mut Transaction, table: &Table, after: &User) {
        if let Some(usage) = self.usage.as_ref().filter(|_| after.is_active() && after.rules != self.user.rules) {
            transaction.usage_due(table, after, usage);
        }
    }

    /// Whether nobody signed in for too long, and no sweep has been there yet (ACC-15).
    #[must_use]
    pub fn is_unused(&self, now: Timestamp) -> bool {
        self.user.is_active() && self.usage.as_ref().is_some_and(|usage| usage.is_over(&self.user.rules, now))
    }
}

impl Table {
    /// A user with all roles and sessions.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn user_file(&self, name: &Username) -> Result<Option<UserFile>, Error> {
        let (mut user, mut roles, mut sessions, mut usage) = (None, Vec::new(), Vec::new(), None);
        for item in self.partition(&Key::user(name).pk, "USER").await? {
            match part_of_user(&item) {
                PartOfUser::User => user = Some(body(item, "user")?),
                PartOfUser::Role => roles.push(body(item, "role")?),
                PartOfUser::Session => sessions.push(session(item)?),
                PartOfUser::Usage => usage = Some(body(item, "usage")?),
            }
        }
        Ok(user.map(|user| UserFile { user, roles, sessions, usage }))
    }

    /// A user without roles.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn user(&self, name: &Username) -> Result<Option<User>, Error> {
        self.get(&Key::user(name), "user").await
    }

    /// These users without roles, as many as there are.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn users(&self, names: BTreeSet<&Username>) -> Result<HashMap<Username, User>, Error> {
        let keys: Vec<Key> = names.into_iter().map(Key::user).collect();
        let users = self.get_many(&keys).await?.into_values().map(|item| body(item, "user"));
        users.map(|user| user.map(|user: User| (user.username.clone(), user))).collect()
    }

    /// Invites a user once: `false` when the name is taken, by an earlier run or by somebody else. For seed data.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn invite(&self, tokens: &KeyRing, user: &User, at: Timestamp) -> Result<bool, Error> {
        let mut transaction = Transaction::new();
        transaction.invite(self, tokens, user, &Actor::System, at)?;
        match self.commit(transaction).await {
            Ok(()) => Ok(true),
            Err(error) if error.refused(Guard::Version) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The group of this id.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn group(&self, id: portico_domain::id::GroupId) -> Result<Option<Group>, Error> {
        self.get(&Key::group(id), "group").await
    }

    /// What is kept under a random handle or token, if its time is not over. `key` is made of its hash.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn kept<T: serde::de::DeserializeOwned>(&self, key: &Key, now: Timestamp) -> Result<Option<T>, Error> {
        let found = self.get_raw(key).await?.filter(|item| !is_expired(item, now));
        found.map(|item| body(item, "kept")).transpose()
    }

    /// Keeps something until its time is over.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn keep<T: Serialize>(&self, key: &Key, value: &T, until: Timestamp) -> Result<(), Error> {
        let mut item = item(key, "kept", value)?;
        item.insert("expires".to_owned(), expires(until));
        self.put_alone(item).await
    }
}

/// The user that a mailed link belongs to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// The user.
    pub user: Username,
    /// From which the token was made.
    pub nonce: String,
}

impl Transaction {
    /// Saves a user with what happened; staff in the lists of their contracts too. Version 1 must be a free name.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn user(
        &mut self,
        table: &Table,
        user: &User,
        by: &Actor,
        events: Vec<EventKind>,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.put_version(table, item(&Key::user(&user.username), "user", user)?, user.version);
        self.staff_lists(table, user)?;
        for kind in events {
            self.event(table, About::User(user.username.clone()), by.clone(), kind, at)?;
        }
        Ok(())
    }

    /// Saves a user who is invited, with the event that mails the link and what the link stands for. The table keeps
    /// only the hash of the link's token; the mailer makes the token anew from the nonce.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn invite(
        &mut self,
        table: &Table,
        tokens: &KeyRing,
        user: &User,
        by: &Actor,
        at: Timestamp,
    ) -> Result<(), Error> {
        let UserState::Invited { nonce, until } = &user.state else {
            return self.user(table, user, by, Vec::new(), at);
        };
        let link = Link { user: user.username.clone(), nonce: nonce.clone() };
        self.link(table, &link_hash(&link_token(tokens, nonce)), &link, *until)?;
        self.user(table, user, by, vec![EventKind::UserInvited { nonce: nonce.clone() }], at)
    }

    /// Ends a mailed link: it was used.
    pub fn unlink(&mut self, table: &Table, hash: &str) {
        self.delete(table, &Key::link(hash));
    }

    /// Gives a new user the first part at a provider.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn role(&mut self, table: &Table, user: &Username, role: &RoleAt) -> Result<(), Error> {
        self.roles(table, user, &[], std::slice::from_ref(role))
    }

    /// A new group.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn group(&mut self, table: &Table, group: &Group) -> Result<(), Error> {
        self.put_new(table, item(&Key::group(group.id), "group", group)?, Guard::New);
        Ok(())
    }

    /// Keeps what a mailed link stands for, under the hash of its token: a month longer than it may be used, so that who
    /// comes late is told so (ACC-10).
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn link(&mut self, table: &Table, hash: &str, link: &Link, until: Timestamp) -> Result<(), Error> {
        let mut item = item(&Key::link(hash), "kept", link)?;
        let kept = until.checked_add((30 * 24).hours()).unwrap_or(until);
        item.insert("expires".to_owned(), expires(kept));
        self.put(table, item);
        Ok(())
    }
}
