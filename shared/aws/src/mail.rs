//! SES: notices by e-mail. No PHI goes out this way (OPS-06).

use aws_sdk_sesv2::{
    Client,
    error::ProvideErrorMetadata,
    types::{Body, Content, Destination, EmailContent, Message},
};
use portico_domain::contact::Email;

/// E-mail from the contract's notices address.
#[derive(Debug)]
pub struct Mail {
    client: Client,
    from: String,
    configuration: Option<String>,
}

/// An e-mail that was not taken.
#[derive(Debug, thiserror::Error)]
#[error("an e-mail was not taken")]
pub struct MailError(#[source] Box<dyn std::error::Error + Send + Sync>, bool);

impl MailError {
    /// Whether it is this e-mail that SES will not take, and not any e-mail now.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.1
    }
}

impl Mail {
    pub(crate) fn new(client: Client, from: String, configuration: Option<String>) -> Self {
        Self { client, from, configuration }
    }

    /// Sends an e-mail in plain text and HTML.
    ///
    /// # Errors
    /// When SES does not take it.
    pub async fn send(&self, to: &Email, subject: &str, text: &str, html: &str) -> Result<(), MailError> {
        let part = |data: &str| Content::builder().data(data).charset("UTF-8").build();
        let failed = |error: aws_smithy_types::error::operation::BuildError| MailError(error.into(), false);
        let body = Body::builder().text(part(text).map_err(failed)?).html(part(html).map_err(failed)?).build();
        let message = Message::builder().subject(part(subject).map_err(failed)?).body(body).build();
        let send = self
            .client
            .send_email()
            .set_configuration_set_name(self.configuration.clone())
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .content(EmailContent::builder().simple(message).build());
        send.send().await.map_err(|error| {
            let refused = matches!(error.code(), Some("BadRequestException" | "MessageRejected"));
            MailError(error.into(), refused)
        })?;
        Ok(())
    }
}
