//! People who sign in: registered or invited, enrolled by the mailed link, with password and authenticator app.

use anyhow::{Context, Result, anyhow, ensure};
use portico_aws::clock;
use portico_domain::caller::{RoleAt, StaffRole};
use serde_json::{Value, json};

use crate::{
    clinic::{self, Clinic},
    mailbox,
    poll::{self, PATIENCE},
    portal::{Answer, Portal},
    seeding::World,
};

/// A password that keeps every rule.
pub const PASSWORD: &str = "River-Stone-2026!";

/// Which door a person uses (ACC-18).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// Provider users.
    Provider,
    /// Payer staff.
    Staff,
}

impl Door {
    /// What the paths of the door begin with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Provider => "",
            Self::Staff => "/staff",
        }
    }
}

/// A person with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Sign-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Secret of the authenticator app, in base 32.
    pub secret: String,
    /// The door.
    pub door: Door,
    /// The browser: signed in after [`Person::sign_in`].
    pub portal: Portal,
}

/// The six digits that an authenticator app shows now.
///
/// # Errors
/// When the secret is none.
pub fn code(secret: &str) -> Result<String> {
    let secret = totp_rs::Secret::try_from_base32(secret).map_err(|error| anyhow!("the TOTP secret: {error:?}"))?;
    let now = u64::try_from(clock::now().as_second())?;
    Ok(totp_rs::Builder::new().with_secret(secret).build_noncompliant().generate(now).to_string())
}

/// What a person enters into the registration form.
#[must_use]
pub fn registration(clinic: &Clinic, terms: &str) -> Value {
    let contact = &clinic.contact;
    json!({
        "npi": clinic.number(),
        "code": clinic.place.registration_code,
        "username": clinic.username,
        "contact": {
            "firstName": contact.first_name, "lastName": contact.last_name,
            "address1": contact.address.line1, "address2": contact.address.line2,
            "city": contact.address.city, "state": contact.address.state, "zip": contact.address.zip,
            "email": contact.email, "confirmEmail": contact.email,
            "phone": contact.phone, "fax": contact.fax,
        },
        "termsVersion": terms,
        "termsAcknowledged": true,
    })
}

/// Sets the password by a mailed link: the answer has the secret for the authenticator app, and a handle.
///
/// # Errors
/// When it is refused.
pub fn set_password(portal: &Portal, token: &str, password: &str) -> Result<Answer> {
    portal.post("/enrolments", &json!({ "token": token, "password": password })).expect(200)
}

/// The answer to what was asked, with this code; terms of use that were shown are acknowledged.
///
/// # Errors
/// When there is no handle.
pub fn answer(asked: &Answer, code: &str) -> Result<Value> {
    let handle = asked.text("/handle")?;
    Ok(match asked.at("/terms") {
        Ok(_) => json!({ "handle": handle, "code": code, "termsAcknowledged": true }),
        Err(_) => json!({ "handle": handle, "code": code }),
    })
}

/// What puts a further location into a group, with the terms of use of its contract.
///
/// # Errors
/// When there is no such contract.
pub fn joining(world: &World, location: &Clinic) -> Result<Value> {
    let terms = &world.contract(&location.place.provider.contract.to_string())?.registration.terms_version;
    Ok(json!({
        "npi": location.number(), "code": location.place.registration_code, "termsVersion": terms, "termsAcknowledged": true,
    }))
}

impl Person {
    /// Registers a clinic, enrols and signs in: its Group Admin.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn of_clinic(world: &World, clinic: &Clinic) -> Result<Self> {
        let portal = Portal::new(&world.stack);
        // A contract of this run has the terms of the first pack.
        let known = world.contract(&clinic.place.provider.contract.to_string()).ok();
        let rules = known.or(world.packs.first().map(|pack| &pack.contract)).context("there is no pack")?;
        let terms = &rules.registration.terms_version;
        portal.post("/registrations", &registration(clinic, terms)).expect(201)?;
        let token = mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str())?;
        Self::enrolled(world, Door::Provider, &token)?.sign_in()
    }

    /// A provider user of this run with this part, enrolled and signed in.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn of_group(world: &World, part: &RoleAt) -> Result<Self> {
        let user = clinic::invited_colleague(world, part)?;
        let token = mailbox::wait_for_link(&world.stack, user.contact.email.as_str())?;
        Self::enrolled(world, Door::Provider, &token)?.sign_in()
    }

    /// A reviewer of this run, enrolled and signed in.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn of_staff(world: &World, contract: &str, role: StaffRole) -> Result<Self> {
        let (_, contact) = clinic::invited_reviewer(world, contract, role)?;
        let token = mailbox::wait_for_link(&world.stack, contact.email.as_str())?;
        Self::enrolled(world, Door::Staff, &token)?.sign_in()
    }

    /// A member of staff of this run for these contracts, enrolled and signed in.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn of_post(world: &World, contracts: &[&str], role: StaffRole) -> Result<Self> {
        let (_, contact) = clinic::invited_staff(world, contracts, role)?;
        let token = mailbox::wait_for_link(&world.stack, contact.email.as_str())?;
        Self::enrolled(world, Door::Staff, &token)?.sign_in()
    }

    /// Somebody who follows a mailed link: sets password and authenticator app.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn enrolled(world: &World, door: Door, token: &str) -> Result<Self> {
        let portal = Portal::new(&world.stack);
        let begun = set_password(&portal, token, PASSWORD)?;
        let secret = begun.text("/secret")?;
        let answer = answer(&begun, &code(&secret)?)?;
        let path = begun.text("/answerAt")?;
        ensure!(path == format!("{}/sessions/answers", door.prefix()), "the link leads to the door {path}");
        portal.post(path, &answer).expect(204)?;
        Ok(Self { username: begun.text("/username")?, password: PASSWORD.to_owned(), secret, door, portal })
    }

    /// Signs in with password and code.
    ///
    /// # Errors
    /// When it is refused.
    pub fn sign_in(mut self) -> Result<Self> {
        let door = self.door.prefix();
        let credentials = json!({ "username": self.username, "password": self.password });
        // A full machine has the door say so for a moment; whoever reads that tries again.
        let asked = poll::until("the door", PATIENCE, || {
            let asked = self.portal.post(format!("{door}/sessions"), &credentials).send()?;
            Ok((asked.status != 503).then_some(asked))
        })?;
        ensure!(asked.status == 200, "the door answered with {}: {}", asked.status, asked.body);
        let answer = answer(&asked, &code(&self.secret)?)?;
        let signed_in = self.portal.post(format!("{door}/sessions/answers"), &answer).expect(200)?;
        let token = signed_in.text("/accessToken").context("signing in gave no token")?;
        self.portal = self.portal.with_token(Some(token));
        Ok(self)
    }
}
