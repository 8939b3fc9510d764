//! Who may do what, as a table: each operation of the API by each kind of caller, against the running stack.
//!
//! The case of the table is submitted by the clinic's own user and waits with the nurses. `another` is the Group Admin of
//! another clinic of the same contract: for them the case does not exist (ACT-07). A `stranger` has a token that nobody
//! issued. Provider tokens do not open the staff door, and staff tokens not the providers' (ACC-18).

#![cfg(test)]

use std::collections::BTreeSet;

use portico_domain::access::StaffRole::{Nurse, Physician};
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    portal::Portal,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

/// Operation, body, then the answers to: own user, another group's, nurse, physician, stranger, nobody. 422 means that
/// the caller got as far as the fields; 409 that the state does not allow it.
type Row = (&'static str, fn() -> Value, [u16; 6]);

const fn nothing() -> Value {
    Value::Null
}

#[rustfmt::skip]
const TABLE: [Row; 38] = [
    //                                                                                 own another nurse physician stranger nobody
    // Open doors: nobody has a token yet, and a token changes nothing.
    ("POST /registrations/verify",                             || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("GET /usernames/{name}",                                  nothing,                [422, 422, 422, 422, 422, 422]),
    ("POST /registrations",                                    || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("POST /enrolments/{token}",                               || json!({}),           [404, 404, 404, 404, 404, 404]),
    ("POST /sessions",                                         || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("POST /sessions/answers",                                 || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("POST /staff/sessions",                                   || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("POST /staff/sessions/answers",                           || json!({}),           [422, 422, 422, 422, 422, 422]),
    ("POST /carriers/fax/events",                              || json!({}),           [401, 401, 401, 401, 401, 401]),
    ("POST /sessions/refresh",                                  || json!({}),          [422, 422, 422, 422, 422, 422]),
    ("POST /staff/sessions/refresh",                            || json!({}),          [422, 422, 422, 422, 422, 422]),
    ("POST /passwords/forgotten",                               || json!({}),          [422, 422, 422, 422, 422, 422]),
    ("POST /staff/passwords/forgotten",                         || json!({}),          [422, 422, 422, 422, 422, 422]),
    ("POST /passwords/{token}",                                 || json!({}),          [404, 404, 404, 404, 404, 404]),
    // Providers.
    ("POST /members/search",                                   || json!({}),           [422, 422, 401, 401, 401, 401]),
    ("GET /providers",                                         nothing,                [422, 422, 401, 401, 401, 401]),
    ("GET /codes/{system}",                                    nothing,                [422, 422, 401, 401, 401, 401]),
    ("POST /cases",                                            || json!({}),           [422, 422, 401, 401, 401, 401]),
    ("GET /cases",                                             nothing,                [200, 200, 401, 401, 401, 401]),
    ("GET /cases/{id}",                                        nothing,                [200, 404, 401, 401, 401, 401]),
    ("PUT /cases/{id}/steps/{step}",                           diagnoses,              [409, 404, 401, 401, 401, 401]),
    ("POST /cases/{id}/documents",                             document,               [409, 404, 401, 401, 401, 401]),
    ("POST /cases/{id}/submission",                            || json!({}),           [200, 404, 401, 401, 401, 401]),
    ("GET /cases/{id}/letters/{letter}",                       nothing,                [404, 404, 401, 401, 401, 401]),
    ("GET /groups/{id}/users",                                  nothing,               [200, 404, 401, 401, 401, 401]),
    ("POST /groups/{id}/users",                                 || json!({}),          [422, 404, 401, 401, 401, 401]),
    ("POST /groups/{id}/providers",                             || json!({}),          [422, 404, 401, 401, 401, 401]),
    ("PATCH /users/{name}",                                     || json!({}),          [412, 404, 401, 401, 401, 401]),
    ("POST /users/{name}/registration-reset",                   || json!({}),          [404, 404, 401, 401, 401, 401]),
    ("GET /me",                                                 nothing,               [200, 200, 401, 401, 401, 401]),
    ("PATCH /me",                                               || json!({}),          [412, 412, 401, 401, 401, 401]),
    // Payer staff.
    ("POST /staff/users/{name}/unlock",                         || json!({}),          [401, 401, 403, 403, 401, 401]),
    ("POST /staff/users/{name}/registration-reset",             || json!({}),          [401, 401, 404, 404, 401, 401]),
    ("GET /staff/codes/{system}",                              nothing,                [401, 401, 422, 422, 401, 401]),
    ("GET /staff/cases/{id}",                                  nothing,                [401, 401, 200, 200, 401, 401]),
    ("GET /staff/cases/{id}/letters/{letter}",                 nothing,                [401, 401, 404, 404, 401, 401]),
    ("GET /staff/worklists/{queue}",                           nothing,                [401, 401, 403, 200, 401, 401]),
    ("POST /staff/cases/{id}/requests/{number}/claim",         || json!({}),           [401, 401, 200, 409, 401, 401]),
];

/// At the end of the table: the nurse has claimed the request by then, and whoever signs out is out.
#[rustfmt::skip]
const LAST: [Row; 3] = [
    ("POST /staff/cases/{id}/requests/{number}/determination", || json!({}),           [401, 401, 422, 422, 401, 401]),
    ("DELETE /sessions",                                       nothing,                [204, 204, 401, 401, 401, 401]),
    ("DELETE /staff/sessions",                                 nothing,                [401, 401, 204, 204, 401, 401]),
];

fn diagnoses() -> Value {
    json!({ "diagnoses": ["F84.0"] })
}

fn document() -> Value {
    json!({ "request": "R01", "documentType": "other", "fileName": "a.pdf", "bytes": 10 })
}

/// A case of the clinic that waits with the nurses, and its `ETag`.
fn waiting_case(world: &World, person: &Person, clinic: &Clinic) -> (String, String) {
    let mut wizard = Wizard::begin(person, clinic, "inpatient").unwrap();
    let from = clinic::today(world, "commercial").unwrap();
    let stay = json!({ "admission": "elective", "admitted": from });
    let service = json!({ "serviceType": "acute-inpatient", "placeOfService": "21", "stay": stay });
    wizard.save("service", &service).unwrap();
    wizard.save("diagnoses", &json!({ "diagnoses": ["M17.11"] })).unwrap();
    let line = Entry { code: "0120", modifiers: &[], from, days: 2, units: 2 };
    wizard.save("procedures", &json!({ "lines": [line.json()] })).unwrap();
    wizard.submit().unwrap();
    let case = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    (wizard.key, case.header("etag").to_owned())
}

fn ask(portal: &Portal, (operation, body, _): &Row, (key, etag, group, user): (&str, &str, &str, &str)) -> u16 {
    let (method, path) = operation.split_once(' ').unwrap();
    let path = path.replace("/groups/{id}", &format!("/groups/{group}"));
    let path = if path.ends_with("/registration-reset") {
        path
    } else {
        path.replace("/users/{name}", &format!("/users/{user}"))
    };
    let path = path
        .replace("{id}", key)
        .replace("{name}", "x")
        .replace("{token}", "0123456789abcdef")
        .replace("{system}", "icd10cm")
        .replace("{step}", "diagnoses")
        .replace("{letter}", "ltr_00000000000000000000000000000000")
        .replace("{queue}", "physician")
        .replace("{number}", "R01");
    let call = match method {
        "GET" => portal.get(path),
        "PUT" => portal.put(path, &body(), etag),
        "PATCH" => portal.patch(path, &body(), etag),
        "DELETE" => portal.delete(path),
        _ => portal.post(path, &body()),
    };
    call.send().unwrap().status
}

/// REQ: ACT-07, ACC-18, REV-01, REV-03, OPS-05
#[test]
fn each_operation_answers_each_caller_as_the_table_says() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "commercial").unwrap();
    let own = Person::of_clinic(&world, &clinic).unwrap();
    let another = Person::of_clinic(&world, &Clinic::new(&world, "commercial").unwrap()).unwrap();
    let nurse = Person::of_staff(&world, "commercial", Nurse).unwrap();
    let physician = Person::of_staff(&world, "commercial", Physician).unwrap();
    let nobody = Portal::new(&world.stack);
    let stranger = nobody.with_token(Some("eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6Im5vYm9keSJ9.c2lnbmF0dXJl".to_owned()));
    let callers = [&own.portal, &another.portal, &nurse.portal, &physician.portal, &stranger, &nobody];
    let (key, etag) = waiting_case(&world, &own, &clinic);
    let group = own.portal.get("/me").expect(200).unwrap().text("/roles/0/group").unwrap();
    let mut differ = Vec::new();
    for row in TABLE.iter().chain(&LAST) {
        let found = callers.map(|portal| ask(portal, row, (&key, &etag, &group, &own.username)));
        if found != row.2 {
            differ.push(format!("{}: {found:?}, expected {:?}", row.0, row.2));
        }
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
}

/// REQ: API-01
#[test]
fn no_operation_is_missing_in_the_table() {
    let document = serde_json::to_value(portico_api::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "put", "post", "delete", "patch"];
    let operations: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (method, path)))
        .filter(|(method, _)| methods.contains(&method.as_str()))
        .map(|(method, path)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let table: BTreeSet<String> = TABLE.iter().chain(&LAST).map(|row| row.0.to_owned()).collect();
    assert_eq!(table, operations);
}
