//! Names and numbers as offices type them and mainframes send them, and files whose names break the rule.

use portico_domain::{
    feeds::{FeedFile, Kind, import::ImportState},
    person::Member,
};
use portico_testkit::{clinic::Clinic, feeds::member_row, people::Person, seeding::World};
use serde_json::json;

fn found(person: &Person, member: &Member, last_name: &str) -> Vec<String> {
    let body = json!({ "contract": member.contract, "lastName": last_name, "birthDate": member.birth_date });
    let answer = person.portal.post("/members/search", &body).expect(200).unwrap();
    let members = answer.list("/members").unwrap();
    members.iter().map(|member| member["memberNumber"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_member_is_found_however_the_name_is_spelled() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let mut member = Clinic::unknown(&world, "colorado").unwrap().member;
    let tag = member.last_name.to_string();
    member.last_name = format!("{tag}ñez García, III").parse().unwrap();
    let file = world.stack.drop_rows(Kind::Members, "colorado", &[member_row(&member)]).unwrap();
    world.stack.imported(&file).unwrap();
    let number = member.number().unwrap().to_string();
    for typed in [
        format!("{tag}n\u{303}ez García III"),
        format!("{}NEZ GARCIA", tag.to_uppercase()),
        format!("{tag}nez-Garcia Jr."),
        format!("{tag}ñez"),
        "garcia".to_owned(),
    ] {
        assert!(found(&person, &member, &typed).contains(&number), "{typed}");
    }
    for typed in ["!!!", "-", "..."] {
        assert!(found(&person, &member, typed).is_empty(), "{typed}");
    }
}

#[test]
fn one_search_key_is_one_person_and_a_second_number_is_told() {
    let world = World::open().unwrap();
    let known = Clinic::new(&world, "colorado").unwrap().member;
    let number = known.number().unwrap().to_string();
    let row = |spelled: &str| member_row(&known).replace(&number, spelled);
    let (head, tail) = number.split_at(1);
    let rows = [row(&format!("{head}-{tail}")), row(&format!("{number}9")), row("9.31043E+07")];
    let file = world.stack.drop_rows(Kind::Members, "colorado", &rows).unwrap();
    let (import, rejects) = world.stack.imported(&file).unwrap();
    assert_eq!((import.counts.new, import.counts.rejected, import.remarks), (1, 2, 1), "{rejects}");
    assert!(
        rejects.contains("2,member_number,\"This number differs") && rejects.contains("4,member_number,\"A spread")
    );
    let remarks = world.stack.object(&world.stack.feeds_bucket, &file.remarks()).unwrap().unwrap();
    assert!(String::from_utf8(remarks).unwrap().contains("3,member_number,"), "the row of the second number");
}

#[test]
fn a_file_that_is_not_read_is_told_and_capital_letters_are_read() {
    let world = World::open().unwrap();
    let name = Clinic::unknown(&world, "colorado").unwrap().member.number().unwrap().to_string();
    let file = |name: String| FeedFile { kind: Kind::Members, contract: "colorado".parse().unwrap(), name };
    let drop = |name: &str| {
        let key = format!("incoming/members/colorado/{name}");
        world.stack.put_object(&world.stack.feeds_bucket, &key, b"x").unwrap();
    };
    for (dropped, told) in
        [(format!("{name}%20(1).csv"), format!("{name}__1_.csv")), (format!("{name}.txt"), format!("{name}.txt"))]
    {
        drop(&dropped);
        let (import, _) = world.stack.imported(&file(told)).unwrap();
        assert!(import.misnamed && matches!(import.state, ImportState::Refused { .. }), "{import:?}");
    }
    drop(&format!("{name}.CSV"));
    let (import, rejects) = world.stack.imported(&file(name)).unwrap();
    assert!(!import.misnamed && rejects.contains("not the header"), "{rejects}");
}
