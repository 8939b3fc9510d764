use portico_domain::{
    caller::StaffRole,
    feeds::{Kind, import::ImportState},
};
use portico_testkit::{
    clinic::Clinic,
    feeds::provider_row,
    people::{self, Person},
    portal::Portal,
    seed::Registered,
    seeding::World,
};
use serde_json::{Value, json};

const CONTRACT: &str = "commercial";

fn verify(portal: &Portal, place: &Registered) -> Value {
    let npi = place.provider.npi.unwrap().to_string();
    let pair = json!({ "npi": npi, "code": place.registration_code });
    let answer = portal.post("/registrations/verify", &pair).send().unwrap();
    json!([answer.status, answer.body["detail"]])
}

fn found(person: &Person, query: &str) -> Vec<Value> {
    let answer = person.portal.get(format!("/providers?contract={CONTRACT}&{query}")).expect(200).unwrap();
    answer.list("/providers").unwrap().to_vec()
}

/// REQ: ORG-10, ACC-01, ACC-05, ACC-17
#[test]
fn a_provider_file_changes_what_it_says_and_never_takes_a_group_away() {
    let world = World::open().unwrap();
    let portal = Portal::new(&world.stack);
    let registered = Clinic::new(&world, CONTRACT).unwrap();
    let admin = Person::of_clinic(&world, &registered).unwrap();
    let group = admin.portal.get("/me").expect(200).unwrap().text("/roles/0/group").unwrap();
    let waiting = Clinic::new(&world, CONTRACT).unwrap();
    let vanished = Clinic::new(&world, CONTRACT).unwrap();
    let fresh = Clinic::unknown(&world, CONTRACT).unwrap();

    let mut renamed = registered.place.clone();
    let last = registered.place.provider.name.as_str().rsplit(' ').next().unwrap();
    renamed.provider.name = format!("Birch Hill {last}").parse().unwrap();
    renamed.provider.address.line1 = "1 New Road".parse().unwrap();
    let mut recoded = waiting.place.clone();
    recoded.registration_code = format!("N{}", waiting.place.registration_code);
    let mut bad = Clinic::unknown(&world, CONTRACT).unwrap().place;
    bad.provider.contract = "arkansas".parse().unwrap();
    let mut stolen = Clinic::unknown(&world, CONTRACT).unwrap().place;
    (stolen.provider.npi, stolen.location) = (vanished.place.provider.npi, "777".to_owned());
    stolen.registration_code.clone_from(&vanished.place.registration_code);
    let places = [&renamed, &recoded, &fresh.place, &bad, &renamed, &stolen];
    let rows: Vec<String> = places.map(provider_row).into_iter().chain(["too,short".to_owned()]).collect();

    let file = world.stack.drop_rows(Kind::Providers, CONTRACT, &rows).unwrap();
    let (import, rejects) = world.stack.imported(&file).unwrap();
    let counts = import.counts;
    assert_eq!(
        (counts.read, counts.new, counts.changed, counts.unchanged, counts.rejected),
        (7, 1, 2, 0, 4),
        "{rejects}"
    );
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "line,column,reason");
    assert_eq!(lines[1], "5,contract,\"This file is for the contract commercial.\"");
    assert_eq!(lines[2], "6,location,\"The same stands in line 2, which counts; this one was left out.\"");
    assert!(lines[3].starts_with("7,registration_code,\"This NPI and registration code belong"), "{rejects}");
    assert_eq!(lines[4], "8,row,\"The row has 2 fields, the header has 12.\"");

    // Names and addresses are those of the file; the old name is not found any more.
    let npi = registered.place.provider.npi.unwrap();
    let now = found(&admin, &format!("npi={npi}"));
    assert_eq!(now.len(), 1);
    assert_eq!(now[0]["name"], renamed.provider.name.as_str());
    assert_eq!(now[0]["address"][0], "1 New Road");
    let named = |name: &str| found(&admin, &format!("name={}", name.replace(' ', "%20")));
    assert!(named(registered.place.provider.name.as_str()).is_empty());
    for typed in [renamed.provider.name.as_str(), last, &last.to_uppercase(), &format!("hill-{last}")] {
        assert_eq!(named(typed).len(), 1, "{typed}");
    }

    // The group, its user and its registration stand.
    let me = admin.portal.get("/me").expect(200).unwrap();
    assert_eq!(me.text("/roles/0/group").unwrap(), group);
    admin.portal.get(format!("/groups/{group}/users")).expect(200).unwrap();
    assert_eq!(verify(&portal, &renamed)[0], 409);

    // The new code registers, the old one does not; what vanished from the file stays.
    assert_eq!(verify(&portal, &waiting.place)[0], 422);
    assert_eq!(verify(&portal, &recoded)[0], 200);
    let terms = &world.contract(CONTRACT).unwrap().registration.terms_version;
    let mut form = people::registration(&waiting, terms);
    form["code"] = json!(recoded.registration_code);
    portal.post("/registrations", &form).expect(201).unwrap();
    assert_eq!(verify(&portal, &vanished.place)[0], 200);
    assert_eq!(verify(&portal, &fresh.place)[0], 200);

    // The same file again, under another name, changes nothing; not even the group that was registered meanwhile.
    let again = world.stack.drop_rows(Kind::Providers, CONTRACT, &rows).unwrap();
    let (import, report) = world.stack.imported(&again).unwrap();
    let counts = import.counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged, counts.rejected), (0, 0, 3, 4));
    assert_eq!(report, rejects);
    assert_eq!(verify(&portal, &recoded)[0], 409);

    // Operations see both, newest first, with a link to the report; a nurse does not.
    let operations = Person::of_staff(&world, CONTRACT, StaffRole::Operations).unwrap();
    let listed = operations.portal.get(format!("/staff/imports?contract={CONTRACT}&limit=50")).expect(200).unwrap();
    let items = listed.list("/items").unwrap();
    let at = |name: &str| items.iter().position(|item| item["file"] == format!("{name}.csv")).unwrap();
    assert!(at(&again.name) < at(&file.name));
    let item = &items[at(&file.name)];
    assert_eq!((&item["kind"], &item["state"], &item["rejected"]), (&json!("providers"), &json!("done"), &json!(4)));
    let linked = operations.portal.download(item["rejects"].as_str().unwrap()).unwrap();
    assert_eq!(String::from_utf8(linked).unwrap(), rejects);
    for item in items.iter().filter(|item| item["state"] == "done") {
        assert_eq!(item["rejects"].is_null(), item["rejected"] == 0, "{item}");
    }
    let page = operations.portal.get(format!("/staff/imports?contract={CONTRACT}&limit=1")).expect(200).unwrap();
    let next = format!("/staff/imports?contract={CONTRACT}&limit=1&cursor={}", page.text("/next").unwrap());
    let second = operations.portal.get(next).expect(200).unwrap();
    assert_ne!(second.at("/items/0").unwrap(), page.at("/items/0").unwrap());
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse).unwrap();
    nurse.portal.get("/staff/imports").refused(403, "forbidden").unwrap();
}

/// REQ: ORG-10, OPS-06
#[test]
fn a_file_that_is_none_is_refused_as_a_whole_and_nothing_of_it_is_told() {
    let world = World::open().unwrap();
    let clinic = Clinic::unknown(&world, CONTRACT).unwrap();
    let text = provider_row(&clinic.place);
    let file = world.stack.drop_text(Kind::Providers, CONTRACT, &text).unwrap();
    let (import, rejects) = world.stack.imported(&file).unwrap();
    let ImportState::Refused { reason, .. } = import.state else { panic!("{:?}", import.state) };
    assert!(reason.contains("it lacks contract, npi, registration_code"), "{reason}");
    assert!(rejects.contains("1,row,") && !rejects.contains(clinic.place.provider.name.as_str()), "{rejects}");
    let empty = world.stack.drop_text(Kind::Providers, CONTRACT, "\r\n").unwrap();
    let (import, _) = world.stack.imported(&empty).unwrap();
    assert!(matches!(import.state, ImportState::Refused { reason, .. } if reason == "The file is empty."));
    let unknown = world.stack.drop_text(Kind::Providers, "atlantis", "contract").unwrap();
    let (import, _) = world.stack.imported(&unknown).unwrap();
    assert!(matches!(import.state, ImportState::Refused { reason, .. } if reason == "There is no contract atlantis."));
}
