//! Writes the page with the code that proves a new fax number (ACC-17): letters go to the number only when the code has come
//! back. Who has no fax machine there never sees it.

use portico_aws::{Aws, clock, files::fax_code, links::pin, table::Transaction};
use portico_domain::{
    contracts::Contract,
    events::{About, Actor, EventKind},
    id::Username,
};
use portico_letters::CodePage;

use crate::failure::{Failure, found};

/// Writes the page and has it faxed. Written twice it is the same, and the carrier takes it once.
pub(super) async fn write(aws: &Aws, user: Username, nonce: String) -> Result<(), Failure> {
    let (table, now) = (aws.table(), clock::now());
    if table.fax_of_code(&user, &nonce, now).await?.is_none() {
        tracing::info!("another number was entered meanwhile, or the code came back");
        return Ok(());
    }
    let file = found(table.user_file(&user).await?, "user")?;
    let contract = match file.roles.first() {
        Some(role) => table.contract(&role.contract, now).await?,
        None => None,
    };
    let tokens = aws.secrets().ring(&aws.config().token_secret).await?;
    let image =
        page(&user, pin(&tokens, &nonce), contract.as_deref(), &aws.config().portal_url).fax().map_err(|error| {
            tracing::error!(cause = %error, "a page with a code cannot be set");
            Failure::Missing("page that can be set")
        })?;
    aws.files().write(&aws.config().documents_bucket, &fax_code(&nonce), "image/tiff", image).await?;
    let mut transaction = Transaction::new();
    transaction.event(table, About::User(user), Actor::System, EventKind::FaxCodeWritten { nonce }, now)?;
    Ok(table.commit(transaction).await?)
}

fn page(user: &Username, code: String, contract: Option<&Contract>, portal: &str) -> CodePage {
    let support = contract.map(Contract::support_sentence);
    let ask = "If nobody here has asked for it, throw this page away: nothing will be faxed to this number.".to_owned();
    CodePage {
        title: "Confirm your fax number".to_owned(),
        before: vec![format!(
            "This fax number was entered in the portal for prior authorization requests at {portal}, for the account {user}. To have letters faxed here, enter this code in the profile of the account:"
        )],
        code,
        after: [ask].into_iter().chain(support).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_code_and_says_what_it_is_for() {
        let page = page(&"jo.smith".parse().unwrap(), "012345".to_owned(), None, "https://portal.example");
        assert_eq!(page.code, "012345");
        let text = [page.before.concat(), page.after.concat()].concat();
        assert!(text.contains("jo.smith") && text.contains("https://portal.example") && !text.contains("012345"));
        assert!(page.fax().is_ok());
    }
}
