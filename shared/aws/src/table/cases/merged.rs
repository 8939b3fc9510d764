//! A temporary member becomes the real one (CASE-06): a file brought them, or somebody of intake says who it is.
//!
//! First the temporary member becomes a pointer: no search shows it and no case can be begun for it any more. Then each of
//! its cases is given the real member, one transaction each. Last it leaves the list of those who wait. Whoever stops in
//! the middle leaves it on that list: the next import goes on, and so does whoever merges it once more.

use portico_domain::{
    cases::temporary::TemporaryMember,
    events::Actor,
    id::{CaseKey, ContractId, MemberId},
    person::{Member, Standing},
};

use crate::{
    clock,
    pause::Pause,
    secrets::KeyRing,
    table::{Error, Guard, Key, Table, Transaction},
};

impl Table {
    /// A temporary member of a contract, while the real one is awaited.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn temporary(&self, contract: &ContractId, id: MemberId) -> Result<Option<TemporaryMember>, Error> {
        self.get(&Key::temporary(contract, id), "temporary member").await
    }

    /// Makes a temporary member the real one, `beside` with it. Gives how many cases were moved.
    ///
    /// # Errors
    /// With [`Guard::Version`] when it became another one meanwhile, or somebody works on a case without end; when the table fails.
    pub async fn merge(
        &self,
        keys: &KeyRing,
        (temporary, real): (&Member, &Member),
        by: &Actor,
        beside: Transaction,
    ) -> Result<u64, Error> {
        let mut transaction = Transaction::new();
        transaction.merged_member(self, keys, temporary, real.id)?;
        transaction.append(beside);
        match self.commit(transaction).await {
            Err(error) if error.refused(Guard::Version) => {
                let now = self.unmerged_member(temporary.id).await?.map(|member| member.standing);
                if now != Some(Standing::Merged { into: real.id }) {
                    return Err(error);
                }
            }
            done => done?,
        }
        let mut moved = 0;
        for key in self.cases_of_member(temporary.id).await? {
            moved += u64::from(self.move_case(key, temporary.id, real, by).await?);
        }
        let mut transaction = Transaction::new();
        transaction.no_longer_temporary(self, &temporary.contract, temporary.id);
        self.commit(transaction).await?;
        Ok(moved)
    }

    /// Gives a case its real member; read again when somebody works on it at the same time.
    async fn move_case(&self, key: CaseKey, temporary: MemberId, real: &Member, by: &Actor) -> Result<bool, Error> {
        let mut pause = Pause::patient();
        loop {
            let absent = |what| Error::Corrupt(what, "it is not there".into());
            let case = self.case(key).await?.ok_or_else(|| absent("case"))?;
            if case.member.id != temporary {
                return Ok(false);
            }
            let now = clock::now();
            let contract = self.contract_for(&case, now).await?.ok_or_else(|| absent("contract"))?;
            let change = case.with_member(real.clone(), now);
            let mut transaction = Transaction::new();
            transaction.case(self, &change, &contract.calendar, by)?;
            transaction.case_of_member(self, &change.case)?;
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::Version) && pause.again().await => {}
                done => return done.map(|()| true),
            }
        }
    }
}
