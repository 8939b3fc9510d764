//! A contract for tests: the real pack of Arkansas; and a rule without conditions or caps.

use super::{
    Contract,
    code_rule::{Authorization, CodeRule},
};

pub(crate) fn arkansas() -> Contract {
    let part = |name: &str| {
        let path = format!("{}/../../contracts/arkansas/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let pack = ["contract", "calendar", "codes", "letters"].map(part).join("\n");
    toml::from_str(&pack).unwrap()
}

pub(crate) fn rule(code: &str, authorization: Authorization) -> CodeRule {
    CodeRule {
        code: code.parse().unwrap(),
        modifiers: Vec::new(),
        description: "Habilitative services".to_owned(),
        unit: "1 hour".to_owned(),
        description_es: None,
        unit_es: None,
        authorization,
        settings: Vec::new(),
        service_types: Vec::new(),
        places: Vec::new(),
        diagnoses: Vec::new(),
        age_from: None,
        age_under: None,
        max_units_per_day: None,
        max_units_per_week: None,
        max_units_per_month: None,
        max_units_per_year: None,
        max_units: None,
        shortest_days: None,
        longest_days: None,
        documents: Vec::new(),
    }
}
