//! What a system says that asks for questionnaires (DTR `$questionnaire-package`): whose, and for which orders, by which address,
//! or for which request.

use jiff::{Timestamp, civil::Date};
use portico_domain::{contact::Line, fhir::packages::Order};
use portico_fhir::{
    Fault,
    parameters::{Parameter, Parameters},
    types::{self, CodeableConcept, Coverage, Identifier, Reference},
    url,
};

use super::parties::day;

/// As many orders, and as many addresses, one call has.
const MOST: usize = 50;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The member's number, as it may stand in several places.
    pub(super) number: Line,
    /// By what the insurer is named, where it is.
    pub(super) payers: Vec<String>,
    /// The patient, and the coverage, as the sender points to them.
    pub(super) subject: Option<Reference>,
    pub(super) coverage: Option<Reference>,
    /// The orders.
    pub(super) orders: Vec<Ordered>,
    /// Addresses of questionnaires, each with its place.
    pub(super) canonicals: Vec<(String, String)>,
    /// The request that they are for.
    pub(super) context: Option<(String, String)>,
    /// Since when what has changed is wanted.
    pub(super) since: Option<Timestamp>,
}

/// An order, its place, and how the sender points to it; one without a procedure code is asked nothing.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) path: String,
    pub(super) reference: Option<Reference>,
    pub(super) order: Option<Order>,
}

impl Wanted {
    /// Reads it.
    pub(super) fn of(sent: &Parameters<'_>) -> Result<Self, Fault> {
        let none = || Fault::at("Parameters.parameter", "Give the coverage.");
        let coverage = sent.one("coverage")?.ok_or_else(none)?;
        expect(coverage, "Coverage")?;
        let read: Coverage = coverage.read_as()?;
        let number = number(&read).ok_or_else(|| {
            let path = format!("{}.resource.subscriberId", coverage.path);
            Fault::at(path, "Give the member's number: here, or as an identifier of type MB.")
        })?;
        let orders: Vec<Ordered> = sent.all("order").map(ordered).collect::<Result<_, _>>()?;
        let text = |one: &Parameter<'_>, what: &str| {
            let text = one.text().ok_or_else(|| Fault::at(one.path.clone(), what))?;
            Ok((one.path.clone(), text.to_owned()))
        };
        let address = |one| text(one, "Give the address of a questionnaire (valueCanonical).");
        let canonicals: Vec<_> = sent.all("questionnaire").map(address).collect::<Result<_, _>>()?;
        let context = sent.one("context")?;
        let context = context.map(|one| text(one, "Give the Case ID (valueString).")).transpose()?;
        if orders.is_empty() && canonicals.is_empty() && context.is_none() {
            let what = "Give at least one of order, questionnaire and context.";
            return Err(Fault::at("Parameters.parameter", what));
        }
        if orders.len() > MOST || canonicals.len() > MOST {
            return Err(Fault::at("Parameters.parameter", format!("Give at most {MOST} orders or questionnaires.")));
        }
        let instant = |one: &Parameter<'_>| {
            let instant = one.text().and_then(|text| text.parse().ok());
            instant.ok_or_else(|| Fault::at(one.path.clone(), "Give an instant, as 2026-05-11T09:00:00-05:00."))
        };
        Ok(Self {
            number,
            payers: read.payor.iter().filter_map(|payer| payer.identifier.as_ref()?.text()).map(Into::into).collect(),
            subject: read.beneficiary.filter(|reference| reference.reference.is_some()),
            coverage: points("Coverage", read.id.as_deref()),
            orders,
            canonicals,
            context,
            since: sent.one("changedsince")?.map(instant).transpose()?,
        })
    }
}

fn expect(one: &Parameter<'_>, kind: &str) -> Result<(), Fault> {
    if one.kind()? == kind {
        return Ok(());
    }
    Err(Fault::at(format!("{}.resource", one.path), format!("Give a {kind} here.")))
}

fn points(kind: &str, id: Option<&str>) -> Option<Reference> {
    let form = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
    };
    id.filter(form).map(|id| Reference::to(format!("{kind}/{id}")))
}

/// One number is looked for in one call: nobody goes through many.
fn number(coverage: &Coverage) -> Option<Line> {
    let own = coverage.identifier.iter().filter(|id| id.is_a("MB")).filter_map(Identifier::text);
    own.chain(coverage.subscriber_id.as_deref()).find_map(|text| text.trim().parse().ok())
}

/// An order of services or of a device; others have no procedure code.
fn ordered(one: &Parameter<'_>) -> Result<Ordered, Fault> {
    let kind = one.kind()?;
    let path = one.path.clone();
    if !matches!(kind.as_str(), "ServiceRequest" | "DeviceRequest") {
        return Ok(Ordered { path, reference: None, order: None });
    }
    let read: types::Order = one.read_as()?;
    let code = |concept: Option<&CodeableConcept>| {
        let systems = [url::HCPCS, url::CPT, url::NUBC_REVENUE];
        systems.into_iter().find_map(|system| concept?.code(system)?.parse().ok())
    };
    let code = code(read.code.as_ref()).or_else(|| code(read.code_codeable_concept.as_ref()));
    let service = read.category.iter().find_map(|category| category.code(url::X12_SERVICE_TYPE));
    let start = read.occurrence_period.as_ref().and_then(|period| period.start.as_deref());
    let on: Option<Date> = read.occurrence_date_time.as_deref().or(start).and_then(day);
    let order = code.map(|code| Order { code, kind: service.map(ToOwned::to_owned), on });
    Ok(Ordered { path, reference: points(&kind, read.id.as_deref()), order })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sent() -> Value {
        let coded = |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
        json!({ "resourceType": "Parameters", "parameter": [
            { "name": "coverage", "resource": {
                "resourceType": "Coverage", "id": "c", "subscriberId": " 0123456789", "beneficiary": { "reference": "Patient/p" },
                "payor": [{ "identifier": { "value": "PORTICO-AR" } }],
            } },
            { "name": "order", "resource": {
                "resourceType": "ServiceRequest", "id": "s", "code": coded(url::HCPCS, "T1015"),
                "category": [coded(url::X12_SERVICE_TYPE, "1")], "occurrencePeriod": { "start": "2026-06-01T08:00:00Z" },
            } },
            { "name": "order", "resource": {
                "resourceType": "DeviceRequest", "id": "a b", "codeCodeableConcept": coded(url::HCPCS, "E1390"),
            } },
            { "name": "order", "resource": { "resourceType": "MedicationRequest", "category": "none" } },
            { "name": "questionnaire", "valueCanonical": "https://x/Questionnaire/q|1" },
            { "name": "context", "valueString": "261270001" },
            { "name": "changedsince", "valueInstant": "2026-05-11T09:00:00-05:00" },
        ] })
    }

    fn read(change: impl FnOnce(&mut Value)) -> Result<Wanted, Fault> {
        let mut sent = sent();
        change(&mut sent);
        let text = sent.to_string();
        Parameters::read(&text).and_then(|sent| Wanted::of(&sent))
    }

    #[test]
    fn orders_are_read_with_their_code_their_kind_and_their_day() {
        let wanted = read(|_| {}).unwrap();
        assert_eq!((wanted.number.as_str(), wanted.payers[0].as_str()), ("0123456789", "PORTICO-AR"));
        assert_eq!(wanted.coverage, Some(Reference::to("Coverage/c")));
        assert_eq!(wanted.subject, Some(Reference::to("Patient/p")));
        let [service, device, medication] = wanted.orders.as_slice() else { panic!("three orders") };
        let order = service.order.as_ref().unwrap();
        assert_eq!((order.code.as_str(), order.kind.as_deref()), ("T1015", Some("1")));
        assert_eq!(order.on, Some(jiff::civil::date(2026, 6, 1)));
        assert_eq!(device.order.as_ref().unwrap().code.as_str(), "E1390");
        assert_eq!((&service.reference, &device.reference), (&Some(Reference::to("ServiceRequest/s")), &None));
        assert_eq!((&medication.order, medication.path.as_str()), (&None, "Parameters.parameter[3]"));
        assert!(wanted.since.is_some() && wanted.context.is_some() && wanted.canonicals.len() == 1);
    }

    #[test]
    fn what_is_needed_and_not_there_is_told_where_it_belongs() {
        type Change = fn(&mut Value);
        let changes: [(Change, &str); 7] = [
            (|sent| sent["parameter"][0]["name"] = json!("x"), "Parameters.parameter"),
            (
                |sent| sent["parameter"][0]["resource"]["resourceType"] = json!("Patient"),
                "Parameters.parameter[0].resource",
            ),
            (
                |sent| sent["parameter"][0]["resource"]["subscriberId"] = json!(" "),
                "Parameters.parameter[0].resource.subscriberId",
            ),
            (|sent| sent["parameter"][4] = json!({ "name": "questionnaire" }), "Parameters.parameter[4]"),
            (|sent| sent["parameter"][6]["valueInstant"] = json!("soon"), "Parameters.parameter[6]"),
            (
                |sent| {
                    let coverage = sent["parameter"][0].clone();
                    sent["parameter"] = json!([coverage]);
                },
                "Parameters.parameter",
            ),
            (
                |sent| {
                    let (coverage, order) = (sent["parameter"][0].clone(), sent["parameter"][1].clone());
                    let all = [vec![coverage], vec![order; MOST + 1]].concat();
                    sent["parameter"] = json!(all);
                },
                "Parameters.parameter",
            ),
        ];
        for (change, path) in changes {
            assert_eq!(read(change).unwrap_err().path, path);
        }
    }
}
