//! One request over the whole of the interface, from metadata to the last message, beside a clerk and a nurse who work at the same
//! case in the portal.

use anyhow::{Context, Result};
use jiff::ToSpan;
use portico_domain::caller::StaffRole::{Nurse, Physician};
use portico_testkit::{
    carriers::{Hooked, hook, hooked},
    claims::{change, with_document},
    fhir::{attachment, subscription},
    files,
    people::Person,
    poll::{self, PATIENCE},
};
use serde_json::{Value, json};

use crate::sender::{Sender, actions, case_id, told};

const CONTRACT: &str = "colorado";

/// What came to the system's server and was taken, in its order, as soon as it is so much.
fn messages(sender: &Sender, server: &str, count: usize) -> Result<Vec<Hooked>> {
    poll::until(&format!("{count} messages"), PATIENCE, || {
        let mut all = hooked(&sender.world.stack, server)?;
        all.retain(|message| message.status == 200);
        Ok((all.len() >= count).then_some(all))
    })
}

/// The `ClaimResponse` of the last of so many messages.
fn notified(sender: &Sender, server: &str, count: usize) -> Result<Value> {
    let all = messages(sender, server, count)?;
    assert_eq!(all.len(), count);
    let last = all.last().context("no message")?;
    Ok(last.body["entry"][1]["resource"]["entry"][0]["resource"].clone())
}

fn statuses(sender: &Sender, id: &str) -> Result<Vec<(String, String)>> {
    let case = sender.case(id)?;
    let of = |request: &Value| Some((request["number"].as_str()?.to_owned(), request["status"].as_str()?.to_owned()));
    Ok(case.list("/requests")?.iter().filter_map(of).collect())
}

fn stand(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(number, status)| ((*number).to_owned(), (*status).to_owned())).collect()
}

/// REQ: API-02
#[test]
fn a_system_asks_is_told_changes_and_asks_where_it_stands_while_people_work_at_the_same_case() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let metadata = sender.system.read(&sender.token, "metadata")?;
    let resources = metadata.list("/rest/0/resource")?;
    let operations: Vec<_> = resources
        .iter()
        .flat_map(|one| one["operation"].as_array().into_iter().flatten())
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert!(["submit", "inquire"].iter().all(|name| operations.contains(name)), "{operations:?}");
    assert!(resources.iter().any(|one| one["type"] == "Subscription"), "{}", metadata.body);

    let server = format!("{}-journey", sender.system.id);
    let wanted = subscription(&sender.clinic, &hook(&sender.world.stack, &server), "full-resource");
    assert_eq!(sender.system.subscribe(&sender.token, &wanted)?.status, 201);
    messages(&sender, &server, 1)?;

    // A request with a document waits for a person: one case, here and there.
    let asked =
        with_document(sender.asks("J-1", "K0001")?, "order", "other", &files::pdf("order.pdf", "Order").content);
    let first = sender.taken(&asked)?;
    assert_eq!(actions(&first)?, told(&[(3, "A4")]));
    let id = case_id(&first)?;
    let case = sender.checked(&id)?;
    assert_eq!(statuses(&sender, &id)?, stand(&[("R01", "nurse-review")]));
    assert_eq!(case.list("/documents")?.len(), 1);
    let key = case.text("/key")?;

    // A nurse asks for something; the system is told, and sends it.
    let nurse = Person::of_staff(&sender.world, CONTRACT, Nurse)?;
    let path = |request: &str| format!("/staff/cases/{key}/requests/{request}");
    nurse.portal.post(format!("{}/claim", path("R01")), &json!({})).expect(200)?;
    let ask = json!({ "items": ["The plan of care"], "due": sender.on()?.checked_add(1.days())? });
    nurse.portal.post(format!("{}/pend", path("R01")), &ask).expect(200)?;
    let asks = notified(&sender, &server, 2)?;
    assert_eq!(actions(&asks)?, told(&[(3, "A4")]));
    assert!(asks["communicationRequest"][0]["reference"].is_string(), "{asks}");
    assert_eq!(statuses(&sender, &id)?, stand(&[("R01", "pended")]));
    let plan = attachment(&sender.clinic, &format!("{id}-R01-1"), None, &files::pdf("plan.pdf", "Plan").content);
    assert_eq!(sender.system.attach(&sender.token, &plan)?.status, 200);
    assert_eq!(actions(&notified(&sender, &server, 3)?)?, told(&[(3, "A4")]));
    assert_eq!(statuses(&sender, &id)?, stand(&[("R01", "nurse-review")]));

    // It needs one thing more: what is not decided is asked for anew in the same case.
    let (chair, mask) = (sender.item(3, "K0001", 1)?, sender.item(4, "E0601", 1)?);
    let second = sender.taken(&change(sender.asks("J-1", "K0001")?, ("J-2", "J-1"), &[chair, mask]))?;
    assert_eq!((actions(&second)?, case_id(&second)?), (told(&[(3, "A4"), (4, "A4")]), id.clone()));
    assert_eq!(statuses(&sender, &id)?, stand(&[("R01", "withdrawn"), ("R02", "nurse-review")]));

    // Decided by a person, told, and found again.
    sender.approved(&key, "R02", 2)?;
    assert_eq!(actions(&notified(&sender, &server, 4)?)?, told(&[(3, "A1"), (4, "A1")]));
    let [inquired] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(inquired)?, told(&[(3, "A1"), (4, "A1")]));
    assert_eq!(statuses(&sender, &id)?, stand(&[("R01", "withdrawn"), ("R02", "approved")]));
    Ok(())
}

#[test]
fn a_request_is_approved_in_part_and_the_system_is_told_what_is_authorized() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let server = format!("{}-part", sender.system.id);
    let wanted = subscription(&sender.clinic, &hook(&sender.world.stack, &server), "full-resource");
    assert_eq!(sender.system.subscribe(&sender.token, &wanted)?.status, 201);
    messages(&sender, &server, 1)?;
    let mut asked = sender.asks("P-1", "K0001")?;
    asked["entry"][0]["resource"]["item"] = json!([sender.item(3, "K0001", 2)?, sender.item(4, "E0601", 1)?]);
    let id = case_id(&sender.taken(&asked)?)?;
    let key = sender.case(&id)?.text("/key")?;

    let path = format!("/staff/cases/{key}/requests/R01");
    let (nurse, physician) =
        (Person::of_staff(&sender.world, CONTRACT, Nurse)?, Person::of_staff(&sender.world, CONTRACT, Physician)?);
    nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let refer = json!({ "decision": "refer", "note": "One chair is enough." });
    nurse.portal.post(format!("{path}/determination"), &refer).expect(200)?;
    physician.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let reason = "One chair meets the need that the records show.";
    let part = json!({
        "decision": "determine",
        "lines": [{ "outcome": "modified", "units": 1, "reason": reason }, { "outcome": "approved" }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "One device at a time." }],
    });
    physician.portal.post(format!("{path}/determination"), &part).expect(200)?;

    let [inquired] = &sender.inquired()?[..] else { panic!("one answer") };
    for answer in [inquired, &notified(&sender, &server, 2)?] {
        assert_eq!(actions(answer)?, told(&[(3, "A6"), (4, "A1")]), "{answer}");
        let [added] = &answer["addItem"].as_array().context("nothing added")?[..] else { panic!("{answer}") };
        assert_eq!((&added["itemSequence"], &added["quantity"]["value"]), (&json!([3]), &json!(1)));
        assert_eq!(added["productOrService"]["coding"][0]["code"], "K0001");
        let parts = added["adjudication"][0]["extension"][0]["extension"].as_array().context("no parts")?;
        let number = parts.iter().find(|part| part["url"] == "number").context("no number")?;
        assert_eq!(number["valueString"], answer["preAuthRef"]);
        let action = parts.iter().find_map(|part| part["valueCodeableConcept"]["coding"][0]["code"].as_str());
        assert_eq!(action, Some("A1"));
        assert_eq!(answer["processNote"][0]["text"], reason);
        // Each with the number by which its sender tracks it.
        for (place, trace) in [(0, "T-3"), (1, "T-4")] {
            assert_eq!(answer["item"][place]["extension"][0]["valueIdentifier"]["value"], trace);
        }
        assert_eq!(answer["extension"][0]["extension"][0]["valueBoolean"], true);
    }
    Ok(())
}
