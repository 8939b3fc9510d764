//! A system changes what it asked for (an update of HL7 Da Vinci PAS `Claim/$submit`): what nobody has decided is withdrawn and
//! asked for anew in its case, what is authorized is revised.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{Nurse, Physician};
use portico_testkit::{
    claims::{cancelled, certification, change},
    people::Person,
    poll::{self, PATIENCE},
};
use serde_json::{Value, json};

use crate::sender::{Sender, actions, case_id, refused, response, told};

const CONTRACT: &str = "colorado";
const RELATED: &str = "Bundle.entry[0].resource.related[0]";

/// All of a Claim taken back, without items.
fn whole(request: Value, numbers: (&str, &str)) -> Value {
    let mut all = change(request, numbers, &[]);
    all["entry"][0]["resource"]["extension"] = json!([certification("3")]);
    all
}

fn statuses(case: &Value) -> Vec<(&str, &str)> {
    let all = case["requests"].as_array().into_iter().flatten();
    all.filter_map(|request| Some((request["number"].as_str()?, request["status"].as_str()?))).collect()
}

#[test]
fn items_are_added_changed_and_taken_back_while_nobody_has_decided() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "K0001")?;
    let first = sender.taken(&asked)?;
    assert_eq!(actions(&first)?, told(&[(3, "A4")]));
    let id = case_id(&first)?;

    let (chair, mask) = (sender.item(3, "K0001", 1)?, sender.item(4, "E0601", 1)?);
    let added = change(asked.clone(), ("R-2", "R-1"), &[chair, mask.clone()]);
    let second = sender.taken(&added)?;
    assert_eq!((actions(&second)?, case_id(&second)?), (told(&[(3, "A4"), (4, "A4")]), id.clone()));
    assert_eq!(second["request"]["reference"], added["entry"][0]["fullUrl"]);

    let two = sender.item(3, "K0001", 2)?;
    let changed = change(asked.clone(), ("R-3", "R-2"), &[two.clone(), cancelled(mask)]);
    let third = sender.submit(&changed)?;
    assert_eq!(actions(response(&third)?)?, told(&[(3, "A4"), (4, "C")]));
    // Sent again it is answered again, and done once.
    assert_eq!(sender.submit(&changed)?.body, third.body);

    // One request of it waits, and one is told.
    let [inquired] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(inquired)?, told(&[(3, "A4"), (4, "C")]));
    assert_eq!(inquired["request"]["reference"], changed["entry"][0]["fullUrl"]);
    let case = sender.case(&id)?;
    let requests = [("R01", "withdrawn"), ("R02", "withdrawn"), ("R03", "nurse-review")];
    assert_eq!(statuses(&case.body), requests);
    assert_eq!(case.at("/requests/2/lines/0/quantity")?, 2);
    assert_eq!(case.list("/requests/2/lines")?.len(), 1);
    // Its time did not begin anew.
    assert_eq!(case.at("/requests/2/clock/due")?, case.at("/requests/0/clock/due")?);
    sender.approved(&case.text("/key")?, "R03", 1)?;
    let [decided] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(decided)?, told(&[(3, "A1"), (4, "C")]));

    // What is authorized is not given up as a whole here.
    let (code, path, words) = sender.refused(&whole(asked, ("R-4", "R-3")))?;
    assert_eq!((code.as_str(), path.as_str()), ("33", RELATED));
    assert!(words.contains("authorized"), "{words}");
    Ok(())
}

#[test]
fn all_of_it_is_taken_back_and_then_it_is_over() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "K0001")?;
    let id = case_id(&sender.taken(&asked)?)?;
    // Named by its address, as it counts from the new one.
    let mut all = whole(asked.clone(), ("R-2", "R-1"));
    all["entry"][0]["resource"]["related"][0]["claim"] = json!({ "reference": "Claim/r" });
    let answer = sender.submit(&all)?;
    assert_eq!(actions(response(&answer)?)?, told(&[(3, "C")]));
    assert_eq!(sender.submit(&all)?.body, answer.body);
    assert_eq!(sender.case(&id)?.text("/status")?, "withdrawn");
    let [inquired] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(inquired)?, told(&[(3, "C")]));
    for numbers in [("R-3", "R-2"), ("R-3", "R-1")] {
        let (code, path, _) = sender.refused(&change(asked.clone(), numbers, &[sender.item(3, "K0001", 2)?]))?;
        assert_eq!((code.as_str(), path.as_str()), ("33", RELATED), "{numbers:?}");
    }
    // Asked for anew it is a case of its own, which goes item by item.
    let again = sender.asks("R-4", "K0001")?;
    let other = case_id(&sender.taken(&again)?)?;
    assert_ne!(other, id);
    let items = [cancelled(sender.item(3, "K0001", 1)?)];
    assert_eq!(actions(&sender.taken(&change(again, ("R-5", "R-4"), &items))?)?, told(&[(3, "C")]));
    assert_eq!(sender.case(&other)?.text("/status")?, "withdrawn");
    Ok(())
}

#[test]
fn what_is_authorized_is_revised_item_by_item() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "E0601")?;
    let first = sender.taken(&asked)?;
    assert_eq!(actions(&first)?, told(&[(3, "A1")]));
    let number = first["preAuthRef"].as_str().context("no number")?.to_owned();

    let mask = sender.item(3, "E0601", 1)?;
    let added = change(asked.clone(), ("R-2", "R-1"), &[mask.clone(), sender.item(4, "K0001", 1)?]);
    let second = sender.taken(&added)?;
    assert_eq!(actions(&second)?, told(&[(3, "A1"), (4, "A4")]));
    assert_eq!(second["preAuthRef"], json!(number));
    // Changed once more while it is open: the next takes its place.
    let more = change(asked.clone(), ("R-3", "R-2"), &[mask.clone(), sender.item(4, "K0001", 2)?]);
    let third = sender.taken(&more)?;
    assert_eq!(actions(&third)?, told(&[(3, "A1"), (4, "A4")]));
    let id = case_id(&third)?;
    let case = sender.case(&id)?;
    assert_eq!(statuses(&case.body), [("R01", "approved"), ("R02", "withdrawn"), ("R03", "nurse-review")]);
    assert_eq!(case.text("/requests/2/review")?, "revision");
    sender.approved(&case.text("/key")?, "R03", 2)?;
    let [decided] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(decided)?, told(&[(3, "A1"), (4, "A1")]));
    assert_eq!(decided["preAuthRef"], json!(number));

    // Nothing differs; then one item goes, which a rule decides at once.
    let same = [mask.clone(), sender.item(4, "K0001", 2)?];
    let (code, ..) = sender.refused(&change(asked.clone(), ("R-4", "R-3"), &same))?;
    assert_eq!(code, "33");
    let gone = [mask, cancelled(sender.item(4, "K0001", 2)?)];
    let fourth = sender.taken(&change(asked.clone(), ("R-5", "R-3"), &gone))?;
    assert_eq!(actions(&fourth)?, told(&[(3, "A1"), (4, "C")]), "{fourth}");
    let case = sender.case(&id)?;
    assert_eq!(case.text("/requests/3/status")?, "approved");
    // What stands for the whole case does not change after a decision.
    let mut other = change(asked, ("R-6", "R-5"), &[sender.item(3, "E0601", 1)?, sender.item(5, "K0001", 1)?]);
    other["entry"][0]["resource"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] = json!("J44.9");
    let (code, path, _) = sender.refused(&other)?;
    assert_eq!((code.as_str(), path.as_str()), ("33", "Bundle.entry[0].resource.diagnosis"));
    Ok(())
}

#[test]
fn what_was_denied_is_asked_for_otherwise() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "K0001")?;
    let asked_first = asked["entry"][0]["fullUrl"].clone();
    let key = sender.case(&case_id(&sender.taken(&asked)?)?)?.text("/key")?;
    let path = format!("/staff/cases/{key}/requests/R01");
    let nurse = Person::of_staff(&sender.world, CONTRACT, Nurse)?;
    nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let refer = json!({ "decision": "refer", "note": "A trial was not made." });
    nurse.portal.post(format!("{path}/determination"), &refer).expect(200)?;
    let physician = Person::of_staff(&sender.world, CONTRACT, Physician)?;
    physician.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let denied = json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": "The records show that a walking aid was not tried before." }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    });
    physician.portal.post(format!("{path}/determination"), &denied).expect(200)?;
    let [decided] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!(actions(decided)?, told(&[(3, "A3")]));
    let changed = change(asked, ("R-2", "R-1"), &[sender.item(3, "K0001", 2)?]);
    let (code, path, words) = sender.refused(&changed)?;
    assert_eq!((code.as_str(), path.as_str()), ("33", RELATED));
    assert!(words.contains("denied"), "{words}");

    // Looked at again in the portal, it is told as the answer to the Claim, by its own number.
    let again = json!({ "of": "R01", "kind": "reconsideration", "note": "The trial was made, and the notes show it." });
    sender.clerk.portal.post(format!("/cases/{key}/requests"), &again).expect(201)?;
    let [waits] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!((actions(waits)?, &waits["request"]), (told(&[(3, "A4")]), &decided["request"]));
    assert_eq!(waits["request"]["reference"], asked_first);
    poll::until("the nurses", PATIENCE, || {
        Ok((sender.clerk.portal.get(format!("/cases/{key}")).expect(200)?.text("/requests/1/status")?
            == "nurse-review")
            .then_some(()))
    })?;
    sender.approved(&key, "R02", 1)?;
    let [approved] = &sender.inquired()?[..] else { panic!("one answer") };
    assert_eq!((actions(approved)?, &approved["request"]), (told(&[(3, "A1")]), &decided["request"]));
    assert_eq!(approved["item"][0]["extension"][0], decided["item"][0]["extension"][0]);
    Ok(())
}

#[test]
fn what_cannot_be_changed_is_told_where_it_is_and_nothing_happens() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "K0001")?;
    let id = case_id(&sender.taken(&asked)?)?;
    let two = [sender.item(3, "K0001", 2)?];
    let changed = |numbers: (&str, &str)| change(asked.clone(), numbers, &two);

    // What is not there, what another system has sent and what was asked of another member look alike.
    let unknown = sender.refused(&changed(("R-2", "R-0")))?;
    assert_eq!((unknown.0.as_str(), unknown.1.as_str()), ("AA", RELATED));
    let other = sender.other()?;
    assert_eq!(refused(&other.submit(&other.token()?, &changed(("R-2", "R-1")))?)?, unknown);
    let stranger = Sender::new(CONTRACT, 1970)?;
    let theirs = change(stranger.asks("R-9", "K0001")?, ("R-2", "R-1"), &two);
    assert_eq!(stranger.refused(&theirs)?, unknown);

    let claim = "Bundle.entry[0].resource";
    let cases: [(&str, Value, &str, &str); 6] = [
        ("/related/1", json!([{}, {}]), "33", "related[1]"),
        ("/related/0/relationship", json!({ "coding": [{ "code": "associated" }] }), "33", "related[0]"),
        ("/related/0/claim", json!({}), "15", "related[0]"),
        ("/related/0/claim", json!({ "reference": "Claim/R-2" }), "33", "related[0]"),
        ("/item", json!([sender.item(4, "K0001", 1)?]), "15", "item"),
        ("/item", json!([sender.item(3, "K0001", 1)?]), "33", "item"),
    ];
    for (pointer, value, code, path) in cases {
        let mut wrong = changed(("R-2", "R-1"));
        let claim_of = wrong.pointer_mut("/entry/0/resource").context("no Claim")?;
        if pointer == "/related/1" {
            claim_of["related"] = value;
        } else {
            *claim_of.pointer_mut(pointer).context("no place")? = value;
        }
        let (told, at, words) = sender.refused(&wrong)?;
        assert_eq!((told.as_str(), at), (code, format!("{claim}.{path}")), "{pointer}: {words}");
    }
    // Taken back without saying of what; a mark that is not known; one that says no.
    let mut alone = asked.clone();
    alone["identifier"]["value"] = json!("R-2");
    alone["entry"][0]["resource"]["identifier"][0]["value"] = json!("R-2");
    alone["entry"][0]["resource"]["item"] = json!([cancelled(sender.item(3, "K0001", 1)?)]);
    assert_eq!(sender.refused(&alone)?.1, format!("{claim}.related"));
    let mut strange = changed(("R-2", "R-1"));
    strange["entry"][0]["resource"]["item"][0]["modifierExtension"] = json!([{ "url": "http://x" }]);
    assert_eq!(sender.submit(&strange)?.status, 400);
    // Nothing of all that has changed anything.
    assert_eq!(statuses(&sender.case(&id)?.body), [("R01", "nurse-review")]);

    let mut kept = changed(("R-2", "R-1"));
    let mark = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled";
    kept["entry"][0]["resource"]["item"][0]["modifierExtension"] = json!([{ "url": mark, "valueBoolean": false }]);
    assert_eq!(actions(&sender.taken(&kept)?)?, told(&[(3, "A4")]));
    let (code, path, words) = sender.refused(&changed(("R-3", "R-1")))?;
    assert_eq!((code.as_str(), path.as_str()), ("33", RELATED));
    assert!(words.contains("later one"), "{words}");
    Ok(())
}

#[test]
fn of_changes_of_one_claim_that_are_sent_at_once_one_is_made() -> Result<()> {
    let sender = Sender::new(CONTRACT, 1970)?;
    let asked = sender.asks("R-1", "K0001")?;
    let id = case_id(&sender.taken(&asked)?)?;
    let changes: Vec<Value> = (2..6_u32)
        .map(|units| Ok(change(asked.clone(), (&format!("R-{units}"), "R-1"), &[sender.item(3, "K0001", units)?])))
        .collect::<Result<_>>()?;
    let answers = std::thread::scope(|scope| {
        let sent: Vec<_> = changes.iter().map(|bundle| scope.spawn(|| sender.submit(bundle))).collect();
        sent.into_iter().map(|one| one.join().map_err(|_| anyhow::anyhow!("it panicked"))?).collect::<Result<Vec<_>>>()
    })?;
    let mut made = 0;
    for (bundle, mut answer) in changes.iter().zip(answers) {
        for _ in 0..4 {
            if answer.status == 409 {
                answer = sender.submit(bundle)?;
            }
        }
        if response(&answer)?["outcome"] == "complete" {
            made += 1;
        } else {
            assert_eq!(refused(&answer)?.1, RELATED);
        }
    }
    assert_eq!(made, 1);
    assert_eq!(statuses(&sender.case(&id)?.body), [("R01", "withdrawn"), ("R02", "nurse-review")]);
    Ok(())
}
