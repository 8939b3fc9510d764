//! Who may do what: `table.txt`, asked of the running stack row by row.

#![cfg(test)]

mod headers;
mod people;
mod table;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use portico_testkit::{
    carriers::{self, Incoming},
    clinic::{self, Clinic},
    fhir::System,
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

use people::{CONTRACT, People};
use table::{Line, Row};

/// What the rows are asked about.
struct Subject {
    case: String,
    etag: String,
    group: String,
    member: String,
    clerk: String,
    nurse: String,
    letter: String,
    document: String,
    check: String,
    client: String,
    fax: String,
}

/// A fax that waits with the intake of the contract.
fn waiting_fax(world: &World, clerk: &Portal) -> Result<String> {
    let to = world.contract(CONTRACT)?.intake.fax_numbers.first().context("a fax number")?.e164();
    let fax = Incoming { to: &to, from: None, pages: &files::white_page(), times: 1, key: None };
    let id = carriers::received_id(&carriers::receive(&world.stack, &fax)?.0);
    poll::until("the fax to be fetched", PATIENCE, || {
        Ok((clerk.get(format!("/staff/faxes/{id}")).send()?.status == 200).then_some(()))
    })?;
    Ok(id)
}

/// A case of the clinic that waits with the nurses.
fn waiting_case<'a>(world: &World, person: &'a Person, clinic: &Clinic) -> Result<(Wizard<'a>, String, String)> {
    let mut wizard = Wizard::begin(person, clinic, "inpatient")?;
    let from = clinic::today(world, CONTRACT)?;
    let stay = json!({ "admission": "elective", "admitted": from });
    wizard.save("service", &json!({ "serviceType": "acute-inpatient", "placeOfService": "21", "stay": stay }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["M17.11"] }))?;
    let line = Entry { code: "0120", modifiers: &[], from, days: 2, units: 2 };
    wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    let document = wizard.attach("other", &files::pdf("plan.pdf", "Plan"))?;
    wizard.checked()?;
    wizard.submit()?;
    let case = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let etag = case.header("etag").to_owned();
    Ok((wizard, etag, document))
}

/// The number of an answer that was given to somebody of the clinic.
fn answered(world: &World, person: &Person) -> Result<String> {
    let asked = json!({ "code": "0120", "setting": "inpatient", "on": clinic::today(world, CONTRACT)? });
    person.portal.post(format!("/contracts/{CONTRACT}/checks"), &asked).expect(201)?.text("/number")
}

/// A system that acts for the clinic.
fn client(people: &People) -> Result<String> {
    Ok(System::registered(people.manager(), "River EHR", &[CONTRACT], &[&people.clinic.number()])?.id)
}

/// The nurse who has claimed the case approves it; the letter that comes of it.
fn approve(wizard: &mut Wizard<'_>, nurse: &Person) -> Result<String> {
    let path = format!("/staff/cases/{}/requests/R01/determination", wizard.key);
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(path, &approved).expect(200)?;
    let case = wizard.until("a letter", |case| Ok(!case.list("/letters")?.is_empty()))?;
    case.text("/letters/0/id")
}

fn body(row: &Row) -> Value {
    match row.path.rsplit('/').next() {
        Some("diagnoses") => json!({ "diagnoses": ["F84.0"] }),
        Some("documents") => {
            json!({ "request": "R01", "documentType": "other", "fileName": "a.pdf", "bytes": 10 })
        }
        _ => json!({}),
    }
}

fn ask(portal: &Portal, row: &Row, of: &Subject) -> Result<u16> {
    let id = if row.path.starts_with("/groups/") { &of.group } else { &of.case };
    let path = row
        .path
        .replace("{id}", id)
        .replace("{member}", &of.member)
        .replace("{name}", &of.clerk)
        .replace("@nurse", &of.nurse)
        .replace("@check", &of.check)
        .replace("@client", &of.client)
        .replace("{fax}", &of.fax)
        .replace("{letter}", &of.letter)
        .replace("{document}", &of.document);
    let call = match row.method.as_str() {
        "GET" => portal.get(path),
        "PUT" => portal.put(path, &body(row), &of.etag),
        "PATCH" => portal.patch(path, &body(row), &of.etag),
        "DELETE" => portal.delete(path),
        _ => portal.post(path, &body(row)),
    };
    Ok(call.send()?.status)
}

/// REQ: ACT-07, ACC-14, ACC-18, ORG-01, ORG-02, ORG-03, ORG-04, ORG-05, ORG-06, REV-01, REV-03, OPS-05
#[test]
fn each_operation_answers_each_caller_as_the_table_says() -> Result<()> {
    let world = World::open()?;
    let people = People::enrol(&world)?;
    let (mut wizard, etag, document) = waiting_case(&world, people.author(), &people.clinic)?;
    let mut of = Subject {
        case: wizard.key.clone(),
        etag,
        group: people.group.clone(),
        member: people.clinic.member.id.to_string(),
        clerk: people.clerk.clone(),
        nurse: people.nurse().username.clone(),
        letter: String::new(),
        document,
        check: answered(&world, people.author())?,
        client: client(&people)?,
        fax: waiting_fax(&world, people.intake())?,
    };
    let mut differ = Vec::new();
    for line in table::lines()? {
        match line {
            Line::Phase("The nurse has approved it") => of.letter = approve(&mut wizard, people.nurse())?,
            Line::Phase(_) => {}
            Line::Row(row) => {
                let found: Result<Vec<u16>> = people.portals.iter().map(|portal| ask(portal, &row, &of)).collect();
                let found = found.with_context(|| row.operation.clone())?;
                differ.extend(row.differences(&found));
            }
        }
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
    Ok(())
}

/// REQ: API-01
#[test]
fn no_operation_is_missing_in_the_table() -> Result<()> {
    let document = portico_api::openapi::document()?;
    let paths = document["paths"].as_object().context("the document has no paths")?;
    let methods = ["get", "put", "post", "delete", "patch"];
    let operations: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().into_iter().flat_map(move |item| item.keys().map(move |m| (m, path))))
        .filter(|(method, _)| methods.contains(&method.as_str()))
        .map(|(method, path)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let rows = table::lines()?.into_iter().filter_map(|line| match line {
        Line::Row(row) => Some(row.operation),
        Line::Phase(_) => None,
    });
    assert_eq!(rows.collect::<BTreeSet<_>>(), operations);
    Ok(())
}
