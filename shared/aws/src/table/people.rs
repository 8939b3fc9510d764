//! Members and providers as the feeds gave them.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use jiff::civil::Date;
use portico_domain::{
    accounts::registration::Credentials,
    contact::Line,
    id::{ContractId, MemberId, ProviderId},
    npi::Npi,
    person::{Member, Provider, Standing, plain},
};

use super::{
    Error, Guard, Key, Table, Transaction, body, item,
    key::{members_by, names_partition, providers_by_npi},
};
use crate::secrets::Secret;

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
}

pub(super) fn lookup_hash(secret: &Secret, contract: &ContractId, search: &MemberSearch) -> String {
    let contract = contract.to_string();
    match search {
        MemberSearch::Number(number) => secret.hash(&["number", &contract, &plain(number.as_str())]),
        MemberSearch::NameAndBirth(name, birth) => {
            secret.hash(&["name", &contract, &plain(name.as_str()), &birth.to_string()])
        }
    }
}

pub(super) fn registry_hash(secret: &Secret, credentials: &Credentials) -> String {
    secret.hash(&["registry", &credentials.number.to_string(), &credentials.code])
}

/// Where a member is found: by number, if they have one, and by last name and birth date.
pub(crate) fn lookups(secret: &Secret, member: &Member) -> Vec<Key> {
    let by_number = member.number().cloned().map(MemberSearch::Number);
    let by_name = MemberSearch::NameAndBirth(member.last_name.clone(), member.birth_date);
    let searches = by_number.into_iter().chain([by_name]);
    searches.map(|search| Key::lookup(&lookup_hash(secret, &member.contract, &search), member.id)).collect()
}

impl Table {
    /// Members of a contract found by number, or by last name and birth date.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn find_members(
        &self,
        secret: &Secret,
        contract: &ContractId,
        search: &MemberSearch,
    ) -> Result<Vec<Member>, Error> {
        let pk = members_by(&lookup_hash(secret, contract, search));
        self.partition(&pk, "mbr_").await?.into_iter().map(|item| body(item, "member")).collect()
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

    /// Providers of a contract whose name begins so, at most `limit`.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn providers_by_name(
        &self,
        contract: &ContractId,
        name: &str,
        limit: u8,
    ) -> Result<Vec<Provider>, Error> {
        let name = name_key(name);
        self.provider_pointers(&names_partition(contract, &name), &name, limit).await
    }

    async fn provider_pointers(&self, pk: &str, prefix: &str, limit: u8) -> Result<Vec<Provider>, Error> {
        let mut ids: Vec<ProviderId> = Vec::new();
        for pointer in self.first_of(pk, prefix, i32::from(limit)).await? {
            ids.push(body(pointer, "provider pointer")?);
        }
        let found = futures::future::join_all(ids.into_iter().map(|id| self.provider(id))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    /// The registry entry of this NPI and registration code. A wrong NPI and a wrong code take the same one call.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn registry_entry(
        &self,
        secret: &Secret,
        credentials: &Credentials,
    ) -> Result<Option<RegistryEntry>, Error> {
        let key = Key::registry(&registry_hash(secret, credentials));
        let id = self.get::<ProviderId>(&key, "registry").await?;
        Ok(id.map(|provider| RegistryEntry { provider, key }))
    }

    /// The provider of a registry entry.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn registrable(&self, entry: RegistryEntry) -> Result<Option<Registrable>, Error> {
        let provider = self.provider(entry.provider).await?;
        Ok(provider.map(|provider| Registrable { provider, key: entry.key }))
    }
}

/// A name as it sorts in the directory: lower case, single blanks.
pub(super) fn name_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ").replace('#', "")
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
        }
        Ok(())
    }
}
