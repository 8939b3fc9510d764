//! How much one person may do within a time: far more than an office does, far less than a program does.

use anyhow::{Result, ensure};
use portico_aws::table::accounts::tries::Throttle;
use portico_testkit::{clinic::Clinic, people::Person, portal::Answer, seeding::World};
use serde_json::json;

fn told(answer: &Answer, throttle: &Throttle) -> Result<()> {
    let seconds: u32 = answer.header("retry-after").parse()?;
    ensure!((1..=throttle.minutes * 60).contains(&seconds), "{seconds}");
    let detail = answer.text("/detail")?;
    ensure!(detail.contains("Please go on in") && !detail.contains("throttle"), "{detail}");
    Ok(())
}

#[test]
fn members_are_not_looked_through_one_after_the_other() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let (dana, other) = (Person::of_clinic(&world, &clinic)?, Clinic::new(&world, "arkansas")?);
    let search = |number: &str| {
        let body = json!({ "contract": "arkansas", "memberNumber": number });
        dana.portal.post("/members/search", &body)
    };
    let number = clinic.member.number().map(ToString::to_string).unwrap_or_default();
    let rest = Throttle { what: "member-searches", limit: 57, minutes: 10 };
    world.use_up(&rest, &dana.username)?;
    search(&number).expect(200)?;
    // One that finds nobody counts twice.
    search("0000000000").expect(200)?;
    let refused = search(&number).refused(429, "throttled")?;
    told(&refused, &rest)?;
    ensure!(refused.body.pointer("/members").is_none(), "nobody is shown");
    let shown = world.shown_to(&dana.username)?;
    ensure!(shown.first().is_some_and(|shown| !shown.access.allowed && shown.access.what.is_some()), "{shown:?}");
    // Others go on.
    let own = json!({ "contract": "arkansas", "memberNumber": number });
    Person::of_clinic(&world, &other)?.portal.post("/members/search", &own).expect(200)?;
    Ok(())
}

#[test]
fn temporary_members_and_cases_have_a_number_that_no_office_reaches() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let temporary = Throttle { what: "temporary-members", limit: 50, minutes: 1440 };
    world.use_up(&temporary, &dana.username)?;
    let member = json!({
        "contract": "colorado", "firstName": "Ada", "lastName": "Quillimits", "gender": "female",
        "birthDate": "2020-02-28", "useFacilityAddress": clinic.place.provider.id,
    });
    told(&dana.portal.post("/members", &member).refused(429, "throttled")?, &temporary)?;

    let case = json!({ "member": clinic.member.id, "requesting": clinic.place.provider.id, "setting": "outpatient" });
    let first = dana.portal.post("/cases", &case).idempotency_key("the-first-of-these").expect(201)?;
    let of_member = Throttle { what: "new-cases-member", limit: 20, minutes: 1440 };
    world.use_up(&of_member, &format!("{}#{}", dana.username, clinic.member.id))?;
    told(&dana.portal.post("/cases", &case).refused(429, "throttled")?, &of_member)?;
    let again = dana.portal.post("/cases", &case).idempotency_key("the-first-of-these").expect(201)?;
    ensure!(again.body == first.body, "what was done is answered again");
    Ok(())
}
