//! What a contract says about its reports.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// What reports leave out.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReportRules {
    /// How the codes of drugs begin: the yearly metrics are about items and services without drugs (CMS-0057-F).
    #[serde(default)]
    pub drug_codes: Vec<String>,
}

impl ReportRules {
    /// Whether a code, or what stands for several, is of drugs.
    #[must_use]
    pub fn is_drug(&self, code: &impl Display) -> bool {
        let code = code.to_string();
        self.drug_codes.iter().any(|begins| code.starts_with(begins))
    }

    /// What is wrong with them.
    pub(super) fn problems(&self) -> Vec<&'static str> {
        let wrong = |begins: &String| {
            begins.is_empty() || !begins.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        self.drug_codes
            .iter()
            .filter(|begins| wrong(begins))
            .map(|_| "reports: drug-codes are capitals and digits")
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drugs_are_told_by_how_their_codes_begin() {
        let rules = ReportRules { drug_codes: vec!["J".into()] };
        assert!(rules.is_drug(&"J0885") && rules.is_drug(&"J0*") && !rules.is_drug(&"T1015"));
        assert!(rules.problems().is_empty());
        assert!(!ReportRules::default().is_drug(&"J0885"));
        let wrong = ReportRules { drug_codes: vec![String::new(), "j".into()] };
        assert_eq!(wrong.problems().len(), 2, "an empty one would make every code a drug");
    }
}
