//! Faxes the page with the code to the number that it proves (ACC-17).
//!
//! One call: whoever gets no page asks for another. The reports of it change nothing, so its reference says no more than what
//! it is.

use portico_aws::{Aws, clock, files::fax_code, secrets::sha256};
use portico_domain::{delivery::CODE_REFERENCE, id::Username};

use super::carrier::{FILE_LINK_VALID, Reply, fax, sender};
use crate::failure::{Failure, found};

/// Hands the page to the carrier, once for a code.
pub(super) async fn send(aws: &Aws, user: Username, nonce: String) -> Result<(), Failure> {
    let (table, config, now) = (aws.table(), aws.config(), clock::now());
    let Some(to) = table.fax_of_code(&user, &nonce, now).await? else {
        tracing::info!("another number was entered meanwhile, or the code came back");
        return Ok(());
    };
    let file = found(table.user_file(&user).await?, "user")?;
    let role = found(file.roles.first(), "part at a provider")?;
    let contract = found(table.contract(&role.contract, now).await?, "contract")?;
    let page = (config.documents_bucket.as_str(), fax_code(&nonce));
    let order = fax::Call {
        to: to.e164(),
        from: sender(&contract).e164(),
        media_url: aws.files().link_to_version((page.0, &page.1, None), FILE_LINK_VALID).await?,
        callback_url: format!("{}/carriers/fax/events", config.api_url),
        client_reference: CODE_REFERENCE.to_owned(),
    };
    let key = aws.secrets().get(&config.fax_secret).await?;
    match fax::call(&config.fax_url, &key, format!("code-{}", sha256(&nonce)), &order).await? {
        Reply::Taken(_) => tracing::info!("handed over"),
        Reply::Refused(status) => tracing::warn!(status, "the carrier refused a page with a code"),
    }
    Ok(())
}
