//! What support finds the account of a caller by who does not know the username (OPS-07): e-mail address, phone number,
//! name. An entry outlives what it stands for: whoever reads it compares the account with what was looked for.

use portico_domain::{
    accounts::User,
    contact::{Contact, Email},
    id::Username,
    name::fold,
    phone::Phone,
};

use crate::{
    secrets::KeyRing,
    table::{
        Error, Key, Table, Transaction, body, item,
        key::{accounts_by, accounts_named},
    },
};

/// What is known of a caller.
#[derive(Clone, Copy, Debug)]
pub enum KnownBy<'a> {
    /// The e-mail address of the account.
    Email(&'a Email),
    /// Its phone number.
    Phone(&'a Phone),
    /// How the full name begins, first or last name first.
    Name(&'a str),
}

impl KnownBy<'_> {
    /// With every key, the current one first.
    fn hashes(&self, keys: &KeyRing) -> Vec<String> {
        match self {
            Self::Email(email) => keys.hashes(&["account-email", &email.as_str().to_lowercase()]),
            Self::Phone(phone) => keys.hashes(&["account-phone", &phone.e164()]),
            Self::Name(_) => Vec::new(),
        }
    }

    /// Whether an account with this contact is meant.
    #[must_use]
    pub fn fits(&self, contact: &Contact) -> bool {
        match self {
            Self::Email(email) => contact.email.as_str().eq_ignore_ascii_case(email.as_str()),
            Self::Phone(phone) => contact.phone.as_ref() == Some(phone),
            Self::Name(name) => full_names(contact).iter().any(|full| full.starts_with(&fold(name))),
        }
    }
}

/// The full name, last and first name first, folded.
fn full_names(contact: &Contact) -> [String; 2] {
    let (first, last) = (fold(contact.first_name.as_str()), fold(contact.last_name.as_str()));
    [format!("{last}{first}"), format!("{first}{last}")]
}

impl Table {
    /// Names of accounts of provider users that may be meant, in the order of their names, and whether there may be more.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn accounts_known_by(
        &self,
        keys: &KeyRing,
        known: KnownBy<'_>,
        limit: i32,
    ) -> Result<(Vec<Username>, bool), Error> {
        let mut found = Vec::new();
        if let KnownBy::Name(name) = known {
            let name = fold(name);
            found = self.first_of(&accounts_named(&name), &name, limit).await?;
        }
        for hash in known.hashes(keys) {
            found.extend(self.first_of(&accounts_by(&hash), "USER#", limit).await?);
        }
        let more = found.len() >= usize::try_from(limit).unwrap_or_default();
        let mut names = found.into_iter().map(|item| body(item, "account")).collect::<Result<Vec<Username>, _>>()?;
        names.sort_unstable();
        names.dedup();
        Ok((names, more))
    }
}

impl Transaction {
    /// Lets support find a provider's user by what the contact says now.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn findable(&mut self, table: &Table, keys: &KeyRing, user: &User) -> Result<(), Error> {
        if user.post().is_some() {
            return Ok(());
        }
        let (name, contact) = (&user.username, &user.contact);
        let known = [Some(KnownBy::Email(&contact.email)), contact.phone.as_ref().map(KnownBy::Phone)];
        let hashes = known.into_iter().flatten().filter_map(|known| known.hashes(keys).into_iter().next());
        let mut places: Vec<Key> = hashes.map(|hash| Key::account(&hash, name)).collect();
        let [last, first] = full_names(contact);
        places.push(Key::account_named(&last, name));
        if first != last {
            places.push(Key::account_named(&first, name));
        }
        for place in places {
            self.put(table, item(&place, "account", name)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact() -> Contact {
        serde_json::from_value(serde_json::json!({
            "firstName": "Zoë", "lastName": "O'Neil-Hale", "email": "Zoe@example.org", "phone": "501-555-0100",
            "fax": "501-555-0123",
            "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
        }))
        .unwrap()
    }

    #[test]
    fn a_caller_is_known_by_a_name_in_either_order_an_address_or_a_number() {
        let zoe = contact();
        for name in ["zoe", "Oneil", "o'neil-hale, zoë", "Zoe O’Neil", "ONEILHALE ZO"] {
            assert!(KnownBy::Name(name).fits(&zoe), "{name}");
        }
        assert!(!KnownBy::Name("Hale").fits(&zoe) && !KnownBy::Name("zoe neil").fits(&zoe));
        let (same, other): (Email, Email) = ("zoe@EXAMPLE.org".parse().unwrap(), "zoe@example.net".parse().unwrap());
        assert!(KnownBy::Email(&same).fits(&zoe) && !KnownBy::Email(&other).fits(&zoe));
        let (same, fax): (Phone, Phone) = ("(501) 555 0100".parse().unwrap(), "501-555-0123".parse().unwrap());
        assert!(KnownBy::Phone(&same).fits(&zoe) && !KnownBy::Phone(&fax).fits(&zoe));
    }

    #[test]
    fn one_person_has_one_hash_however_the_address_is_written() {
        let keys = KeyRing::of(crate::secrets::Secret::new("a key that is used for look-ups alone"));
        let [a, b]: [Email; 2] = ["Zoe@example.org", "zoe@example.ORG"].map(|text| text.parse().unwrap());
        assert_eq!(KnownBy::Email(&a).hashes(&keys), KnownBy::Email(&b).hashes(&keys));
        let phone: Phone = "501-555-0100".parse().unwrap();
        assert_ne!(KnownBy::Email(&a).hashes(&keys), KnownBy::Phone(&phone).hashes(&keys));
    }
}
