//! The people of the columns, enrolled beside each other: each takes some seconds.

use std::thread;

use anyhow::{Context, Result, anyhow};
use portico_domain::caller::{
    ProviderRole::{self, GroupAdminReports, ProviderAdmin, ProviderAdminReports, Staff},
    StaffRole::{self, ContractManager, Intake, Nurse, Operations, Physician, Support},
};
use portico_testkit::{
    clinic::{self, Clinic},
    people::{Person, joining},
    portal::Portal,
    seeding::World,
};

use crate::table::CALLERS;

/// The contract of the case.
pub(crate) const CONTRACT: &str = "commercial";
/// Another one.
const ELSEWHERE: &str = "arkansas";

/// Everybody.
pub(crate) struct People {
    /// The clinic on the case.
    pub(crate) clinic: Clinic,
    /// Its group.
    pub(crate) group: String,
    /// A clerk of the clinic who was invited and has not enrolled.
    pub(crate) clerk: String,
    /// A browser for each column.
    pub(crate) portals: [Portal; CALLERS.len()],
    admin: Person,
    nurse: Person,
    manager: Person,
}

type Enrolment<'a> = Box<dyn Fn() -> Result<Person> + Send + Sync + 'a>;

impl People {
    /// A clinic and everybody who might want something of it.
    pub(crate) fn enrol(world: &World) -> Result<Self> {
        let clinic = Clinic::new(world, CONTRACT)?;
        let admin = Person::of_clinic(world, &clinic)?;
        let group = admin.portal.get("/me").expect(200)?.text("/roles/0/group")?;
        let location = Clinic::new(world, CONTRACT)?;
        let pair = joining(world, &location)?;
        admin.portal.post(format!("/groups/{group}/providers"), &pair).expect(201)?;
        let at = |place: &Clinic, role| place.part(&group, role);
        let clerk = clinic::invited_colleague(world, &at(&clinic, Staff)?)?.username.to_string();

        let colleague = |place: &Clinic, role: ProviderRole| -> Result<Enrolment<'_>> {
            let at = at(place, role)?;
            Ok(Box::new(move || Person::of_group(world, &at)))
        };
        let staff = |contract: &'static str, role: StaffRole| -> Enrolment<'_> {
            Box::new(move || Person::of_staff(world, contract, role))
        };
        let everybody = [
            colleague(&clinic, ProviderAdmin)?,
            colleague(&clinic, Staff)?,
            colleague(&clinic, GroupAdminReports)?,
            colleague(&clinic, ProviderAdminReports)?,
            colleague(&location, ProviderAdmin)?,
            Box::new(move || Person::of_clinic(world, &Clinic::new(world, CONTRACT)?)),
            staff(CONTRACT, Intake),
            staff(CONTRACT, Nurse),
            staff(CONTRACT, Physician),
            staff(CONTRACT, Support),
            staff(CONTRACT, ContractManager),
            staff(CONTRACT, Operations),
            staff(ELSEWHERE, Nurse),
        ];
        let people = at_once(&everybody)?;
        let nurse = people.get(7).context("no nurse")?.clone();
        let manager = people.get(10).context("no contract manager")?.clone();

        let nobody = Portal::new(&world.stack);
        let made_up = "eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6Im5vYm9keSJ9.c2lnbmF0dXJl".to_owned();
        let mut portals = vec![admin.portal.clone()];
        portals.extend(people.into_iter().map(|person| person.portal));
        portals.extend([nobody.with_token(Some(made_up)), nobody]);
        let portals = portals.try_into().map_err(|_| anyhow!("not one browser for each column"))?;
        Ok(Self { clinic, group, clerk, portals, admin, nurse, manager })
    }

    /// Who wrote the case.
    pub(crate) fn author(&self) -> &Person {
        &self.admin
    }

    /// Who looks after the contract.
    pub(crate) fn manager(&self) -> &Person {
        &self.manager
    }

    /// The browser of the contract's intake.
    pub(crate) fn intake(&self) -> &Portal {
        &self.portals[7]
    }

    /// The nurse of the contract.
    pub(crate) fn nurse(&self) -> &Person {
        &self.nurse
    }
}

fn at_once(everybody: &[Enrolment<'_>]) -> Result<Vec<Person>> {
    thread::scope(|scope| {
        let begun: Vec<_> = everybody.iter().map(|enrol| scope.spawn(enrol)).collect();
        begun.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread died"))?).collect()
    })
}
