//! What a client proves itself with when it asks for a token (RFC 7523, SMART Backend Services): a JWT signed with RS384 or
//! ES384 by one of its keys, for this endpoint, for at most five minutes, and used once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use portico_domain::{
    fhir::{ClientKey, PublicKey},
    id::ClientId,
};
use ring::signature;
use serde::Deserialize;

/// As far ahead as an assertion may end, in seconds.
const MOST_AHEAD: i64 = 300;
/// As far as the clocks of both sides may differ, in seconds.
const SKEW: i64 = 30;
/// As long as an assertion may be: the longest signature has 1,366 characters.
const LONGEST: usize = 4096;

/// An assertion as it was sent: nothing of it is believed yet.
#[derive(Debug)]
pub(super) struct Assertion<'a> {
    /// Who it says that it is of.
    pub(super) client: ClientId,
    header: Header,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What an assertion is used for, once it is believed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Proof {
    /// Its own name, which is used once.
    pub(super) jti: String,
    /// Until when nobody may use it again: after that it is refused for its age.
    pub(super) until: Timestamp,
}

#[derive(Deserialize, Debug)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize, Debug)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    jti: String,
    #[serde(default)]
    nbf: Option<i64>,
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn names(&self, endpoint: &str) -> bool {
        match self {
            Self::One(one) => one == endpoint,
            Self::Several(all) => all.iter().any(|one| one == endpoint),
        }
    }
}

impl<'a> Assertion<'a> {
    /// Reads an assertion; none when it has not the form of one.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&decoded(header)?).ok()?;
        let claims: Claims = serde_json::from_slice(&decoded(claims)?).ok()?;
        let client = claims.iss.parse().ok().filter(|_| claims.iss == claims.sub)?;
        Some(Self { client, header, claims, signed, signature: decoded(signature)? })
    }

    /// What it may be used for, where it is signed by one of these keys and holds now, at this endpoint.
    pub(super) fn proof(&self, keys: &[ClientKey], endpoint: &str, now: Timestamp) -> Option<Proof> {
        let Claims { aud, exp, jti, nbf, .. } = &self.claims;
        let now = now.as_second();
        let in_time = *exp > now - SKEW && *exp <= now + MOST_AHEAD + SKEW && nbf.is_none_or(|from| from <= now + SKEW);
        let named = (1..=200).contains(&jti.len());
        let key = keys.iter().find(|key| key.kid == self.header.kid)?;
        let until = Timestamp::from_second(exp.checked_add(SKEW + 1)?).ok()?;
        let believed =
            in_time && named && self.header.crit.is_none() && aud.names(endpoint) && self.is_signed_by(&key.public);
        believed.then(|| Proof { jti: jti.clone(), until })
    }

    fn is_signed_by(&self, key: &PublicKey) -> bool {
        // The key says which algorithm it is for, never the sender.
        if self.header.alg != key.algorithm() {
            return false;
        }
        let (message, signature) = (self.signed.as_bytes(), self.signature.as_slice());
        match key {
            PublicKey::Rsa { n, e } => {
                let numbers = hex::decode(n).ok().zip(hex::decode(e).ok());
                let verified = numbers.map(|(n, e)| {
                    let key = signature::RsaPublicKeyComponents { n, e };
                    key.verify(&signature::RSA_PKCS1_2048_8192_SHA384, message, signature).is_ok()
                });
                verified.unwrap_or(false)
            }
            PublicKey::P384 { point } => hex::decode(point).is_ok_and(|point| {
                let key = signature::UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point);
                key.verify(message, signature).is_ok()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
    };
    use serde_json::{Value, json};

    use super::*;

    const ENDPOINT: &str = "https://api.example/oauth/token";
    const CLIENT: &str = "cli_00000000000000000000000000000001";

    fn pair() -> (EcdsaKeyPair, ClientKey) {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P384_SHA384_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap();
        let point = hex::encode(pair.public_key().as_ref());
        (pair, ClientKey { kid: "a".to_owned(), public: PublicKey::P384 { point } })
    }

    fn now() -> Timestamp {
        "2026-05-11T14:00:00Z".parse().unwrap()
    }

    fn claims() -> Value {
        json!({ "iss": CLIENT, "sub": CLIENT, "aud": ENDPOINT, "exp": now().as_second() + 300, "jti": "one" })
    }

    fn signed(pair: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn proof(text: &str, keys: &[ClientKey]) -> Option<Proof> {
        Assertion::read(text)?.proof(keys, ENDPOINT, now())
    }

    #[test]
    fn an_assertion_is_believed_and_kept_until_it_is_too_old() {
        let (pair, key) = pair();
        let text = signed(&pair, &json!({ "alg": "ES384", "kid": "a", "typ": "JWT" }), &claims());
        let found = proof(&text, from_ref(&key)).unwrap();
        assert_eq!(found.jti, "one");
        assert_eq!(Assertion::read(&text).unwrap().proof(&[key], ENDPOINT, found.until), None);
        assert_eq!(Assertion::read(&text).unwrap().client.to_string(), CLIENT);
    }

    #[test]
    fn whatever_is_wrong_with_an_assertion_it_is_not_believed() {
        let (pair, key) = pair();
        let keys = [key];
        let good = json!({ "alg": "ES384", "kid": "a" });
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            signed(&pair, &good, &claims)
        };
        assert!(proof(&with("aud", json!(["https://other.example", ENDPOINT])), &keys).is_some());
        let at = now().as_second();
        for (name, value) in [
            ("iss", json!("cli_00000000000000000000000000000002")),
            ("sub", json!("cli_00000000000000000000000000000002")),
            ("iss", json!("jo.smith")),
            ("aud", json!("https://api.example/oauth/token/")),
            ("aud", json!([])),
            ("exp", json!(at - 31)),
            ("exp", json!(at + 331)),
            ("exp", json!(at + 86_400)),
            ("exp", json!("soon")),
            ("exp", json!(i64::MAX)),
            ("exp", Value::Null),
            ("nbf", json!(at + 60)),
            ("nbf", json!("later")),
            ("jti", json!("")),
            ("jti", Value::Null),
        ] {
            assert_eq!(proof(&with(name, value.clone()), &keys), None, "{name} {value}");
        }
        for header in [
            json!({ "alg": "none", "kid": "a" }),
            json!({ "alg": "RS384", "kid": "a" }),
            json!({ "alg": "HS384", "kid": "a" }),
            json!({ "alg": "ES384", "kid": "b" }),
            json!({ "alg": "ES384" }),
            json!({ "alg": "ES384", "kid": "a", "crit": ["exp"] }),
        ] {
            assert_eq!(proof(&signed(&pair, &header, &claims()), &keys), None, "{header}");
        }
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_by_this_key_alone() {
        let ((pair, key), (other, _)) = (pair(), self::pair());
        let header = json!({ "alg": "ES384", "kid": "a" });
        let text = signed(&pair, &header, &claims());
        assert_eq!(proof(&signed(&other, &header, &claims()), from_ref(&key)), None);
        let mut changed = claims();
        changed["jti"] = json!("two");
        let (first, signature) = (text.split_once('.').unwrap().0, text.rsplit_once('.').unwrap().1);
        let forged = format!("{first}.{}.{signature}", URL_SAFE_NO_PAD.encode(changed.to_string()));
        assert_eq!(proof(&forged, from_ref(&key)), None);
        for text in ["", "..", "a.b.c", &text[..text.len() - 4], &format!("{first}..{signature}"), &"x.".repeat(3000)] {
            assert_eq!(proof(text, from_ref(&key)), None, "{text}");
        }
    }
}
