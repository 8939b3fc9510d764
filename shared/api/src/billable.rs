//! Diagnoses that can be billed.

use jiff::civil::Date;
use portico_domain::{code::DiagnosisCode, field::FieldErrors, wrong::Wrong};

/// Codes that ICD-10-CM does not have, or that cannot be billed on the day (CASE-12).
pub(crate) fn unbillable(codes: &[DiagnosisCode], on: Date) -> FieldErrors {
    let icd = portico_codes::icd10cm();
    let mut errors = FieldErrors::none();
    for (place, code) in codes.iter().enumerate().filter(|(_, code)| !icd.billable_on(code.undotted(), on)) {
        let said = match icd.get(code.undotted()) {
            None => Wrong::UnknownDiagnosis { code: code.to_string() }.says(format!("{code} is not in ICD-10-CM.")),
            Some(_) => Wrong::NotBillable { code: code.to_string(), day: on }.says(format!(
                "{code} cannot be billed for a service on {on}. Choose a more specific or a current code."
            )),
        };
        errors.add(format!("/diagnoses/{place}"), said);
    }
    errors
}
