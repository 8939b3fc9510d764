//! The wizard of a case, step by step as the portal's screens send it.

use anyhow::{Context, Result, bail};
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use crate::{
    clinic::{self, Clinic},
    files::File,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
};

/// A case that a person is working on.
#[derive(Clone, Debug)]
pub struct Wizard<'a> {
    /// Who.
    pub person: &'a Person,
    /// The case's opaque key.
    pub key: String,
    /// The `ETag` last seen.
    pub etag: String,
}

/// Why the same is asked for once more.
pub const AGAIN: &str = "The first one is worn out.";

/// A procedure line as it is entered.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Procedure code.
    pub code: &'a str,
    /// Modifiers.
    pub modifiers: &'a [&'a str],
    /// First day.
    pub from: Date,
    /// Duration in days.
    pub days: u32,
    /// Quantity in units.
    pub units: u32,
}

impl Entry<'_> {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let to = self.from.checked_add((i64::from(self.days) - 1).days()).unwrap_or(self.from);
        json!({
            "code": self.code, "modifiers": self.modifiers, "from": self.from, "to": to,
            "duration": self.days, "quantity": self.units,
        })
    }
}

impl<'a> Wizard<'a> {
    /// Begins a case for the clinic's member.
    ///
    /// # Errors
    /// When it is refused.
    pub fn begin(person: &'a Person, clinic: &Clinic, setting: &str) -> Result<Self> {
        let (member, requesting) = (clinic.member.id, clinic.place.provider.id);
        let body = json!({ "member": member, "requesting": requesting, "setting": setting });
        let created = person.portal.post("/cases", &body).expect(201)?;
        let version = created.at("/version")?.as_u64().context("a new case has no version")?;
        Ok(Self { person, key: created.text("/key")?, etag: format!("\"{version}\"") })
    }

    /// Enters a wheelchair, which no rule of the Colorado pack approves: ready to be submitted.
    ///
    /// # Errors
    /// When it is refused.
    pub fn wheelchair(&mut self, world: &World) -> Result<()> {
        self.save("service", &json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" }))?;
        self.save("diagnoses", &json!({ "diagnoses": ["G82.20"] }))?;
        let from = clinic::today(world, "colorado")?;
        let chair = Entry { code: "K0001", modifiers: &[], from, days: 1, units: 1 };
        self.save("procedures", &json!({ "lines": [chair.json()] }))?;
        Ok(())
    }

    /// Saves a step; keeps the new `ETag`.
    ///
    /// # Errors
    /// When it is refused.
    pub fn save(&mut self, step: &str, body: &Value) -> Result<Answer> {
        let path = format!("/cases/{}/steps/{step}", self.key);
        let saved = self.person.portal.put(path, body, &self.etag).expect(200)?;
        saved.header("etag").clone_into(&mut self.etag);
        Ok(saved)
    }

    /// The case as it is now; keeps its `ETag`.
    ///
    /// # Errors
    /// When it is refused.
    pub fn look(&mut self) -> Result<Answer> {
        let seen = self.person.portal.get(format!("/cases/{}", self.key)).expect(200)?;
        seen.header("etag").clone_into(&mut self.etag);
        Ok(seen)
    }

    /// Uploads a file as a document of this type and gives its id; what comes of it is seen later.
    ///
    /// # Errors
    /// When it is refused.
    pub fn attach(&self, document_type: &str, file: &File) -> Result<String> {
        let body = json!({
            "request": "R01", "documentType": document_type, "fileName": file.name, "bytes": file.content.len(),
        });
        let begun = self.person.portal.post(format!("/cases/{}/documents", self.key), &body).expect(201)?;
        let status = self.person.portal.upload(begun.at("/upload")?, file)?;
        if !(200..300).contains(&status) {
            bail!("the upload of {} was answered with {status}", file.name);
        }
        begun.text("/id")
    }

    /// Waits until every uploaded document is checked; gives the case.
    ///
    /// # Errors
    /// When the checks take too long.
    pub fn checked(&mut self) -> Result<Answer> {
        poll::until("the checks of the documents", PATIENCE, || {
            let case = self.look()?;
            let awaited = case.list("/documents")?.iter().any(|document| document["state"] == "awaited");
            Ok((!awaited).then_some(case))
        })
    }

    /// Submits with the disclaimer agreed to, and with a reason for what the member may have been asked for before.
    ///
    /// # Errors
    /// When it is refused.
    pub fn submit(&self) -> Result<Answer> {
        let agreed = json!({ "disclaimerAgreed": true, "duplicateReason": AGAIN });
        self.person.portal.post(format!("/cases/{}/submission", self.key), &agreed).expect(200)
    }

    /// Waits until the case is as wanted.
    ///
    /// # Errors
    /// When it is not so in time; shows its timeline.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&Answer) -> Result<bool>) -> Result<Answer> {
        let mut last = Value::Null;
        let found = poll::until(what, PATIENCE, || {
            let case = self.look()?;
            last = case.at("/timeline").cloned().unwrap_or_default();
            Ok(wanted(&case)?.then_some(case))
        });
        found.with_context(|| format!("the case's timeline then: {last}"))
    }
}
