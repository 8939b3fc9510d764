//! What the documents tell of a clinic: from its registration to a colleague who stayed away for too long.

use anyhow::Result;
use jiff::SignedDuration;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    mailbox::{self, Mail},
    people::{Door, Person},
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
};
use serde_json::json;

use portico_tests::office::{Office, names};

struct Story<'a> {
    world: &'a World,
    office: Office<'a>,
    support: Person,
}

impl Story<'_> {
    fn mail(&self, person: &str, words: &str) -> Result<Mail> {
        mailbox::wait_for(&self.world.stack, &format!("{person}@people.example"), words)
    }

    fn refused(&self, person: &Person) -> Result<()> {
        let credentials = json!({ "username": person.username, "password": person.password });
        Portal::new(&self.world.stack).post("/sessions", &credentials).refused(401, "sign-in-refused")?;
        Ok(())
    }

    fn unlock(&self, name: &str) -> Result<()> {
        self.support.portal.post(format!("/staff/users/{name}/unlock"), &json!({})).expect(200)?;
        Ok(())
    }

    /// An administrator's Reset Registration, refused: only support can help.
    fn reset_is_refused(&self, name: &str) -> Result<()> {
        let refused = self
            .office
            .admin
            .portal
            .post(format!("/users/{name}/registration-reset"), &json!({}))
            .refused(409, "conflict")?;
        assert!(refused.text("/detail")?.contains("Only support"), "{}", refused.body);
        Ok(())
    }

    /// Somebody missed the window: the link says what to do, and the backup administrator resets it.
    fn missed_window(&self, backup: &Person, place: &str) -> Result<Person> {
        let name = self.office.name("rae");
        let form = self.office.form(&name, &json!([{ "provider": place, "role": "provider-admin" }]));
        self.office.admin.portal.post(format!("/groups/{}/users", self.office.group), &form).expect(201)?;
        let late = mailbox::wait_for_link(&self.world.stack, &format!("{name}@people.example"))?;
        self.world.window_is_over(&name)?;
        let portal = Portal::new(&self.world.stack);
        let expired =
            portal.post("/enrolments", &json!({ "token": late, "password": portico_testkit::people::PASSWORD }));
        assert!(expired.refused(409, "conflict")?.text("/detail")?.contains("Reset Registration"));
        backup.portal.post(format!("/users/{name}/registration-reset"), &json!({})).expect(200)?;
        let fresh = poll::until("a fresh link", PATIENCE, || {
            let found = mailbox::wait_for_link(&self.world.stack, &format!("{name}@people.example"))?;
            Ok(Some(found).filter(|found| *found != late))
        })?;
        Person::enrolled(self.world, Door::Provider, &fresh)?.sign_in()
    }

    /// Somebody stays away: warned a week and a day before, deactivated, back by support alone.
    fn stays_away(&self, clerk: Person) -> Result<()> {
        let rules = self.world.contract("arkansas")?.accounts;
        let away = |days: u32| self.world.last_seen(&clerk.username, SignedDuration::from_hours(i64::from(days) * 24));
        let [first, last] = rules.dormancy_warning_days;
        for before in [first, last] {
            away(rules.dormant_days - before)?;
            self.world.sweep_dormant_users()?;
        }
        let warning = self.mail(&clerk.username, "to keep your account")?;
        assert!(warning.body_text.contains("sign in before "), "{}", warning.body_text);
        away(rules.dormant_days)?;
        self.world.sweep_dormant_users()?;
        let told = self.mail(&clerk.username, "because it was not used")?;
        assert!(told.body_text.contains("Ask support"), "{}", told.body_text);
        let listed = self.office.list(&self.office.admin, "?status=dormant")?;
        assert_eq!(names(&listed)?, std::slice::from_ref(&clerk.username));
        self.refused(&clerk)?;
        self.reset_is_refused(&clerk.username)?;
        self.unlock(&clerk.username)?;
        self.mail(&clerk.username, "You can sign in again")?;
        self.world.sweep_dormant_users()?;
        clerk.sign_in()?.portal.get("/cases").expect(200)?;
        Ok(())
    }

    /// Somebody mistypes the password three times.
    fn locks(&self, head: Person) -> Result<()> {
        for _ in 0..self.world.contract("arkansas")?.accounts.lock_after_failures {
            self.refused(&Person { password: "Wrong-Password-2026!".to_owned(), ..head.clone() })?;
        }
        self.refused(&head)?;
        self.mail(&head.username, "Your account is locked")?;
        self.reset_is_refused(&head.username)?;
        self.unlock(&head.username)?;
        head.sign_in()?.portal.get("/cases").expect(200)?;
        Ok(())
    }
}

/// REQ: ACC-05, ACC-09, ACC-10, ACC-14, ACC-15, ORG-01, ORG-03, ORG-06, ORG-07, ORG-08
#[test]
fn a_clinic_from_its_registration_to_a_colleague_who_stayed_away() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    let (here, there) = (office.provider(), office.further("arkansas")?);
    let backup = office.hire("bo", &here, "group-admin")?;
    let clerk = office.hire("cy", &here, "staff")?;
    let head = office.hire("hal", &there, "provider-admin")?;
    let story = Story { world: &world, office, support };
    let rae = story.missed_window(&backup, &there)?;
    let mut everybody = vec![story.office.admin.username.clone()];
    everybody.extend([&backup, &clerk, &head, &rae].map(|person| person.username.clone()));
    everybody.sort_unstable();
    assert_eq!(names(&story.office.list(&backup, "")?)?, everybody);
    assert_eq!(
        names(&story.office.list(&rae, "?role=provider-admin")?)?,
        [&head, &rae].map(|one| one.username.clone())
    );
    story.stays_away(clerk)?;
    story.locks(head)
}
