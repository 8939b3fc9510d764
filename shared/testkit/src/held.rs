//! Letters that are held for repair. The rules of today let none be asked for that would be: what a case or a member has is taken away in the table, as
//! something that was stored before a rule may lack it.

use anyhow::Result;
use serde_json::{Value, json};

use crate::{gate::Fault, seeding::World};

impl World {
    /// Does what gives a case its letters; before they are written, the address of its member is gone from the case: the letter to
    /// the member is held. Letters of other cases are written meanwhile.
    ///
    /// # Errors
    /// When it cannot be done, or the stack does not take it.
    pub fn without_address(&self, case: &str, decide: impl FnOnce() -> Result<()>) -> Result<()> {
        let waits = json!({ "answer": "throttle", "function": "write-letter", "contains": case, "seconds": 60 });
        let _waits = Fault::set(&self.stack, &waits)?;
        decide()?;
        self.take_address(&format!("CASE#{case}"), "CASE", &["body", "member", "address"])
    }

    /// Takes the address from the record of a member too.
    ///
    /// # Errors
    /// When there is no such member, or the stack does not take it.
    pub fn member_without_address(&self, member: &str) -> Result<()> {
        self.take_address(&format!("MEMBER#{member}"), "MEMBER", &["body", "address"])
    }

    fn take_address(&self, pk: &str, sk: &str, path: &[&str]) -> Result<()> {
        let place = path.iter().map(|name| format!("#{name}")).collect::<Vec<_>>().join(".");
        let names = path.iter().chain(&["line1", "city"]).map(|name| (format!("#{name}"), Value::from(*name)));
        self.stack.table(
            "UpdateItem",
            json!({
                "Key": { "pk": { "S": pk }, "sk": { "S": sk } },
                "UpdateExpression": format!("SET {place}.#line1 = :none, {place}.#city = :none"),
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeNames": names.collect::<serde_json::Map<_, _>>(),
                "ExpressionAttributeValues": { ":none": { "S": "" } },
            }),
        )?;
        Ok(())
    }
}
