//! A report on the wire.

use jiff::civil::Date;
use portico_domain::{
    contracts::Contract,
    field::Objection,
    period::Period,
    reports::sheet::{Sheet, Unit},
    wrong::Wrong,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{form::word, words};

/// How a report is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Format {
    /// As a client draws it.
    #[default]
    Json,
    /// As a spreadsheet reads it.
    Csv,
}

impl Format {
    /// Its name in a query.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = Objection;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(Wrong::NotAChoice.says("Choose json or csv.")),
        }
    }
}

/// A report: rows that are named by words and filled with numbers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportSheet {
    #[schema(example = "turnaround")]
    report: String,
    #[schema(example = "arkansas")]
    contract: String,
    /// What people call it.
    contract_name: String,
    /// The first day, where it is about days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// IANA name of the zone that its days are of.
    #[schema(example = "America/Chicago")]
    time_zone: String,
    /// What names a row, by stable ids.
    names: Vec<String>,
    /// What is told in it.
    measures: Vec<ReportMeasure>,
    rows: Vec<ReportRow>,
}

/// What is told in the rows of a report.
#[derive(Serialize, ToSchema)]
struct ReportMeasure {
    #[schema(example = "median")]
    id: String,
    #[schema(value_type = words::Unit)]
    unit: String,
}

/// A row of a report.
#[derive(Serialize, ToSchema)]
struct ReportRow {
    /// One for each of the report's names: an id, or a name of the contract's own.
    names: Vec<String>,
    /// One for each of its measures; null where nothing can be said.
    values: Vec<Option<f64>>,
}

impl ReportSheet {
    pub(super) fn of(report: &str, contract: &Contract, days: Option<Period>, sheet: Sheet) -> Self {
        let measure = |(id, unit): &(&str, Unit)| ReportMeasure { id: (*id).to_owned(), unit: word(unit) };
        Self {
            report: report.to_owned(),
            contract: contract.id.to_string(),
            contract_name: contract.name.clone(),
            from: days.map(Period::from),
            to: days.map(Period::to),
            time_zone: contract.calendar.time_zone.to_string(),
            names: sheet.names.iter().map(|name| (*name).to_owned()).collect(),
            measures: sheet.measures.iter().map(measure).collect(),
            rows: sheet.rows.into_iter().map(|row| ReportRow { names: row.names, values: row.values }).collect(),
        }
    }
}
