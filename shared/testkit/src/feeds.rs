//! Files of providers, members and claims, as the claims system and eligibility drop them.

use anyhow::Result;
use jiff::{Timestamp, civil::Date};
use portico_aws::clock;
use portico_domain::{
    feeds::{
        FeedFile, Kind, claim,
        import::{Import, ImportState},
        layout::Layout,
        member, provider,
    },
    person::{Coverage, Gender, Member, ProviderKind},
};

use crate::{
    poll::{self, PATIENCE},
    seed::Registered,
    seeding::World,
    stack::Stack,
};

/// The header of a file.
#[must_use]
pub fn header(kind: Kind) -> String {
    let Layout { columns, .. } = match kind {
        Kind::Providers => provider::LAYOUT,
        Kind::Members => member::LAYOUT,
        Kind::Claims => claim::LAYOUT,
    };
    columns.join(",")
}

/// The row of a location.
#[must_use]
pub fn provider_row(place: &Registered) -> String {
    let provider = &place.provider;
    let kind = match provider.kind {
        ProviderKind::Facility => "facility",
        ProviderKind::Individual => "individual",
    };
    let address = &provider.address;
    row(&[
        &provider.contract.to_string(),
        &provider.npi.map(|npi| npi.to_string()).unwrap_or_default(),
        &place.registration_code,
        provider.provider_type.as_str(),
        &place.location,
        provider.name.as_str(),
        kind,
        address.line1.as_str(),
        address.line2.as_ref().map_or("", |line| line.as_str()),
        address.city.as_str(),
        address.state.as_str(),
        address.zip.as_str(),
    ])
}

/// The row of a member.
#[must_use]
pub fn member_row(member: &Member) -> String {
    let gender = match member.gender {
        Gender::Female => "F",
        Gender::Male => "M",
        Gender::Unknown => "U",
    };
    let address = &member.address;
    row(&[
        &member.contract.to_string(),
        member.number().map_or("", |number| number.as_str()),
        member.first_name.as_str(),
        member.last_name.as_str(),
        &member.birth_date.to_string(),
        gender,
        address.line1.as_str(),
        address.line2.as_ref().map_or("", |line| line.as_str()),
        address.city.as_str(),
        address.state.as_str(),
        address.zip.as_str(),
    ])
}

fn row(fields: &[&str]) -> String {
    fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect::<Vec<_>>().join(",")
}

impl Stack {
    /// Drops rows as a file of a name that nobody else uses.
    ///
    /// # Errors
    /// When the engine refuses it, or the contract's name is none.
    pub fn drop_rows(&self, kind: Kind, contract: &str, rows: &[String]) -> Result<FeedFile> {
        self.drop_text(kind, contract, &format!("{}\r\n{}\r\n", header(kind), rows.join("\r\n")))
    }

    /// Drops a file of one member with the coverage that they have.
    ///
    /// # Errors
    /// As [`Stack::drop_rows`].
    pub fn drop_coverage(&self, member: &Member) -> Result<FeedFile> {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let Coverage { from, to } = member.coverage;
        let row = format!("{},{},{}", member_row(member), day(from), day(to));
        let text = format!("{},coverage_from,coverage_to\r\n{row}\r\n", header(Kind::Members));
        self.drop_text(Kind::Members, &member.contract.to_string(), &text)
    }

    /// Drops a file of one member who reads letters in this language and print.
    ///
    /// # Errors
    /// As [`Stack::drop_rows`].
    pub fn drop_reading(&self, member: &Member, language: &str, format: &str) -> Result<FeedFile> {
        let row = format!("{},{language},{format}", member_row(member));
        let text = format!("{},language,format\r\n{row}\r\n", header(Kind::Members));
        self.drop_text(Kind::Members, &member.contract.to_string(), &text)
    }

    /// Drops a file as it is.
    ///
    /// # Errors
    /// As [`Stack::drop_rows`].
    pub fn drop_text(&self, kind: Kind, contract: &str, text: &str) -> Result<FeedFile> {
        let name = clock::new_uuid().simple().to_string();
        let file = FeedFile { kind, contract: contract.parse()?, name };
        self.put_object(&self.feeds_bucket, &file.key(), text.as_bytes())?;
        Ok(file)
    }

    /// Waits for what became of a file: the summary and the report of rejects.
    ///
    /// # Errors
    /// When it takes too long.
    pub fn imported(&self, file: &FeedFile) -> Result<(Import, String)> {
        let summary =
            poll::until("the report of an import", PATIENCE * 3, || self.object(&self.feeds_bucket, &file.summary()))?;
        let rejects = self.object(&self.feeds_bucket, &file.rejects())?.unwrap_or_default();
        Ok((serde_json::from_slice(&summary)?, String::from_utf8(rejects)?))
    }
}

impl World {
    /// How many cases were given their real member by a contract's imports that ended since then.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn merged_since(&self, contract: &str, since: Timestamp) -> Result<u64> {
        let contract = contract.parse()?;
        let imports = self.wait(async { Ok(self.aws.table().imports(&contract, None, 50).await?) })?;
        let ended = |import: &Import| matches!(import.state, ImportState::Done { at } if at >= since);
        Ok(imports.iter().filter(|(_, import)| ended(import)).map(|(_, import)| import.merged).sum())
    }
}
