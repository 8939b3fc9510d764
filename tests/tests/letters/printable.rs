//! What is saved can be set: each field that can reach a letter takes what fonts print and refuses what they do not, before
//! anything is decided; and what it takes stands in both letters.

use anyhow::{Context, Result, ensure};
use portico_aws::clock;
use portico_domain::{caller::StaffRole, feeds::Kind, person::Member};
use portico_testkit::{
    clinic::{self, Clinic},
    feeds::{member_row, provider_row},
    files, mailbox,
    people::{Door, Person},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::CONTRACT;

/// A picture, a sign that turns the text round, and a place of somebody's own font.
const ODD: [char; 3] = ['\u{1F4C4}', '\u{202E}', '\u{E000}'];
/// Letters of several alphabets, signs of an office program.
const REASON: &str = "Ćwiczenia ≥ 3 × “daily” – Ωμέγα, Жук, Nguyễn: ½ of the goals are met.";
const TITLE: &str = "Règle élargie №";
const CITATION: &str = "§ 8.590.5 – Ð";
const CRITERION: &str = "Zuerst wird eine Gehhilfe geprüft — ţară.";
const ITEM: &str = "Żółte notatki – “Març”";

/// Each field of the body, by its pointer, with an odd character in it: the one thing that is wrong there.
fn refuses(body: &Value, pointers: &[&str], send: impl Fn(&Value) -> Result<Answer>) -> Result<()> {
    for pointer in pointers {
        for odd in ODD {
            let mut faulty = body.clone();
            let field = faulty.pointer_mut(pointer).with_context(|| format!("the form has no {pointer}"))?;
            *field = json!(format!("{}{odd}", field.as_str().unwrap_or_default()));
            let refused = send(&faulty)?;
            ensure!(refused.status == 422, "{pointer} took {odd:?}: {}", refused.body);
            let error = refused.wrong_at(pointer, "unprintable")?;
            ensure!(error["character"] == format!("U+{:04X}", u32::from(odd)), "{pointer} {odd:?}: {error}");
        }
    }
    Ok(())
}

/// The same of a row of a file, by column: the line is rejected with the column and the character named.
fn rejects(world: &World, kind: Kind, row: &str, columns: &[(&str, &str)]) -> Result<()> {
    let faulty = |value: &str, odd: char| row.replacen(&format!("\"{value}\""), &format!("\"{value}{odd}\""), 1);
    let all: Vec<(&str, char)> = columns.iter().flat_map(|(column, _)| ODD.map(|odd| (*column, odd))).collect();
    let rows: Vec<String> = columns.iter().flat_map(|(_, value)| ODD.map(|odd| faulty(value, odd))).collect();
    ensure!(rows.iter().all(|faulty| faulty != row), "each row has its fault");
    let (import, report) = world.stack.imported(&world.stack.drop_rows(kind, CONTRACT, &rows)?)?;
    ensure!(usize::try_from(import.counts.rejected)? == rows.len(), "{report}");
    for (place, (column, odd)) in all.into_iter().enumerate() {
        let begins = format!("{},{column},", place + 2);
        let line =
            report.lines().find(|line| line.starts_with(&begins)).with_context(|| format!("{begins} {report}"))?;
        ensure!(line.contains(&format!("U+{:04X}", u32::from(odd))), "{line}");
    }
    Ok(())
}

/// A physician whom a Contract Manager adds, under a name of several alphabets.
fn physician(world: &World) -> Result<Person> {
    let manager = Person::of_post(world, &[CONTRACT], StaffRole::ContractManager)?;
    let name = format!("ilona.{}", clock::new_uuid().simple().to_string().get(..8).unwrap_or_default());
    let email = format!("{name}@staff.example");
    let form = json!({
        "username": name,
        "post": {
            "role": "physician", "credential": "MÜDr", "specialty": "Médecine générale",
            "license": { "state": "CO", "number": "E-900077" }, "contracts": [CONTRACT],
        },
        "contact": {
            "firstName": "Żaneta", "lastName": "Ğüneş", "address1": "1 Review Plaza", "city": "Denver", "state": "CO",
            "zip": "80202", "email": email, "confirmEmail": email, "fax": "303-555-0166",
        },
    });
    let fields = ["/contact/firstName", "/contact/lastName", "/post/credential", "/post/specialty"];
    refuses(&form, &fields, |body| manager.portal.post("/staff/users", body).send())?;
    manager.portal.post("/staff/users", &form).expect(201)?;
    let token = mailbox::wait_for_link(&world.stack, &email)?;
    Person::enrolled(world, Door::Staff, &token)?.sign_in()
}

/// Everything said stands in each letter that tells this, as whoever reads the file sees it.
fn stands_in_letters(of: &Person, wizard: &mut Wizard<'_>, about: &str, said: &[&str]) -> Result<()> {
    let told = |letter: &&Value| letter["about"] == about;
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.iter().filter(told).count() == 2))?;
    for letter in case.list("/letters")?.iter().filter(told) {
        let id = letter["id"].as_str().context("a letter has an id")?;
        let url = of.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
        let words = files::words_of_pdf(&of.portal.download(&url)?)?;
        for word in said.iter().flat_map(|text| text.split_whitespace()) {
            ensure!(words.contains(word), "{word} is not in the letter to the {}: {words}", letter["audience"]);
        }
    }
    Ok(())
}

/// REQ: LTR-09
#[test]
fn every_field_that_reaches_a_letter_takes_what_can_be_set_and_refuses_the_rest_at_the_field() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let provider = &clinic.place.provider;

    // Files: a member, a provider.
    let member = member_row(&clinic.member);
    let address = &clinic.member.address;
    let columns = [
        ("first", clinic.member.first_name.as_str()),
        ("last", clinic.member.last_name.as_str()),
        ("address1", address.line1.as_str()),
        ("city", address.city.as_str()),
    ];
    rejects(&world, Kind::Members, &member, &columns)?;
    let columns = [
        ("name", provider.name.as_str()),
        ("address1", provider.address.line1.as_str()),
        ("city", provider.address.city.as_str()),
    ];
    rejects(&world, Kind::Providers, &provider_row(&clinic.place), &columns)?;
    let mut named = Member { first_name: "Zoë Łucja".parse()?, ..clinic.member.clone() };
    named.address.line1 = "9 Šípková Straße".parse()?;
    named.address.city = "Cañon Ćity".parse()?;
    let mut place = clinic.place.clone();
    place.provider.name = format!("Clínica Ñandú {}", provider.name).parse()?;
    place.provider.address.line1 = "7 Rue de l’Église".parse()?;
    for (kind, row) in [(Kind::Members, member_row(&named)), (Kind::Providers, provider_row(&place))] {
        let (import, report) = world.stack.imported(&world.stack.drop_rows(kind, CONTRACT, &[row])?)?;
        ensure!((import.counts.changed, import.counts.rejected) == (1, 0), "{report}");
    }

    // A form of a clinic: a temporary member.
    let dana = Person::of_clinic(&world, &clinic)?;
    let unknown = Clinic::unknown(&world, CONTRACT)?.member;
    let temporary = json!({
        "contract": CONTRACT, "firstName": "Ada", "lastName": unknown.last_name, "gender": "female", "birthDate": "1970-03-02",
        "address1": "7 Spruce Way", "address2": "Suite B", "city": "Boulder", "country": "US", "state": "CO", "county": "Boulder",
        "postalCode": "80302",
    });
    let fields = ["/firstName", "/lastName", "/address1", "/address2", "/city"];
    refuses(&temporary, &fields, |body| dana.portal.post("/members", body).send())?;

    // A reviewer's forms: what is asked for, and the decision. Nothing is decided while something is refused.
    let reviewer = physician(&world)?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let request = |what: &str| format!("/staff/cases/{}/requests/R01/{what}", wizard.key);
    let [claim, pend, decide] = ["claim", "pend", "determination"].map(request);
    nurse.portal.post(&claim, &json!({})).expect(200)?;
    let ask = json!({ "items": [ITEM], "due": clinic::today(&world, CONTRACT)?.tomorrow()? });
    refuses(&ask, &["/items/0"], |body| nurse.portal.post(&pend, body).send())?;
    ensure!(wizard.look()?.text("/status")? == "nurse-review");
    nurse.portal.post(&pend, &ask).expect(200)?;
    stands_in_letters(&dana, &mut wizard, "information", &[ITEM])?;
    let answer = json!({ "note": "The notes follow.", "answers": true });
    dana.portal.post(format!("/cases/{}/requests/R01/information", wizard.key), &answer).expect(201)?;
    let refer = json!({ "decision": "refer", "note": "Please look at the goals." });
    refuses(&refer, &["/note"], |body| nurse.portal.post(&decide, body).send())?;
    nurse.portal.post(&decide, &refer).expect(200)?;
    reviewer.portal.post(&claim, &json!({})).expect(200)?;
    let denial = json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": REASON }],
        "criteria": [{ "title": TITLE, "citation": CITATION, "text": CRITERION }],
    });
    let fields = ["/lines/0/reason", "/criteria/0/title", "/criteria/0/citation", "/criteria/0/text"];
    refuses(&denial, &fields, |body| reviewer.portal.post(&decide, body).send())?;
    ensure!(wizard.look()?.text("/status")? == "physician-review", "nothing was decided");
    reviewer.portal.post(&decide, &denial).expect(200)?;
    let names = [named.first_name.as_str(), named.last_name.as_str(), place.provider.name.as_str()];
    stands_in_letters(&dana, &mut wizard, "determination", &[&names[..], &[REASON][..]].concat())?;
    let reviewed = ["Żaneta Ğüneş", "MÜDr", "Médecine générale"];
    let rules = [TITLE, CITATION, CRITERION, "7 Rue de l’Église"];
    letter_to(&dana, &mut wizard, "provider", &[&reviewed[..], &rules[..]].concat())?;
    letter_to(&dana, &mut wizard, "member", &["9 Šípková Straße", "Cañon Ćity"])
}

/// The same of one of the two letters of the decision.
fn letter_to(of: &Person, wizard: &mut Wizard<'_>, audience: &str, said: &[&str]) -> Result<()> {
    let case = wizard.look()?;
    let one = |letter: &&Value| letter["about"] == "determination" && letter["audience"] == audience;
    let id = case.list("/letters")?.iter().find(one).and_then(|letter| letter["id"].as_str()).context("the letter")?;
    let url = of.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
    let words = files::words_of_pdf(&of.portal.download(&url)?)?;
    for word in said.iter().flat_map(|text| text.split_whitespace()) {
        ensure!(words.contains(word), "{word} is not in the letter to the {audience}: {words}");
    }
    Ok(())
}
