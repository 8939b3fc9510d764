//! The steps of the wizard as they are sent: loose text in, checked values or every error with its field out.

use crate::{
    form::{choice, count, date, fits, list},
    words,
};
use portico_domain::{
    cases::{Service, Stay, Step},
    code::{DiagnosisCode, Modifier},
    contact::Phone,
    field::FieldErrors,
    id::ProviderId,
    period::{Days, Period, Units},
    service::{Admission, Frequency, Line, Per, ReviewKind, Urgency},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The body of a step: which one says the path.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the schema is made of it")]
pub(super) enum StepBody {
    Providers(ProvidersStep),
    Service(ServiceStep),
    Diagnoses(DiagnosesStep),
    Request(RequestStep),
    Procedures(ProceduresStep),
    Questionnaires(super::questionnaires::QuestionnairesStep),
    Notes(NoteStep),
}

/// Step `providers` (CASE-09, CASE-10).
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ProvidersStep {
    /// Who performs the service, from the provider search.
    #[schema(value_type = String, required = true)]
    servicing: Option<String>,
    /// Who is responsible in a stay.
    attending: Option<String>,
    /// Where letters are faxed.
    #[schema(value_type = String, required = true, example = "501-555-0123")]
    fax: Option<String>,
}

/// Step `service` (CASE-11).
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceStep {
    /// From the contract's list.
    #[schema(value_type = String, required = true, example = "day-habilitative")]
    service_type: Option<String>,
    /// From the contract's list.
    #[schema(value_type = String, required = true, example = "11")]
    place_of_service: Option<String>,
    /// For an inpatient case.
    stay: Option<StayStep>,
}

/// Admission details.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct StayStep {
    /// `elective` or `emergent`.
    #[schema(value_type = words::Admission, required = true)]
    admission: Option<String>,
    /// First day.
    #[schema(value_type = String, required = true)]
    admitted: Option<String>,
    /// Last day, when known.
    discharged: Option<String>,
}

/// Step `diagnoses` (CASE-12).
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct DiagnosesStep {
    /// ICD-10-CM codes, the primary one first.
    #[schema(example = json!(["F84.0"]))]
    #[serde(default)]
    diagnoses: Vec<String>,
}

/// Step `request` (CASE-13).
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct RequestStep {
    /// `initial`, `concurrent`, `retrospective` or `renewal`.
    #[schema(value_type = words::ReviewKind, required = true)]
    review: Option<String>,
    /// `standard` or `expedited`.
    #[schema(value_type = words::Urgency, required = true)]
    urgency: Option<String>,
}

/// Step `procedures` (CASE-14).
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct ProceduresStep {
    /// What is asked for.
    #[serde(default)]
    lines: Vec<LineStep>,
}

/// One procedure line.
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct LineStep {
    /// CPT, HCPCS or revenue code.
    #[schema(value_type = String, required = true, example = "T1015")]
    code: Option<String>,
    /// At most four.
    #[schema(example = json!(["U6", "UB"]))]
    #[serde(default)]
    modifiers: Vec<String>,
    /// First day.
    #[schema(value_type = String, required = true)]
    from: Option<String>,
    /// Last day.
    #[schema(value_type = String, required = true)]
    to: Option<String>,
    /// Requested duration in days.
    #[schema(value_type = i64, required = true)]
    duration: Option<i64>,
    /// Requested quantity in units.
    #[schema(value_type = i64, required = true)]
    quantity: Option<i64>,
    /// How the units spread.
    frequency: Option<FrequencyStep>,
}

/// So many units in a time.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct FrequencyStep {
    /// How many.
    #[schema(value_type = i64, required = true)]
    units: Option<i64>,
    /// `day`, `week` or `month`.
    #[schema(value_type = words::Per, required = true)]
    per: Option<String>,
}

/// Step `notes` (CASE-22): adds one.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct NoteStep {
    /// 1 to 4,000 characters.
    #[schema(value_type = String, required = true)]
    text: Option<String>,
}

/// The providers of a step, still by id.
pub(super) struct Providers {
    pub(super) servicing: ProviderId,
    pub(super) attending: Option<ProviderId>,
    pub(super) fax: Phone,
}

impl ProvidersStep {
    pub(super) fn parse(&self) -> Result<Providers, FieldErrors> {
        let mut errors = FieldErrors::none();
        let servicing = errors.parse("/servicing", self.servicing.as_deref());
        let attending = errors.parse_optional("/attending", self.attending.as_deref());
        let fax = errors.parse("/fax", self.fax.as_deref());
        errors.finish(servicing.zip(fax).map(|(servicing, fax)| Providers { servicing, attending, fax }))
    }
}

impl ServiceStep {
    pub(super) fn parse(&self) -> Result<Step, FieldErrors> {
        let mut errors = FieldErrors::none();
        let service_type = errors.parse::<String>("/serviceType", self.service_type.as_deref()).unwrap_or_default();
        let place = errors.parse::<String>("/placeOfService", self.place_of_service.as_deref()).unwrap_or_default();
        let stay = self.stay.as_ref().and_then(|stay| stay.parse(&mut errors));
        errors.finish(Some(Step::Service(Service { service_type, place_of_service: place, stay })))
    }
}

impl StayStep {
    fn parse(&self, errors: &mut FieldErrors) -> Option<Stay> {
        let known = "Choose elective or emergent.";
        let admission: Option<Admission> = choice(errors, "/stay/admission", self.admission.as_deref(), known);
        let admitted = date(errors, "/stay/admitted", self.admitted.as_deref());
        let last = self.discharged.as_deref().filter(|text| !text.trim().is_empty());
        let discharged = last.and_then(|text| date(errors, "/stay/discharged", Some(text)));
        admission.zip(admitted).map(|(admission, admitted)| Stay { admission, admitted, discharged })
    }
}

impl DiagnosesStep {
    pub(super) fn parse(&self) -> Result<Vec<DiagnosisCode>, FieldErrors> {
        let mut errors = FieldErrors::none();
        if !fits(&mut errors, "/diagnoses", &self.diagnoses, (25, "diagnoses")) {
            return Err(errors);
        }
        let codes = list(&self.diagnoses, |place, code| errors.parse(format!("/diagnoses/{place}"), Some(code)));
        errors.finish(codes)
    }
}

impl RequestStep {
    pub(super) fn parse(&self) -> Result<Step, FieldErrors> {
        let mut errors = FieldErrors::none();
        let known = "Choose initial, concurrent, retrospective or renewal.";
        let review: Option<ReviewKind> = choice(&mut errors, "/review", self.review.as_deref(), known);
        let known = "Choose standard or expedited.";
        let urgency: Option<Urgency> = choice(&mut errors, "/urgency", self.urgency.as_deref(), known);
        errors.finish(review.zip(urgency).map(|(review, urgency)| Step::Request { review, urgency }))
    }
}

impl ProceduresStep {
    pub(super) fn parse(&self) -> Result<Step, FieldErrors> {
        let mut errors = FieldErrors::none();
        if !fits(&mut errors, "/lines", &self.lines, (50, "lines")) {
            return Err(errors);
        }
        let lines = list(&self.lines, |place, line| {
            let mut of_line = FieldErrors::none();
            let parsed = line.parse(&mut of_line);
            errors.nest(&format!("/lines/{place}"), of_line);
            parsed
        });
        errors.finish(lines.map(Step::Procedures))
    }
}

impl LineStep {
    /// Nothing was sent.
    pub(super) const NONE: Self = Self {
        code: None,
        modifiers: Vec::new(),
        from: None,
        to: None,
        duration: None,
        quantity: None,
        frequency: None,
    };

    pub(super) fn parse(&self, errors: &mut FieldErrors) -> Option<Line> {
        let code = errors.parse("/code", self.code.as_deref());
        let modifiers: Option<Vec<Modifier>> = if fits(errors, "/modifiers", &self.modifiers, (4, "modifiers")) {
            list(&self.modifiers, |place, modifier| errors.parse(format!("/modifiers/{place}"), Some(modifier)))
        } else {
            None
        };
        let from = date(errors, "/from", self.from.as_deref());
        let to = date(errors, "/to", self.to.as_deref());
        let period = from.zip(to).and_then(|(from, to)| errors.keep("/to", Period::new(from, to)));
        let duration: Option<Days> = count(errors, "/duration", self.duration);
        let quantity: Option<Units> = count(errors, "/quantity", self.quantity);
        let frequency = self.frequency.as_ref().map(|frequency| frequency.parse(errors));
        Some(Line {
            code: code?,
            modifiers: modifiers?,
            period: period?,
            duration: duration?,
            quantity: quantity?,
            frequency: match frequency {
                Some(frequency) => Some(frequency?),
                None => None,
            },
        })
    }
}

impl FrequencyStep {
    fn parse(&self, errors: &mut FieldErrors) -> Option<Frequency> {
        let units = count(errors, "/frequency/units", self.units);
        let per: Option<Per> = choice(errors, "/frequency/per", self.per.as_deref(), "Choose day, week or month.");
        units.zip(per).map(|(units, per)| Frequency { units, per })
    }
}

impl NoteStep {
    pub(super) fn parse(&self) -> Result<String, FieldErrors> {
        let mut errors = FieldErrors::none();
        let text = note_text(&mut errors, "/text", self.text.as_deref().unwrap_or_default());
        errors.finish(Some(text))
    }
}

/// The text of a note as it is kept.
pub(super) fn note_text(errors: &mut FieldErrors, pointer: &str, typed: &str) -> String {
    // Line ends and tabs stay; other control characters come with what was pasted, and no screen or paper shows them.
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.chars().filter(kept).collect::<String>();
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 4000 {
        errors.add(pointer, Wrong::length(text, 4000).says("A note has 1 to 4,000 characters."));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn body<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    fn pointers<T>(result: Result<T, FieldErrors>) -> Vec<String> {
        result.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    fn line() -> Value {
        json!({ "code": "t1015", "modifiers": ["u6", "UB"], "from": "2026-05-11", "to": "2026-06-09",
                "duration": 30, "quantity": 150, "frequency": { "units": 5, "per": "day" } })
    }

    /// REQ: CASE-14
    #[test]
    fn a_line_keeps_duration_and_quantity_apart() {
        let Ok(Step::Procedures(lines)) = body::<ProceduresStep>(json!({ "lines": [line()] })).parse() else {
            panic!()
        };
        assert_eq!((u32::from(lines[0].duration), u32::from(lines[0].quantity)), (30, 150));
        assert_eq!(lines[0].modifiers[0].to_string(), "U6");
        assert_eq!(lines[0].frequency.map(|f| f.per), Some(Per::Day));
    }

    /// REQ: CASE-14
    #[test]
    fn everything_wrong_with_every_line_is_said_at_once() {
        let wrong = json!({ "code": "W1", "modifiers": ["U6", "6"], "from": "2026-05-11", "to": "2026-05-10",
                            "duration": 0, "quantity": -3, "frequency": { "per": "year" } });
        let step = body::<ProceduresStep>(json!({ "lines": [line(), wrong, {}] }));
        assert_eq!(
            pointers(step.parse()),
            [
                "/lines/1/code",
                "/lines/1/modifiers/1",
                "/lines/1/to",
                "/lines/1/duration",
                "/lines/1/quantity",
                "/lines/1/frequency/units",
                "/lines/1/frequency/per",
                "/lines/2/code",
                "/lines/2/from",
                "/lines/2/to",
                "/lines/2/duration",
                "/lines/2/quantity"
            ]
        );
    }

    /// REQ: CASE-12
    #[test]
    fn only_codes_that_can_be_billed_on_the_day_are_taken() {
        use crate::billable::unbillable;
        let codes = body::<DiagnosesStep>(json!({ "diagnoses": ["F84.0", "f84", "Z99.999"] })).parse().unwrap();
        let errors = unbillable(&codes, jiff::civil::date(2026, 5, 11));
        let said: Vec<_> =
            errors.as_slice().iter().map(|e| (e.pointer.as_str(), e.objection.sentence.as_str())).collect();
        assert_eq!(said[0].0, "/diagnoses/1");
        assert_eq!(said[1], ("/diagnoses/2", "Z99.999 is not in ICD-10-CM."));
        assert_eq!(said.len(), 2);
        assert_eq!(
            pointers(body::<DiagnosesStep>(json!({ "diagnoses": ["4", "F84.0", ""] })).parse()),
            ["/diagnoses/0", "/diagnoses/2"]
        );
    }

    /// REQ: CASE-10, CASE-11, CASE-13, CASE-22
    #[test]
    fn required_fields_are_required() {
        assert_eq!(pointers(body::<ProvidersStep>(json!({})).parse()), ["/servicing", "/fax"]);
        let stay = json!({ "serviceType": "dme", "placeOfService": "21", "stay": { "admission": "soon" } });
        assert_eq!(pointers(body::<ServiceStep>(stay).parse()), ["/stay/admission", "/stay/admitted"]);
        assert_eq!(pointers(body::<RequestStep>(json!({ "review": "first" })).parse()), ["/review", "/urgency"]);
        assert_eq!(pointers(body::<NoteStep>(json!({ "text": " " })).parse()), ["/text"]);
        assert_eq!(body::<NoteStep>(json!({ "text": " Seen. " })).parse().unwrap(), "Seen.");
        let pasted = json!({ "text": "One\u{0}\u{1b}[31m\r\n\ttwo\rthree\u{7f}\u{85}" });
        assert_eq!(body::<NoteStep>(pasted).parse().unwrap(), "One[31m\n\ttwo\nthree");
        assert_eq!(pointers(body::<NoteStep>(json!({ "text": "\u{0}\u{1b}" })).parse()), ["/text"]);
    }

    #[test]
    fn a_list_that_is_too_long_is_told_before_its_elements_are_looked_at() {
        let lines = body::<ProceduresStep>(json!({ "lines": vec![json!({}); 51] }));
        assert_eq!(pointers(lines.parse()), ["/lines"]);
        let codes = body::<DiagnosesStep>(json!({ "diagnoses": vec!["4"; 26] }));
        assert_eq!(pointers(codes.parse()), ["/diagnoses"]);
        let mut one = line();
        one["modifiers"] = json!(vec!["6"; 5]);
        assert_eq!(pointers(body::<ProceduresStep>(json!({ "lines": [one] })).parse()), ["/lines/0/modifiers"]);
    }
}
