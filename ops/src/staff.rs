//! The first Contract Manager of a contract. Everybody further is added in the portal, by Contract Managers (ACC-18).

use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::Timestamp;
use portico_aws::{
    links::{link_hash, link_token},
    table::{Guard, Transaction, accounts::users::Link, contracts::Listed},
};
use portico_domain::{
    accounts::{Door, User, UserState},
    caller::{Reviewer, StaffRole},
    contact::{Address, Contact, Country, Line, State, Zip},
    contracts::AccountRules,
    contracts::strictest::strictest,
    events::{About, EventKind},
    field::FieldErrors,
    id::{ContractId, NewUsername, Username},
    staff::may_be_first_manager,
    wrong::Wrong,
};
use serde::Serialize;

use crate::{Operator, operator::now};

/// Who is invited, as typed.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Form {
    /// A contract that they manage; again for each further one
    #[arg(long = "contract", required = true)]
    pub contracts: Vec<String>,
    /// A free sign-in name
    #[arg(long)]
    pub username: String,
    /// First name
    #[arg(long)]
    pub first_name: String,
    /// Last name
    #[arg(long)]
    pub last_name: String,
    /// Where the link is mailed
    #[arg(long)]
    pub email: String,
    /// Telephone
    #[arg(long)]
    pub phone: Option<String>,
    /// Fax
    #[arg(long)]
    pub fax: String,
    /// Street and number
    #[arg(long)]
    pub address1: String,
    /// Suite, building
    #[arg(long)]
    pub address2: Option<String>,
    /// City
    #[arg(long)]
    pub city: String,
    /// State
    #[arg(long)]
    pub state: String,
    /// ZIP
    #[arg(long)]
    pub zip: String,
}

/// A first Contract Manager.
#[derive(Clone, PartialEq, Debug)]
pub struct FirstManager {
    /// Sign-in name.
    pub username: Username,
    /// How to reach them.
    pub contact: Contact,
    /// What they manage.
    pub contracts: Vec<ContractId>,
}

impl Form {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, each with its option.
    pub fn parse(&self) -> Result<FirstManager> {
        let mut errors = FieldErrors::none();
        let username = errors.parse::<NewUsername>("--username", Some(&self.username)).map(NewUsername::get);
        let contracts: Vec<ContractId> =
            self.contracts.iter().filter_map(|id| errors.parse("--contract", Some(id))).collect();
        let first_name = errors.parse::<Line>("--first-name", Some(&self.first_name));
        let first_name = first_name.and_then(|name| errors.keep("--first-name", name.name()));
        let last_name = errors.parse::<Line>("--last-name", Some(&self.last_name));
        let last_name = last_name.and_then(|name| errors.keep("--last-name", name.name()));
        let line1 = errors.parse("--address1", Some(&self.address1));
        let line2 = errors.parse_optional("--address2", self.address2.as_deref());
        let city = errors.parse("--city", Some(&self.city));
        let state = errors.parse::<State>("--state", Some(&self.state));
        let state = state.and_then(|state| errors.keep("--state", state.of(Country::UnitedStates)));
        let zip = errors.parse::<Zip>("--zip", Some(&self.zip));
        let email = errors.parse("--email", Some(&self.email));
        let phone = errors.parse_optional("--phone", self.phone.as_deref());
        let fax = errors.parse("--fax", Some(&self.fax));
        if (1..contracts.len())
            .any(|n| contracts.get(..n).zip(contracts.get(n)).is_some_and(|(all, id)| all.contains(id)))
        {
            errors.add("--contract", Wrong::Repeated.says("Name each contract once."));
        }
        let parsed = || {
            let address = Address { line1: line1?, line2, city: city?, state: state?, zip: zip?.into() };
            let contact =
                Contact { first_name: first_name?, last_name: last_name?, address, email: email?, phone, fax: fax? };
            Some(FirstManager { username: username?, contact, contracts })
        };
        errors.finish(parsed()).map_err(|errors| {
            let lines =
                errors.as_slice().iter().map(|error| format!("{}: {}", error.pointer, error.objection.sentence));
            anyhow!("{}", lines.collect::<Vec<_>>().join("\n"))
        })
    }
}

/// What an invitation did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// They are new, and the link was mailed.
    Invited,
    /// Their link was past its time; a fresh one was mailed.
    InvitedAgain,
    /// They were invited before, and the link still works or was used.
    Nothing,
}

/// An invitation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Sign-in name.
    pub username: Username,
    /// What it did.
    pub effect: Effect,
    /// Until then the mailed link works; none once it was used.
    pub link_valid_until: Option<Timestamp>,
}

/// Invites the first Contract Manager of one or more contracts, as a Contract Manager adds staff: the same event mails the
/// link. The same person again gets a fresh link when the first one is past its time, and else nothing.
///
/// # Errors
/// When a contract has no pack in force or has a Contract Manager, or the username is somebody else's.
pub async fn invite_first(operator: &Operator, person: &FirstManager) -> Result<Invitation> {
    let (table, now) = (operator.table(), now());
    let mut transaction = Transaction::new();
    let (rules, listed) = ruled(operator, person, now).await?;
    let post = post(person);
    for entry in &listed {
        let first = Listed { first_manager: Some(person.username.clone()), ..entry.clone() };
        transaction.list_contract(table, &first, Some(entry))?;
    }
    let tokens = operator.aws.secrets().ring(&operator.aws.config().token_secret).await?;
    let nonce = || tokens.nonce().context("the machine has no randomness");
    let known = table.user(&person.username).await?;
    let (user, effect) = match known {
        None => (invited(person, post.clone(), rules, (nonce()?, now)), Effect::Invited),
        Some(known) if manages(&known, &post) => match known.state {
            UserState::Invited { until, .. } if until < now => (known, Effect::InvitedAgain),
            UserState::Invited { until, .. } => return Ok(nothing(known, Some(until))),
            _ => return Ok(nothing(known, None)),
        },
        Some(_) => bail!("the username {} is taken: choose another one", person.username),
    };
    let user = if effect == Effect::Invited {
        transaction.invite(table, &tokens, &user, &operator.actor(), now)?;
        let given = EventKind::PostGiven { role: post.role, contracts: post.contracts };
        transaction.event(table, About::User(user.username.clone()), operator.actor(), given, now)?;
        user
    } else {
        let hash = |nonce: &str| link_hash(&link_token(&tokens, nonce));
        if let UserState::Invited { nonce, .. } = &user.state {
            transaction.unlink(table, &hash(nonce));
        }
        let (user, event) = user.invited_again(nonce()?, now)?;
        if let UserState::Invited { nonce, until } = &user.state {
            let link = Link { user: user.username.clone(), nonce: nonce.clone() };
            transaction.link(table, &hash(nonce), &link, *until)?;
        }
        transaction.user(table, &user, &operator.actor(), vec![event], now)?;
        user
    };
    let mut on = vec![user.username.to_string()];
    on.extend(person.contracts.iter().map(ToString::to_string));
    transaction.audit_operation(table, &operator.operation("staff invite-first", on))?;
    match table.commit(transaction).await {
        Ok(()) => {}
        Err(error) if error.refused(Guard::Version) => {
            bail!("somebody else took the username or invited a first Contract Manager at the same time: look again")
        }
        Err(error) => return Err(error.into()),
    }
    let UserState::Invited { until, .. } = user.state else { bail!("the account waits for no link") };
    Ok(Invitation { username: user.username, effect, link_valid_until: Some(until) })
}

/// Whether somebody is already what they would be invited to be.
fn manages(known: &User, post: &Reviewer) -> bool {
    let same = |before: &Reviewer| before.role == post.role && before.contracts == post.contracts;
    !known.is_deactivated() && known.post().is_some_and(same)
}

fn nothing(known: User, link_valid_until: Option<Timestamp>) -> Invitation {
    Invitation { username: known.username, effect: Effect::Nothing, link_valid_until }
}

/// The strictest account rules of the contracts, and the contracts as they are listed now.
async fn ruled(operator: &Operator, person: &FirstManager, now: Timestamp) -> Result<(AccountRules, Vec<Listed>)> {
    let (table, mut rules, mut listed) = (operator.table(), Vec::new(), Vec::new());
    for id in &person.contracts {
        let contract = table.contract(id, now).await?;
        let contract = contract.with_context(|| format!("the contract {id} has no pack in force: apply one first"))?;
        rules.push((id.clone(), contract.accounts));
        listed
            .push(table.listed(id).await?.with_context(|| format!("the contract {id} is not listed: apply its pack"))?);
        let mut staff = Vec::new();
        loop {
            let page = table.staff_of(id, staff.last().map(|user: &User| &user.username), 100).await?;
            if page.is_empty() {
                break;
            }
            staff.extend(page);
        }
        may_be_first_manager(&person.username, id, &staff)?;
    }
    ensure!(!rules.is_empty(), "name at least one contract");
    Ok((strictest(&rules).context("no contract has rules")?.0, listed))
}

fn post(person: &FirstManager) -> Reviewer {
    Reviewer {
        username: person.username.clone(),
        name: person.contact.full_name(),
        role: StaffRole::ContractManager,
        credential: String::new(),
        specialty: None,
        license: None,
        lead: false,
        contracts: person.contracts.clone(),
    }
}

fn invited(person: &FirstManager, post: Reviewer, rules: AccountRules, fresh: (String, Timestamp)) -> User {
    let (username, contact) = (person.username.clone(), person.contact.clone());
    User::invite(username, contact, Door::Staff(post), rules, fresh)
}
