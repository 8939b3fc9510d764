//! Members and providers as the feeds gave them.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use jiff::civil::Date;
use portico_domain::{
    accounts::registration::Credentials,
    contact::Line,
    id::{ContractId, MemberId, ProviderId},
    name::{fold, last_key, last_keys, turns},
    npi::Npi,
    person::{Member, Provider, Standing},
};

use super::{
    Attributes, Error, Guard, Key, Table, Transaction, body, item,
    key::{members_by, names_partition, providers_by_npi},
};
use crate::secrets::KeyRing;

/// What a member is found by (CASE-03).
#[derive(Clone, Debug)]
pub enum MemberSearch {
    /// The plan's number.
    Number(Line),
    /// Last name and date of birth.
    NameAndBirth(Line, Date),
}

/// What a right pair of NPI and registration code stands for.
#[derive(Clone, Debug)]
pub struct RegistryEntry {
    provider: ProviderId,
    key: Key,
}

/// A provider in the registry, waiting for its registration or registered.
#[derive(Clone, Debug)]
pub struct Registrable {
    /// The provider.
    pub provider: Provider,
    /// Its registry entry.
    key: Key,
    /// Whether it is on cases already.
    held: bool,
}

/// The hash of something that members are found by with every key, the current one first: what was stored before an
/// exchange of keys is found as well.
fn lookup_hashes(keys: &KeyRing, contract: &ContractId, known: &Known) -> Vec<String> {
    let contract = contract.to_string();
    match known {
        Known::Number(number) => keys.hashes(&["number", &contract, number]),
        Known::NameAndBirth(name, birth) => keys.hashes(&["name", &contract, name, &birth.to_string()]),
    }
}

/// Something that members are found by, folded.
enum Known {
    Number(String),
    NameAndBirth(String, Date),
}

impl MemberSearch {
    /// The keyed hash of what is searched for, for the record: whoever knows a member can tell who looked for them.
    #[must_use]
    pub fn searched(&self, keys: &KeyRing, contract: &ContractId) -> Option<String> {
        lookup_hashes(keys, contract, &self.known()?).into_iter().next()
    }

    /// What it looks for; nothing when there is no letter and no digit to look for.
    fn known(&self) -> Option<Known> {
        match self {
            Self::Number(number) => Some(fold(number.as_str())).filter(|key| !key.is_empty()).map(Known::Number),
            Self::NameAndBirth(name, birth) => last_key(name.as_str()).map(|key| Known::NameAndBirth(key, *birth)),
        }
    }
}

/// The hash of what registers a provider with every key, the current one first.
pub(super) fn registry_hashes(keys: &KeyRing, credentials: &Credentials) -> Vec<String> {
    keys.hashes(&["registry", &credentials.number.to_string(), &credentials.code])
}

/// What a member is found by: the number, if they have one; the last name and each part of it, with the birth date.
fn all_known(member: &Member) -> impl Iterator<Item = Known> {
    let by_number = member.number().and_then(|number| MemberSearch::Number(number.clone()).known());
    by_number.into_iter().chain(names_known(member))
}

fn names_known(member: &Member) -> impl Iterator<Item = Known> {
    let birth = member.birth_date;
    last_keys(member.last_name.as_str()).into_iter().map(move |key| Known::NameAndBirth(key, birth))
}

/// Where a member is found from now on: under hashes with the current key.
pub(crate) fn lookups(keys: &KeyRing, member: &Member) -> Vec<Key> {
    let place = |known| lookup_hashes(keys, &member.contract, &known).into_iter().next();
    all_known(member).filter_map(place).map(|hash| Key::lookup(&hash, member.id)).collect()
}

/// Every place where a member may stand: under hashes with each of the keys.
pub(crate) fn every_lookup(keys: &KeyRing, member: &Member) -> Vec<Key> {
    let places = |known| lookup_hashes(keys, &member.contract, &known);
    all_known(member).flat_map(places).map(|hash| Key::lookup(&hash, member.id)).collect()
}

/// A member's own item. It says with which key its look-ups are hashed, so that an import moves them to the current one.
pub(crate) fn member_item(keys: &KeyRing, member: &Member) -> Result<Attributes, Error> {
    let mut main = item(&Key::member(member.id), "member", member)?;
    main.insert("hashedWith".to_owned(), AttributeValue::S(keys.current_id().to_owned()));
    Ok(main)
}

/// Whether the look-ups of a stored member are hashed with the current key.
pub(crate) fn is_hashed(keys: &KeyRing, stored: &Attributes) -> bool {
    stored.get("hashedWith").and_then(|id| id.as_s().ok()).is_some_and(|id| id == keys.current_id())
}

impl Table {
    /// Members of a contract found by number, or by last name and birth date.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn find_members(
        &self,
        keys: &KeyRing,
        contract: &ContractId,
        search: &MemberSearch,
    ) -> Result<Vec<Member>, Error> {
        self.members_known_by(keys, contract, search.known()).await
    }

    /// As many of the members found as are asked for, at most.
    pub(super) async fn some_members(
        &self,
        keys: &KeyRing,
        contract: &ContractId,
        search: &MemberSearch,
        most: i32,
    ) -> Result<Vec<Member>, Error> {
        let mut found = Vec::new();
        for hash in search.known().iter().flat_map(|known| lookup_hashes(keys, contract, known)) {
            for item in self.first_of(&members_by(&hash), "mbr_", most).await? {
                found.push(body(item, "member")?);
            }
        }
        Ok(found)
    }

    /// Members of the same contract and birth date who share a last name, or a part of one, with this one; and this one.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn members_like(&self, keys: &KeyRing, member: &Member) -> Result<Vec<Member>, Error> {
        self.members_known_by(keys, &member.contract, names_known(member)).await
    }

    async fn members_known_by(
        &self,
        keys: &KeyRing,
        contract: &ContractId,
        known: impl IntoIterator<Item = Known>,
    ) -> Result<Vec<Member>, Error> {
        let hashes = known.into_iter().flat_map(|known| lookup_hashes(keys, contract, &known));
        let places: Vec<String> = hashes.map(|hash| members_by(&hash)).collect();
        let mut found: Vec<Member> = Vec::new();
        for items in futures::future::join_all(places.iter().map(|pk| self.partition(pk, "mbr_"))).await {
            for item in items? {
                let member: Member = body(item, "member")?;
                // By several parts of a name, and while it moves to another key, a member stands at several places.
                if !found.iter().any(|known| known.id == member.id) {
                    found.push(member);
                }
            }
        }
        Ok(found)
    }

    /// The member of this id; the real one where it is that of a temporary member who was merged (CASE-06).
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn member(&self, id: MemberId) -> Result<Option<Member>, Error> {
        match self.unmerged_member(id).await? {
            Some(Member { standing: Standing::Merged { into }, .. }) => self.unmerged_member(into).await,
            member => Ok(member),
        }
    }

    /// A member as stored: a temporary one who was merged stays what it is.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn unmerged_member(&self, id: MemberId) -> Result<Option<Member>, Error> {
        self.get(&Key::member(id), "member").await
    }

    /// The provider of this id.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn provider(&self, id: ProviderId) -> Result<Option<Provider>, Error> {
        self.get(&Key::provider(id), "provider").await
    }

    /// Providers of a contract by NPI: one for each type and location, at most `limit`.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn providers_by_npi(&self, contract: &ContractId, npi: &Npi, limit: u8) -> Result<Vec<Provider>, Error> {
        self.provider_pointers(&providers_by_npi(contract, &npi.to_string()), "prv_", limit).await
    }

    /// Providers of a contract with a name of which a word begins so, by name, at most `limit`.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn providers_by_name(
        &self,
        contract: &ContractId,
        name: &str,
        limit: u8,
    ) -> Result<Vec<Provider>, Error> {
        let name = fold(name);
        let mut found = self.provider_pointers(&names_partition(contract, &name), &name, limit).await?;
        found.sort_by_cached_key(|provider| fold(provider.name.as_str()));
        Ok(found)
    }

    async fn provider_pointers(&self, pk: &str, prefix: &str, limit: u8) -> Result<Vec<Provider>, Error> {
        let mut ids: Vec<ProviderId> = Vec::new();
        // Of a name whose words begin alike several entries may be found.
        for pointer in self.first_of(pk, prefix, i32::from(limit) * 2).await? {
            let id = body(pointer, "provider pointer")?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids.truncate(usize::from(limit));
        let found = futures::future::join_all(ids.into_iter().map(|id| self.provider(id))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    /// The registry entry of this NPI and registration code. A wrong NPI and a wrong code take the same calls, all at once.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn registry_entry(
        &self,
        keys: &KeyRing,
        credentials: &Credentials,
    ) -> Result<Option<RegistryEntry>, Error> {
        let places: Vec<Key> = registry_hashes(keys, credentials).iter().map(|hash| Key::registry(hash)).collect();
        let found = futures::future::join_all(places.iter().map(|key| self.get::<ProviderId>(key, "registry"))).await;
        let mut entry = None;
        for (key, id) in places.into_iter().zip(found) {
            let found = id?.map(|provider| RegistryEntry { provider, key });
            entry = entry.or(found);
        }
        Ok(entry)
    }

    /// The provider of a registry entry.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn registrable(&self, entry: RegistryEntry) -> Result<Option<Registrable>, Error> {
        let place = Key::provider(entry.provider);
        let (provider, held) = futures::join!(self.provider(entry.provider), self.first_of(&place.pk, "CASE#", 1));
        let held = !held?.is_empty();
        Ok(provider?.map(|provider| Registrable { provider, key: entry.key, held }))
    }
}

/// Where a provider stands in its contract's directory.
pub(super) fn name_places(provider: &Provider) -> Vec<Key> {
    let turns = turns(provider.name.as_str()).into_iter();
    turns.map(|turn| Key::name(&provider.contract, &turn, provider.id)).collect()
}

impl Transaction {
    /// Puts a provider into its group; refused with [`Guard::New`] when its registry entry is gone, when somebody has put
    /// it into a group meanwhile, or when a feed has changed it. Its other attributes are the feed's and stay.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn registered_provider(
        &mut self,
        table: &Table,
        registrable: &Registrable,
        provider: &Provider,
    ) -> Result<(), Error> {
        self.check_exists(table, &registrable.key);
        let value = |provider: &Provider| {
            serde_dynamo::to_attribute_value(provider)
                .map_err(|error: serde_dynamo::Error| Error::Corrupt("provider", error.into()))
        };
        let update = Update::builder()
            .table_name(&table.name)
            .set_key(Some(Key::provider(provider.id).attributes()))
            .condition_expression("body = :before AND attribute_not_exists(body.#group)")
            .update_expression("SET body = :after")
            .expression_attribute_names("#group", "group")
            .expression_attribute_values(":before", value(&registrable.provider)?)
            .expression_attribute_values(":after", value(provider)?)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_update(update).build(), Guard::New);
        if let Some(group) = provider.group {
            let place = Key::group_provider(group, provider.id);
            self.put_new(table, item(&place, "provider", provider)?, Guard::New);
            if registrable.held {
                self.put(table, item(&Key::group_held(group, provider.id), "held provider", &provider.id)?);
            }
        }
        Ok(())
    }
}
