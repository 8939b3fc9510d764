//! What every operation begins with: who calls, the body, the contracts and the member meant.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use portico_aws::{
    secrets::KeyRing,
    table::{cases::CaseFile, people::MemberSearch},
};
use portico_domain::{
    contact::Line,
    contracts::Contract,
    fhir::{Client, Scope},
    id::{ContractId, MemberId},
    person::Member,
};
use portico_fhir::{Fault, MAX_BODY};
use portico_pas::answers::File;

use super::{
    outcome::{self, Refused},
    parties::Parties,
};
use crate::app::App;

/// The client that calls, and what it sent.
pub(super) async fn client_and_body(app: &App, request: Request, scope: Scope) -> Result<(Client, String), Refused> {
    let (parts, body) = request.into_parts();
    let client = outcome::client(app, &parts.headers, scope).await?;
    is_json(&parts.headers)?;
    let too_large = || {
        let text = format!("A body may have at most {MAX_BODY} bytes.");
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", &text)
    };
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| too_large())?;
    let text = String::from_utf8(bytes.into()).map_err(|_| Fault::at("Bundle", "The body is not UTF-8."))?;
    Ok((client, text))
}

fn is_json(headers: &HeaderMap) -> Result<(), Refused> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = media_type.split(';').next().unwrap_or_default().trim();
    if ["application/fhir+json", "application/json"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", "Send application/fhir+json."))
}

/// The contracts of a client that hold now.
pub(super) async fn contracts(
    app: &App,
    client: &Client,
    now: Timestamp,
) -> Result<BTreeMap<ContractId, Arc<Contract>>, Refused> {
    let all = try_join_all(client.contracts.iter().map(|id| app.table().contract(id, now))).await?;
    Ok(all.into_iter().flatten().map(|contract| (contract.id.clone(), contract)).collect())
}

/// The members that are meant: by number, and by name and birth date as far as they are given.
pub(super) async fn members(
    app: &App,
    keys: &KeyRing,
    parties: &Parties<'_>,
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
) -> Result<Vec<Member>, Refused> {
    let mut meant = numbered(app, keys, &parties.numbers, contracts).await?;
    meant.retain(|member| parties.means(member));
    Ok(meant)
}

/// The members of these contracts who have one of these numbers.
pub(super) async fn numbered(
    app: &App,
    keys: &KeyRing,
    numbers: &[Line],
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
) -> Result<Vec<Member>, Refused> {
    let searches: Vec<_> = numbers.iter().map(|number| MemberSearch::Number(number.clone())).collect();
    let each = searches.iter().flat_map(|search| contracts.keys().map(move |contract| (contract, search)));
    let each = each.map(|(contract, search)| app.table().find_members(keys, contract, search));
    let all: Vec<Vec<Member>> = try_join_all(each).await?;
    let mut meant: Vec<_> = all.into_iter().flatten().collect();
    meant.sort_unstable_by_key(|member| member.id);
    meant.dedup_by_key(|member| member.id);
    Ok(meant)
}

/// What was searched for, for the record: a keyed hash.
pub(super) fn searched(
    keys: &KeyRing,
    numbers: &[Line],
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
) -> Option<String> {
    MemberSearch::Number(numbers.first()?.clone()).searched(keys, contracts.keys().next()?)
}

/// A case as answers are made of it.
pub(super) fn file(file: &CaseFile) -> File<'_> {
    File { case: &file.case, determinations: &file.determinations }
}

/// The newest cases of these members, so many at most.
pub(super) async fn files(app: &App, members: Vec<MemberId>, most: usize) -> Result<Vec<CaseFile>, Refused> {
    let table = app.table();
    let keys = try_join_all(members.into_iter().map(|member| table.cases_of_member(member))).await?;
    let mut keys = keys.concat();
    keys.sort_unstable_by_key(|key| Reverse(*key));
    keys.truncate(most);
    let files = try_join_all(keys.into_iter().map(|key| table.case_file(key))).await?;
    Ok(files.into_iter().flatten().collect())
}
