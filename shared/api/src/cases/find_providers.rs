//! Finds servicing and attending providers in a contract's registry, by NPI or by the beginning of a name or of one of
//! its words (CASE-09). Intake finds whoever asked by fax (LTR-08).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_domain::{
    caller::{Caller, Denied},
    contact::Line,
    field::FieldErrors,
    id::{ContractId, ProviderId},
    name::fold,
    npi::Npi,
    person::{Provider, ProviderKind},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    page::Query,
    problem::{Problem, ProblemBody},
    words,
};

/// Providers in one answer; who has more matches types more letters.
const MOST: u8 = 25;

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(find_providers)))
}

/// NPI, or the beginning of a name or of a word of it.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Search {
    /// One of the caller's contracts.
    #[param(example = "arkansas")]
    contract: Option<String>,
    /// Ten digits.
    npi: Option<String>,
    /// At least three letters: the beginning of the name, or of any word of it.
    name: Option<String>,
}

/// The providers that were found.
#[derive(Serialize, ToSchema)]
struct FoundProviders {
    /// By name, at most 25.
    providers: Vec<FoundProvider>,
    /// Whether there are more: then type more of the name.
    more: bool,
}

/// A provider at one type and location.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundProvider {
    /// For the providers step.
    #[schema(value_type = String)]
    id: ProviderId,
    /// NPI; none for an atypical provider.
    #[schema(value_type = Option<String>)]
    npi: Option<Npi>,
    /// Name.
    name: String,
    /// Facility or individual.
    #[schema(value_type = words::ProviderKind)]
    kind: ProviderKind,
    /// Type in the registry.
    provider_type: String,
    /// Lines of the address.
    address: Vec<String>,
}

#[derive(Debug)]
enum By {
    Npi(Npi),
    Name(Line),
}

/// Finds providers of a contract.
#[utoipa::path(
    get, path = "/providers", tag = "cases", params(Search),
    responses(
        (status = 200, body = FoundProviders, description = "The providers, possibly none"),
        (status = 403, body = ProblemBody, description = "Staff whose role does no intake"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn find_providers(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Search>,
) -> Result<Answer<FoundProviders>, Problem> {
    let (contract, by) = parse(&query.0)?;
    let table = app.table();
    let providers = async {
        match by {
            By::Npi(npi) => table.providers_by_npi(&contract, &npi, MOST + 1).await,
            By::Name(name) => table.providers_by_name(&contract, name.as_str(), MOST + 1).await,
        }
    };
    let (caller, providers) = futures::join!(app.caller(&token), providers);
    let denied = |denied: Denied| Problem::from(denied).asked(contract.to_string());
    match &caller? {
        // Who asks by fax is found among all of the contract.
        Caller::Staff(reviewer) => reviewer.may_intake(&contract).map_err(denied)?,
        caller @ Caller::Provider { .. } if app.works_under(caller, &contract).await? => {}
        Caller::Provider { .. } => return Err(denied(Denied::Hidden)),
    }
    Ok(Answer(found(providers?)))
}

fn parse(query: &Search) -> Result<(ContractId, By), FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse("/contract", query.contract.as_deref());
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let by = match (given(&query.npi), given(&query.name)) {
        (true, false) => errors.parse("/npi", query.npi.as_deref()).map(By::Npi),
        (false, true) => {
            let name: Option<Line> = errors.parse("/name", query.name.as_deref());
            let long = |name: &Line| fold(name.as_str()).chars().count() >= 3;
            if name.as_ref().is_some_and(|name| !long(name)) {
                let text = "Enter at least three letters of the name.";
                errors.add("/name", Wrong::TooShort { least: 3 }.says(text));
            }
            name.map(By::Name)
        }
        _ => {
            let text = "Enter an NPI, or at least three letters of the name.";
            errors.add("/name", Wrong::OneNeeded.says(text));
            None
        }
    };
    errors.finish(contract.zip(by))
}

fn found(providers: Vec<Provider>) -> FoundProviders {
    let more = providers.len() > usize::from(MOST);
    let shown = |provider: Provider| FoundProvider {
        id: provider.id,
        npi: provider.npi,
        name: provider.name.to_string(),
        kind: provider.kind,
        provider_type: provider.provider_type.to_string(),
        address: provider.address.lines(),
    };
    FoundProviders { providers: providers.into_iter().take(usize::from(MOST)).map(shown).collect(), more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(npi: Option<&str>, name: Option<&str>) -> Vec<String> {
        let text = |text: Option<&str>| text.map(ToOwned::to_owned);
        let search = Search { contract: text(Some("arkansas")), npi: text(npi), name: text(name) };
        parse(&search).map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    /// REQ: CASE-09
    #[test]
    fn by_npi_or_by_three_letters() {
        assert!(pointers(Some("1234567893"), None).is_empty() && pointers(None, Some("Riv")).is_empty());
        assert_eq!(pointers(Some("1234567890"), None), ["/npi"]);
        assert_eq!(pointers(None, Some("R i")), ["/name"]);
        assert_eq!(pointers(Some("1234567893"), Some("River")), ["/name"]);
        assert_eq!(pointers(None, None), ["/name"]);
    }

    /// REQ: CASE-09
    #[test]
    fn more_than_a_page_says_so() {
        let clinic = crate::samples::clinic();
        assert!(found(vec![clinic.clone(); 26]).more);
        let all = found(vec![clinic; 25]);
        assert!(!all.more && all.providers.len() == 25);
    }
}
