//! What is kept of systems' requests, as an auditor finds it.

use anyhow::{Context, Result};
use portico_aws::files::claim;

use crate::seeding::World;

impl World {
    /// The Bundles in which the Claims of a case came, oldest first.
    ///
    /// # Errors
    /// When the case or one of them is not there.
    pub fn claims_of(&self, key: &str) -> Result<Vec<String>> {
        let key = key.parse()?;
        self.wait(async {
            let case = self.aws.table().case(key).await?.context("no such case")?;
            let bucket = &self.aws.config().documents_bucket;
            let mut all = Vec::new();
            for one in case.claims() {
                let name = one.bundle.as_deref().context("a Claim without its Bundle")?;
                let content = self.aws.files().read(bucket, &claim(name), 1_000_000).await?;
                all.push(String::from_utf8(content.context("a Bundle that is not there")?)?);
            }
            Ok(all)
        })
    }
}
