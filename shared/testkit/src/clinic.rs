//! People and places of one run: nobody else's, so that runs go on beside each other on one stack.

use anyhow::{Context, Result};
use jiff::civil::Date;
use portico_aws::{clock, table::Transaction};
use portico_contracts::{Pack, apart::Kept};
use portico_domain::{
    accounts::{Door, User},
    caller::{ProviderRole, Reviewer, RoleAt, StaffRole},
    contact::{Contact, Phone},
    events::Actor,
    feeds,
    id::{MemberId, ProviderId, Username},
    npi::Npi,
    person::{Member, Standing},
    staff::HasManager,
};
use portico_ops::{
    packs,
    staff::{self, Invitee},
};

use crate::{
    seed::{Registered, Staff},
    seeding::{World, credentials},
};

/// A provider location that nobody has registered, one of its members, and who works there.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// The location with its registration code.
    pub place: Registered,
    /// A member who comes there.
    pub member: Member,
    /// The person who registers it.
    pub contact: Contact,
    /// The sign-in name that this person wants.
    pub username: String,
}

/// What is unlike anything of another run.
#[derive(Clone, Debug)]
struct Tag(String);

impl Tag {
    fn new() -> Result<Self> {
        Ok(Self(clock::new_nonce()?))
    }

    /// Digits from a place of the tag on, the first from 2 to 9.
    fn digits(&self, from: usize, count: usize) -> String {
        let values = self.0.bytes().skip(from).map(|byte| u32::from(byte) * 7 + u32::from(byte) / 10);
        let digits = values.take(count).enumerate().map(|(place, n)| if place == 0 { 2 + n % 8 } else { n % 10 });
        digits.filter_map(|digit| char::from_digit(digit, 10)).collect()
    }

    /// A number that somebody may have: areas 501 to 509 are in use, and no exchange ends in 11.
    fn phone(&self, from: usize) -> String {
        let digits = self.digits(from, 7);
        let area = digits.bytes().map(u32::from).sum::<u32>() % 9 + 1;
        let (exchange, rest) = digits.split_at_checked(1).unwrap_or_default();
        format!("50{area}{exchange}5{}", rest.get(..5).unwrap_or_default())
    }

    fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }

    /// A family name that one can say, made from a place of the tag on.
    fn name(&self, from: usize) -> String {
        let syllables = [
            "ba", "ce", "dor", "fen", "gil", "ham", "jas", "kel", "lin", "mor", "nev", "pel", "ros", "sil", "tam",
            "wen",
        ];
        let values = self.0.bytes().skip(from).take(4).filter_map(|byte| char::from(byte).to_digit(16));
        let name: String = values.filter_map(|n| syllables.get(n as usize)).copied().collect();
        let (first, rest) = name.split_at_checked(1).unwrap_or(("X", ""));
        first.to_uppercase() + rest
    }

    fn npi(&self) -> Option<Npi> {
        let body = format!("1{}", self.digits(20, 8));
        (0..10).find_map(|check| format!("{body}{check}").parse().ok())
    }
}

impl Clinic {
    /// A fresh clinic of a contract, made after the contract's first provider and member of the seed, and known to the
    /// stack as if a feed had brought both.
    ///
    /// # Errors
    /// When the stack does not take them.
    pub fn new(world: &World, contract: &str) -> Result<Self> {
        Self::with_member(world, contract, |_| {})
    }

    /// The same with a member changed before the feed brings it.
    ///
    /// # Errors
    /// When the stack does not take them.
    pub fn with_member(world: &World, contract: &str, change: impl FnOnce(&mut Member)) -> Result<Self> {
        let mut clinic = Self::unknown(world, contract)?;
        change(&mut clinic.member);
        world.wait(async {
            let table = world.aws.table();
            table.import_member(&world.lookup, &clinic.member).await?;
            table.import_provider(&world.lookup, &clinic.place.provider, &credentials(&clinic.place)?).await?;
            Ok(())
        })?;
        Ok(clinic)
    }

    /// A fresh clinic and member that no feed has brought yet; under a contract of this run they are made after the seed's first ones.
    ///
    /// # Errors
    /// When the seed has no model for them.
    pub fn unknown(world: &World, contract: &str) -> Result<Self> {
        let tag = Tag::new()?;
        let places = &world.seed.providers;
        let place = places.iter().find(|place| place.provider.contract.to_string() == contract);
        let mut place = place.or(places.first()).context("the seed has no provider")?.clone();
        place.provider.contract = contract.parse()?;
        place.provider.npi = tag.npi();
        place.provider.name = format!("{} {}", place.provider.name, tag.name(8)).parse()?;
        place.registration_code = format!("T{}", tag.short().to_ascii_uppercase());
        place.provider.id = ProviderId::new(feeds::provider::identity(
            &world.ids,
            &place.provider.contract,
            place.provider.npi,
            &place.registration_code,
            place.provider.provider_type.as_str(),
            &place.location,
        ));
        let members = &world.seed.members;
        let member = members.iter().find(|member| member.contract.to_string() == contract);
        let mut member = member.or(members.first()).context("the seed has no member")?.clone();
        member.contract = contract.parse()?;
        let number = format!("M{}", tag.digits(28, 10));
        member.id = MemberId::new(feeds::member::identity(&world.ids, &member.contract, &number));
        member.standing = Standing::Enrolled { number: number.parse()? };
        member.last_name = tag.name(12).parse()?;
        let username = format!("dana.{}", tag.short());
        let fax: Phone = tag.phone(38).parse()?;
        let contact = Contact {
            first_name: "Dana".parse()?,
            last_name: format!("Rivers-{}", tag.name(16)).parse()?,
            address: place.provider.address.clone(),
            email: format!("{username}@clinic.example").parse()?,
            phone: Some(tag.phone(48).parse()?),
            fax,
        };
        Ok(Self { place, member, contact, username })
    }

    /// Another location of the same NPI, of another type and with a code of its own, in the same feed.
    ///
    /// # Errors
    /// When the stack does not take it.
    pub fn branch(&self, world: &World) -> Result<Self> {
        let mut branch = self.clone();
        branch.place.provider.id = ProviderId::new(clock::new_uuid());
        branch.place.provider.provider_type = "Ambulatory surgical center".parse()?;
        branch.place.provider.address.line1 = "480 Prairie Street".parse()?;
        branch.place.registration_code = format!("{}-B", self.place.registration_code);
        branch.fed(world)
    }

    /// The same place without an NPI.
    ///
    /// # Errors
    /// When the stack does not take it.
    pub fn atypical(&self, world: &World) -> Result<Self> {
        let mut atypical = self.clone();
        atypical.place.provider.id = ProviderId::new(clock::new_uuid());
        atypical.place.provider.npi = None;
        atypical.place.registration_code = format!("ATY-{}", self.place.registration_code);
        atypical.fed(world)
    }

    fn fed(self, world: &World) -> Result<Self> {
        world.wait(async {
            let (table, place) = (world.aws.table(), &self.place);
            Ok(table.import_provider(&world.lookup, &place.provider, &credentials(place)?).await?)
        })?;
        Ok(self)
    }

    /// What a person types into the NPI field.
    #[must_use]
    pub fn number(&self) -> String {
        self.place.provider.npi.map_or_else(|| self.place.registration_code.clone(), |npi| npi.to_string())
    }

    /// A part at this clinic, whose group is this one.
    ///
    /// # Errors
    /// When the group's id is none.
    pub fn part(&self, group: &str, role: ProviderRole) -> Result<RoleAt> {
        let provider = &self.place.provider;
        Ok(RoleAt { provider: provider.id, group: group.parse()?, contract: provider.contract.clone(), role })
    }

    /// The plan's number of the member.
    #[must_use]
    pub fn member_number(&self) -> &str {
        self.member.number().map_or("", |number| number.as_str())
    }

    /// What nobody may find in a log, a queue or a mail: names, numbers and dates of this clinic's people.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![
            self.member.last_name.to_string(),
            self.member_number().to_owned(),
            self.member.birth_date.to_string(),
            self.member.address.line1.to_string(),
            self.contact.last_name.to_string(),
            self.contact.email.to_string(),
            self.contact.fax.to_string(),
            self.contact.fax.e164(),
            self.place.registration_code.clone(),
        ];
        secrets.extend(self.place.provider.npi.map(|npi| npi.to_string()));
        secrets.extend(self.contact.phone.as_ref().map(ToString::to_string));
        secrets
    }
}

/// A provider user of this run with this part, as an administrator would add them who may give any role: the link is
/// mailed.
///
/// # Errors
/// When the stack does not take them.
pub fn invited_colleague(world: &World, part: &RoleAt) -> Result<User> {
    let tag = Tag::new()?;
    let username: Username = format!("robin.{}", tag.short()).parse()?;
    let provider = &world.seed.providers.first().context("the seed has no provider")?.provider;
    let contact = Contact {
        first_name: "Robin".parse()?,
        last_name: tag.name(16).parse()?,
        address: provider.address.clone(),
        email: format!("{username}@people.example").parse()?,
        phone: None,
        fax: tag.phone(38).parse()?,
    };
    // A contract of this run has the rules of the first pack.
    let known = world.contract(&part.contract.to_string()).ok();
    let rules = known.or(world.packs.first().map(|pack| &pack.contract)).context("there is no pack")?.accounts;
    let now = clock::now();
    let user = User::invite(username, contact, Door::Provider, rules, (clock::new_nonce()?, now));
    world.wait(async {
        let (secrets, config) = (world.aws.secrets(), world.aws.config());
        let (tokens, lookups) = (secrets.ring(&config.token_secret).await?, secrets.ring(&config.lookup_secret).await?);
        let table = world.aws.table();
        let mut transaction = Transaction::new();
        transaction.invite(table, &tokens, &user, &Actor::System, now)?;
        transaction.findable(table, &lookups, &user)?;
        transaction.role(table, &user.username, part)?;
        table.commit(transaction).await?;
        Ok(())
    })?;
    Ok(user)
}

/// A member of staff of this run, made after one of the seed, and invited: the link is mailed.
///
/// # Errors
/// When the seed has nobody of this role there, or the stack does not take them.
pub fn invited_reviewer(world: &World, contract: &str, role: StaffRole) -> Result<(Reviewer, Contact)> {
    invited_staff(world, &[contract], role)
}

/// The same for several contracts, of the seed or of this run.
///
/// # Errors
/// When the seed has nobody of this role, or the stack does not take them.
pub fn invited_staff(world: &World, contracts: &[&str], role: StaffRole) -> Result<(Reviewer, Contact)> {
    let tag = Tag::new()?;
    let of_role = || world.seed.staff.iter().filter(|staff| staff.reviewer.role == role);
    let there = |staff: &&Staff| staff.reviewer.contracts.iter().any(|known| contracts.contains(&&*known.to_string()));
    let model = of_role().find(there).or_else(|| of_role().next());
    let mut staff = model.context("the seed has nobody of this role")?.clone();
    staff.reviewer.username = format!("{}.{}", staff.reviewer.username, tag.short()).parse()?;
    staff.reviewer.contracts = contracts.iter().map(|contract| contract.parse()).collect::<Result<_, _>>()?;
    staff.contact.email = format!("{}@staff.example", staff.reviewer.username).parse()?;
    if role == StaffRole::ContractManager && became_first(world, &staff)? {
        return Ok((staff.reviewer, staff.contact));
    }
    if role == StaffRole::Operations {
        world.wait(staff::invite_operator(&world.operator, &invitee(&staff)))?;
        return Ok((staff.reviewer, staff.contact));
    }
    let door = Door::Staff(staff.reviewer.clone());
    let now = clock::now();
    let known = contracts.iter().find_map(|contract| world.contract(contract).ok());
    let rules = known.or(world.packs.first().map(|pack| &pack.contract)).context("there is no pack")?.accounts;
    let user =
        User::invite(staff.reviewer.username.clone(), staff.contact.clone(), door, rules, (clock::new_nonce()?, now));
    world.wait(async {
        let tokens = world.aws.secrets().ring(&world.aws.config().token_secret).await?;
        world.aws.table().invite(&tokens, &user, now).await?;
        Ok(())
    })?;
    Ok((staff.reviewer, staff.contact))
}

/// Invites a Contract Manager as the operator does; `false` when another one manages a contract of theirs, who would add
/// them.
fn became_first(world: &World, staff: &Staff) -> Result<bool> {
    match world.wait(staff::invite_first(&world.operator, &invitee(staff))) {
        Ok(_) => Ok(true),
        Err(error) if error.is::<HasManager>() => Ok(false),
        Err(error) => Err(error),
    }
}

/// As the operator's program invites them.
fn invitee(Staff { reviewer, contact }: &Staff) -> Invitee {
    let (username, contracts) = (reviewer.username.clone(), reviewer.contracts.clone());
    Invitee { username, contact: contact.clone(), contracts }
}

/// A contract of this run, made after the first pack: nobody else works for it.
///
/// # Errors
/// When the stack does not take it.
pub fn own_contract(world: &World) -> Result<String> {
    let id = format!("run-{}", Tag::new()?.short());
    put_contract(world, &id, |_| ())?;
    Ok(id)
}

/// Puts a contract of this run in place, with what `change` makes of its pack.
///
/// # Errors
/// When the stack does not take it.
pub fn put_contract(world: &World, id: &str, change: impl FnOnce(&mut serde_json::Value)) -> Result<()> {
    put_contract_like(world, "arkansas", id, change)
}

/// A contract of this run, with what `change` makes of the pack of this name.
///
/// # Errors
/// When there is none, or the stack does not take it.
pub fn own_contract_like(world: &World, of: &str, change: impl FnOnce(&mut serde_json::Value)) -> Result<String> {
    let id = format!("run-{}", Tag::new()?.short());
    put_contract_like(world, of, &id, |pack| {
        // What people call it is its own too: lists of contracts show it.
        pack["name"] = format!("Program {id}").into();
        change(pack);
    })?;
    Ok(id)
}

/// A contract with this id, with what `change` makes of the pack of this name: also a next state of one that is there.
///
/// # Errors
/// When there is no such pack, or the stack does not take it.
pub fn put_contract_like(world: &World, of: &str, id: &str, change: impl FnOnce(&mut serde_json::Value)) -> Result<()> {
    let pack = world.packs.iter().find(|pack| pack.contract.id.to_string() == of).context("there is no such pack")?;
    let mut json: serde_json::Value = serde_json::from_str(&pack.whole)?;
    json.as_object_mut().context("a pack is an object")?.insert("id".to_owned(), id.into());
    change(&mut json);
    let contract = serde_json::from_value(json.clone())?;
    let fields = json.as_object().context("a pack is an object")?.clone();
    let pack = Pack { contract, whole: json.to_string(), kept: Kept::of(fields), warnings: Vec::new() };
    world.wait(packs::apply(&world.operator, &pack, packs::Changed::Replaced)).map(|_| ())
}

/// The day in a contract's zone now.
///
/// # Errors
/// When there is no such contract.
pub fn today(world: &World, contract: &str) -> Result<Date> {
    Ok(world.contract(contract)?.calendar.time_zone.date_at(clock::now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_give_valid_numbers_that_differ() {
        let (one, other) = (Tag::new().unwrap(), Tag::new().unwrap());
        assert!(one.npi().is_some() && one.npi() != other.npi());
        assert!(one.phone(38).parse::<Phone>().is_ok());
        assert_ne!(one.short(), other.short());
        assert!(one.name(8).len() >= 4);
    }
}
