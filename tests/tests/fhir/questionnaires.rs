//! A system gets questionnaires (HL7 Da Vinci DTR `Questionnaire/$questionnaire-package`): those of the wizard, with what was
//! answered before.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::ContractManager;
use portico_testkit::{
    clinic::{self, Clinic},
    fhir::{System, order, packages},
    people::Person,
    portal::Answer,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";
const OXYGEN: &str = "https://portico.example/colorado/Questionnaire/home-oxygen";
const CHAIR: &str = "https://portico.example/colorado/Questionnaire/power-wheelchair";
const DTR: &str = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition";

struct Asker {
    world: Arc<World>,
    clinic: Clinic,
    system: System,
    token: String,
}

impl Asker {
    fn new() -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::new(&world, CONTRACT)?;
        Self::of(world, clinic)
    }

    fn of(world: Arc<World>, clinic: Clinic) -> Result<Self> {
        let manager = Person::of_staff(&world, CONTRACT, ContractManager)?;
        let system = System::sending(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
        let token = system.token()?;
        Ok(Self { world, clinic, system, token })
    }

    fn ask(&self, parameters: &Value) -> Result<Answer> {
        let answer = self.system.package(&self.token, parameters)?;
        if answer.status == 200 {
            walk(&answer.body);
        }
        Ok(answer)
    }
}

/// Every answer has the form that DTR wants: looked at by code that knows nothing of the server.
fn walk(answer: &Value) {
    assert_eq!(answer["resourceType"], "Parameters");
    let mut outcomes = 0;
    for parameter in answer["parameter"].as_array().into_iter().flatten() {
        let resource = &parameter["resource"];
        match parameter["name"].as_str() {
            Some("packagebundle") => package(resource),
            Some("outcome") => {
                outcomes += 1;
                let issues = resource["issue"].as_array().unwrap();
                assert!(resource["resourceType"] == "OperationOutcome" && !issues.is_empty(), "{resource}");
                assert!(
                    issues.iter().all(|issue| issue["severity"] == "warning" && issue["details"]["text"].is_string())
                );
            }
            _ => panic!("a parameter that nobody knows: {parameter}"),
        }
    }
    assert!(outcomes <= 1 && answer.get("parameter").is_none_or(|all| all != &json!([])), "{answer}");
}

fn package(bundle: &Value) {
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
    assert!(bundle["timestamp"].is_string());
    let entries = bundle["entry"].as_array().unwrap();
    let urls: BTreeSet<&str> = entries.iter().filter_map(|entry| entry["fullUrl"].as_str()).collect();
    assert!(urls.len() == entries.len() && urls.iter().all(|url| url.starts_with("urn:uuid:")), "{bundle}");
    let [whole, draft] = entries.as_slice() else { panic!("a questionnaire and one draft: {bundle}") };
    let (whole, draft) = (&whole["resource"], &draft["resource"]);
    assert_eq!(whole["resourceType"], "Questionnaire");
    assert!(whole["effectivePeriod"]["start"].is_string() && whole["subjectType"] == json!(["Patient"]), "{whole}");
    assert_eq!((&draft["resourceType"], &draft["status"]), (&json!("QuestionnaireResponse"), &json!("in-progress")));
    let canonical = format!("{}|{}", whole["url"].as_str().unwrap(), whole["version"].as_str().unwrap());
    assert_eq!(draft["questionnaire"], canonical);
    assert!(draft["authored"].is_string() && draft["subject"]["reference"].is_string(), "{draft}");
    let extensions = draft["extension"].as_array().unwrap();
    let of = |last: &str| extensions.iter().filter(|one| one["url"] == format!("{DTR}/{last}")).count();
    assert!(
        of("intendedUse") == 1 && of("qr-context") >= 1 && extensions.len() == of("intendedUse") + of("qr-context")
    );
    items(whole["item"].as_array().unwrap(), draft["item"].as_array().unwrap());
}

/// Each item of a draft is one of the questionnaire at its level, in its words, and what is answered is marked.
fn items(asked: &[Value], drafted: &[Value]) {
    for item in drafted {
        let of = asked.iter().find(|of| of["linkId"] == item["linkId"]).expect("an item that is not asked");
        assert_eq!(of["text"], item["text"]);
        for answer in item["answer"].as_array().into_iter().flatten() {
            let origin = json!([{
                "url": format!("{DTR}/information-origin"), "extension": [{ "url": "source", "valueCode": "auto-server" }],
            }]);
            assert_eq!(answer["extension"], origin);
            let values = answer.as_object().unwrap().keys().filter(|name| name.starts_with("value")).count();
            assert_eq!((values, answer.as_object().unwrap().len()), (1, 2), "{answer}");
        }
        let none = Vec::new();
        items(of["item"].as_array().unwrap_or(&none), item["item"].as_array().unwrap_or(&none));
    }
}

/// The questionnaires and the drafts of an answer.
fn given(answer: &Answer) -> Result<Vec<(&Value, &Value)>> {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/fhir+json"), "{}", answer.body);
    let Some(all) = answer.body.get("parameter") else { return Ok(Vec::new()) };
    let all = all.as_array().context("no list")?.iter().filter(|one| one["name"] == "packagebundle");
    Ok(all.map(|one| (&one["resource"]["entry"][0]["resource"], &one["resource"]["entry"][1]["resource"])).collect())
}

fn urls(answer: &Answer) -> Result<Vec<String>> {
    Ok(given(answer)?.iter().filter_map(|(whole, _)| whole["url"].as_str().map(ToOwned::to_owned)).collect())
}

fn canonical(url: &str) -> Value {
    json!({ "name": "questionnaire", "valueCanonical": url })
}

fn context(text: &str) -> Value {
    json!({ "name": "context", "valueString": text })
}

/// A request for oxygen whose questionnaire a clerk has answered; its Case ID.
fn answered(world: &World, clinic: &Clinic, clerk: &Person) -> Result<String> {
    let mut wizard = Wizard::begin(clerk, clinic, "outpatient")?;
    wizard.save("service", &json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["J44.9"] }))?;
    let from = clinic::today(world, CONTRACT)?;
    let entry = Entry { code: "E1390", modifiers: &[], from, days: 1, units: 1 };
    wizard.save("procedures", &json!({ "lines": [entry.json()] }))?;
    let choice = |name: &str, code: &str| json!({ "linkId": name, "answer": [{ "valueCoding": { "code": code } }] });
    let item = json!([
        choice("condition", "copd"), choice("test", "oximetry"), choice("when", "sleep"),
        { "linkId": "tested-on", "answer": [{ "valueDate": from }] },
        { "linkId": "saturation", "answer": [{ "valueInteger": 86 }] },
        { "linkId": "flow", "answer": [{ "valueQuantity": { "value": 2.0, "code": "L/min" } }] },
        { "linkId": "out", "answer": [{ "valueBoolean": false }] },
    ]);
    let whole = json!({ "questionnaire": "home-oxygen", "version": "2026.1", "item": item, "complete": true });
    wizard.save("questionnaires", &whole)?;
    wizard.submit()?;
    wizard.look()?.text("/caseId")
}

/// REQ: API-03
#[test]
fn the_wizards_questionnaires_are_given_with_what_was_answered_before() -> Result<()> {
    let asker = Asker::new()?;
    let Asker { world, clinic, .. } = &asker;
    let clerk = Person::of_clinic(world, clinic)?;

    // By an order: the one that the wizard asks of the same code, word for word.
    let first = asker.ask(&order(clinic, "E1390"))?;
    let contract = clerk.portal.get(format!("/contracts/{CONTRACT}")).expect(200)?;
    let asked = contract.list("/questionnaires")?.iter().find(|known| known["url"] == OXYGEN).context("not asked")?;
    let [(whole, draft)] = given(&first)?[..] else { panic!("one package: {}", first.body) };
    let mut same = whole.clone();
    same.as_object_mut().context("no object")?.remove("effectivePeriod");
    assert_eq!(same, *asked);
    let nothing =
        |draft: &Value| draft["item"].as_array().is_some_and(|all| all.iter().all(|item| item["answer"].is_null()));
    assert!(nothing(draft), "{draft}");
    let points: Vec<_> =
        draft["extension"].as_array().context("none")?.iter().map(|one| &one["valueReference"]["reference"]).collect();
    assert_eq!(points[..2], ["Coverage/c", "DeviceRequest/d"]);

    // What a clerk answers in the wizard is known from then on, to whoever acts for the clinic, and marked.
    let case_id = answered(world, clinic, &clerk)?;
    let known = asker.ask(&order(clinic, "E0431"))?;
    let [(_, draft)] = given(&known)?[..] else { panic!("one package: {}", known.body) };
    let of =
        |name: &str| draft["item"].as_array().and_then(|all| all.iter().find(|item| item["linkId"] == name)).cloned();
    let saturation = of("saturation").context("no saturation")?;
    assert_eq!(saturation["answer"][0]["valueInteger"], 86);
    let condition = of("condition").context("no condition")?;
    assert_eq!(condition["answer"][0]["valueCoding"]["display"], "Chronic obstructive pulmonary disease");
    assert!(of("why-higher").context("not there")?["answer"].is_null());

    // By the request that was made, and by address with and without the version.
    assert_eq!(urls(&asker.ask(&packages(clinic, &[context(&case_id)]))?)?, [OXYGEN]);
    assert_eq!(
        urls(&asker.ask(&packages(clinic, &[context(&format!("{case_id}-R01")), canonical(CHAIR)]))?)?,
        [CHAIR, OXYGEN]
    );
    assert_eq!(urls(&asker.ask(&packages(clinic, &[canonical(&format!("{OXYGEN}|2026.1"))]))?)?, [OXYGEN]);
    Ok(())
}

#[test]
fn what_is_not_there_and_what_has_not_changed_is_said() -> Result<()> {
    let asker = Asker::new()?;
    let clinic = &asker.clinic;
    let told = asker.ask(&packages(clinic, &[canonical(&format!("{OXYGEN}|1999.1")), canonical(CHAIR)]))?;
    assert_eq!(urls(&told)?, [CHAIR]);
    assert!(told.text("/parameter/1/resource/issue/0/details/text")?.starts_with("Parameters.parameter[1]"));
    let none = asker.ask(&order(clinic, "K0001"))?;
    assert!(urls(&none)?.is_empty() && none.text("/parameter/0/name")? == "outcome", "{}", none.body);

    let since = |instant: &str| json!({ "name": "changedsince", "valueInstant": instant });
    assert_eq!(urls(&asker.ask(&packages(clinic, &[canonical(CHAIR), since("2025-01-01T00:00:00Z")]))?)?, [CHAIR]);
    let unchanged = asker.ask(&packages(clinic, &[canonical(CHAIR), since("2099-01-01T00:00:00Z")]))?;
    assert_eq!((unchanged.status, &unchanged.body), (200, &json!({ "resourceType": "Parameters" })));

    // A request that is asked nothing says what to do.
    let clerk = Person::of_clinic(&asker.world, clinic)?;
    let mut wizard = Wizard::begin(&clerk, clinic, "outpatient")?;
    wizard.wheelchair(&asker.world)?;
    wizard.submit()?;
    let case_id = wizard.look()?.text("/caseId")?;
    let nothing = asker.ask(&packages(clinic, &[context(&case_id)]))?;
    assert_eq!(
        (nothing.status, nothing.text("/resourceType")?.as_str()),
        (422, "OperationOutcome"),
        "{}",
        nothing.body
    );
    assert_eq!(nothing.text("/issue/0/expression/0")?, "Parameters.parameter[1]");
    Ok(())
}

#[test]
fn another_system_learns_nothing_of_what_was_answered() -> Result<()> {
    let asker = Asker::new()?;
    let clerk = Person::of_clinic(&asker.world, &asker.clinic)?;
    let case_id = answered(&asker.world, &asker.clinic, &clerk)?;
    let stranger = Asker::of(asker.world.clone(), Clinic::new(&asker.world, CONTRACT)?)?;
    let empty = stranger.ask(&order(&asker.clinic, "E1390"))?;
    let [(_, draft)] = given(&empty)?[..] else { panic!("one package: {}", empty.body) };
    assert!(!draft.to_string().contains("information-origin"), "{draft}");
    // A request of others, one that is not there, and a member of nobody.
    let mut told = Vec::new();
    for hidden in [case_id.as_str(), "991310001", "none"] {
        let refused = stranger.ask(&packages(&asker.clinic, &[context(hidden)]))?;
        assert_eq!(refused.status, 404, "{hidden}: {}", refused.body);
        told.push(refused.body);
    }
    told.dedup();
    assert_eq!(told.len(), 1);
    // Another member's number with a request that is not that member's.
    let own = asker.ask(&packages(&stranger.clinic, &[context(&case_id)]))?;
    assert_eq!(own.body, told[0]);
    let mut nobody = order(&asker.clinic, "E1390");
    nobody["parameter"][0]["resource"]["subscriberId"] = json!("M0000000000");
    assert_eq!(asker.ask(&nobody)?.status, 404);
    // Whoever asks for one after the other that is not there is held back, and learns of none that is.
    for _ in 0..60 {
        if asker.ask(&nobody)?.status == 429 {
            assert_eq!(asker.ask(&order(&asker.clinic, "E1390"))?.status, 429);
            return Ok(());
        }
    }
    anyhow::bail!("nobody held it back")
}

#[test]
fn what_cannot_be_read_is_told_where_it_is_and_the_scope_is_needed() -> Result<()> {
    let asker = Asker::new()?;
    for (pointer, value, path) in [
        ("/resourceType", json!("Bundle"), "Parameters"),
        ("/parameter/0/name", json!("none"), "Parameters.parameter"),
        ("/parameter/0/resource/subscriberId", json!(""), "Parameters.parameter[0].resource.subscriberId"),
        ("/parameter/0/resource/subscriberId", json!(7), "Parameters.parameter[0].resource.subscriberId"),
        ("/parameter/1/name", json!("none"), "Parameters.parameter"),
        ("/parameter/1/resource", json!({}), "Parameters.parameter[1].resource"),
    ] {
        let mut wrong = order(&asker.clinic, "E1390");
        *wrong.pointer_mut(pointer).context(pointer)? = value;
        let refused = asker.ask(&wrong)?;
        assert_eq!((refused.status, refused.text("/resourceType")?.as_str()), (400, "OperationOutcome"), "{pointer}");
        assert_eq!(refused.text("/issue/0/expression/0")?, path, "{pointer}");
    }
    let (system, key) = (&asker.system, &asker.system.key);
    let token = system.ask(&key.sign(&system.claims())?, "system/Claim.rs")?.text("/access_token")?;
    let refused = system.package(&token, &order(&asker.clinic, "E1390"))?;
    assert_eq!((refused.status, refused.text("/issue/0/code")?.as_str()), (403, "forbidden"));
    Ok(())
}
