//! An inquiry as it was sent (PAS `Claim/$inquire`): a query by example. Whom it is about and who asks is needed; what else it
//! says narrows what is found, and what cannot be read of that is passed over.

use jiff::civil::Date;
use portico_domain::{
    cases::{Case, request::Request},
    code::{DiagnosisCode, ProcedureCode},
    contact::Line,
    name::last_keys,
    npi::Npi,
    period::Period,
    person::Member,
};
use portico_fhir::{
    Fault,
    bundle::{Bundle, Entry},
    types::{
        Claim, CodeableConcept, Coverage, Extension, Identifier, Item, Party, Patient, PractitionerRole, Reference,
        extension,
    },
    url,
};

/// As many items a claim may have.
const MOST_ITEMS: usize = 200;

/// An inquiry.
#[derive(Debug)]
pub(super) struct Inquiry<'a> {
    /// The Bundle's number.
    pub(super) bundle: Identifier,
    /// The patient, the insurer and who asks, as they came.
    pub(super) patient: Entry<'a>,
    pub(super) insurer: Entry<'a>,
    pub(super) provider: Entry<'a>,
    /// What goes back with each answer: those three, and whom the last of them names.
    pub(super) echoed: Vec<Entry<'a>>,
    /// The member's number, as it may stand in several places.
    pub(super) numbers: Vec<Line>,
    /// The NPIs of who asks.
    pub(super) asking: Vec<Npi>,
    family: Vec<String>,
    birth: Option<Date>,
    wanted: Wanted,
}

/// What narrows the answer.
#[derive(Debug, Default)]
struct Wanted {
    /// Case IDs and numbers of authorizations.
    references: Vec<String>,
    /// Codes and days, item by item.
    items: Vec<(Option<ProcedureCode>, Option<Period>)>,
    diagnoses: Vec<DiagnosisCode>,
}

impl<'a> Inquiry<'a> {
    /// Reads it.
    pub(super) fn of(bundle: &Bundle<'a>) -> Result<Self, Fault> {
        let first = bundle.first().ok_or_else(|| Fault::at("Bundle.entry", "The first entry is a Claim."))?;
        let claim: Claim = first.read_as()?;
        if claim.item.len() > MOST_ITEMS {
            return Err(Fault::at(first.at("item"), format!("A Claim may have at most {MOST_ITEMS} items.")));
        }
        no_modifiers(first, &claim)?;
        let needed = |reference: Option<&Reference>, element: &str, kinds: &[&str]| {
            let text = reference.and_then(|reference| reference.reference.as_deref());
            let found = text.and_then(|text| bundle.resolve(text, first)).filter(|entry| kinds.contains(&entry.kind));
            found.ok_or_else(|| {
                let what = format!("Point to a {} that is in the Bundle.", kinds.join(" or "));
                Fault::at(first.at(element), what)
            })
        };
        let patient = needed(claim.patient.as_ref(), "patient", &["Patient"])?;
        let insurer = needed(claim.insurer.as_ref(), "insurer", &["Organization"])?;
        let kinds = ["Organization", "Practitioner", "PractitionerRole"];
        let provider = needed(claim.provider.as_ref(), "provider", &kinds)?;
        let (asking, behind) = npis(bundle, provider)?;
        let person: Patient = patient.read_as()?;
        let numbers = numbers(bundle, first, &claim, &person)?;
        if numbers.is_empty() {
            return Err(Fault::at(patient.at("identifier"), "Give the member's number: here, or in the Coverage."));
        }
        let family =
            person.name.iter().filter_map(|name| name.family.as_deref()).flat_map(last_keys).collect::<Vec<_>>();
        let birth = person.birth_date.as_deref().and_then(day);
        if family.is_empty() && birth.is_none() {
            let what = "Give the member's family name or date of birth beside the number.";
            return Err(Fault::at(patient.at("name"), what));
        }
        let echoed = [vec![patient, insurer, provider], behind].concat();
        let bundle = bundle.identifier.clone();
        let wanted = Wanted::of(&claim);
        Ok(Self { bundle, patient, insurer, provider, echoed, numbers, asking, family, birth, wanted })
    }

    /// Whether a member who was found by the number is the person meant: as far as name and birth date are given, they agree.
    pub(super) fn means(&self, member: &Member) -> bool {
        let keys = last_keys(member.last_name.as_str());
        let named = self.family.is_empty() || self.family.iter().any(|key| keys.contains(key));
        named && self.birth.is_none_or(|birth| birth == member.birth_date)
    }

    /// Whether a case is one that is asked for, by its numbers and diagnoses.
    pub(super) fn wants_case(&self, case: &Case, numbers: &[String]) -> bool {
        let Wanted { references, diagnoses, .. } = &self.wanted;
        let known = references.is_empty() || references.iter().any(|reference| numbers.contains(reference));
        known && (diagnoses.is_empty() || diagnoses.iter().any(|code| case.diagnoses.contains(code)))
    }

    /// Whether a request of it is, by codes and days.
    pub(super) fn wants(&self, request: &Request) -> bool {
        let items = &self.wanted.items;
        let fits = |(code, days): &(Option<ProcedureCode>, Option<Period>)| {
            request.lines.iter().any(|line| {
                code.as_ref().is_none_or(|code| *code == line.code)
                    && days.is_none_or(|days| days.shared(line.period).is_some())
            })
        };
        items.is_empty() || items.iter().any(fits)
    }
}

/// What changes the meaning of an element, and is not known, is not passed over.
fn no_modifiers(first: Entry<'_>, claim: &Claim) -> Result<(), Fault> {
    let what = "This modifier extension is not known here, so that the Claim could be misunderstood.";
    if !claim.modifier_extension.is_empty() {
        return Err(Fault::at(first.at("modifierExtension[0]"), what));
    }
    match claim.item.iter().position(|item| !item.modifier_extension.is_empty()) {
        Some(place) => Err(Fault::at(first.at(&format!("item[{place}].modifierExtension[0]")), what)),
        None => Ok(()),
    }
}

/// The NPIs of who asks: its own, or those of the person and the organization behind a role; and these two.
fn npis<'a>(bundle: &Bundle<'a>, provider: Entry<'a>) -> Result<(Vec<Npi>, Vec<Entry<'a>>), Fault> {
    let mut parties = vec![provider];
    let mut behind = Vec::new();
    if provider.kind == "PractitionerRole" {
        let role: PractitionerRole = provider.read_as()?;
        let of = |reference: &Reference| bundle.resolve(reference.reference.as_deref()?, provider);
        behind = [role.practitioner, role.organization].iter().flatten().filter_map(of).collect();
        parties.clone_from(&behind);
    }
    let mut found = Vec::new();
    for party in parties {
        let party: Party = party.read_as()?;
        let own = party.identifier.iter().filter(|id| id.system.as_deref() == Some(url::NPI));
        found.extend(own.filter_map(|id| id.text()?.parse::<Npi>().ok()));
    }
    if found.is_empty() {
        return Err(Fault::at(provider.at("identifier"), "Give the NPI of whoever asks."));
    }
    Ok((found, behind))
}

/// The member's number: that of the coverage first, then any that the patient has.
fn numbers<'a>(bundle: &Bundle<'a>, first: Entry<'a>, claim: &Claim, person: &Patient) -> Result<Vec<Line>, Fault> {
    let focal = claim.insurance.iter().find(|insurance| insurance.focal == Some(true)).or(claim.insurance.first());
    let reference = focal.and_then(|insurance| insurance.coverage.as_ref()?.reference.as_deref());
    let coverage = reference.and_then(|text| bundle.resolve(text, first)).filter(|entry| entry.kind == "Coverage");
    let coverage: Coverage = match coverage {
        Some(entry) => entry.read_as()?,
        None => Coverage::default(),
    };
    let of = |all: &[Identifier], member: bool| {
        let all = all.iter().filter(|id| !member || id.is_a("MB"));
        all.filter_map(|id| id.text().map(ToOwned::to_owned)).collect::<Vec<_>>()
    };
    let all = [
        of(&coverage.identifier, true),
        coverage.subscriber_id.into_iter().collect(),
        of(&person.identifier, true),
        of(&person.identifier, false),
    ];
    let mut found: Vec<Line> = Vec::new();
    for number in all.concat().iter().filter_map(|text| text.parse().ok()) {
        if !found.contains(&number) && found.len() < 4 {
            found.push(number);
        }
    }
    Ok(found)
}

impl Wanted {
    fn of(claim: &Claim) -> Self {
        let lists = || std::iter::once(&claim.extension).chain(claim.item.iter().map(|item| &item.extension));
        let addresses = [url::ADMINISTRATION_REFERENCE, url::AUTHORIZATION_NUMBER];
        let numbers =
            lists().flat_map(|all| addresses.map(|address| extension(all, address))).flatten().filter_map(number);
        let codes =
            claim.diagnosis.iter().filter_map(|one| one.diagnosis_codeable_concept.as_ref()?.code(url::ICD_10_CM));
        Self {
            references: numbers.collect(),
            items: claim.item.iter().map(of_item).filter(|item| *item != (None, None)).collect(),
            diagnoses: codes.filter_map(|code| code.parse().ok()).collect(),
        }
    }
}

fn number(extension: &Extension) -> Option<String> {
    let identifier = extension.value_identifier.as_ref().and_then(Identifier::text);
    let text = extension.value_string.as_deref().or(identifier)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A code other than `not-applicable`, and the days, as far as an item has them.
fn of_item(item: &Item) -> (Option<ProcedureCode>, Option<Period>) {
    let code = |concept: Option<&CodeableConcept>| {
        let codes = [url::HCPCS, url::CPT, url::NUBC_REVENUE];
        codes.into_iter().find_map(|system| concept?.code(system)?.parse().ok())
    };
    let code = code(item.product_or_service.as_ref()).or_else(|| code(item.revenue.as_ref()));
    let period = item.serviced_period.as_ref();
    let from = item.serviced_date.as_deref().or(period.and_then(|period| period.start.as_deref())).and_then(day);
    let to = period.and_then(|period| period.end.as_deref()).and_then(day).or(from);
    (code, from.zip(to).and_then(|(from, to)| Period::new(from, to).ok()))
}

/// A whole day, also of an instant.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;

    fn sent() -> Value {
        let entry = |id: &str, resource: Value| {
            let kind = resource["resourceType"].as_str().unwrap().to_owned();
            json!({ "fullUrl": format!("https://ehr.example/fhir/{kind}/{id}"), "resource": resource })
        };
        let to = |reference: &str| json!({ "reference": reference });
        json!({
            "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
            "identifier": { "system": "https://ehr.example/inquiries", "value": "I-1" },
            "entry": [
                entry("1", json!({
                    "resourceType": "Claim", "status": "active", "use": "preauthorization", "patient": to("Patient/1"),
                    "insurer": to("Organization/payer"), "provider": to("PractitionerRole/1"),
                    "insurance": [{ "sequence": 1, "focal": true, "coverage": to("Coverage/1") }],
                })),
                entry("1", json!({ "resourceType": "Patient", "name": [{ "family": "QUILL" }], "birthDate": "2022-02-28" })),
                entry("1", json!({ "resourceType": "Coverage", "subscriberId": "0123456789" })),
                entry("payer", json!({ "resourceType": "Organization", "name": "Arkansas" })),
                entry("1", json!({ "resourceType": "PractitionerRole", "organization": to("Organization/clinic") })),
                entry("clinic", json!({
                    "resourceType": "Organization", "identifier": [{ "system": url::NPI, "value": "1234567893" }],
                })),
            ],
        })
    }

    fn with<T>(change: impl FnOnce(&mut Value), look: impl FnOnce(Result<Inquiry<'_>, Fault>) -> T) -> T {
        let mut sent = sent();
        change(&mut sent);
        let text = sent.to_string();
        look(Bundle::read(&text, "Claim").and_then(|bundle| Inquiry::of(&bundle)))
    }

    fn claim(sent: &mut Value) -> &mut Value {
        &mut sent["entry"][0]["resource"]
    }

    #[test]
    fn whom_it_is_about_and_who_asks_is_found_behind_references() {
        with(
            |_| {},
            |read| {
                let inquiry = read.unwrap();
                assert_eq!(inquiry.numbers[0].as_str(), "0123456789");
                assert_eq!(inquiry.asking, ["1234567893".parse().unwrap()]);
                assert_eq!(inquiry.echoed.iter().map(|entry| entry.place).collect::<Vec<_>>(), [1, 3, 4, 5]);
                let member = samples::draft().member;
                assert!(inquiry.means(&member));
                let other = Member { birth_date: jiff::civil::date(2022, 3, 1), ..member.clone() };
                assert!(!inquiry.means(&other));
                assert!(!inquiry.means(&Member { last_name: "Sparrow".parse().unwrap(), ..member }));
            },
        );
    }

    #[test]
    fn what_is_needed_and_not_there_is_told_where_it_belongs() {
        type Change = fn(&mut Value);
        let changes: [(Change, &str); 9] = [
            (|sent| claim(sent)["patient"] = Value::Null, "Bundle.entry[0].resource.patient"),
            (|sent| claim(sent)["patient"] = json!({ "reference": "Patient/2" }), "Bundle.entry[0].resource.patient"),
            (|sent| claim(sent)["insurer"] = json!({ "reference": "Patient/1" }), "Bundle.entry[0].resource.insurer"),
            (|sent| claim(sent)["provider"] = json!({}), "Bundle.entry[0].resource.provider"),
            (|sent| sent["entry"][5]["resource"]["identifier"] = json!([]), "Bundle.entry[4].resource.identifier"),
            (|sent| sent["entry"][2]["resource"]["subscriberId"] = json!(""), "Bundle.entry[1].resource.identifier"),
            (
                |sent| sent["entry"][1]["resource"] = json!({ "resourceType": "Patient" }),
                "Bundle.entry[1].resource.name",
            ),
            (|sent| claim(sent)["item"] = json!(vec![json!({}); 201]), "Bundle.entry[0].resource.item"),
            (
                |sent| claim(sent)["item"] = json!([{}, { "modifierExtension": [{ "url": "http://x" }] }]),
                "Bundle.entry[0].resource.item[1].modifierExtension[0]",
            ),
        ];
        for (change, path) in changes {
            assert_eq!(with(change, |read| read.unwrap_err().path), path);
        }
    }

    #[test]
    fn what_else_is_said_narrows_and_what_cannot_be_read_does_not() {
        let case = samples::submitted();
        let request = &case.requests[0];
        let wants = |change: fn(&mut Value)| {
            with(change, |read| {
                let inquiry = read.unwrap();
                (inquiry.wants_case(&case, &["261270001".to_owned()]), inquiry.wants(request))
            })
        };
        assert_eq!(wants(|_| {}), (true, true));
        assert_eq!(
            wants(
                |sent| claim(sent)["item"] = json!([{ "productOrService": { "coding": [{ "system": url::HCPCS, "code": "T1015" }] }, "servicedDate": "2026-05-20" }])
            ),
            (true, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "productOrService": { "coding": [{ "system": url::HCPCS, "code": "T1019" }] } }])),
            (true, false)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "servicedPeriod": { "start": "2026-07-01", "end": "2026-07-31" } }])),
            (true, false)
        );
        assert_eq!(
            wants(|sent| claim(sent)["item"] =
                json!([{ "productOrService": { "coding": [{ "code": "not-applicable" }] } }])),
            (true, true)
        );
        assert_eq!(
            wants(
                |sent| claim(sent)["diagnosis"] = json!([{ "diagnosisCodeableConcept": { "coding": [{ "system": url::ICD_10_CM, "code": "G47.33" }] } }])
            ),
            (false, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["extension"] =
                json!([{ "url": url::ADMINISTRATION_REFERENCE, "valueString": "261270002" }])),
            (false, true)
        );
        assert_eq!(
            wants(|sent| claim(sent)["extension"] =
                json!([{ "url": url::ADMINISTRATION_REFERENCE, "valueString": "261270001" }])),
            (true, true)
        );
    }
}
