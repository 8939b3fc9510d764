//! A clinic with its Group Admin, and what one does in Manage Users.
#![allow(clippy::missing_errors_doc, clippy::must_use_candidate, reason = "steps of a test: what fails ends the test")]

use anyhow::{Context, Result};
use portico_testkit::{
    clinic::Clinic,
    mailbox,
    people::{Door, Person, joining},
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

/// A group of one clinic.
pub struct Office<'a> {
    /// The stack.
    pub world: &'a World,
    /// The first clinic.
    pub clinic: Clinic,
    /// Its Group Admin.
    pub admin: Person,
    /// Opaque id of the group.
    pub group: String,
}

impl<'a> Office<'a> {
    /// A fresh clinic of a contract, registered.
    pub fn open(world: &'a World, contract: &str) -> Result<Self> {
        let clinic = Clinic::new(world, contract)?;
        let admin = Person::of_clinic(world, &clinic)?;
        let group = admin.portal.get("/me").expect(200)?.text("/roles/0/group")?;
        Ok(Self { world, clinic, admin, group })
    }

    /// The clinic as a provider.
    pub fn provider(&self) -> String {
        self.clinic.place.provider.id.to_string()
    }

    /// A further location of a contract in the group.
    pub fn further(&self, contract: &str) -> Result<String> {
        let further = Clinic::new(self.world, contract)?;
        let pair = joining(self.world, &further)?;
        let path = format!("/groups/{}/providers", self.group);
        self.admin.portal.post(path, &pair).expect(201)?.text("/provider")
    }

    /// What the form for a new user holds.
    pub fn form(&self, name: &str, roles: &Value) -> Value {
        let email = format!("{name}@people.example");
        json!({
            "username": name, "roles": roles,
            "contact": {
                "firstName": "Sam", "lastName": "Reed", "address1": "1 Main Street", "city": "Little Rock", "state": "AR",
                "zip": "72201", "email": email, "confirmEmail": email, "fax": "501-555-0142",
            },
        })
    }

    /// A name that nobody has.
    pub fn name(&self, first: &str) -> String {
        self.clinic.username.replace("dana", first)
    }

    /// Adds a user with one part; they enrol and sign in.
    pub fn hire(&self, first: &str, provider: &str, role: &str) -> Result<Person> {
        let name = self.name(first);
        let form = self.form(&name, &json!([{ "provider": provider, "role": role }]));
        self.admin.portal.post(format!("/groups/{}/users", self.group), &form).expect(201)?;
        let token = mailbox::wait_for_link(&self.world.stack, &format!("{name}@people.example"))?;
        Person::enrolled(self.world, Door::Provider, &token)?.sign_in()
    }

    /// Users as somebody sees them.
    pub fn list(&self, by: &Person, query: &str) -> Result<Answer> {
        by.portal.get(format!("/groups/{}/users{query}", self.group)).expect(200)
    }

    /// The version of a user as the administrator sees it.
    pub fn version(&self, name: &str) -> Result<String> {
        let listed = self.list(&self.admin, "?limit=50")?;
        let user = listed.list("/users")?.iter().find(|user| user["username"] == name);
        Ok(user.with_context(|| format!("{name} is not in the list"))?["version"].to_string())
    }

    /// What becomes of a change of somebody with the version that holds now.
    pub fn change(&self, by: &Person, name: &str, change: &Value) -> Result<Answer> {
        by.portal.patch(format!("/users/{name}"), change, &self.version(name)?).send()
    }
}

/// The names in a list.
pub fn names(listed: &Answer) -> Result<Vec<String>> {
    Ok(listed.list("/users")?.iter().filter_map(|user| user["username"].as_str().map(ToOwned::to_owned)).collect())
}
