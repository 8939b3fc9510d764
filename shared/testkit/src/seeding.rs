//! Fills a stack: contract packs, invented people and places, the sender's address. The same again changes nothing.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use anyhow::{Context, Result, anyhow};
use portico_aws::{Aws, Config, secrets::Secret};
use portico_domain::{accounts::registration::Credentials, contracts::Contract};
use tokio::runtime::Runtime;

use crate::{
    packs::{self, Pack},
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
    pub(crate) aws: Aws,
    pub(crate) lookup: Secret,
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
        let packs = packs::load_all(&stack::root().join("contracts")).map_err(wrong)?;
        let seed = seed::load(&stack::root().join("localstack/seed")).map_err(wrong)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let aws = Aws::new(Config::read(|name| stack.variable(name))?);
        let lookup = runtime.block_on(aws.secrets().get(&aws.config().lookup_secret))?;
        let world = Self { stack, packs, seed, aws, lookup, runtime };
        world.fill().context("the stack cannot be seeded")?;
        Ok(world)
    }

    fn fill(&self) -> Result<()> {
        self.stack.verify_sender(&self.aws.config().mail_from)?;
        self.wait(async {
            let table = self.aws.table();
            for pack in &self.packs {
                table.apply_pack(&pack.contract, pack.json.clone()).await?;
            }
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
