//! A row of the provider file: one location of a contract's registry, with the code that registers it (ACC-01).

use uuid::Uuid;

use super::{
    IdKey,
    layout::{Layout, Row},
    member::{address, own_contract},
    number::whole,
};
use crate::{
    accounts::registration::Credentials,
    contact::Line,
    field::FieldErrors,
    id::{ContractId, ProviderId},
    name::fold,
    npi::Npi,
    person::{Provider, ProviderKind},
    wrong::Wrong,
};

/// The columns.
pub const LAYOUT: Layout = Layout {
    columns: &[
        "contract",
        "npi",
        "registration_code",
        "provider_type",
        "location",
        "name",
        "kind",
        "address1",
        "address2",
        "city",
        "state",
        "zip",
    ],
    optional: &[],
};

/// A row that may be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderRow {
    /// The location, of no group here: who registered it stands in the table.
    pub provider: Provider,
    /// What registers it.
    pub credentials: Credentials,
}

impl ProviderRow {
    /// What may stand in a file once: the location, and the pair that registers it.
    #[must_use]
    pub fn keys(&self, ids: &IdKey, id: Uuid) -> [(&'static str, Uuid); 2] {
        let pair = ids.id("pair", &[&self.credentials.number.to_string(), &self.credentials.code]);
        [("location", id), ("registration_code", pair)]
    }
}

/// The id of a location: a facility registers once per NPI, provider type and location (ACC-01). Without an NPI its
/// registration code stands for it (ACC-03).
#[must_use]
pub fn identity(
    ids: &IdKey,
    contract: &ContractId,
    npi: Option<Npi>,
    code: &str,
    provider_type: &str,
    location: &str,
) -> Uuid {
    let number = npi.map_or_else(|| code.to_ascii_uppercase(), |npi| npi.to_string());
    ids.id("provider", &[&contract.to_string(), &number, &fold(provider_type), &fold(location)])
}

/// Reads a row of a file that was dropped for `contract`.
///
/// # Errors
/// Everything wrong with it, each at its column.
pub fn parse(ids: &IdKey, contract: &ContractId, row: Row<'_>) -> Result<(Uuid, ProviderRow), FieldErrors> {
    let mut errors = FieldErrors::none();
    own_contract(&mut errors, contract, row);
    let npi = errors.parse_optional::<Npi>("/npi", Some(row.get("npi")));
    let code = errors.parse::<Line>("/registration_code", Some(row.get("registration_code")));
    let provider_type = errors.parse::<Line>("/provider_type", Some(row.get("provider_type")));
    let location = errors.parse::<Line>("/location", Some(row.get("location")));
    let code = code.filter(|code| errors.keep("/registration_code", whole(code)).is_some());
    let location = location.filter(|location| errors.keep("/location", whole(location)).is_some());
    let name = errors.parse::<Line>("/name", Some(row.get("name")));
    let kind = match row.get("kind").to_ascii_lowercase().as_str() {
        "facility" => Some(ProviderKind::Facility),
        "individual" => Some(ProviderKind::Individual),
        _ => {
            let wrong = Wrong::word(Some(row.get("kind")));
            errors.add("/kind", wrong.says("The kind is facility or individual."));
            None
        }
    };
    let address = address(&mut errors, row);
    let number = npi.map(|npi| npi.to_string());
    let credentials = code.as_ref().and_then(|code| {
        let pair = Credentials::parse(number.as_deref().unwrap_or(code.as_str()), code.as_str());
        errors.keep("/registration_code", pair)
    });
    let read = || {
        let (code, provider_type) = (code?, provider_type?);
        let id = identity(ids, contract, npi, code.as_str(), provider_type.as_str(), location?.as_str());
        let provider = Provider {
            id: ProviderId::new(id),
            contract: contract.clone(),
            npi,
            name: name?,
            kind: kind?,
            provider_type,
            address: address?,
            group: None,
        };
        Some((id, ProviderRow { provider, credentials: credentials? }))
    };
    let read = read();
    errors.finish(read)
}
