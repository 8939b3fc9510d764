//! Members and providers as the feeds gave them.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::civil::Date;
use portico_domain::{
    contact::Line,
    id::{ContractId, MemberId, ProviderId},
    npi::Npi,
    person::{Member, Provider},
    registration::Credentials,
};

use super::{Error, Guard, Key, Table, Transaction, body, item};
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

fn lookup_hash(secret: &Secret, contract: &ContractId, search: &MemberSearch) -> String {
    let contract = contract.to_string();
    match search {
        MemberSearch::Number(number) => secret.hash(&["number", &contract, &normal(number.as_str())]),
        MemberSearch::NameAndBirth(name, birth) => {
            secret.hash(&["name", &contract, &normal(name.as_str()), &birth.to_string()])
        }
    }
}

/// Letters and digits only, lower case: `O'Brien` and `obrien` are found alike.
fn normal(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn registry_hash(secret: &Secret, credentials: &Credentials) -> String {
    secret.hash(&["registry", &credentials.number.to_string(), &credentials.code])
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
        let pk = format!("LOOKUP#{}", lookup_hash(secret, contract, search));
        self.partition(&pk, "mbr_").await?.into_iter().map(|item| body(item, "member")).collect()
    }

    /// The member of this id.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn member(&self, id: MemberId) -> Result<Option<Member>, Error> {
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
        self.provider_pointers(&format!("NPI#{contract}#{npi}"), "prv_", limit).await
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
        self.provider_pointers(&format!("NAMES#{contract}"), &name_key(name), limit).await
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

    /// Takes a member from a feed; the same member again is the same write.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn import_member(&self, secret: &Secret, member: &Member) -> Result<(), Error> {
        let mut transaction = Transaction::new();
        transaction.put(self, item(&Key::member(member.id), "member", member)?);
        let by = [
            MemberSearch::Number(member.member_number.clone()),
            MemberSearch::NameAndBirth(member.last_name.clone(), member.birth_date),
        ];
        for search in &by {
            let hash = lookup_hash(secret, &member.contract, search);
            transaction.put(self, item(&Key::lookup(&hash, member.id), "member", member)?);
        }
        self.commit(transaction).await
    }

    /// Takes a provider from a feed with its registration code. A registered provider keeps its group (ORG-10).
    ///
    /// # Errors
    /// When the table fails.
    pub async fn import_provider(
        &self,
        secret: &Secret,
        provider: &Provider,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        let known = self.provider(provider.id).await?;
        let group = known.and_then(|known| known.group).or(provider.group);
        let provider = Provider { group, ..provider.clone() };
        let mut transaction = Transaction::new();
        transaction.put(self, item(&Key::provider(provider.id), "provider", &provider)?);
        let registry = Key::registry(&registry_hash(secret, credentials));
        transaction.put(self, item(&registry, "registry", &provider.id)?);
        if let Some(npi) = provider.npi {
            let pointer = Key::npi(&provider.contract, &npi.to_string(), provider.id);
            transaction.put(self, item(&pointer, "provider pointer", &provider.id)?);
        }
        let pointer = Key::name(&provider.contract, &name_key(provider.name.as_str()), provider.id);
        transaction.put(self, item(&pointer, "provider pointer", &provider.id)?);
        self.commit(transaction).await
    }
}

/// A name as it sorts in the directory: lower case, single blanks.
fn name_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ").replace('#', "")
}

impl Transaction {
    /// Puts a provider into its group; refused with [`Guard::New`] when its registry entry is gone, or when somebody has
    /// put it into a group meanwhile.
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
        let free = Put::builder()
            .table_name(&table.name)
            .set_item(Some(item(&Key::provider(provider.id), "provider", provider)?))
            .condition_expression("attribute_not_exists(body.#group)")
            .expression_attribute_names("#group", "group")
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_put(free).build(), Guard::New);
        if let Some(group) = provider.group {
            let place = Key::group_provider(group, provider.id);
            self.put_new(table, item(&place, "provider", provider)?, Guard::New);
        }
        Ok(())
    }
}
