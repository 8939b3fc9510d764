//! Who performs what a Claim asks for and who attends, as its team names them. A case has one of each: whoever is named beside
//! them, or for some of the items alone, is told and not passed over, for letters and authorizations would name somebody else.

use portico_domain::npi::Npi;
use portico_fhir::{
    Fault,
    answer::Refusal,
    bundle::Bundle,
    types::{CareTeam, Item, extension},
    url,
};

use super::{
    parties::WHO_TREATS,
    request::{Named, Sent, named},
    wishes::{WRONG, refusal},
};

/// Who takes part, beside who asks.
#[derive(Debug, Default)]
pub(super) struct Team {
    pub(super) servicing: Option<Named>,
    pub(super) attending: Option<Named>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Performs,
    Attends,
}

/// Somebody of the team who has a part.
struct Member<'a> {
    place: usize,
    of: &'a CareTeam,
    part: Part,
    named: Named,
}

/// Reads it: by their role, X12's or none; who has none performs.
pub(super) fn team(sent: &Sent<'_>, bundle: &Bundle<'_>) -> Result<Result<Team, Vec<Refusal>>, Fault> {
    let asking = &sent.parties.asking;
    let kept: Vec<(usize, &Item)> =
        sent.kept().into_iter().filter_map(|place| Some((place, sent.claim.item.get(place)?))).collect();
    let mut refusals = Vec::new();
    let mut members: Vec<Member<'_>> = Vec::new();
    for (place, of) in sent.claim.care_team.iter().enumerate() {
        let path = |element: &str| sent.first.at(&format!("careTeam[{place}]{element}"));
        let reference = of.provider.as_ref().and_then(|reference| reference.reference.as_deref());
        let Some(entry) = reference.and_then(|text| bundle.resolve(text, sent.first)) else {
            return Err(Fault::at(path(".provider"), "Point to somebody who is in the Bundle."));
        };
        if !WHO_TREATS.contains(&entry.kind) {
            return Err(Fault::at(path(".provider"), format!("Point to one of {}.", WHO_TREATS.join(", "))));
        }
        let named = named(bundle, entry, path(".provider"))?;
        let of_any = sent.claim.item.iter().any(|item| is_named_by(of, item));
        if scope(of) == Some(false) && !of_any {
            let text = "No item names this one. Say for which it is (careTeamSequence), or that it is for all.";
            refusals.push(refusal(WRONG, path(""), text));
            continue;
        }
        // Who is named for cancelled items alone takes no part.
        if !kept.iter().any(|(_, item)| is_for(of, item, of_any)) {
            continue;
        }
        let role = of.role.as_ref().and_then(|role| role.code(url::X12_ROLE).or(role.any_code()));
        let part = match role {
            Some("71") => Part::Attends,
            None | Some("SJ" | "FA" | "primary") => Part::Performs,
            // Who orders or refers is mostly who asks.
            Some(_) if shares(&named.npis, asking) => continue,
            Some(_) => {
                let text = "This role is not read here. Name who performs (SJ, FA, or no role) and who attends (71).";
                refusals.push(refusal(WRONG, path(".role"), text));
                continue;
            }
        };
        members.push(Member { place, of, part, named });
    }
    let known = |sequence: &u32| sent.claim.care_team.iter().any(|one| one.sequence == Some(*sequence));
    for (place, _) in kept.iter().filter(|(_, item)| !item.care_team_sequence.iter().all(known)) {
        let text = "Nobody in the careTeam has this number.";
        refusals.push(refusal(WRONG, sent.first.at(&format!("item[{place}].careTeamSequence")), text));
    }
    let servicing = one(sent, &kept, (&members, Part::Performs), &mut refusals);
    let attending = one(sent, &kept, (&members, Part::Attends), &mut refusals);
    Ok(if refusals.is_empty() { Ok(Team { servicing, attending }) } else { Err(refusals) })
}

/// The one who has this part, in all items.
fn one(
    sent: &Sent<'_>,
    kept: &[(usize, &Item)],
    (members, part): (&[Member<'_>], Part),
    refusals: &mut Vec<Refusal>,
) -> Option<Named> {
    let mut chosen: Option<&Member<'_>> = None;
    for (number, (place, item)) in kept.iter().enumerate() {
        let here = |member: &&Member<'_>| {
            let of_any = sent.claim.item.iter().any(|item| is_named_by(member.of, item));
            member.part == part && is_for(member.of, item, of_any)
        };
        let mut all = members.iter().filter(here);
        let first = all.next();
        for other in all.filter(|other| first.is_some_and(|first| !is_same(first, other))) {
            let path = sent.first.at(&format!("careTeam[{}]", other.place));
            if refusals.iter().all(|known| known.path != path) {
                let text = match part {
                    Part::Performs => {
                        "A request has one who performs. Ask for what another performs with a Claim of its own."
                    }
                    Part::Attends => "A request has one who attends. Leave the others out.",
                };
                refusals.push(refusal(WRONG, path, text));
            }
        }
        let differs = match (chosen, first) {
            _ if number == 0 => false,
            (Some(one), Some(other)) => !is_same(one, other),
            // Where nobody is named, who asks performs.
            (Some(one), None) | (None, Some(one)) => {
                part == Part::Performs && !shares(&one.named.npis, &sent.parties.asking)
            }
            (None, None) => false,
        };
        if differs {
            let text = "All items of a request have one who performs and one who attends. Ask for the others with a Claim of their own.";
            refusals.push(refusal(WRONG, sent.first.at(&format!("item[{place}].careTeamSequence")), text));
        }
        chosen = chosen.or(first);
    }
    chosen.map(|member| member.named.clone())
}

/// Whether it is for the whole Claim; nothing where that is not said.
fn scope(of: &CareTeam) -> Option<bool> {
    extension(&of.extension, url::CARE_TEAM_SCOPE)?.value_boolean
}

fn is_named_by(of: &CareTeam, item: &Item) -> bool {
    of.sequence.is_some_and(|sequence| item.care_team_sequence.contains(&sequence))
}

/// Whether somebody is for an item; where nothing is said, for those that name them, and for all where none does.
fn is_for(of: &CareTeam, item: &Item, of_any: bool) -> bool {
    scope(of).unwrap_or(!of_any) || is_named_by(of, item)
}

fn shares(some: &[Npi], others: &[Npi]) -> bool {
    some.iter().any(|npi| others.contains(npi))
}

fn is_same(one: &Member<'_>, other: &Member<'_>) -> bool {
    one.named.entry == other.named.entry || shares(&one.named.npis, &other.named.npis)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const CLAIM: &str = "https://ehr.example/fhir/Claim/1";
    const ASKS: &str = "1234567893";
    const CLINIC: &str = "1245319599";
    const PERSON: &str = "1003000126";
    const OTHER: &str = "1508809062";

    fn x12(role: &str) -> Value {
        json!({ "coding": [{ "system": url::X12_ROLE, "code": role }] })
    }

    /// One of the team; `scope` and `role` where they are given.
    fn member(sequence: u32, to: &str, role: Option<&str>, scope: Option<bool>) -> Value {
        let mut one = json!({ "sequence": sequence, "provider": { "reference": to } });
        if let Some(role) = role {
            one["role"] = x12(role);
        }
        if let Some(scope) = scope {
            one["extension"] = json!([{ "url": url::CARE_TEAM_SCOPE, "valueBoolean": scope }]);
        }
        one
    }

    /// The NPIs of who performs and of who attends; else each refusal with its place.
    type Told = Result<(Vec<String>, Vec<String>), Vec<(String, String)>>;

    /// What is read of a Claim with this team; each item names these of it.
    fn read(team: &Value, items: &[&[u32]]) -> Told {
        let entry = |address: &str, kind: &str, mut resource: Value| {
            resource["resourceType"] = json!(kind);
            json!({ "fullUrl": address, "resource": resource })
        };
        let at = |kind: &str| format!("https://ehr.example/fhir/{kind}");
        let party = |kind: &str, npi: &str| {
            entry(&at(&format!("{kind}/{npi}")), kind, json!({ "identifier": [{ "system": url::NPI, "value": npi }] }))
        };
        let item = |(place, names): (usize, &&[u32])| json!({ "sequence": place + 1, "careTeamSequence": names });
        let bundle = json!({
            "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
            "identifier": { "value": "B-1" },
            "entry": [
                entry(CLAIM, "Claim", json!({
                    "identifier": [{ "value": "R-1" }], "use": "preauthorization", "careTeam": team,
                    "patient": { "reference": "Patient/1" }, "insurer": { "reference": "Organization/payer" },
                    "provider": { "reference": format!("Organization/{ASKS}") },
                    "item": items.iter().enumerate().map(item).collect::<Vec<_>>(),
                })),
                entry(&at("Patient/1"), "Patient", json!({ "identifier": [{ "value": "0123456789" }], "birthDate": "2022-02-28" })),
                entry(&at("Organization/payer"), "Organization", json!({})),
                party("Organization", ASKS), party("Organization", CLINIC), party("Organization", OTHER),
                party("Practitioner", PERSON),
                entry(&at("PractitionerRole/1"), "PractitionerRole", json!({
                    "practitioner": { "reference": format!("Practitioner/{PERSON}") },
                    "organization": { "reference": format!("Organization/{CLINIC}") },
                })),
                entry(&at("PractitionerRole/2"), "PractitionerRole", json!({
                    "practitioner": { "reference": format!("Practitioner/{PERSON}") },
                })),
            ],
        })
        .to_string();
        let bundle = Bundle::read(&bundle, "Claim").unwrap();
        let sent = Sent::of(&bundle).unwrap();
        let npis = |named: Option<Named>| {
            named.map(|named| named.npis.iter().map(ToString::to_string).collect()).unwrap_or_default()
        };
        match team_of(&sent, &bundle) {
            Ok(Team { servicing, attending }) => Ok((npis(servicing), npis(attending))),
            Err(all) => Err(all.into_iter().map(|one| (one.code.to_owned(), one.path)).collect()),
        }
    }

    fn team_of(sent: &Sent<'_>, bundle: &Bundle<'_>) -> Result<Team, Vec<Refusal>> {
        super::team(sent, bundle).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as it is told")]
    fn performs(npis: &[&str]) -> Told {
        Ok((npis.iter().map(|npi| (*npi).to_owned()).collect(), Vec::new()))
    }

    fn wrong(path: &str) -> Told {
        Err(vec![("33".to_owned(), format!("Bundle.entry[0].resource.{path}"))])
    }

    #[test]
    fn who_has_no_role_performs_whatever_they_are() {
        // As the guide's own examples write it: for the whole Claim, and the item names it too.
        let role = json!([member(1, "PractitionerRole/1", None, Some(true))]);
        assert_eq!(read(&role, &[&[1]]), performs(&[CLINIC, PERSON]));
        let alone = json!([member(1, "PractitionerRole/2", None, Some(true))]);
        assert_eq!(read(&alone, &[&[1]]), performs(&[PERSON]));
        for to in [format!("Practitioner/{PERSON}"), format!("Organization/{CLINIC}")] {
            let npi = to.rsplit('/').next().unwrap().to_owned();
            assert_eq!(read(&json!([member(1, &to, None, None)]), &[&[], &[]]), performs(&[&npi]));
        }
        assert_eq!(read(&json!([]), &[&[]]), performs(&[]));
        let mut primary = member(1, "PractitionerRole/2", None, None);
        primary["role"] = json!({ "coding": [{ "system": "http://x", "code": "primary" }] });
        assert_eq!(read(&json!([primary]), &[&[]]), performs(&[PERSON]));
    }

    #[test]
    fn who_attends_and_who_performs_are_told_by_their_role() {
        let clinic = format!("Organization/{CLINIC}");
        let team = json!([
            member(1, "PractitionerRole/2", Some("71"), None),
            member(2, &clinic, Some("FA"), None),
            // The same once more, and who asks in a role of no meaning here.
            member(3, "PractitionerRole/1", Some("SJ"), None),
            member(4, &format!("Organization/{ASKS}"), Some("DK"), None),
        ]);
        assert_eq!(read(&team, &[&[]]), Ok((vec![CLINIC.to_owned()], vec![PERSON.to_owned()])));
    }

    #[test]
    fn nobody_is_passed_over() {
        let (clinic, other) = (format!("Organization/{CLINIC}"), format!("Organization/{OTHER}"));
        assert_eq!(read(&json!([member(1, &other, Some("DN"), None)]), &[&[]]), wrong("careTeam[0].role"));
        let two = json!([member(1, &clinic, None, None), member(2, &other, Some("SJ"), None)]);
        assert_eq!(read(&two, &[&[], &[]]), wrong("careTeam[1]"));
        let attend = json!([member(1, &clinic, Some("71"), None), member(2, &other, Some("71"), None)]);
        assert_eq!(read(&attend, &[&[]]), wrong("careTeam[1]"));
        assert_eq!(read(&json!([member(1, &clinic, None, Some(false))]), &[&[]]), wrong("careTeam[0]"));
        assert_eq!(read(&json!([member(1, &clinic, None, Some(true))]), &[&[7]]), wrong("item[0].careTeamSequence"));
    }

    #[test]
    fn items_are_performed_by_one() {
        let (clinic, other) = (format!("Organization/{CLINIC}"), format!("Organization/{OTHER}"));
        let of_items = json!([member(1, &clinic, None, Some(false)), member(2, &other, None, Some(false))]);
        assert_eq!(read(&of_items, &[&[1], &[2]]), wrong("item[1].careTeamSequence"));
        assert_eq!(read(&of_items, &[&[1], &[1]]).unwrap_err()[0].1, "Bundle.entry[0].resource.careTeam[1]");
        let one = json!([member(1, &clinic, None, Some(false))]);
        assert_eq!(read(&one, &[&[1], &[1]]), performs(&[CLINIC]));
        // The second is then performed by who asks.
        assert_eq!(read(&one, &[&[1], &[]]), wrong("item[1].careTeamSequence"));
        let own = json!([member(1, &format!("Organization/{ASKS}"), None, Some(false))]);
        assert_eq!(read(&own, &[&[], &[1]]), performs(&[ASKS]));
    }
}
