//! Somebody who registers a clinic, and chooses their second factor.
#![allow(clippy::missing_errors_doc, clippy::must_use_candidate, reason = "steps of a test: what fails ends the test")]

use anyhow::{Context, Result};
use portico_testkit::{
    carriers::{self, Spoken},
    clinic::Clinic,
    mailbox,
    people::{self, PASSWORD},
    portal::{Answer, Portal},
    seeding::World,
};
use serde_json::{Value, json};

/// A registered person who follows the mailed link.
pub struct Newcomer<'a> {
    /// The stack.
    pub world: &'a World,
    /// Their clinic.
    pub clinic: Clinic,
    /// The public API.
    pub portal: Portal,
    /// Of the mailed link.
    pub token: String,
}

impl<'a> Newcomer<'a> {
    /// Registers a fresh clinic.
    pub fn register(world: &'a World) -> Result<Self> {
        Self::register_with(world, |_| {})
    }

    /// The same with the form changed.
    pub fn register_with(world: &'a World, change: impl FnOnce(&mut Value)) -> Result<Self> {
        let clinic = Clinic::new(world, "arkansas")?;
        let portal = Portal::new(&world.stack);
        let mut form = people::registration(&clinic, &world.contract("arkansas")?.registration.terms_version);
        change(&mut form);
        portal.post("/registrations", &form).expect(201)?;
        let token = mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str())?;
        Ok(Self { world, clinic, portal, token })
    }

    /// Sets the password and chooses a factor.
    pub fn enrol(&self, factor: &str) -> Result<Answer> {
        let choice = json!({ "token": self.token, "password": PASSWORD, "factor": factor });
        self.portal.post("/enrolments", &choice).send()
    }

    /// Enrols with the phone: the first call is answered.
    pub fn by_phone(self) -> Result<Self> {
        let begun = self.enrol("voice")?;
        let pin = self.call(1)?.pin();
        self.answer(&begun, &pin)?;
        Ok(self)
    }

    /// The own number.
    pub fn number(&self) -> Result<String> {
        Ok(self.clinic.contact.phone.as_ref().context("the clinic has no phone")?.e164())
    }

    /// Waits for the `nth` call to the own number.
    pub fn call(&self, nth: usize) -> Result<Spoken> {
        carriers::wait_for_call(&self.world.stack, &self.number()?, nth)
    }

    /// The first step of signing in.
    pub fn sign_in(&self, with: Option<&str>) -> Result<Answer> {
        self.sign_in_by(PASSWORD, with)
    }

    /// The first step with any password.
    pub fn sign_in_by(&self, password: &str, with: Option<&str>) -> Result<Answer> {
        let body = json!({ "username": self.clinic.username, "password": password, "with": with });
        self.portal.post("/sessions", &body).send()
    }

    /// Answers a step.
    pub fn answer(&self, step: &Answer, code: &str) -> Result<Answer> {
        let answer = json!({ "handle": step.text("/handle")?, "code": code });
        self.portal.post("/sessions/answers", &answer).send()
    }
}

/// Six digits that are not these.
pub fn another(pin: &str) -> &'static str {
    if pin == "000000" { "111111" } else { "000000" }
}
