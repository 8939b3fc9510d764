//! An inquiry as it was sent (PAS `Claim/$inquire`): a query by example. Whom it is about and who asks is needed; what else it
//! says narrows what is found, and what cannot be read of that is passed over.

use portico_domain::{
    cases::{Case, request::Request},
    code::{DiagnosisCode, ProcedureCode},
    period::Period,
    service::ReviewKind,
};
use portico_fhir::{
    Fault,
    answer::{ClaimResponse, Sought},
    bundle::Bundle,
    types::{self, Claim, CodeableConcept, Extension, Identifier, Item, extension},
    url,
};

use super::parties::{Parties, day};

/// An inquiry.
#[derive(Debug)]
pub(super) struct Inquiry<'a> {
    /// Whom it is about and who asks.
    pub(super) parties: Parties<'a>,
    wanted: Wanted,
}

/// What narrows the answer.
#[derive(Debug, Default)]
struct Wanted {
    /// Case IDs and numbers of authorizations.
    references: Vec<String>,
    /// X12's code of what kind of request it was.
    kind: Option<String>,
    /// The days within which it is billed.
    days: Option<Period>,
    items: Vec<WantedItem>,
    diagnoses: Vec<DiagnosisCode>,
}

/// What an item of it says.
#[derive(Debug, Default, PartialEq)]
struct WantedItem {
    code: Option<ProcedureCode>,
    days: Option<Period>,
    kind: Option<String>,
    decided: Sought,
}

impl<'a> Inquiry<'a> {
    /// Reads it.
    pub(super) fn of(bundle: &Bundle<'a>) -> Result<Self, Fault> {
        let (claim, parties) = Parties::of(bundle)?;
        Ok(Self { parties, wanted: Wanted::of(&claim) })
    }

    /// Whether a case is one that is asked for, by its numbers and diagnoses.
    pub(super) fn wants_case(&self, case: &Case, numbers: &[String]) -> bool {
        let Wanted { references, diagnoses, .. } = &self.wanted;
        let known = references.is_empty() || references.iter().any(|reference| numbers.contains(reference));
        known && (diagnoses.is_empty() || diagnoses.iter().any(|code| case.diagnoses.contains(code)))
    }

    /// Whether what is told of a request of it is, by kind, codes and days, and what was decided.
    pub(super) fn wants(&self, case: &Case, request: &Request, answer: &ClaimResponse) -> bool {
        let Wanted { kind, days, items, .. } = &self.wanted;
        let lines = || case.lines_told(request.number);
        let during =
            |days: Option<Period>| days.is_none_or(|days| lines().any(|line| days.shared(line.period).is_some()));
        let fits = |item: &WantedItem| {
            let line = lines().any(|line| {
                item.code.as_ref().is_none_or(|code| *code == line.code)
                    && item.days.is_none_or(|days| days.shared(line.period).is_some())
            });
            line && is_of(item.kind.as_deref(), case, request) && answer.has(&item.decided)
        };
        is_of(kind.as_deref(), case, request) && during(*days) && (items.is_empty() || items.iter().any(fits))
    }
}

/// Whether a request, or one whose answer it is as well, is of this kind of X12's.
fn is_of(kind: Option<&str>, case: &Case, request: &Request) -> bool {
    let is = |review: ReviewKind| match kind {
        Some("I") => matches!(review, ReviewKind::Initial | ReviewKind::Concurrent | ReviewKind::Retrospective),
        Some("R") => review == ReviewKind::Renewal,
        Some("S") => review == ReviewKind::Revision,
        Some("4") => review == ReviewKind::Extension,
        Some("1" | "2") => review.is_another_look(),
        _ => true,
    };
    case.requests_told(request.number).any(|told| is(told.review))
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
            kind: kind(&claim.extension),
            days: claim.billable_period.as_ref().and_then(days),
            items: claim.item.iter().map(of_item).filter(|item| *item != WantedItem::default()).collect(),
            diagnoses: codes.filter_map(|code| code.parse().ok()).collect(),
        }
    }
}

fn number(extension: &Extension) -> Option<String> {
    let identifier = extension.value_identifier.as_ref().and_then(Identifier::text);
    let text = extension.value_string.as_deref().or(identifier)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn kind(all: &[Extension]) -> Option<String> {
    let code = extension(all, url::CERTIFICATION_TYPE)?.value_codeable_concept.as_ref()?;
    code.code(url::X12_CERTIFICATION).map(ToOwned::to_owned)
}

/// From a day to another; one alone is both.
fn days(period: &types::Period) -> Option<Period> {
    let from = period.start.as_deref().and_then(day);
    let to = period.end.as_deref().and_then(day);
    Period::new(from.or(to)?, to.or(from)?).ok()
}

/// A code other than `not-applicable`, the days, and what was decided, as far as an item has them.
fn of_item(item: &Item) -> WantedItem {
    let code = |concept: Option<&CodeableConcept>| {
        let codes = [url::HCPCS, url::CPT, url::NUBC_REVENUE];
        codes.into_iter().find_map(|system| concept?.code(system)?.parse().ok())
    };
    let code = code(item.product_or_service.as_ref()).or_else(|| code(item.revenue.as_ref()));
    let period = item.serviced_period.as_ref();
    let from = item.serviced_date.as_deref().or(period.and_then(|period| period.start.as_deref())).and_then(day);
    let to = period.and_then(|period| period.end.as_deref()).and_then(day).or(from);
    let of = |address: &str| extension(&item.extension, address);
    let action = of(url::REVIEW_ACTION_CODE).and_then(|action| action.value_codeable_concept.as_ref()?.any_code());
    let within = |address: &str| {
        let said = of(address)?;
        let one = said.value_date.clone().map(|day| types::Period { start: Some(day.clone()), end: Some(day) });
        let days = days(&one.or_else(|| said.value_period.clone())?)?;
        Some((days.from().to_string(), days.to().to_string()))
    };
    let decided = Sought {
        action: action.map(ToOwned::to_owned),
        issued: within(url::CERTIFICATION_ISSUED),
        effective: within(url::CERTIFICATION_EFFECTIVE),
        expires: within(url::CERTIFICATION_EXPIRES),
    };
    let days = from.zip(to).and_then(|(from, to)| Period::new(from, to).ok());
    WantedItem { code, days, kind: kind(&item.extension), decided }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples;
    use portico_domain::person::Member;
    use portico_pas::answers;

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
                assert_eq!(inquiry.parties.numbers[0].as_str(), "0123456789");
                assert_eq!(inquiry.parties.asking, ["1234567893".parse().unwrap()]);
                assert_eq!(inquiry.parties.echoed.iter().map(|entry| entry.place).collect::<Vec<_>>(), [1, 3, 4, 5]);
                let member = samples::draft().member;
                assert!(inquiry.parties.means(&member));
                let other = Member { birth_date: jiff::civil::date(2022, 3, 1), ..member.clone() };
                assert!(!inquiry.parties.means(&other));
                assert!(!inquiry.parties.means(&Member { last_name: "Sparrow".parse().unwrap(), ..member }));
            },
        );
    }

    #[test]
    fn the_person_for_whom_it_is_asked_is_known_where_one_is_named() {
        let person = |change: &dyn Fn(&mut Value)| {
            with(change, |read| read.unwrap().parties.person.map(|npi| npi.to_string()).unwrap_or_default())
        };
        let named = |sent: &mut Value| {
            for (id, npi) in [("1", "1003000126"), ("2", "1245319599")] {
                let identifier = json!([{ "system": url::NPI, "value": npi }]);
                let entry = json!({
                    "fullUrl": format!("https://ehr.example/fhir/Practitioner/{id}"),
                    "resource": { "resourceType": "Practitioner", "identifier": identifier },
                });
                sent["entry"].as_array_mut().unwrap().push(entry);
            }
            sent["entry"][4]["resource"]["practitioner"] = json!({ "reference": "Practitioner/1" });
        };
        assert_eq!(person(&|_| {}), "");
        assert_eq!(person(&named), "1003000126");
        let entered = |sent: &mut Value| {
            named(sent);
            claim(sent)["enterer"] = json!({ "reference": "Practitioner/2" });
        };
        assert_eq!(person(&entered), "1245319599");
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

    /// Whether the case is wanted, and its request, of which less was approved on 8 May, from 11 May to 9 June.
    fn wants(change: &dyn Fn(&mut Value)) -> (bool, bool) {
        let (file, contract) = (samples::decided().file, samples::contract());
        let (case, request) = (&file.case, &file.case.requests[0]);
        with(change, |read| {
            let inquiry = read.unwrap();
            let file = answers::File { case, determinations: &file.determinations };
            let profile = url::CLAIM_INQUIRY_RESPONSE;
            let terms = answers::Terms { system: "x", calendar: &contract.calendar, profile };
            let answer = answers::answer(file, request, inquiry.parties.addresses(), &terms).unwrap();
            (inquiry.wants_case(case, &["261270001".to_owned()]), inquiry.wants(case, request, &answer))
        })
    }

    #[test]
    fn what_else_is_said_narrows_and_what_cannot_be_read_does_not() {
        let wants = |change: fn(&mut Value)| wants(&change);
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

    #[test]
    fn what_was_decided_and_when_narrows_too() {
        let coded = |address: &str, system: &str, code: &str| json!({ "url": address, "valueCodeableConcept": { "coding": [{ "system": system, "code": code }] } });
        let kind = |code: &str| coded(url::CERTIFICATION_TYPE, url::X12_CERTIFICATION, code);
        let action = |code: &str| coded(url::REVIEW_ACTION_CODE, url::X12_DECISION, code);
        let on = |address: &str, day: &str| json!({ "url": address, "valueDate": day });
        let month = json!({ "start": "2026-05-01", "end": "2026-05-31" });
        for (extension, found) in [
            (action("A6"), true),
            (action("A3"), false),
            (kind("I"), true),
            (kind("R"), false),
            (kind("of nobody"), true),
            (on(url::CERTIFICATION_ISSUED, "2026-05-08"), true),
            (on(url::CERTIFICATION_ISSUED, "2026-05-09"), false),
            (on(url::CERTIFICATION_ISSUED, "soon"), true),
            (json!({ "url": url::CERTIFICATION_ISSUED, "valuePeriod": month }), true),
            (on(url::CERTIFICATION_EFFECTIVE, "2026-05-11"), true),
            (on(url::CERTIFICATION_EFFECTIVE, "2026-05-12"), false),
            (on(url::CERTIFICATION_EXPIRES, "2026-06-09"), true),
            (on(url::CERTIFICATION_EXPIRES, "2026-06-08"), false),
        ] {
            let item = json!([{ "extension": [extension] }]);
            assert_eq!(wants(&|sent| claim(sent)["item"] = item.clone()), (true, found), "{extension}");
        }
        assert_eq!(wants(&|sent| claim(sent)["extension"] = json!([kind("R")])), (true, false));
        for (from, to, found) in [("2026-06-09", "2026-06-30", true), ("2026-06-10", "2026-06-30", false)] {
            let days = json!({ "start": from, "end": to });
            assert_eq!(wants(&|sent| claim(sent)["billablePeriod"] = days.clone()), (true, found), "{from}");
        }
    }
}
