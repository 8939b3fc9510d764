//! What differs between the kinds of files: columns, the check of a row, and the way into the table.

use jiff::civil::Date;
use portico_aws::{
    clock,
    secrets::KeyRing,
    table::{
        self, Table,
        feeds::{Outcome, Source},
    },
};
use portico_domain::{
    cases::billing::ClaimLine,
    feeds::{
        IdKey, claim,
        layout::{Layout, Row},
        member,
        provider::{self, ProviderRow},
    },
    field::FieldErrors,
    id::ContractId,
    person::Member,
};

/// What may stand in a file once, each with its column.
pub(super) type Keys = Vec<(&'static str, portico_domain::feeds::Key)>;

/// A kind of file.
pub(super) trait Feed {
    /// A row that may be taken.
    type Row;
    /// Its columns.
    const LAYOUT: Layout;

    /// Reads a row.
    fn parse(ids: &IdKey, contract: &ContractId, today: Date, row: Row<'_>) -> Result<(Keys, Self::Row), FieldErrors>;

    /// What is told of a row that is taken, each with its column.
    fn remarks(row: Row<'_>) -> Vec<(&'static str, String)>;

    /// Brings rows into the table; what became of each.
    async fn save(
        table: &Table,
        keys: &KeyRing,
        source: Source<'_>,
        rows: &[Self::Row],
    ) -> Result<Vec<Outcome>, table::Error>;
}

/// The registry.
pub(super) struct Providers;

impl Feed for Providers {
    type Row = ProviderRow;
    const LAYOUT: Layout = provider::LAYOUT;

    fn parse(ids: &IdKey, contract: &ContractId, _: Date, row: Row<'_>) -> Result<(Keys, ProviderRow), FieldErrors> {
        provider::parse(ids, contract, row).map(|(id, row)| (row.keys(ids, id).to_vec(), row))
    }

    fn remarks(_: Row<'_>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    async fn save(
        table: &Table,
        keys: &KeyRing,
        source: Source<'_>,
        rows: &[ProviderRow],
    ) -> Result<Vec<Outcome>, table::Error> {
        table.import_providers(keys, source, rows).await
    }
}

/// Eligibility.
pub(super) struct Members;

impl Feed for Members {
    type Row = Member;
    const LAYOUT: Layout = member::LAYOUT;

    fn parse(ids: &IdKey, contract: &ContractId, today: Date, row: Row<'_>) -> Result<(Keys, Member), FieldErrors> {
        member::parse(ids, contract, today, row).map(|(id, member)| (member::keys(id).to_vec(), member))
    }

    fn remarks(row: Row<'_>) -> Vec<(&'static str, String)> {
        member::remarks(row)
    }

    async fn save(
        table: &Table,
        keys: &KeyRing,
        source: Source<'_>,
        rows: &[Member],
    ) -> Result<Vec<Outcome>, table::Error> {
        table.import_members(keys, source, rows).await
    }
}

/// What was billed.
pub(super) struct Claims;

impl Feed for Claims {
    type Row = ClaimLine;
    const LAYOUT: Layout = claim::LAYOUT;

    fn parse(ids: &IdKey, contract: &ContractId, today: Date, row: Row<'_>) -> Result<(Keys, ClaimLine), FieldErrors> {
        claim::parse(ids, contract, today, row).map(|claim| (claim::keys(claim.id).to_vec(), claim))
    }

    fn remarks(_: Row<'_>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    async fn save(table: &Table, _: &KeyRing, _: Source<'_>, rows: &[ClaimLine]) -> Result<Vec<Outcome>, table::Error> {
        table.import_claims(rows, clock::now()).await
    }
}
