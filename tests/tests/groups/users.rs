//! Manage Users and Register New Provider.

use anyhow::Result;
use portico_testkit::{
    clinic::Clinic,
    mailbox,
    people::{Person, joining},
    portal::Answer,
    seeding::World,
};
use serde_json::json;

use portico_tests::office::{Office, names};

fn status(answer: &Answer, expected: u16) {
    assert_eq!(answer.status, expected, "{}", answer.body);
}

/// REQ: ORG-01, ORG-02, ORG-03, ORG-06, ORG-08
#[test]
fn administrators_manage_their_users_and_nobody_gives_more_than_they_have() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (here, there) = (office.provider(), office.further("arkansas")?);
    let backup = office.hire("bo", &here, "group-admin")?;
    let head = office.hire("hal", &there, "provider-admin")?;
    let clerk = office.hire("cy", &here, "staff")?;

    let all = names(&office.list(&office.admin, "")?)?;
    assert_eq!(all, [&backup.username, &clerk.username, &office.admin.username, &head.username].map(Clone::clone));
    let theirs = office.list(&head, "")?;
    assert_eq!(names(&theirs)?, [office.admin.username.clone(), head.username.clone()]);
    assert!(theirs.list("/users")?.iter().all(|user| user["roles"].as_array().is_some_and(|roles| roles.len() == 1)));
    assert_eq!(names(&office.list(&office.admin, "?role=staff")?)?, std::slice::from_ref(&clerk.username));
    assert_eq!(names(&office.list(&office.admin, "?status=locked")?)?, [""; 0]);
    clerk.portal.get(format!("/groups/{}/users", office.group)).refused(403, "forbidden")?;

    let (mut walked, mut path) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = office.list(&office.admin, &path)?;
        walked.extend(names(&page)?);
        let Ok(next) = page.text("/next") else { break };
        path = format!("?limit=1&cursor={next}");
    }
    assert_eq!(walked, all, "pages of one give the whole list once");

    let give = |provider: &str, role: &str| json!({ "roles": [{ "provider": provider, "role": role }] });
    status(&office.change(&head, &clerk.username, &give(&there, "staff"))?, 404);
    status(&office.change(&head, &head.username, &give(&there, "group-admin"))?, 403);
    status(&office.change(&office.admin, &clerk.username, &give(&there, "provider-admin-reports"))?, 403);
    let stale = office.admin.portal.patch(format!("/users/{}", clerk.username), &give(&here, "provider-admin"), "1");
    stale.refused(412, "stale")?;
    let promoted = office.change(&office.admin, &clerk.username, &give(&there, "provider-admin"))?;
    status(&promoted, 200);
    assert_eq!(promoted.list("/roles")?.len(), 2);
    mailbox::wait_for(&world.stack, &format!("{}@people.example", clerk.username), "Your roles have changed")?;

    status(&office.change(&office.admin, &backup.username, &give(&here, "staff"))?, 200);
    let both = json!({ "roles": [{ "provider": here, "role": "staff" }, { "provider": there, "role": "staff" }] });
    let alone = office.change(&office.admin, &office.admin.username, &both)?;
    status(&alone, 409);
    assert_eq!(alone.text("/state")?, "last-group-admin");
    status(&office.change(&office.admin, &office.admin.username, &json!({ "deactivate": true }))?, 409);
    status(&office.change(&backup, &clerk.username, &give(&here, "staff"))?, 403);

    status(&office.change(&office.admin, &clerk.username, &json!({ "deactivate": true }))?, 200);
    clerk.portal.get("/me").refused(401, "signed-out")?;
    mailbox::wait_for(&world.stack, &format!("{}@people.example", clerk.username), "was deactivated")?;
    Ok(())
}

#[test]
fn one_user_is_read_as_the_list_has_them_and_with_the_version_that_an_edit_names() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (here, there) = (office.provider(), office.further("arkansas")?);
    let clerk = office.hire("cy", &here, "staff")?;
    let head = office.hire("hal", &there, "provider-admin")?;
    let path = format!("/users/{}", clerk.username);

    let one = office.admin.portal.get(&path).expect(200)?;
    let listed = office.list(&office.admin, "?role=staff")?;
    assert_eq!(one.at("")?, listed.at("/users/0")?);
    let address = json!({ "address1": "1 Main Street", "city": "Little Rock", "state": "AR", "zip": "72201" });
    assert_eq!(one.at("/address")?, &address);
    assert!(one.text("/roles/0/providerName").is_ok(), "{}", one.body);
    let change = json!({ "contact": { "city": "Conway" } });
    let changed = office.admin.portal.patch(&path, &change, one.header("etag")).expect(200)?;
    assert_eq!(changed.text("/address/city")?, "Conway");
    let after = office.admin.portal.get(&path).expect(200)?;
    assert_eq!(after.header("etag"), changed.header("etag"));

    head.portal.get(&path).refused(404, "not-found")?;
    clerk.portal.get(&path).refused(403, "forbidden")?;
    Office::open(&world, "arkansas")?.admin.portal.get(&path).refused(404, "not-found")?;
    office.admin.portal.get("/users/nobody.at.all").refused(404, "not-found")?;
    Ok(())
}

#[test]
fn a_second_group_admin_sees_the_providers_that_the_first_one_registered() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (here, there) = (office.provider(), office.further("colorado")?);
    let second = office.hire("bo", &here, "group-admin")?;
    let head = office.hire("hal", &there, "provider-admin")?;
    let clerk = office.hire("cy", &here, "staff")?;
    let path = format!("/groups/{}/providers", office.group);
    let ids = |by: &Person, query: &str| -> Result<Vec<String>> {
        let listed = by.portal.get(format!("{path}{query}")).expect(200)?;
        Ok(listed
            .list("/providers")?
            .iter()
            .filter_map(|one| one["provider"].as_str().map(ToOwned::to_owned))
            .collect())
    };
    let mut both = vec![here.clone(), there.clone()];
    both.sort_unstable();
    for admin in [&office.admin, &second] {
        assert_eq!(ids(admin, "")?, both);
    }
    assert_eq!(ids(&head, "")?, std::slice::from_ref(&there), "a Provider Admin sees their own");
    clerk.portal.get(&path).refused(403, "forbidden")?;
    Office::open(&world, "arkansas")?.admin.portal.get(&path).refused(404, "not-found")?;
    second.portal.get(format!("{path}?limit=0")).refused(422, "invalid")?.error_at("/limit")?;

    let first = second.portal.get(format!("{path}?limit=1")).expect(200)?;
    assert_eq!(first.text("/providers/0/provider")?, both[0]);
    assert_eq!(ids(&second, &format!("?limit=1&cursor={}", first.text("/next")?))?, [both[1].clone()]);
    let listed = second.portal.get(&path).expect(200)?;
    let own = listed.list("/providers")?.iter().find(|one| one["provider"] == here.as_str()).cloned();
    let provider = &office.clinic.place.provider;
    let own = own.unwrap_or_default();
    assert_eq!((&own["providerName"], &own["contract"]), (&json!(provider.name), &json!("arkansas")));
    // And gives a part there.
    let give = json!({ "roles": [{ "provider": there, "role": "staff" }] });
    status(&office.change(&second, &clerk.username, &give)?, 200);
    Ok(())
}

/// REQ: ORG-07, ACC-02, ACC-05, ACC-16, ACC-17
#[test]
fn a_group_admin_registers_further_locations_of_several_contracts() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let path = format!("/groups/{}/providers", office.group);
    let wrong = json!({ "npi": office.clinic.number(), "code": "NOT-THIS-ONE" });
    let refused = office.admin.portal.post(&path, &wrong).refused(422, "invalid")?;
    assert_eq!(refused.text("/detail")?, "NPI/Regcode is not valid. Please try different NPI/Regcode");
    let further = Clinic::new(&world, "colorado")?;
    // Its contract is another one, whose terms nobody here has seen.
    let bare = json!({ "npi": further.number(), "code": further.place.registration_code });
    let refused = office.admin.portal.post(&path, &bare).refused(422, "invalid")?;
    refused.wrong_at("/termsAcknowledged", "not-agreed")?;
    let pair = joining(&world, &further)?;
    let old = json!({ "npi": pair["npi"], "code": pair["code"], "termsVersion": "0", "termsAcknowledged": true });
    office.admin.portal.post(&path, &old).refused(422, "invalid")?.wrong_at("/termsVersion", "terms-changed")?;
    let first = office.admin.portal.post(&path, &pair).idempotency_key("further-1").expect(201)?;
    let again = office.admin.portal.post(&path, &pair).idempotency_key("further-1").expect(201)?;
    assert_eq!(first.body, again.body);

    let stranger = Office::open(&world, "arkansas")?;
    stranger.admin.portal.post(&path, &pair).refused(404, "not-found")?;
    let theirs = format!("/groups/{}/providers", stranger.group);
    let taken = stranger.admin.portal.post(theirs, &pair).refused(409, "conflict")?;
    assert!(taken.text("/detail")?.contains(&office.clinic.contact.full_name()), "{}", taken.body);

    let me = office.admin.portal.get("/me").expect(200)?;
    assert_eq!((me.list("/roles")?.len(), me.list("/contracts")?.len()), (2, 2));
    for rule in me.list("/rules")? {
        let values = ["arkansas", "colorado"].map(|id| world.contract(id).map(|contract| contract.accounts));
        let [one, other] = values;
        let (one, other) = (serde_json::to_value(one?)?, serde_json::to_value(other?)?);
        let name = rule["rule"].as_str().unwrap_or_default();
        let kebab: String = name
            .chars()
            .flat_map(|c| if c.is_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] })
            .collect();
        assert_eq!(rule["value"].as_u64(), one[&kebab].as_u64().min(other[&kebab].as_u64()), "{name}");
    }
    Ok(())
}

/// REQ: ACC-09, ORG-08
#[test]
fn a_username_is_given_once_and_a_new_user_needs_a_provider_of_the_group() -> Result<()> {
    let world = World::open()?;
    let (office, stranger) = (Office::open(&world, "arkansas")?, Office::open(&world, "arkansas")?);
    let path = format!("/groups/{}/users", office.group);
    let part = |provider: String| json!([{ "provider": provider }]);
    let taken = office.form(&office.admin.username, &part(office.provider()));
    office.admin.portal.post(&path, &taken).expect(422)?.wrong_at("/username", "taken")?;
    let elsewhere = office.form(&office.name("eve"), &part(stranger.provider()));
    office.admin.portal.post(&path, &elsewhere).expect(422)?.wrong_at("/roles/0/provider", "not-yours")?;
    stranger.admin.portal.post(&path, &elsewhere).refused(404, "not-found")?;
    let new = office.form(&office.name("ada"), &part(office.provider()));
    let added = office.admin.portal.post(&path, &new).idempotency_key("new-user-1").expect(201)?;
    assert_eq!((added.text("/user/state")?.as_str(), added.text("/user/roles/0/role")?.as_str()), ("invited", "staff"));
    let again = office.admin.portal.post(&path, &new).idempotency_key("new-user-1").expect(201)?;
    assert_eq!(added.body, again.body);
    office.admin.portal.patch("/users/nobody.at.all", &json!({}), "1").refused(404, "not-found")?;
    let theirs = stranger.admin.portal.patch(format!("/users/{}", office.admin.username), &json!({}), "1");
    theirs.refused(404, "not-found")?;
    Ok(())
}

/// REQ: ORG-06
#[test]
fn two_group_admins_who_demote_each_other_at_once_leave_one() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let other = office.hire("bo", &office.provider(), "group-admin")?;
    let down = json!({ "roles": [{ "provider": office.provider(), "role": "staff" }] });
    let (mine, theirs) = (office.version(&office.admin.username)?, office.version(&other.username)?);
    let demote =
        |by: &Person, name: &str, version: &str| by.portal.patch(format!("/users/{name}"), &down, version).send();
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| demote(&office.admin, &other.username, &theirs));
        let two = demote(&other, &office.admin.username, &mine);
        (one.join().map_err(|_| anyhow::anyhow!("a thread died")), two)
    });
    let mut done = [one??.status, two?.status];
    done.sort_unstable();
    assert_eq!(done[0], 200);
    assert!(matches!(done[1], 403 | 409 | 412), "{done:?}");
    Ok(())
}
