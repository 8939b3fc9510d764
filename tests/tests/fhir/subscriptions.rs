//! A system is told by its own server what becomes of its requests (HL7 Subscriptions R5 Backport on R4, as Da Vinci PAS has it).

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::{SignedDuration, ToSpan};
use portico_aws::clock;
use portico_domain::{
    caller::StaffRole::{ContractManager, Nurse},
    id::EventId,
};
use portico_testkit::{
    carriers::{Hooked, Script, hook, hooked, script},
    clinic::{Clinic, today},
    fhir::{System, Wish, attachment, request, subscription},
    files,
    people::Person,
    poll::{self, PATIENCE},
    seeding::World,
};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";
const PAYER: &str = "PORTICO-CO";

struct Sender {
    world: Arc<World>,
    clinic: Clinic,
    clerk: Person,
    manager: Person,
    nurse: Person,
    system: System,
    token: String,
}

/// A request that waits for a person.
struct Waiting {
    key: String,
    case_id: String,
    claim: Value,
}

impl Sender {
    fn new() -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::with_member(&world, CONTRACT, |member| member.birth_date = jiff::civil::date(1970, 1, 2))?;
        let clerk = Person::of_clinic(&world, &clinic)?;
        let manager = Person::of_staff(&world, CONTRACT, ContractManager)?;
        let nurse = Person::of_staff(&world, CONTRACT, Nurse)?;
        let system = System::sending(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
        let token = system.token()?;
        Ok(Self { world, clinic, clerk, manager, nurse, system, token })
    }

    /// A name for a server of this system.
    fn server(&self, of: &str) -> String {
        format!("{}-{of}", self.system.id)
    }

    fn wanted(&self, server: &str, content: &str) -> Value {
        subscription(&self.clinic, &hook(&self.world.stack, server), content)
    }

    /// Subscribes, and waits until it is active; the place of the subscription.
    fn subscribed(&self, wanted: &Value) -> Result<String> {
        let made = self.system.subscribe(&self.token, wanted)?;
        assert_eq!((made.status, made.text("/status")?.as_str()), (201, "requested"), "{}", made.body);
        let place = format!("Subscription/{}", made.text("/id")?);
        assert!(made.header("location").ends_with(&format!("/fhir/pas/2.2/{place}")));
        self.until(&place, "active")?;
        Ok(place)
    }

    /// The status and the count of events of a subscription.
    fn stands(&self, place: &str) -> Result<(String, String)> {
        let answer = self.system.read(&self.token, &format!("{place}/$status"))?;
        assert_eq!((answer.status, answer.text("/type")?.as_str()), (200, "searchset"), "{}", answer.body);
        let told = answer.at("/entry/0/resource")?;
        assert_eq!(value(told, "type")?, "query-status");
        Ok((value(told, "status")?, value(told, "events-since-subscription-start")?))
    }

    fn until(&self, place: &str, status: &str) -> Result<()> {
        let what = format!("{place} to be {status}");
        poll::until(&what, PATIENCE, || Ok((self.stands(place)?.0 == status).then_some(())))
    }

    /// What came to a server and was taken, as soon as it is so much.
    fn taken(&self, server: &str, count: usize) -> Result<Vec<Hooked>> {
        let what = format!("{count} messages at {server}");
        poll::until(&what, PATIENCE, || {
            let mut all = hooked(&self.world.stack, server)?;
            all.retain(|message| message.status == 200);
            Ok((all.len() >= count).then_some(all))
        })
    }

    fn submit(&self, number: &str, code: &str) -> Result<Waiting> {
        let wish = Wish { number, code, diagnosis: "G47.33", on: today(&self.world, CONTRACT)? };
        let bundle = request(&self.clinic, PAYER, wish);
        let answer = self.system.submit(&self.token, &bundle)?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let number = answer.text("/entry/0/resource/identifier/0/value")?;
        let (case_id, _) = number.split_once('-').context("no number of a request")?;
        let key = self.clerk.portal.get(format!("/cases/{case_id}")).expect(200)?.text("/key")?;
        let claim = bundle["entry"][0]["fullUrl"].clone();
        Ok(Waiting { key, case_id: case_id.to_owned(), claim })
    }

    fn path(waiting: &Waiting) -> String {
        format!("/staff/cases/{}/requests/R01", waiting.key)
    }

    /// The nurse takes it.
    fn claimed(&self, waiting: &Waiting) -> Result<()> {
        self.nurse.portal.post(format!("{}/claim", Self::path(waiting)), &json!({})).expect(200)?;
        Ok(())
    }

    /// The nurse asks for the plan of care.
    fn asked(&self, waiting: &Waiting) -> Result<()> {
        let due = today(&self.world, CONTRACT)?.checked_add(1.days())?;
        let ask = json!({ "items": ["The plan of care"], "due": due });
        self.nurse.portal.post(format!("{}/pend", Self::path(waiting)), &ask).expect(200)?;
        Ok(())
    }

    /// The system sends it.
    fn answered(&self, waiting: &Waiting) -> Result<()> {
        let number = format!("{}-R01-1", waiting.case_id);
        let plan = attachment(&self.clinic, &number, None, &files::pdf("plan.pdf", "The plan of care.").content);
        assert_eq!(self.system.attach(&self.token, &plan)?.status, 200);
        Ok(())
    }

    fn approved(&self, waiting: &Waiting) -> Result<()> {
        let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
        self.nurse.portal.post(format!("{}/determination", Self::path(waiting)), &approved).expect(200)?;
        Ok(())
    }

    /// The clerk has the news, and no message of this system is on its way any more: what was to be told was told.
    fn settled(&self, news: &str) -> Result<()> {
        poll::until("the clerk's news", PATIENCE, || {
            let alerts = self.clerk.portal.get("/alerts").expect(200)?;
            Ok(alerts.list("/alerts")?.iter().any(|alert| alert["news"] == news).then_some(()))
        })?;
        poll::until("no message of the system", PATIENCE, || {
            let waiting = self.world.stack.waiting()?;
            let of_notices = |body: &str| body.contains("\"caseNotice\"") || body.contains(&self.system.id);
            Ok((!waiting.iter().any(|message| of_notices(&message.body))).then_some(()))
        })
    }
}

/// A value of the status.
fn value(parameters: &Value, name: &str) -> Result<String> {
    let all = parameters["parameter"].as_array().context("no parameters")?;
    let one = all.iter().find(|one| one["name"] == name).with_context(|| format!("no {name}"))?;
    let text = ["valueCode", "valueString", "valueCanonical"].iter().find_map(|kind| one[*kind].as_str());
    text.map(ToOwned::to_owned).with_context(|| format!("{name} has no value"))
}

/// The number of the change that a message tells.
fn number(message: &Hooked) -> Result<String> {
    let all = message.body["entry"][0]["resource"]["parameter"].as_array().context("no status")?;
    let event = all.iter().find(|one| one["name"] == "notification-event").context("no event")?;
    Ok(event["part"][0]["valueString"].as_str().context("no number")?.to_owned())
}

fn numbers(messages: &[Hooked]) -> Result<Vec<String>> {
    messages.iter().map(number).collect()
}

fn kind(message: &Hooked) -> Result<String> {
    value(&message.body["entry"][0]["resource"], "type")
}

fn action(response: &Value) -> Result<String> {
    let parts = response["item"][0]["adjudication"][0]["extension"][0]["extension"].as_array().context("no parts")?;
    let code = parts.iter().find_map(|part| part["valueCodeableConcept"]["coding"][0]["code"].as_str());
    code.map(ToOwned::to_owned).context("no code")
}

#[test]
fn what_people_do_with_a_request_is_told_in_order_as_a_whole_or_by_its_number() -> Result<()> {
    let sender = Sender::new()?;
    let (whole, brief) = (sender.server("whole"), sender.server("brief"));
    let place = sender.subscribed(&sender.wanted(&whole, "full-resource"))?;
    sender.subscribed(&sender.wanted(&brief, "id-only"))?;

    // The handshake has what was asked for.
    let shaken = sender.taken(&whole, 1)?.remove(0);
    assert_eq!(
        (shaken.headers["authorization"].as_str(), shaken.headers["content-type"].as_str()),
        ("Bearer of-the-receiver", "application/fhir+json")
    );
    assert_eq!((&shaken.body["resourceType"], &shaken.body["type"]), (&json!("Bundle"), &json!("history")));
    let status = &shaken.body["entry"][0]["resource"];
    assert_eq!((value(status, "type")?, value(status, "status")?), ("handshake".to_owned(), "requested".to_owned()));
    let asked = shaken.body["entry"][0]["request"]["url"].as_str().context("no address")?;
    assert!(asked.ends_with(&format!("/fhir/pas/2.2/{place}/$status")), "{asked}");

    // What a rule decides in the call is answered there, and told to nobody.
    sender.submit("R-1", "E0601")?;
    let waiting = sender.submit("R-2", "K0001")?;
    sender.claimed(&waiting)?;
    sender.asked(&waiting)?;
    sender.taken(&whole, 2)?;
    sender.answered(&waiting)?;
    sender.taken(&whole, 3)?;
    sender.approved(&waiting)?;
    let told = sender.taken(&whole, 4)?.split_off(1);
    assert_eq!(numbers(&told)?, ["1", "2", "3"]);
    for (message, expected) in told.iter().zip(["A4", "A4", "A1"]) {
        assert_eq!(kind(message)?, "event-notification");
        assert_eq!(value(&message.body["entry"][0]["resource"], "status")?, "active");
        let (focus, bundle) = (&message.body["entry"][1], &message.body["entry"][1]["resource"]);
        assert!(
            focus["fullUrl"].as_str().is_some_and(|url| url.ends_with(&format!("/Bundle/{}-R01", waiting.case_id)))
        );
        assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
        let response = &bundle["entry"][0]["resource"];
        assert_eq!((&response["resourceType"], action(response)?.as_str()), (&json!("ClaimResponse"), expected));
        assert_eq!(response["request"]["reference"], waiting.claim);
        // Everything that it points to is there, once.
        let entries = bundle["entry"].as_array().context("no entries")?;
        let there = |reference: &Value| entries.iter().filter(|entry| entry["fullUrl"] == *reference).count();
        for party in ["patient", "insurer", "requestor"] {
            assert_eq!(there(&response[party]["reference"]), 1, "{party}");
        }
        let needed = response["communicationRequest"][0]["reference"].clone();
        assert_eq!(needed.is_null(), number(message)? != "1");
        assert!(needed.is_null() || there(&needed) == 1);
    }
    let patient = &told[2].body["entry"][1]["resource"]["entry"].as_array().context("no entries")?;
    let patient = patient.iter().find(|entry| entry["resource"]["resourceType"] == "Patient").context("no patient")?;
    assert_eq!(patient["resource"]["birthDate"], "1970-01-02");

    // The same by its number alone: nothing of a person, and the Case ID to ask by.
    let told = sender.taken(&brief, 4)?.split_off(1);
    assert_eq!(numbers(&told)?, ["1", "2", "3"]);
    for message in &told {
        assert!(
            message.body["entry"][1].get("resource").is_none()
                && message.body["entry"].as_array().is_some_and(|all| all.len() == 2)
        );
        let text = message.body.to_string();
        assert!(!text.contains(sender.clinic.member.last_name.as_str()) && text.contains(&waiting.case_id));
    }
    assert_eq!(sender.stands(&place)?, ("active".to_owned(), "3".to_owned()));

    // Each of them is on record as a look at the case.
    let audits = sender.world.audits(&waiting.key)?;
    let looked = audits.iter().filter(|one| one.operation == "notify-client" && one.allowed);
    assert_eq!(looked.count(), 6);
    Ok(())
}

#[test]
fn a_receiver_that_is_away_is_an_error_and_gets_everything_once_when_it_is_back() -> Result<()> {
    let sender = Sender::new()?;
    let (away, other) = (sender.server("away"), sender.server("other"));
    let place = sender.subscribed(&sender.wanted(&away, "id-only"))?;
    sender.subscribed(&sender.wanted(&other, "id-only"))?;
    let waiting = sender.submit("R-1", "K0001")?;
    let gone = Script { errors: vec![503; 100_000], ..Script::default() };
    script(&sender.world.stack, &format!("hooks/{away}"), &gone)?;
    sender.claimed(&waiting)?;
    sender.asked(&waiting)?;
    sender.until(&place, "error")?;

    // Counting goes on, and nobody else waits for it.
    sender.answered(&waiting)?;
    sender.taken(&other, 3)?;
    sender.approved(&waiting)?;
    assert_eq!(numbers(&sender.taken(&other, 4)?.split_off(1))?, ["1", "2", "3"]);
    poll::until("all three to be counted", PATIENCE, || Ok((sender.stands(&place)?.1 == "3").then_some(())))?;
    assert_eq!(sender.stands(&place)?.0, "error");
    let tried = hooked(&sender.world.stack, &away)?;
    assert!(
        tried.iter().filter(|message| message.status == 503).all(|message| number(message).is_ok_and(|n| n == "1"))
    );

    script(&sender.world.stack, &format!("hooks/{away}"), &Script::default())?;
    let told = sender.taken(&away, 4)?.split_off(1);
    assert_eq!(numbers(&told)?, ["1", "2", "3"]);
    sender.until(&place, "active")?;
    sender.settled("determined")?;
    assert_eq!(sender.taken(&away, 4)?.len(), 4, "one was sent twice");
    Ok(())
}

#[test]
fn a_receiver_that_does_not_answer_the_handshake_is_greeted_again_when_asked() -> Result<()> {
    let sender = Sender::new()?;
    let server = sender.server("late");
    let gone = Script { errors: vec![503; 100_000], ..Script::default() };
    script(&sender.world.stack, &format!("hooks/{server}"), &gone)?;
    let wanted = sender.wanted(&server, "id-only");
    let made = sender.system.subscribe(&sender.token, &wanted)?;
    let place = format!("Subscription/{}", made.text("/id")?);
    sender.until(&place, "error")?;
    script(&sender.world.stack, &format!("hooks/{server}"), &Script::default())?;
    assert_eq!(sender.system.replace(&sender.token, &place, &wanted)?.text("/status")?, "requested");
    sender.until(&place, "active")?;
    assert!(sender.taken(&server, 1)?.iter().all(|message| kind(message).is_ok_and(|kind| kind == "handshake")));

    // Off is off, until it is asked for anew.
    let mut off = wanted.clone();
    off["status"] = json!("off");
    assert_eq!(sender.system.replace(&sender.token, &place, &off)?.text("/status")?, "off");
    let waiting = sender.submit("R-1", "K0001")?;
    sender.claimed(&waiting)?;
    sender.approved(&waiting)?;
    sender.settled("determined")?;
    assert_eq!(sender.stands(&place)?, ("off".to_owned(), "0".to_owned()));
    assert_eq!(sender.system.replace(&sender.token, &place, &wanted)?.text("/status")?, "requested");
    sender.until(&place, "active")
}

#[test]
fn silence_is_broken_and_a_subscription_ends_by_itself() -> Result<()> {
    let sender = Sender::new()?;
    let server = sender.server("beats");
    let mut wanted = sender.wanted(&server, "id-only");
    let heartbeat = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period";
    // Ten minutes, of which one lasts a second here.
    wanted["channel"]["extension"] = json!([{ "url": heartbeat, "valueUnsignedInt": 600 }]);
    wanted["end"] = json!(clock::now().checked_add(SignedDuration::from_secs(30))?);
    let place = sender.subscribed(&wanted)?;
    let kept = sender.system.read(&sender.token, &place)?;
    assert_eq!(kept.at("/channel/extension/0/valueUnsignedInt")?, &json!(600));
    let beaten = poll::until("a heartbeat", PATIENCE, || {
        sender.world.stack.invoke("sweep-subscriptions", &json!({}))?;
        let all = hooked(&sender.world.stack, &server)?;
        Ok(all.into_iter().find(|message| kind(message).is_ok_and(|kind| kind == "heartbeat")))
    })?;
    let status = &beaten.body["entry"][0]["resource"];
    assert_eq!(
        (value(status, "events-since-subscription-start")?, value(status, "status")?),
        ("0".to_owned(), "active".to_owned())
    );
    sender.until(&place, "off")
}

#[test]
fn a_subscription_is_its_systems_own_and_is_taken_out_for_good() -> Result<()> {
    let sender = Sender::new()?;
    let Sender { world, clinic, manager, system, token, .. } = &sender;
    let server = sender.server("own");
    let wanted = sender.wanted(&server, "full-resource");
    let place = sender.subscribed(&wanted)?;
    let listed = system.read(token, "Subscription")?;
    assert_eq!((listed.text("/type")?.as_str(), listed.list("/entry")?.len()), ("searchset", 1));
    assert!(!listed.body.to_string().contains("of-the-receiver"), "a header came back");

    // Another system of the same clinic sees nothing of it, and is not told of these requests.
    let other = System::sending(manager, "Hill EHR", &[CONTRACT], &[&clinic.number()])?;
    let others = other.token()?;
    assert_eq!(other.subscribe(&others, &sender.wanted(&sender.server("other"), "full-resource"))?.status, 201);
    for path in
        [place.clone(), format!("{place}/$status"), "Subscription/sub-00000000000000000000000000000000".to_owned()]
    {
        let answer = other.read(&others, &path)?;
        assert_eq!((answer.status, answer.text("/resourceType")?.as_str()), (404, "OperationOutcome"), "{path}");
    }
    assert_eq!(other.replace(&others, &place, &wanted)?.status, 404);
    assert_eq!(other.remove(&others, &place)?.status, 404);
    assert_eq!(other.read(&others, "Subscription")?.list("/entry")?.len(), 1);

    // Who may not subscribe, and who subscribes for others.
    let inquiring = System::registered(manager, "Lake EHR", &[CONTRACT], &[&clinic.number()])?;
    assert_eq!(inquiring.subscribe(&inquiring.token()?, &wanted)?.status, 403);
    let mut foreign = wanted.clone();
    foreign["_criteria"]["extension"][0]["valueString"] = json!("org-identifier=1245319599");
    assert_eq!(system.subscribe(token, &foreign)?.status, 403);
    assert_eq!(system.subscribe("no-token", &wanted)?.status, 401);

    assert_eq!(system.remove(token, &place)?.status, 200);
    assert_eq!(system.read(token, &place)?.status, 404);
    assert_eq!(system.remove(token, &place)?.status, 404);
    let waiting = sender.submit("R-1", "K0001")?;
    sender.claimed(&waiting)?;
    sender.approved(&waiting)?;
    sender.settled("determined")?;
    assert_eq!(hooked(&world.stack, &server)?.len(), 1, "only the handshake");
    assert!(
        hooked(&world.stack, &sender.server("other"))?
            .iter()
            .all(|message| kind(message).is_ok_and(|kind| kind == "handshake"))
    );
    Ok(())
}

#[test]
fn hostile_addresses_are_refused_and_there_is_an_end_to_them() -> Result<()> {
    let sender = Sender::new()?;
    let (system, token) = (&sender.system, &sender.token);
    let good = sender.wanted(&sender.server("good"), "id-only");
    let carriers = &sender.world.stack.carriers_url;
    for endpoint in [
        "http://ehr.example.org/hooks".to_owned(),
        "https://127.0.0.1/hooks".to_owned(),
        "https://[::1]/hooks".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://localhost/hooks".to_owned(),
        "https://vault.internal/hooks".to_owned(),
        "https://ehr.example.org:22/".to_owned(),
        "https://user:password@ehr.example.org/".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("{carriers}/fax/v2/faxes"),
        format!("{carriers}/hooks/../_reset"),
    ] {
        let mut wanted = good.clone();
        wanted["channel"]["endpoint"] = json!(endpoint);
        let refused = system.subscribe(token, &wanted)?;
        assert_eq!(
            (refused.status, refused.text("/issue/0/expression/0")?.as_str()),
            (422, "Subscription.channel.endpoint"),
            "{endpoint}"
        );
        assert!(!refused.body.to_string().contains("password@"), "the address came back");
    }
    for (pointer, value, status) in [
        ("/channel/type", json!("email"), 422),
        ("/channel/header/0", json!("Host: a"), 422),
        ("/criteria", json!("https://a/topic"), 422),
        ("/channel/_payload/extension/0/valueCode", json!("empty"), 422),
        ("/status", json!("off"), 422),
        ("/channel", json!("none"), 400),
        ("/resourceType", json!("Claim"), 400),
    ] {
        let mut wanted = good.clone();
        *wanted.pointer_mut(pointer).context("no such place")? = value;
        assert_eq!(system.subscribe(token, &wanted)?.status, status, "{pointer}");
    }
    assert_eq!(system.read(token, "Subscription")?.at("/total")?, &json!(0));

    // A name of the internet that leads nowhere is tried, and is an error.
    let mut nowhere = good.clone();
    nowhere["channel"]["endpoint"] = json!("https://nowhere.example/hooks");
    let made = system.subscribe(token, &nowhere)?;
    assert_eq!(made.status, 201, "{}", made.body);
    sender.until(&format!("Subscription/{}", made.text("/id")?), "error")?;

    for _ in 1..10 {
        assert_eq!(system.subscribe(token, &good)?.status, 201);
    }
    let refused = system.subscribe(token, &good)?;
    assert_eq!((refused.status, refused.text("/issue/0/code")?.as_str()), (422, "too-costly"));
    Ok(())
}

#[test]
fn a_system_that_is_narrowed_or_taken_out_is_told_nothing_more() -> Result<()> {
    let sender = Sender::new()?;
    let Sender { world, manager, system, .. } = &sender;
    let server = sender.server("narrowed");
    let place = sender.subscribed(&sender.wanted(&server, "full-resource"))?;
    let waiting = sender.submit("R-1", "K0001")?;
    sender.claimed(&waiting)?;

    // It acts for another clinic now.
    let one = format!("/staff/clients/{}", system.id);
    let etag = manager.portal.get(&one).expect(200)?.header("etag").to_owned();
    let elsewhere = Clinic::new(world, CONTRACT)?;
    manager.portal.patch(&one, &json!({ "providers": [elsewhere.number()] }), &etag).expect(200)?;
    sender.asked(&waiting)?;
    sender.settled("information-requested")?;
    assert_eq!(sender.stands(&place)?, ("active".to_owned(), "0".to_owned()));

    // What has its number before is not sent after it: the receiver is away meanwhile.
    let etag = manager.portal.get(&one).expect(200)?.header("etag").to_owned();
    manager.portal.patch(&one, &json!({ "providers": [sender.clinic.number()] }), &etag).expect(200)?;
    let gone = Script { errors: vec![503; 100_000], ..Script::default() };
    script(&world.stack, &format!("hooks/{server}"), &gone)?;
    sender.answered(&waiting)?;
    poll::until("a number", PATIENCE, || Ok((sender.stands(&place)?.1 == "1").then_some(())))?;
    poll::until("a try", PATIENCE, || {
        Ok(hooked(&world.stack, &server)?.iter().any(|one| one.status == 503).then_some(()))
    })?;
    let etag = manager.portal.get(&one).expect(200)?.header("etag").to_owned();
    manager.portal.patch(&one, &json!({ "end": true }), &etag).expect(200)?;
    script(&world.stack, &format!("hooks/{server}"), &Script::default())?;
    sender.approved(&waiting)?;
    sender.settled("determined")?;
    let taken = hooked(&world.stack, &server)?.into_iter().filter(|message| message.status == 200).count();
    assert_eq!((taken, sender.system.read(&sender.token, &place)?.status), (1, 401), "only the handshake was taken");
    Ok(())
}

#[test]
fn what_cannot_be_read_goes_to_the_dead_letters_and_nothing_of_a_person_with_it() -> Result<()> {
    let sender = Sender::new()?;
    let server = sender.server("beside");
    let events = [(); 3].map(|()| EventId::new(clock::new_uuid()).to_string());
    let poison = json!({ "event": events[0], "task": "notify", "client": "nobody", "subscription": sender.system.id });
    let other = json!({ "event": events[1], "task": "review", "case": "cas_0197a3c2f0c07d0aa1b2c3d4e5f60718", "request": "R01" });
    // One that was taken out meanwhile is done with.
    let gone = json!({
        "event": events[2], "task": "notify", "client": sender.system.id,
        "subscription": "sub_0197a3c2f0c07d0aa1b2c3d4e5f60718",
    });
    let bodies: Vec<String> = [poison, other, gone].iter().map(ToString::to_string).collect();
    sender.world.stack.send_batch("subscriptions", &bodies)?;
    sender.subscribed(&sender.wanted(&server, "id-only"))?;
    let dead = poll::until("two dead letters", PATIENCE, || {
        let mut dead = sender.world.stack.dead_letters("subscriptions")?;
        dead.retain(|message| events.iter().any(|event| message.body.contains(event)));
        Ok((dead.len() >= 2).then_some(dead))
    })?;
    assert!(dead.iter().all(|message| bodies[..2].contains(&message.body)), "{dead:?}");
    Ok(())
}
