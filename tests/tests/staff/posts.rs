//! Payer staff: Contract Managers look after who works for their contracts.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{ContractManager, Operations, Support};
use portico_testkit::{
    clinic::own_contract,
    mailbox,
    people::{Door, Person},
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

const ADDED: &str = "/staff/users";

/// What the form for a new nurse holds.
fn nurse(name: &str, contracts: &[&str]) -> Value {
    let email = format!("{name}@staff.example");
    json!({
        "username": name,
        "post": {
            "role": "nurse", "credential": "RN", "license": { "state": "AR", "number": "R-900077" }, "contracts": contracts,
        },
        "contact": {
            "firstName": "Nell", "lastName": "Shaw", "address1": "1 Review Plaza", "city": "Little Rock", "state": "AR",
            "zip": "72201", "email": email, "confirmEmail": email, "fax": "501-555-0166",
        },
    })
}

fn names(by: &Person, query: &str) -> Result<Vec<String>> {
    let listed = by.portal.get(format!("{ADDED}{query}")).expect(200)?;
    Ok(listed.list("/staff")?.iter().filter_map(|one| one["username"].as_str().map(ToOwned::to_owned)).collect())
}

fn seen(by: &Person, name: &str) -> Result<Value> {
    let listed = by.portal.get(format!("{ADDED}?limit=50")).expect(200)?;
    let one = listed.list("/staff")?.iter().find(|one| one["username"] == name).cloned();
    one.with_context(|| format!("{name} is not in the list"))
}

/// What becomes of a change with the version that holds now.
fn change(by: &Person, name: &str, change: &Value) -> Result<Answer> {
    let version = seen(by, name)?.get("version").map(ToString::to_string).unwrap_or_default();
    by.portal.patch(format!("{ADDED}/{name}"), change, &version).send()
}

fn enrol(world: &World, name: &str, but: Option<&str>) -> Result<(Person, String)> {
    let token = poll::until("a fresh link", PATIENCE, || {
        let token = mailbox::wait_for_link(&world.stack, &format!("{name}@staff.example"))?;
        Ok(Some(token).filter(|token| Some(token.as_str()) != but))
    })?;
    Ok((Person::enrolled(world, Door::Staff, &token)?.sign_in()?, token))
}

/// REQ: ACC-09, ACC-17, ACC-18, ACC-19
#[test]
fn a_contract_manager_adds_a_nurse_who_keeps_their_own_profile() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let name = format!("nell.{contract}");
    let form = nurse(&name, &[&contract]);
    let mut bare = form.clone();
    bare["post"]["license"] = Value::Null;
    bare["post"]["contracts"] = json!(["arkansas"]);
    let refused = manager.portal.post(ADDED, &bare).refused(422, "invalid")?;
    assert!(refused.error_at("/post/license")?.contains("needs a license"));
    assert_eq!(refused.wrong_at("/post/license", "needed-for-role")?, json!({ "role": "nurse" }));
    refused.wrong_at("/post/contracts/0", "not-yours")?;
    let added = manager.portal.post(ADDED, &form).idempotency_key("new-staff-1").expect(201)?;
    assert_eq!((added.text("/staff/state")?.as_str(), added.text("/staff/role")?.as_str()), ("invited", "nurse"));
    let again = manager.portal.post(ADDED, &form).idempotency_key("new-staff-1").expect(201)?;
    assert_eq!(added.body, again.body);
    manager.portal.post(ADDED, &form).expect(422)?.wrong_at("/username", "taken")?;

    let (nurse, _) = enrol(&world, &name, None)?;
    let me = nurse.portal.get("/staff/me").expect(200)?;
    assert_eq!(me.at("/post/license")?, &json!({ "state": "AR", "number": "R-900077" }));
    assert_eq!(me.at("/post/contracts")?, &json!([contract]));
    assert!(me.list("/rules")?.iter().any(|rule| rule["rule"] == "idleMinutes"), "staff have a session limit");
    let fax = json!({ "contact": { "fax": "501-555-0177" } });
    nurse.portal.patch("/staff/me", &fax, "\"77\"").refused(412, "stale")?;
    let saved = nurse.portal.patch("/staff/me", &fax, me.header("etag")).expect(200)?;
    assert_eq!(saved.text("/contact/fax")?, "501-555-0177");
    let listed = seen(&manager, &name)?;
    assert_eq!(listed["fax"], "501-555-0177", "the list shows what the profile says");
    let one = manager.portal.get(format!("{ADDED}/{name}")).expect(200)?;
    assert_eq!((&one.body, one.header("etag")), (&listed, format!("\"{}\"", listed["version"]).as_str()));
    nurse.portal.get(ADDED).refused(403, "forbidden")?;
    nurse.portal.get(format!("{ADDED}/{name}")).refused(403, "forbidden")?;
    let elsewhere = Person::of_staff(&world, "arkansas", ContractManager)?;
    for nobody in [name.as_str(), "nobody.here", "Not A Name"] {
        elsewhere.portal.get(format!("{ADDED}/{}", nobody.replace(' ', "%20"))).refused(404, "not-found")?;
    }

    assert_eq!(names(&manager, "?role=nurse")?, std::slice::from_ref(&name));
    assert_eq!(names(&manager, "?status=locked")?, [""; 0]);
    let all = names(&manager, "")?;
    assert_eq!(all, [manager.username.clone(), name.clone()]);
    let first = manager.portal.get(format!("{ADDED}?limit=1")).expect(200)?;
    let next = names(&manager, &format!("?limit=1&cursor={}", first.text("/next")?))?;
    assert_eq!(next, [name], "pages of one give the whole list once");
    manager.portal.get(format!("{ADDED}?contract=arkansas")).refused(404, "not-found")?;
    Ok(())
}

/// REQ: ACC-10, ACC-18, REV-03
#[test]
fn a_post_is_changed_taken_and_given_back_and_the_person_is_told() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let name = format!("nell.{contract}");
    manager.portal.post(ADDED, &nurse(&name, &[&contract])).expect(201)?;
    let (person, first) = enrol(&world, &name, None)?;

    let physician = json!({ "post": { "role": "physician", "credential": "MD" } });
    let refused = change(&manager, &name, &physician)?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    refused.wrong_at("/post/specialty", "needed-for-role")?;
    manager.portal.patch(format!("{ADDED}/{name}"), &physician, "\"99\"").refused(412, "stale")?;
    let mut physician = physician;
    physician["post"]["specialty"] = json!("Pediatrics");
    let changed = change(&manager, &name, &physician)?;
    assert_eq!((changed.status, changed.text("/label")?.as_str()), (200, "Physician Reviewer"), "{}", changed.body);
    let mail = format!("{name}@staff.example");
    mailbox::wait_for(&world.stack, &mail, "Your role or contracts have changed")?;

    let out = json!({ "deactivate": true });
    assert_eq!(change(&manager, &name, &out)?.status, 200);
    person.portal.get("/staff/me").refused(401, "signed-out")?;
    mailbox::wait_for(&world.stack, &mail, "was deactivated")?;
    assert_eq!(change(&manager, &name, &out)?.status, 409);
    assert_eq!(names(&manager, "?status=deactivated")?, std::slice::from_ref(&name));
    assert_eq!(change(&manager, &name, &json!({ "reactivate": true }))?.text("/state")?, "invited");
    // The same password was set before, so the person chooses another one with the fresh link.
    let token = poll::until("a fresh link", PATIENCE, || {
        Ok(Some(mailbox::wait_for_link(&world.stack, &mail)?).filter(|token| *token != first))
    })?;
    let reset = format!("{ADDED}/{name}/registration-reset");
    manager.portal.post(&reset, &json!({})).expect(200)?;
    let newest = poll::until("the newest link", PATIENCE, || {
        Ok(Some(mailbox::wait_for_link(&world.stack, &mail)?).filter(|found| *found != token))
    })?;
    let with = |token: &str| json!({ "token": token, "password": "Meadow-Cloud-2027?" });
    person.portal.post("/enrolments", &with(&token)).expect(404)?;
    person.portal.post("/enrolments", &with(&newest)).expect(200)?;

    let own = change(&manager, &manager.username, &out)?;
    assert_eq!(own.status, 403, "{}", own.body);
    let down = change(&manager, &manager.username, &json!({ "post": { "role": "support" } }))?;
    assert_eq!(down.status, 403, "{}", down.body);
    manager.portal.post(format!("{ADDED}/{}/registration-reset", manager.username), &json!({})).expect(403)?;
    Ok(())
}

/// Operations acts for the whole stack: a Contract Manager neither gives nor takes it, and touches nobody who has it.
#[test]
fn operators_are_made_and_ended_by_operators_alone() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let name = format!("nell.{contract}");
    let mut form = nurse(&name, &[&contract]);
    manager.portal.post(ADDED, &form).expect(201)?;
    let up = change(&manager, &name, &json!({ "post": { "role": "operations" } }))?;
    assert_eq!(up.status, 422, "{}", up.body);
    up.wrong_at("/post/role", "given-by-operators")?;
    form["username"] = json!(format!("omar.{contract}"));
    form["post"]["role"] = json!("operations");
    manager.portal.post(ADDED, &form).refused(422, "invalid")?.wrong_at("/post/role", "given-by-operators")?;

    let operator = Person::of_post(&world, &[&contract], Operations)?;
    assert_eq!(seen(&manager, &operator.username)?["role"], "operations", "who they are is no secret");
    for wanted in [
        json!({ "post": { "role": "support" } }),
        json!({ "post": { "credential": "Night shift" } }),
        json!({ "deactivate": true }),
        json!({ "reactivate": true }),
    ] {
        let refused = change(&manager, &operator.username, &wanted)?;
        assert_eq!(refused.status, 403, "{wanted} {}", refused.body);
    }
    manager.portal.post(format!("{ADDED}/{}/registration-reset", operator.username), &json!({})).expect(403)?;
    operator.portal.get("/staff/queues").expect(200)?;
    Ok(())
}

/// REQ: ACC-18
#[test]
fn a_contract_is_given_and_taken_by_whoever_manages_it() -> Result<()> {
    let world = World::open()?;
    let (one, two) = (own_contract(&world)?, own_contract(&world)?);
    let both = Person::of_post(&world, &[&one, &two], ContractManager)?;
    let second = Person::of_post(&world, &[&two], ContractManager)?;
    let support = Person::of_post(&world, &[&one], Support)?;
    let name = format!("nell.{one}");
    both.portal.post(ADDED, &nurse(&name, &[&one])).expect(201)?;
    let theirs = |by: &Person, change: &Value| by.portal.patch(format!("{ADDED}/{name}"), change, "\"1\"").send();
    assert_eq!(theirs(&second, &json!({}))?.status, 404);
    assert_eq!(theirs(&support, &json!({}))?.status, 403);
    second.portal.get(format!("{ADDED}?contract={one}")).refused(404, "not-found")?;

    let given = change(&both, &name, &json!({ "post": { "contracts": [one, two] } }))?;
    assert_eq!(given.at("/contracts")?, &json!([one, two]));
    let shown = seen(&second, &name)?;
    assert_eq!((&shown["contracts"], &shown["worksElsewhere"]), (&json!([two]), &json!(true)));
    assert_eq!(change(&second, &name, &json!({ "deactivate": true }))?.status, 403);
    assert_eq!(change(&second, &name, &json!({ "post": { "credential": "LPN" } }))?.status, 403);
    assert_eq!(change(&second, &name, &json!({ "post": { "contracts": [one] } }))?.status, 422);
    let taken = change(&second, &name, &json!({ "post": { "contracts": [] } }))?;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert!(!names(&second, "")?.contains(&name));
    assert_eq!(seen(&both, &name)?["contracts"], json!([one]));
    let nothing = change(&both, &name, &json!({ "post": { "contracts": [] } }))?;
    assert_eq!(nothing.status, 422, "{}", nothing.body);
    nothing.wrong_at("/post/contracts", "missing")?;
    Ok(())
}

/// REQ: ACC-18
#[test]
fn two_contract_managers_who_take_each_other_out_at_once_leave_one() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let one = Person::of_post(&world, &[&contract], ContractManager)?;
    let two = Person::of_post(&world, &[&contract], ContractManager)?;
    let (mine, theirs) = (seen(&one, &one.username)?["version"].clone(), seen(&one, &two.username)?["version"].clone());
    let out = |by: &Person, of: &Person, version: &Value| {
        let path = format!("{ADDED}/{}", of.username);
        by.portal.patch(path, &json!({ "deactivate": true }), &version.to_string()).send()
    };
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| out(&one, &two, &theirs));
        let second = out(&two, &one, &mine);
        (first.join().map_err(|_| anyhow::anyhow!("a thread died")), second)
    });
    let mut done = [first??.status, second?.status];
    done.sort_unstable();
    assert_eq!(done[0], 200);
    assert!(matches!(done[1], 401 | 409 | 412), "{done:?}");
    Ok(())
}
