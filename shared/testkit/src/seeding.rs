//! Fills a stack: what an operator does after the first deployment, by the operator's own means; invented people and
//! places; the sender's address. The same again changes nothing.

use std::{
    fmt, fs,
    os::unix::fs::OpenOptionsExt,
    sync::{Arc, OnceLock},
};

use anyhow::{Context, Result, anyhow};
use portico_aws::{Aws, Config, clock, secrets::KeyRing};
use portico_contracts::Pack;
use portico_domain::{
    accounts::registration::Credentials, caller::StaffRole, contracts::Contract, feeds::IdKey, staff::HasManager,
};
use portico_ops::{
    Operator, packs, secrets,
    staff::{self, Invitee},
};
use tokio::runtime::Runtime;

use crate::{
    seed::{self, Seed},
    stack::{self, Stack},
};

/// A seeded stack, and what was put into it.
pub struct World {
    /// Where everything is.
    pub stack: Stack,
    /// Every contract.
    pub packs: Vec<Pack>,
    /// The people and places of the seed folder.
    pub seed: Seed,
    /// Who operates the stack.
    pub operator: Operator,
    pub(crate) aws: Aws,
    pub(crate) lookup: KeyRing,
    /// The key of the ids that its feeds make.
    pub ids: IdKey,
    runtime: Runtime,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("stack", &self.stack.api_url).finish_non_exhaustive()
    }
}

impl World {
    /// The stack of this checkout, seeded; once in a program.
    ///
    /// # Errors
    /// When no stack runs, or a pack or a row of the seed is wrong.
    pub fn open() -> Result<Arc<Self>> {
        static WORLD: OnceLock<Result<Arc<World>, String>> = OnceLock::new();
        let seeded = || Self::seeded(Stack::read()?).map(Arc::new);
        let world = WORLD.get_or_init(|| seeded().map_err(|error: anyhow::Error| format!("{error:#}")));
        world.clone().map_err(|error| anyhow!(error))
    }

    /// This stack, seeded.
    ///
    /// # Errors
    /// When it does not answer, or a pack or a row of the seed is wrong.
    pub fn seeded(stack: Stack) -> Result<Self> {
        let wrong = |problems: Vec<String>| anyhow!(problems.join("\n"));
        let packs = packs::of_checkout(&stack::root())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let aws = Aws::new(Config::read(|name| stack.variable(name))?);
        let operator = runtime.block_on(Operator::of(stack.record().clone()))?;
        let lookup = runtime.block_on(aws.secrets().ring(&aws.config().lookup_secret))?;
        let ids = IdKey::new(runtime.block_on(aws.secrets().get(&aws.config().ids_secret))?.expose());
        let seed = seed::load(&ids, &stack::root().join("localstack/seed")).map_err(wrong)?;
        let world = Self { stack, packs, seed, operator, aws, lookup, ids, runtime };
        world.fill().context("the stack cannot be seeded")?;
        Ok(world)
    }

    fn fill(&self) -> Result<()> {
        self.stack.verify_sender(&self.aws.config().mail_from)?;
        self.wait(async {
            let table = self.aws.table();
            packs::apply_all(&self.operator, &self.packs, packs::Changed::Replaced).await?;
            self.set_keys().await?;
            self.invite_first_managers().await?;
            for member in &self.seed.members {
                table.import_member(&self.lookup, member).await?;
            }
            for place in &self.seed.providers {
                let credentials = credentials(place)?;
                table.import_provider(&self.lookup, &place.provider, &credentials).await?;
            }
            Ok(())
        })
    }

    /// Gives the simulated carriers keys in place of the generated ones, which no carrier knows: to the stack, and to
    /// them.
    async fn set_keys(&self) -> Result<()> {
        let folder = stack::root().join("target/engine");
        let alone = fs::File::create(folder.join("keys.lock"))?;
        alone.lock()?;
        let standing = secrets::list(&self.operator).await?;
        if standing.iter().all(|key| key.set) {
            return Ok(());
        }
        let path = folder.join("keys.json");
        let known = fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
        let mut keys: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&known)?;
        for key in standing.iter().filter(|key| !key.set) {
            let value = format!("local-{}", clock::new_nonce()?);
            secrets::set(&self.operator, key.carrier, &value).await?;
            keys.insert(key.carrier.key().to_owned(), value.into());
        }
        let part = folder.join("keys.part");
        let file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&part)?;
        serde_json::to_writer(file, &keys)?;
        Ok(fs::rename(part, path)?)
    }

    /// Invites the seed's Contract Managers, each the first of their contracts.
    async fn invite_first_managers(&self) -> Result<()> {
        for person in self.seed.staff.iter().filter(|staff| staff.reviewer.role == StaffRole::ContractManager) {
            let (username, contracts) = (person.reviewer.username.clone(), person.reviewer.contracts.clone());
            let first = Invitee { username, contact: person.contact.clone(), contracts };
            match staff::invite_first(&self.operator, &first).await {
                Ok(_) => {}
                // Tests took this one's place.
                Err(error) if error.is::<HasManager>() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(crate) fn wait<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(work)
    }

    /// The contract of this name.
    ///
    /// # Errors
    /// When no pack has it.
    pub fn contract(&self, id: &str) -> Result<&Contract> {
        let pack = self.packs.iter().find(|pack| pack.contract.id.to_string() == id);
        pack.map(|pack| &pack.contract).with_context(|| format!("there is no contract {id}"))
    }
}

/// What registers a provider: NPI and code, or the code twice.
pub(crate) fn credentials(place: &seed::Registered) -> Result<Credentials> {
    let number = place.provider.npi.map_or_else(|| place.registration_code.clone(), |npi| npi.to_string());
    Ok(Credentials::parse(&number, &place.registration_code)?)
}
