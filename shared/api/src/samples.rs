//! A case of the Arkansas contract at some of its stations, for tests of views and rules. Every person is invented.

use portico_aws::table::cases::{CaseFile, Earlier};
use portico_domain::{
    caller::{Caller, ProviderRole, Reviewer, RoleAt, StaffRole},
    cases::{
        Case, Service,
        determination::{Criterion, LineOutcome},
        questionnaires::Beside,
        request::{Request, State},
        submit::{self, Said},
    },
    contracts::Contract,
    events::{About, Actor, Event, EventKind},
    person::{Member, Provider},
    reviews::{self, Decision},
    service::Setting,
    status::Queue,
};
use serde_json::{Value, json};

use crate::open::Sheet;

/// 7 May 2026, 10:00 in Chicago.
pub(crate) const MORNING: &str = "2026-05-07T15:00:00Z";

/// The pack of Arkansas.
pub(crate) fn contract() -> Contract {
    let part = |name: &str| {
        let path = format!("{}/../../contracts/arkansas/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let pack = ["contract", "calendar", "codes", "letters"].map(part).join("\n");
    toml::from_str(&pack).unwrap()
}

fn address() -> Value {
    json!({ "line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201" })
}

/// A clinic of a group.
pub(crate) fn clinic() -> Provider {
    serde_json::from_value(json!({
        "id": "prv_00000000000000000000000000000002", "contract": "arkansas", "npi": "1234567893",
        "name": "River Day Clinic", "kind": "facility", "providerType": "Day treatment", "address": address(),
        "group": "grp_00000000000000000000000000000003"
    }))
    .unwrap()
}

fn child() -> Member {
    serde_json::from_value(json!({
        "id": "mbr_00000000000000000000000000000001", "contract": "arkansas",
        "firstName": "Ada", "lastName": "Quill", "birthDate": "2022-02-28", "gender": "female", "address": address(),
        "standing": { "enrolled": { "number": "0123456789" } }
    }))
    .unwrap()
}

/// A user of the clinic's group.
pub(crate) fn clerk() -> Caller {
    let (provider, fax) = (clinic(), "501-555-0123".parse().unwrap());
    let role = RoleAt {
        provider: provider.id,
        group: provider.group.unwrap(),
        contract: provider.contract,
        role: ProviderRole::Staff,
    };
    Caller::Provider { username: "clerk.cam".parse().unwrap(), fax, roles: vec![role] }
}

fn reviewer(name: &str, role: StaffRole) -> Reviewer {
    Reviewer {
        username: name.parse().unwrap(),
        name: "Ann Reed".into(),
        role,
        credential: "MD".into(),
        specialty: Some("Pediatrics".into()),
        license: Some("AR E-1234".parse().unwrap()),
        lead: false,
        contracts: vec!["arkansas".parse().unwrap()],
    }
}

/// A nurse reviewer.
pub(crate) fn nurse(name: &str) -> Caller {
    Caller::Staff(reviewer(name, StaffRole::Nurse))
}

/// A complete draft; only documents are missing.
pub(crate) fn draft() -> Case {
    let key = "cas_00000000000000000000000000000006".parse().unwrap();
    let by = ("2026-05-07T14:00:00Z".parse().unwrap(), "clerk.cam".parse().unwrap());
    let fax = "501-555-0123".parse().unwrap();
    let mut case = Case::create(key, Setting::Outpatient, child(), clinic(), fax, by).case;
    case.service = Some(Service { service_type: "day-habilitative".into(), place_of_service: "11".into(), stay: None });
    case.diagnoses = vec!["F84.0".parse().unwrap()];
    let lines = serde_json::from_value(json!([{
        "code": "T1015", "modifiers": ["U6", "UB"], "period": { "from": "2026-05-11", "to": "2026-06-09" },
        "duration": 30, "quantity": 150
    }]));
    case.requests = vec![Request { lines: lines.unwrap(), ..Request::first() }];
    case
}

/// The draft submitted in the morning and with the nurses.
pub(crate) fn submitted() -> Case {
    let (mut contract, at) = (contract(), MORNING.parse().unwrap());
    contract.service_types.iter_mut().for_each(|service| service.required_documents.clear());
    let ready =
        submit::check(draft(), Beside::default(), &contract, Said { agreed: true, ..Said::default() }, at).unwrap();
    let case_id = "261270001".parse().unwrap();
    let case = ready.submit(case_id, "501-555-0123".parse().unwrap(), at, "clerk.cam".parse().unwrap()).case;
    reviews::automatic(case, "R01".parse().unwrap(), &contract, reviews::Known::default(), at).unwrap().case
}

/// The submitted case, claimed by a nurse.
pub(crate) fn claimed(by: &str) -> Case {
    let nurse = reviewer(by, StaffRole::Nurse);
    reviews::claim(
        submitted(),
        "R01".parse().unwrap(),
        &nurse,
        (&contract(), reviews::Holder::Works),
        MORNING.parse().unwrap(),
    )
    .unwrap()
    .unwrap()
    .case
}

/// The submitted case with 90 of 150 units approved by a physician.
pub(crate) fn decided() -> Sheet {
    let (number, at) = ("R01".parse().unwrap(), "2026-05-08T14:00:00Z".parse().unwrap());
    let physician = reviewer("dr.reed", StaffRole::Physician);
    let case = reviews::claim(submitted(), number, &physician, (&contract(), reviews::Holder::Works), at)
        .unwrap()
        .unwrap()
        .case;
    let asked = case.request(number).unwrap().lines[0].clone();
    let line = LineOutcome::Modified {
        units: 90.try_into().unwrap(),
        period: asked.period,
        reason: "Three hours a day meet the goals of the plan.".into(),
    };
    let criterion =
        Criterion { title: "Day services".into(), citation: "Section 220.000".into(), text: "By need.".into() };
    let decision = Decision::Determine { lines: vec![line], criteria: vec![criterion] };
    let change = reviews::decide(case, number, &physician, decision, &contract(), at).unwrap();
    assert!(matches!(change.case.requests[0].state, State::Determined { .. }));
    let mut shown = file(change.case);
    shown.file.determinations.extend(change.determination);
    shown
}

/// A case with nothing that hangs on it but a submit and a claim.
pub(crate) fn file(case: Case) -> Sheet {
    let notes = Earlier { items: Vec::new(), more: false };
    Sheet { file: CaseFile::of(case), notes, events: Earlier { items: events(), more: false } }
}

/// A submit and a claim.
pub(crate) fn events() -> Vec<Event> {
    let request = "R01".parse().unwrap();
    let event = |by: &str, kind| Event {
        id: "evt_00000000000000000000000000000005".parse().unwrap(),
        at: MORNING.parse().unwrap(),
        by: Actor::User(by.parse().unwrap()),
        about: About::Case("cas_00000000000000000000000000000006".parse().unwrap()),
        kind,
    };
    vec![
        event("clerk.cam", EventKind::CaseSubmitted { case_id: "261270001".parse().unwrap(), request }),
        event("nurse.ann", EventKind::RequestClaimed { request, queue: Queue::Nurse }),
    ]
}
