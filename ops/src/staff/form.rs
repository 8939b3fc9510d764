//! Who is invited, as typed.

use anyhow::{Result, anyhow};
use portico_domain::{
    contact::{Address, Contact, Country, Line, State, Zip},
    field::FieldErrors,
    id::{ContractId, NewUsername, Username},
    wrong::Wrong,
};

/// Who is invited, as typed.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Form {
    /// A contract that they work for; again for each further one
    #[arg(long = "contract", required = true)]
    pub contracts: Vec<String>,
    /// A free sign-in name
    #[arg(long)]
    pub username: String,
    /// First name
    #[arg(long)]
    pub first_name: String,
    /// Last name
    #[arg(long)]
    pub last_name: String,
    /// Where the link is mailed
    #[arg(long)]
    pub email: String,
    /// Telephone
    #[arg(long)]
    pub phone: Option<String>,
    /// Fax
    #[arg(long)]
    pub fax: String,
    /// Street and number
    #[arg(long)]
    pub address1: String,
    /// Suite, building
    #[arg(long)]
    pub address2: Option<String>,
    /// City
    #[arg(long)]
    pub city: String,
    /// State
    #[arg(long)]
    pub state: String,
    /// ZIP
    #[arg(long)]
    pub zip: String,
}

/// Somebody to invite.
#[derive(Clone, PartialEq, Debug)]
pub struct Invitee {
    /// Sign-in name.
    pub username: Username,
    /// How to reach them.
    pub contact: Contact,
    /// What they work for.
    pub contracts: Vec<ContractId>,
}

impl Form {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, each with its option.
    pub fn parse(&self) -> Result<Invitee> {
        let mut errors = FieldErrors::none();
        let username = errors.parse::<NewUsername>("--username", Some(&self.username)).map(NewUsername::get);
        let contracts: Vec<ContractId> =
            self.contracts.iter().filter_map(|id| errors.parse("--contract", Some(id))).collect();
        let first_name = errors.parse::<Line>("--first-name", Some(&self.first_name));
        let first_name = first_name.and_then(|name| errors.keep("--first-name", name.name()));
        let last_name = errors.parse::<Line>("--last-name", Some(&self.last_name));
        let last_name = last_name.and_then(|name| errors.keep("--last-name", name.name()));
        let line1 = errors.parse("--address1", Some(&self.address1));
        let line2 = errors.parse_optional("--address2", self.address2.as_deref());
        let city = errors.parse("--city", Some(&self.city));
        let state = errors.parse::<State>("--state", Some(&self.state));
        let state = state.and_then(|state| errors.keep("--state", state.of(Country::UnitedStates)));
        let zip = errors.parse::<Zip>("--zip", Some(&self.zip));
        let email = errors.parse("--email", Some(&self.email));
        let phone = errors.parse_optional("--phone", self.phone.as_deref());
        let fax = errors.parse("--fax", Some(&self.fax));
        if (1..contracts.len())
            .any(|n| contracts.get(..n).zip(contracts.get(n)).is_some_and(|(all, id)| all.contains(id)))
        {
            errors.add("--contract", Wrong::Repeated.says("Name each contract once."));
        }
        let parsed = || {
            let address = Address { line1: line1?, line2, city: city?, state: state?, zip: zip?.into() };
            let contact =
                Contact { first_name: first_name?, last_name: last_name?, address, email: email?, phone, fax: fax? };
            Some(Invitee { username: username?, contact, contracts })
        };
        errors.finish(parsed()).map_err(|errors| {
            let lines =
                errors.as_slice().iter().map(|error| format!("{}: {}", error.pointer, error.objection.sentence));
            anyhow!("{}", lines.collect::<Vec<_>>().join("\n"))
        })
    }
}
