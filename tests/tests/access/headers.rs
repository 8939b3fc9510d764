//! What every answer carries (OWASP ASVS 14.4), held over all operations: of whoever may and of whoever may not.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, portal::Portal, seeding::World};
use serde_json::json;

const ALWAYS: [(&str, &str); 4] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("referrer-policy", "no-referrer"),
];

#[test]
fn every_answer_says_that_nobody_keeps_or_guesses_it() -> Result<()> {
    let world = World::open()?;
    let dana = Person::of_clinic(&world, &Clinic::new(&world, "arkansas")?)?;
    let nurse = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;
    let anybody = Portal::new(&world.stack);
    let document = portico_api::openapi::document()?;
    let (mut seen, mut wrong) = (0, Vec::new());
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, operation) in item.as_object().context("operations")? {
            // Whoever ends the session comes last.
            if method == "delete" && path.ends_with("/sessions") {
                continue;
            }
            let portal = match &operation["security"][0] {
                guard if guard.get("staff").is_some() => &nurse.portal,
                guard if guard.get("provider").is_some() => &dana.portal,
                _ => &anybody,
            };
            let at = path.replace("{name}", "nobody.here").replace(['{', '}'], "x");
            let call = match method.as_str() {
                "get" => portal.get(at),
                "put" => portal.put(at, &json!({}), "\"1\""),
                "patch" => portal.patch(at, &json!({}), "\"1\""),
                "delete" => portal.delete(at),
                _ => portal.post(at, &json!({})),
            };
            let answer = call.send()?;
            ensure!(answer.status != 403 || answer.body.get("type").is_some(), "{method} {path}: {}", answer.body);
            // What is the same for everybody is kept for five minutes.
            let shared = answer.status == 200 && path.starts_with("/contracts");
            let expected = ALWAYS.map(|(name, value)| match name {
                "cache-control" if shared => (name, "public, max-age=300"),
                _ => (name, value),
            });
            for (name, value) in expected.iter().filter(|(name, value)| answer.header(name) != *value) {
                wrong.push(format!(
                    "{method} {path} answered {} with {name}: {} instead of {value}",
                    answer.status,
                    answer.header(name)
                ));
            }
            seen += 1;
        }
    }
    ensure!(seen > 50, "{seen} operations");
    ensure!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for portal in [&dana.portal, &nurse.portal] {
        let path = if portal.get("/me").send()?.status == 200 { "/sessions" } else { "/staff/sessions" };
        let answer = portal.delete(path).expect(204)?;
        ensure!(ALWAYS.iter().all(|(name, value)| answer.header(name) == *value), "{path}");
    }
    Ok(())
}
