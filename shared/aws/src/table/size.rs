//! What the service takes in one transaction and in one item, so that a write that is too large is told as that, and not
//! as a service that is away: it would be away for ever.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use super::{Attributes, Error, sort_key};

/// The most writes of one transaction.
pub(super) const MOST_WRITES: usize = 100;
/// The most bytes of one item, with a little left for what the service counts otherwise.
const MOST_BYTES: usize = 399 * 1024;
/// The most bytes of one transaction, with as much left.
const MOST_BYTES_IN_ALL: usize = 4000 * 1024;

/// Whether the service would take these writes.
///
/// # Errors
/// [`Error::TooLarge`] says what is too large; never with a value.
pub(super) fn check<'a>(writes: impl Iterator<Item = &'a TransactWriteItem>) -> Result<(), Error> {
    let (mut count, mut bytes) = (0, 0);
    for write in writes {
        count += 1;
        if let Some(put) = write.put() {
            bytes += check_item(put.item())?;
        }
        let values = write.update().and_then(|update| update.expression_attribute_values());
        bytes += values.map_or(0, of_item);
    }
    if count > MOST_WRITES {
        return Err(Error::TooLarge(format!("{count} writes in one transaction")));
    }
    if bytes > MOST_BYTES_IN_ALL {
        return Err(Error::TooLarge(format!("{bytes} bytes in one transaction")));
    }
    Ok(())
}

/// The size of an item that the service would take.
///
/// # Errors
/// [`Error::TooLarge`] names its kind.
pub(super) fn check_item(item: &Attributes) -> Result<usize, Error> {
    let bytes = of_item(item);
    if bytes <= MOST_BYTES {
        return Ok(bytes);
    }
    let kind = item.get("entity").and_then(|kind| kind.as_s().ok()).map_or_else(|| sort_key(item), String::as_str);
    Err(Error::TooLarge(format!("{bytes} bytes of {kind}")))
}

fn of_item(item: &Attributes) -> usize {
    item.iter().map(|(name, value)| name.len() + of(value)).sum()
}

/// As the developer guide counts (section "Item sizes and formats").
fn of(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number.len() / 2 + 2,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(all) => all.iter().map(String::len).sum(),
        AttributeValue::Ns(all) => all.iter().map(|number| number.len() / 2 + 2).sum(),
        AttributeValue::Bs(all) => all.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(all) => 3 + all.iter().map(|value| 1 + of(value)).sum::<usize>(),
        AttributeValue::M(all) => 3 + all.iter().map(|(name, value)| 1 + name.len() + of(value)).sum::<usize>(),
        // `Bool` and `Null` take one byte; a kind that is not known yet is not written here.
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::Put;

    use super::*;

    fn put(bytes: usize) -> TransactWriteItem {
        let text = |text: String| AttributeValue::S(text);
        let item = Attributes::from([
            ("entity".to_owned(), text("case".to_owned())),
            ("body".to_owned(), AttributeValue::M(Attributes::from([("t".to_owned(), text("x".repeat(bytes)))]))),
        ]);
        let put = Put::builder().table_name("t").set_item(Some(item)).build().ok();
        TransactWriteItem::builder().set_put(put).build()
    }

    /// REQ: OPS-04
    #[test]
    fn what_the_service_would_refuse_for_ever_is_told_before_it_is_sent() {
        let of = |writes: &[TransactWriteItem]| check(writes.iter()).map_err(|error| error.to_string());
        assert_eq!(of(&[put(390 * 1024)]), Ok(()));
        assert_eq!(of(&vec![put(10); 100]), Ok(()));
        assert!(of(&vec![put(10); 101]).unwrap_err().ends_with("101 writes in one transaction"));
        let large = of(&[put(410 * 1024)]).unwrap_err();
        assert!(large.ends_with("bytes of case") && !large.contains("xx"), "{large}");
        assert!(of(&vec![put(390 * 1024); 11]).unwrap_err().ends_with("bytes in one transaction"));
    }
}
