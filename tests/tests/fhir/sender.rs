//! A clinic with a clerk and a system that asks for it, and what it sends and is told.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::{Clinic, today},
    fhir::{System, Wish, inquiry, item, request},
    people::Person,
    poll,
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

const REVIEW_ACTION_CODE: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode";
const REFERENCE: &str =
    "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-administrationReferenceNumber";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Sender {
    pub(crate) world: Arc<World>,
    pub(crate) contract: &'static str,
    pub(crate) clinic: Clinic,
    pub(crate) clerk: Person,
    pub(crate) system: System,
    pub(crate) token: String,
}

impl Sender {
    /// Under this contract, for a member who was born in this year.
    pub(crate) fn new(contract: &'static str, born: i16) -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::with_member(&world, contract, |member| member.birth_date = jiff::civil::date(born, 1, 2))?;
        let clerk = Person::of_clinic(&world, &clinic)?;
        let system = Self::system(&world, contract, &clinic)?;
        let token = system.token()?;
        Ok(Self { world, contract, clinic, clerk, system, token })
    }

    /// Another system that acts for the same clinic.
    pub(crate) fn other(&self) -> Result<System> {
        Self::system(&self.world, self.contract, &self.clinic)
    }

    fn system(world: &World, contract: &str, clinic: &Clinic) -> Result<System> {
        let manager = Person::of_staff(world, contract, ContractManager)?;
        System::sending(&manager, "River EHR", &[contract], &[&clinic.number()])
    }

    pub(crate) fn on(&self) -> Result<jiff::civil::Date> {
        today(&self.world, self.contract)
    }

    /// A request under this number for one device of this code, as item 3.
    pub(crate) fn asks(&self, number: &str, code: &str) -> Result<Value> {
        let wish = Wish { number, code, diagnosis: "G47.33", on: self.on()? };
        Ok(request(&self.clinic, "PORTICO-CO", wish))
    }

    /// An item of a device.
    pub(crate) fn item(&self, sequence: u32, code: &str, quantity: u32) -> Result<Value> {
        let mut item = item(sequence, code, self.on()?);
        item["quantity"]["value"] = json!(quantity);
        Ok(item)
    }

    pub(crate) fn submit(&self, bundle: &Value) -> Result<Answer> {
        self.system.submit(&self.token, bundle)
    }

    /// The `ClaimResponse` of a request that was taken.
    pub(crate) fn taken(&self, bundle: &Value) -> Result<Value> {
        let answer = self.submit(bundle)?;
        let response = response(&answer)?.clone();
        assert_eq!(response["outcome"], "complete", "{response}");
        Ok(response)
    }

    /// X12's code, the place and the words of the first thing that a request is refused for.
    pub(crate) fn refused(&self, bundle: &Value) -> Result<(String, String, String)> {
        refused(&self.submit(bundle)?)
    }

    /// Every `ClaimResponse` that an inquiry finds.
    pub(crate) fn inquired(&self) -> Result<Vec<Value>> {
        let found = self.system.inquire(&self.token, &inquiry(&self.clinic))?;
        let all = found.body.get("parameter").and_then(Value::as_array).into_iter().flatten();
        Ok(all.map(|one| one["resource"]["entry"][0]["resource"].clone()).collect())
    }

    /// The case as a clerk of the clinic sees it.
    pub(crate) fn case(&self, case_id: &str) -> Result<Answer> {
        self.clerk.portal.get(format!("/cases/{case_id}")).expect(200)
    }

    /// The same once every document is checked.
    pub(crate) fn checked(&self, case_id: &str) -> Result<Answer> {
        poll::until("the checks of the documents", PATIENCE, || {
            let case = self.case(case_id)?;
            let awaited = case.list("/documents")?.iter().any(|document| document["state"] == "awaited");
            Ok((!awaited).then_some(case))
        })
    }

    /// A nurse takes a request and approves all of so many lines.
    pub(crate) fn approved(&self, key: &str, request: &str, lines: usize) -> Result<()> {
        let nurse = Person::of_staff(&self.world, self.contract, Nurse)?;
        let path = format!("/staff/cases/{key}/requests/{request}");
        nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
        let outcomes = vec![json!({ "outcome": "approved" }); lines];
        let approved = json!({ "decision": "determine", "lines": outcomes });
        nurse.portal.post(format!("{path}/determination"), &approved).expect(200)?;
        Ok(())
    }
}

/// The `ClaimResponse` of an answer.
pub(crate) fn response(answer: &Answer) -> Result<&Value> {
    assert_eq!((answer.status, answer.text("/resourceType")?.as_str()), (200, "Bundle"), "{}", answer.body);
    let response = answer.at("/entry/0/resource")?;
    assert_eq!(response["resourceType"], "ClaimResponse");
    Ok(response)
}

/// X12's code, the place and the words of the first thing that something is refused for.
pub(crate) fn refused(answer: &Answer) -> Result<(String, String, String)> {
    let response = response(answer)?;
    assert_eq!((&response["outcome"], &response["item"]), (&json!("error"), &Value::Null), "{response}");
    let error = &response["error"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (code, path) = (&error["code"]["coding"][0]["code"], &error["extension"][0]["valueString"]);
    Ok((text(code), text(path), text(&response["processNote"][0]["text"])))
}

/// Every item with what was decided of it.
pub(crate) fn actions(response: &Value) -> Result<Vec<(u64, String)>> {
    let of = |item: &Value| {
        let parts = item["adjudication"][0]["extension"][0]["extension"].as_array().context("no parts")?;
        let code = parts.iter().find(|part| part["url"] == REVIEW_ACTION_CODE).context("no code")?;
        let code = code["valueCodeableConcept"]["coding"][0]["code"].as_str().context("no code")?;
        Ok((item["itemSequence"].as_u64().context("no number")?, code.to_owned()))
    };
    response["item"].as_array().context("no items")?.iter().map(of).collect()
}

/// What is expected of [`actions`].
pub(crate) fn told(items: &[(u64, &str)]) -> Vec<(u64, String)> {
    items.iter().map(|(item, code)| (*item, (*code).to_owned())).collect()
}

/// The Case ID of what waits.
pub(crate) fn case_id(response: &Value) -> Result<String> {
    let items = response["item"].as_array().context("no items")?.iter();
    let mut extensions = items.flat_map(|item| item["extension"].as_array().into_iter().flatten());
    let reference = extensions.find(|one| one["url"] == REFERENCE).context("no Case ID")?;
    Ok(reference["valueString"].as_str().context("no text")?.to_owned())
}
