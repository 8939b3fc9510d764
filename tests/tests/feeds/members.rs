use portico_aws::clock;
use portico_domain::{
    caller::StaffRole,
    feeds::{self, Kind},
    id::MemberId,
    person::{Member, Standing},
};
use portico_testkit::{
    clinic::Clinic, feeds::member_row, people::Person, poll, portal::Answer, seeding::World, wizard::Wizard,
};
use serde_json::{Value, json};

fn search(person: &Person, member: &Member) -> Answer {
    let body = json!({
        "contract": member.contract, "lastName": member.last_name, "birthDate": member.birth_date,
    });
    person.portal.post("/members/search", &body).expect(200).unwrap()
}

fn form(member: &Member, facility: &Value) -> Value {
    json!({
        "contract": member.contract, "firstName": member.first_name, "lastName": member.last_name,
        "gender": member.gender, "birthDate": member.birth_date, "useFacilityAddress": facility,
    })
}

/// The same person under another number.
fn numbered(world: &World, member: &Member, number: &str) -> Member {
    Member {
        id: MemberId::new(feeds::member::identity(&world.ids, &member.contract, number)),
        standing: Standing::Enrolled { number: number.parse().unwrap() },
        ..member.clone()
    }
}

fn begin<'a>(person: &'a Person, clinic: &Clinic, member: &str) -> Wizard<'a> {
    let body = json!({ "member": member, "requesting": clinic.place.provider.id, "setting": "outpatient" });
    let created = person.portal.post("/cases", &body).expect(201).unwrap();
    Wizard { person, key: created.text("/key").unwrap(), etag: "\"1\"".to_owned() }
}

/// REQ: CASE-03, ORG-10
#[test]
fn a_member_file_changes_names_and_dates_and_the_old_ones_find_nobody() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let mut married = clinic.member.clone();
    married.last_name = format!("Mc{}", clinic.member.last_name).parse().unwrap();
    married.address.line1 = "9 Other Street".parse().unwrap();
    let fresh = Clinic::unknown(&world, "colorado").unwrap();
    let mut unborn = Clinic::unknown(&world, "colorado").unwrap().member;
    unborn.birth_date = jiff::civil::date(2999, 1, 1);
    let rows = [&married, &fresh.member, &unborn, &married].map(member_row);
    let file = world.stack.drop_rows(Kind::Members, "colorado", &rows).unwrap();
    let (import, rejects) = world.stack.imported(&file).unwrap();
    let counts = import.counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged, counts.rejected), (1, 1, 0, 2), "{rejects}");
    assert!(rejects.contains("4,birth_date,") && rejects.contains("5,member_number,\"The same stands in line 2,"));
    assert_eq!(search(&person, &clinic.member).list("/members").unwrap().len(), 0);
    let found = search(&person, &married);
    assert_eq!(found.text("/members/0/memberNumber").unwrap(), clinic.member_number());
    assert_eq!(search(&person, &fresh.member).list("/members").unwrap().len(), 1);
    let by_number = json!({ "contract": "colorado", "memberNumber": clinic.member_number() });
    let found = person.portal.post("/members/search", &by_number).expect(200).unwrap();
    assert_eq!(found.text("/members/0/lastName").unwrap(), married.last_name.as_str());
    let again = world.stack.drop_rows(Kind::Members, "colorado", &rows).unwrap();
    let counts = world.stack.imported(&again).unwrap().0.counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged, counts.rejected), (0, 0, 2, 2));
    // Nothing of any of them is in a log or a queue (OPS-06).
    let mut secrets = [clinic.secrets(), fresh.secrets()].concat();
    secrets.extend([married.last_name.to_string(), married.address.line1.to_string()]);
    let mut told: Vec<String> = world.stack.logs().unwrap().into_iter().map(|(_, line)| line).collect();
    told.extend(world.stack.waiting().unwrap().into_iter().map(|message| message.body));
    for secret in secrets.iter().filter(|secret| secret.as_str() != clinic.member.birth_date.to_string()) {
        assert!(!told.iter().any(|line| line.contains(secret)), "{secret}");
    }
}

/// REQ: CASE-06
#[test]
fn a_temporary_member_becomes_the_real_one_and_the_case_goes_on() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let real = Clinic::unknown(&world, "colorado").unwrap().member;
    let nobody = search(&person, &real);
    assert_eq!((nobody.at("/mayAddTemporary").unwrap(), nobody.list("/members").unwrap().len()), (&json!(true), 0));
    let entered = form(&real, &json!(clinic.place.provider.id));
    let add = |key: &str| person.portal.post("/members", &entered).idempotency_key(key).send().unwrap();
    let added = add("the-first-key");
    assert_eq!(added.status, 201, "{}", added.body);
    let temporary = added.text("/id").unwrap();
    assert_eq!(add("the-first-key").text("/id").unwrap(), temporary);
    assert_eq!(add("another-key").status, 409);
    assert_eq!(search(&person, &real).at("/members/0/temporary").unwrap(), &json!(true));

    // One case is submitted for them, another is a draft.
    let mut sent = begin(&person, &clinic, &temporary);
    sent.wheelchair(&world).unwrap();
    sent.submit().unwrap();
    let before = sent.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    assert_eq!(before.at("/member/temporary").unwrap(), &json!(true));
    assert_eq!(before.at("/member/memberNumber").unwrap(), &Value::Null);
    assert_eq!(before.text("/member/address/0").unwrap(), clinic.place.provider.address.line1.as_str());
    let mut draft = begin(&person, &clinic, &temporary);

    // Eligibility brings the real member; letter case does not matter.
    let shouted = Member { last_name: real.last_name.to_string().to_uppercase().parse().unwrap(), ..real.clone() };
    let dropped = clock::now();
    let file = world.stack.drop_rows(Kind::Members, "colorado", &[member_row(&shouted)]).unwrap();
    world.stack.imported(&file).unwrap();
    // Another import of the contract may have come first to one of the two.
    poll::until("both cases to be counted as merged", poll::PATIENCE, || {
        let merged = world.merged_since("colorado", dropped)?;
        Ok((merged >= 2).then_some(()))
    })
    .unwrap();
    let after = sent.look().unwrap();
    assert_eq!(after.text("/member/id").unwrap(), real.id.to_string());
    assert_eq!(after.text("/member/memberNumber").unwrap(), real.number().unwrap().as_str());
    assert_eq!(after.text("/member/address/0").unwrap(), real.address.line1.as_str());
    for kept in ["/caseId", "/submission", "/requests/0/clock", "/status", "/createdAt"] {
        assert_eq!(after.body.pointer(kept), before.body.pointer(kept), "{kept}");
    }
    assert!(after.body.pointer("/requests/0/clock/due").is_some(), "{}", after.body["requests"]);
    let told = |case: &Answer| case.list("/timeline").unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(told(&after).contains("the temporary entry became the real one"), "{}", told(&after));
    assert_eq!(draft.look().unwrap().text("/member/id").unwrap(), real.id.to_string());
    draft.wheelchair(&world).unwrap();

    // A search shows the real one alone, and the old id still leads to it.
    let found = search(&person, &real);
    assert_eq!(found.list("/members").unwrap().len(), 1);
    assert_eq!(found.text("/members/0/id").unwrap(), real.id.to_string());
    let mut later = begin(&person, &clinic, &temporary);
    assert_eq!(later.look().unwrap().text("/member/id").unwrap(), real.id.to_string());

    // The same again merges nothing again.
    let again = world.stack.drop_rows(Kind::Members, "colorado", &[member_row(&shouted)]).unwrap();
    world.stack.imported(&again).unwrap();
    let last = sent.look().unwrap();
    assert_eq!(
        (last.at("/version").unwrap(), last.at("/timeline").unwrap()),
        (after.at("/version").unwrap(), after.at("/timeline").unwrap())
    );
}

/// REQ: CASE-06
#[test]
fn a_temporary_member_of_whom_there_could_be_two_is_left_to_a_person() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let one = Clinic::unknown(&world, "colorado").unwrap().member;
    let entered = form(&one, &json!(clinic.place.provider.id));
    let temporary = person.portal.post("/members", &entered).expect(201).unwrap().text("/id").unwrap();
    let other = numbered(&world, &one, &format!("{}X", one.number().unwrap()));
    let file = world.stack.drop_rows(Kind::Members, "colorado", &[&one, &other].map(member_row)).unwrap();
    let (import, _) = world.stack.imported(&file).unwrap();
    let left = import.undecided.iter().find(|left| left.temporary.to_string() == temporary);
    assert!(left.unwrap().reason.contains("2 members"), "{import:?}");
    assert_eq!(search(&person, &one).list("/members").unwrap().len(), 3);
    let case = begin(&person, &clinic, &temporary).look().unwrap();
    assert_eq!(case.text("/member/id").unwrap(), temporary);
}

/// REQ: CASE-06, CASE-07
#[test]
fn a_contract_without_temporary_members_shows_whom_to_call() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "commercial").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let unknown = Clinic::unknown(&world, "commercial").unwrap().member;
    let nobody = search(&person, &unknown);
    assert_eq!(nobody.at("/mayAddTemporary").unwrap(), &json!(false));
    assert!(nobody.text("/hint").unwrap().contains("call 800-555-0140"));
    let entered = form(&unknown, &json!(clinic.place.provider.id));
    let refused = person.portal.post("/members", &entered).refused(403, "forbidden").unwrap();
    assert!(refused.text("/detail").unwrap().contains("Please call 800-555-0140."));
    // Another contract's member, and another clinic's address, do not exist for this person.
    let mut elsewhere = entered.clone();
    elsewhere["contract"] = json!("colorado");
    person.portal.post("/members", &elsewhere).refused(404, "not-found").unwrap();
}

/// A clinic mistyped a birth date, which no file will ever bring: somebody of intake says who it is.
#[test]
fn intake_says_who_a_temporary_member_is_and_the_case_goes_on() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let (person, intake) =
        (Person::of_clinic(&world, &clinic).unwrap(), Person::of_staff(&world, "colorado", StaffRole::Intake).unwrap());
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse).unwrap();
    let real = clinic.member.clone();
    let mistyped = Member { birth_date: real.birth_date.tomorrow().unwrap(), ..real.clone() };
    search(&person, &mistyped);
    let entered = form(&mistyped, &json!(clinic.place.provider.id));
    let temporary = person.portal.post("/members", &entered).expect(201).unwrap().text("/id").unwrap();
    let mut sent = begin(&person, &clinic, &temporary);
    sent.wheelchair(&world).unwrap();
    sent.submit().unwrap();
    let before = sent.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();

    // On the list, page by page; nobody else sees it.
    let mut cursor = String::new();
    let listed = loop {
        let page = intake.portal.get(format!("/staff/temporary-members?contract=colorado&limit=50{cursor}"));
        let page = page.expect(200).unwrap();
        if let Some(found) = page.list("/items").unwrap().iter().find(|one| one["id"] == temporary.as_str()) {
            break found.clone();
        }
        cursor = format!("&cursor={}", page.text("/next").unwrap());
    };
    assert_eq!(listed["lastName"], real.last_name.as_str());
    nurse.portal.get("/staff/temporary-members").expect(403).unwrap();
    let one = format!("/staff/contracts/colorado/temporary-members/{temporary}");
    intake.portal.get(format!("/staff/contracts/arkansas/temporary-members/{temporary}")).expect(404).unwrap();
    let compared = intake.portal.get(&one).expect(200).unwrap();
    assert_eq!(compared.at("/cases").unwrap(), 1);
    assert_eq!(compared.at("/like").unwrap(), &json!([]), "nobody has this birth date");

    // By the number on the card.
    let by_number = |number: &str| intake.portal.post(format!("{one}/search"), &json!({ "memberNumber": number }));
    assert_eq!(by_number("  ").expect(422).unwrap().text("/errors/0/pointer").unwrap(), "/memberNumber");
    assert_eq!(by_number("NOBODY-1").expect(200).unwrap().at("/members").unwrap(), &json!([]));
    let found = by_number(real.number().unwrap().as_str()).expect(200).unwrap();
    assert_eq!(found.text("/members/0/id").unwrap(), real.id.to_string());
    assert_eq!(found.text("/members/0/birthDate").unwrap(), real.birth_date.to_string());

    // Nobody but a member of the plan's file under this contract.
    let merge = |into: &str| intake.portal.post(format!("{one}/merge"), &json!({ "into": into }));
    let elsewhere = Clinic::new(&world, "arkansas").unwrap().member.id.to_string();
    for wrong in ["", "nobody", &temporary, &elsewhere] {
        assert_eq!(merge(wrong).expect(422).unwrap().text("/errors/0/pointer").unwrap(), "/into", "{wrong}");
    }
    nurse.portal.post(format!("{one}/merge"), &json!({ "into": real.id })).expect(403).unwrap();
    assert_eq!(merge(&real.id.to_string()).expect(200).unwrap().at("/cases").unwrap(), 1);
    merge(&real.id.to_string()).expect(404).unwrap();

    let after = sent.look().unwrap();
    assert_eq!(after.text("/member/id").unwrap(), real.id.to_string());
    assert_eq!(after.text("/member/birthDate").unwrap(), real.birth_date.to_string());
    for kept in ["/caseId", "/submission", "/requests/0/clock", "/status", "/createdAt"] {
        assert_eq!(after.body.pointer(kept), before.body.pointer(kept), "{kept}");
    }
    let told = after.list("/timeline").unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    assert!(told.contains("the temporary entry became the real one"), "{told}");
    assert_eq!(search(&person, &mistyped).list("/members").unwrap().len(), 0, "nobody finds the wrong entry any more");
}
