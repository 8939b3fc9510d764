//! A client's set of public keys as it is uploaded (RFC 7517): those two kinds that SMART Backend Services signs with.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_domain::{
    fhir::{ClientKey, MOST_KEYS, PublicKey},
    field::{FieldErrors, Objection},
    wrong::Wrong,
};
use serde_json::Value;

use crate::form::fits;

/// An RSA key has from 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;
/// A number of the curve P-384.
const P384_BYTES: usize = 48;
/// As long as the name of a key may be.
const MOST_KID: usize = 200;

/// The keys of a set, or everything that is wrong with it.
pub(super) fn keys(errors: &mut FieldErrors, pointer: &str, set: Option<&Value>) -> Option<Vec<ClientKey>> {
    let list = set.and_then(|set| set.get("keys")).and_then(Value::as_array).filter(|list| !list.is_empty());
    let Some(list) = list else {
        let text = "Send a set of public keys: a JSON object with a list named keys, which has at least one.";
        errors.add(pointer, if set.is_none() { Objection::required() } else { Wrong::NotAPublicKey.says(text) });
        return None;
    };
    let all = format!("{pointer}/keys");
    if !fits(errors, &all, list, (MOST_KEYS, "keys")) {
        return None;
    }
    let mut keys: Vec<ClientKey> = Vec::new();
    let mut whole = true;
    for (place, sent) in list.iter().enumerate() {
        let wrong = match key(sent) {
            Ok(key) if keys.iter().any(|known| known.kid == key.kid) => {
                Wrong::Repeated.says("Two keys have the same kid.")
            }
            Ok(key) => {
                keys.push(key);
                continue;
            }
            Err(wrong) => wrong,
        };
        errors.add(format!("{all}/{place}"), wrong);
        whole = false;
    }
    whole.then_some(keys)
}

fn key(sent: &Value) -> Result<ClientKey, Objection> {
    if ["d", "p", "q", "k"].iter().any(|secret| sent.get(secret).is_some()) {
        let text =
            "This is a private key: nobody else may ever have it. Make a new pair, and send its public key alone.";
        return Err(Wrong::PrivateKey.says(text));
    }
    let text = |name: &str| sent.get(name).and_then(Value::as_str);
    let number = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let public = match text("kty") {
        Some("RSA") => {
            let n = number("n").filter(|n| RSA_BYTES.contains(&n.len()) && n.first() != Some(&0));
            let e = number("e").filter(|e| (1..=4).contains(&e.len()) && e.first() != Some(&0));
            n.zip(e).map(|(n, e)| PublicKey::Rsa { n: hex::encode(n), e: hex::encode(e) })
        }
        Some("EC") if text("crv") == Some("P-384") => {
            let (x, y) = (number("x"), number("y"));
            let both = x.zip(y).filter(|(x, y)| x.len() == P384_BYTES && y.len() == P384_BYTES);
            both.map(|(x, y)| PublicKey::P384 { point: format!("04{}{}", hex::encode(x), hex::encode(y)) })
        }
        Some(_) | None => None,
    };
    let kid =
        text("kid").filter(|kid| (1..=MOST_KID).contains(&kid.len()) && kid.bytes().all(|b| b.is_ascii_graphic()));
    let named = kid.zip(public).filter(|(_, public)| text("alg").is_none_or(|alg| alg == public.algorithm()));
    named.map(|(kid, public)| ClientKey { kid: kid.to_owned(), public }).ok_or_else(|| {
        Wrong::NotAPublicKey.says(
            "This is no public key with a kid that signs with RS384 (RSA of 2048 bits or more) or ES384 (EC on P-384).",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(set: &Value) -> (Option<Vec<ClientKey>>, Vec<(String, &'static str)>) {
        let mut errors = FieldErrors::none();
        let keys = keys(&mut errors, "/jwks", Some(set));
        (keys, errors.as_slice().iter().map(|error| (error.pointer.clone(), error.objection.wrong.code())).collect())
    }

    fn rsa(bytes: usize) -> Value {
        let n = URL_SAFE_NO_PAD.encode(vec![0xC5; bytes]);
        json!({ "kty": "RSA", "kid": "r", "use": "sig", "alg": "RS384", "n": n, "e": "AQAB" })
    }

    fn ec(change: &Value) -> Value {
        let number = URL_SAFE_NO_PAD.encode([7; 48]);
        let mut key = json!({ "kty": "EC", "crv": "P-384", "kid": "e", "x": number, "y": number });
        key.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        key
    }

    #[test]
    fn both_kinds_of_keys_are_taken_and_what_else_stands_in_a_set_is_passed_over() {
        let (keys, wrong) = read(&json!({ "keys": [rsa(256), ec(&json!({ "key_ops": ["verify"] }))], "more": 1 }));
        let keys = keys.unwrap();
        assert_eq!(wrong, []);
        assert_eq!((keys[0].public.algorithm(), keys[1].public.algorithm()), ("RS384", "ES384"));
        assert!(
            matches!(&keys[1].public, PublicKey::P384 { point } if point.len() == 194 && point.starts_with("0407"))
        );
    }

    #[test]
    fn each_key_that_cannot_be_used_is_told_at_its_place() {
        let weak = ec(&json!({ "crv": "P-256" }));
        let none = ec(&json!({ "kid": null }));
        let other = ec(&json!({ "alg": "ES256" }));
        let short = ec(&json!({ "x": "AQAB" }));
        for wrong in [rsa(128), weak, none, other, short, json!(7), json!({ "kty": "oct", "kid": "x" })] {
            let (keys, told) = read(&json!({ "keys": [rsa(256), wrong.clone()] }));
            assert_eq!((keys, told), (None, vec![("/jwks/keys/1".to_owned(), "not-a-public-key")]), "{wrong}");
        }
        assert_eq!(read(&json!({ "keys": [ec(&json!({ "d": "AQAB" }))] })).1[0].1, "private-key");
        assert_eq!(read(&json!({ "keys": [rsa(256), rsa(256)] })).1[0].1, "repeated");
        assert_eq!(read(&json!({ "keys": vec![rsa(256); 6] })).1, [("/jwks/keys".to_owned(), "too-many")]);
        for none in [json!({}), json!({ "keys": [] }), json!([]), json!("keys")] {
            assert_eq!(read(&none).1, [("/jwks".to_owned(), "not-a-public-key")], "{none}");
        }
        let mut errors = FieldErrors::none();
        assert_eq!(keys(&mut errors, "/jwks", None), None);
        assert_eq!(errors.as_slice()[0].objection.wrong.code(), "missing");
    }
}
