//! What letters would lack, as errors of the form whose words stand in them (LTR-04).

use portico_domain::{
    field::FieldErrors,
    letters::{Element, MissingElement},
};

/// What letters lack, each at the field that it comes from; what no field of the form gives, as a name or a text of the contract, at
/// the letters as such.
pub(super) fn lacking(missing: Vec<MissingElement>) -> FieldErrors {
    let mut errors = FieldErrors::none();
    for missing in missing {
        let pointer = if missing.element == Element::Criteria { "/criteria" } else { "/letters" };
        errors.add(pointer, missing);
    }
    errors
}
