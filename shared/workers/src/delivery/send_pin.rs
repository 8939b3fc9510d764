//! Speaks a PIN to a phone number: the second factor of a sign-in, or the proof of a new number (ACC-11, ACC-17).
//!
//! The number stands in the table for as long as the PIN works; a message that comes later calls nobody. The PIN is made
//! anew from its nonce, so neither queue nor table holds it.

use portico_aws::{Aws, clock, links::pin};
use portico_domain::events::task::{Message, Task};

use crate::{
    delivery::carrier::{
        Reply,
        voice::{self, Call},
    },
    failure::Failure,
};

/// Hands the call to the carrier; delivered twice, it is one call under one key.
///
/// # Errors
/// When something cannot be loaded, or the carrier does not take it now.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::PinCall { nonce, .. } = message.task else { return Err(Failure::WrongQueue) };
    let Some(number) = aws.table().pin_call(&nonce, clock::now()).await? else {
        tracing::info!("the PIN works no more: nobody is called");
        return Ok(());
    };
    let (tokens, key) = (&aws.config().token_secret, &aws.config().voice_secret);
    let (tokens, key) = futures::join!(aws.secrets().ring(tokens), aws.secrets().get(key));
    let reference = message.event.to_string();
    let call = Call { to: number.e164(), say: spoken(&pin(&tokens?, &nonce)), reference: reference.clone() };
    match voice::call(&aws.config().voice_url, &key?, reference, &call).await? {
        Reply::Taken(_) => {}
        // The number itself is at fault. Whoever waits for the call asks for another one, or chooses another factor.
        Reply::Refused(status) => tracing::warn!(status, "the carrier will not call a number"),
    }
    Ok(())
}

/// Digit by digit and twice, so that it can be written down.
fn spoken(pin: &str) -> String {
    let digits = pin.chars().map(String::from).collect::<Vec<_>>().join(", ");
    format!(
        "This is the prior authorization portal. Your PIN is: {digits}. Once more: {digits}. If you did not ask for a \
         PIN, hang up and tell support."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{batch::tests::messages, delivery::carrier::tests::block_on, lambda::tests::aws};

    /// REQ: ACC-11, OPS-06
    #[test]
    fn a_pin_is_spoken_digit_by_digit_and_twice() {
        assert_eq!(spoken("012345").matches("0, 1, 2, 3, 4, 5").count(), 2);
    }

    /// REQ: ACC-11
    #[test]
    fn a_message_names_its_user_and_the_nonce_but_neither_number_nor_pin() {
        let text = include_str!("../../../../events/send-pin/call.json");
        let message = messages::<Message>(text).remove(0);
        assert!(matches!(message.task, Task::PinCall { .. }), "{message:?}");
        let other = messages::<Message>(include_str!("../../../../events/send-notice/invited.json")).remove(0);
        assert!(matches!(block_on(handle(&aws(), other)), Err(Failure::WrongQueue)));
    }
}
