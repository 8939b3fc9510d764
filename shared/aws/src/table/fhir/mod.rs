//! Clients that ask by FHIR, their tokens, and the assertions that they have used.

pub mod subscriptions;

use jiff::Timestamp;
use portico_domain::{
    fhir::{Client, Scope},
    id::{ClientId, ContractId},
};
use serde::{Deserialize, Serialize};

use super::{Error, Guard, Key, Table, Transaction, body, expires, is_expired, item, key::clients_of, sort_key};

/// What a token may be used for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClientToken {
    /// What was granted.
    pub scopes: Vec<Scope>,
}

impl Table {
    /// A client.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn client(&self, id: ClientId) -> Result<Option<Client>, Error> {
        self.get(&Key::client(id), "client").await
    }

    /// A client with the token of this hash, in one call: none when either is not there, or the token's time is over.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn client_with_token(
        &self,
        id: ClientId,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<(Client, ClientToken)>, Error> {
        let (mut client, mut token) = (None, None);
        for item in self.get_many(&[Key::client(id), Key::client_token(id, hash)]).await?.into_values() {
            match sort_key(&item) {
                "CLIENT" => client = Some(body(item, "client")?),
                _ if is_expired(&item, now) => {}
                _ => token = Some(body(item, "client token")?),
            }
        }
        Ok(client.zip(token))
    }

    /// The clients of a contract: few, and all of them at once.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn clients_of(&self, contract: &ContractId) -> Result<Vec<Client>, Error> {
        let items = self.partition(&clients_of(contract), "cli_").await?;
        items.into_iter().map(|item| body(item, "client")).collect()
    }
}

impl Transaction {
    /// Saves a client, also in the list of each of its contracts.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn client(&mut self, table: &Table, client: &Client) -> Result<(), Error> {
        self.put_version(table, item(&Key::client(client.id), "client", client)?, client.version);
        for contract in &client.contracts {
            self.put(table, item(&Key::client_of(contract, client.id), "client", client)?);
        }
        Ok(())
    }

    /// Gives a client a token until `until`, for an assertion that holds until `used_until`; refused with [`Guard::New`] when
    /// that was used before. An assertion is forgotten only when its own time is over.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn client_token(
        &mut self,
        table: &Table,
        id: ClientId,
        (hash, token, until): (&str, &ClientToken, Timestamp),
        (assertion, used_until): (&str, Timestamp),
    ) -> Result<(), Error> {
        let mut given = item(&Key::client_token(id, hash), "client token", token)?;
        given.insert("expires".to_owned(), expires(until));
        self.put_new(table, given, Guard::New);
        let mut used = Key::client_assertion(id, assertion).attributes();
        used.insert("expires".to_owned(), expires(used_until));
        self.put_new(table, used, Guard::New);
        Ok(())
    }
}
