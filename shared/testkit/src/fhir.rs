//! A system of a provider that asks by FHIR: its key, its registration by a Contract Manager, its assertions and tokens.

use anyhow::{Context, Result, anyhow};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_aws::clock;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_FIXED_SIGNING as ES384, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::{
    clinic::Clinic,
    people::Person,
    portal::{Answer, Portal},
};

/// What assertions are signed with.
#[derive(Debug)]
pub struct SigningKey {
    pair: EcdsaKeyPair,
    /// Its name.
    pub kid: String,
}

impl SigningKey {
    /// A fresh one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(kid: &str) -> Result<Self> {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ES384, &random).map_err(|_| anyhow!("no key was made"))?;
        let pair = EcdsaKeyPair::from_pkcs8(&ES384, made.as_ref(), &random).map_err(|_| anyhow!("no key was read"))?;
        Ok(Self { pair, kid: kid.to_owned() })
    }

    /// The set with its public key.
    ///
    /// # Errors
    /// When it is no point of the curve.
    pub fn jwks(&self) -> Result<Value> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|both| both.split_at_checked(48)).context("no point")?;
        Ok(json!({ "keys": [{ "kty": "EC", "crv": "P-384", "kid": self.kid, "x": base64url(x), "y": base64url(y) }] }))
    }

    /// A JWT of these claims.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn sign(&self, claims: &Value) -> Result<String> {
        let header = json!({ "alg": "ES384", "typ": "JWT", "kid": self.kid });
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).map_err(|_| anyhow!("not signed"))?;
        Ok(format!("{text}.{}", base64url(signature.as_ref())))
    }
}

/// What a Contract Manager enters for a new system.
///
/// # Errors
/// When the key has no public part.
pub fn registration(name: &str, key: &SigningKey, (contracts, providers): (&[&str], &[&str])) -> Result<Value> {
    Ok(json!({
        "name": name, "contracts": contracts, "contact": "ehr@clinics.example",
        "providers": providers, "scopes": ["system/Claim.rs"], "jwks": key.jwks()?,
    }))
}

/// A registered system.
#[derive(Debug)]
pub struct System {
    /// Its client id.
    pub id: String,
    /// Its key.
    pub key: SigningKey,
    /// Where it asks, without a token.
    pub portal: Portal,
    endpoint: String,
}

impl System {
    /// Has a Contract Manager register a system that acts for these providers.
    ///
    /// # Errors
    /// When it is refused.
    pub fn registered(manager: &Person, name: &str, contracts: &[&str], providers: &[&str]) -> Result<Self> {
        let key = SigningKey::new("first")?;
        let form = registration(name, &key, (contracts, providers))?;
        let id = manager.portal.post("/staff/clients", &form).expect(201)?.text("/id")?;
        Self::known(manager.portal.with_token(None), id, key)
    }

    /// A system that was registered by hand.
    ///
    /// # Errors
    /// When the API does not say where tokens are given.
    pub fn known(portal: Portal, id: String, key: SigningKey) -> Result<Self> {
        let endpoint =
            portal.get("/fhir/pas/2.2/.well-known/smart-configuration").expect(200)?.text("/token_endpoint")?;
        Ok(Self { id, key, portal, endpoint })
    }

    /// Claims of an assertion that is believed.
    #[must_use]
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.id, "sub": self.id, "aud": self.endpoint, "exp": clock::now().as_second() + 240,
            "jti": clock::new_uuid().to_string(),
        })
    }

    /// Asks for a token with an assertion.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask(&self, assertion: &str, scope: &str) -> Result<Answer> {
        let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        let scope = scope.replace(' ', "+");
        let form = format!(
            "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}&scope={scope}"
        );
        let call = self.portal.post("/oauth/token", &Value::Null).text(form);
        call.header("Content-Type", "application/x-www-form-urlencoded").send()
    }

    /// Asks where requests stand, with a token.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn inquire(&self, token: &str, bundle: &Value) -> Result<Answer> {
        let portal = self.portal.with_token(Some(token.to_owned()));
        let call = portal.post("/fhir/pas/2.2/Claim/$inquire", bundle);
        call.header("Content-Type", "application/fhir+json").send()
    }

    /// A token for all that the system may.
    ///
    /// # Errors
    /// When it is refused.
    pub fn token(&self) -> Result<String> {
        self.ask(&self.key.sign(&self.claims())?, "")?.text("/access_token")
    }
}

/// An inquiry for all requests of the member whom a clinic treats.
#[must_use]
pub fn inquiry(clinic: &Clinic) -> Value {
    let member = &clinic.member;
    let number = member.number().map(ToString::to_string).unwrap_or_default();
    let to = |reference: &str| json!({ "reference": reference });
    let claim = json!({
        "resourceType": "Claim", "id": "i", "status": "active", "use": "preauthorization", "created": "2026-05-11",
        "patient": to("Patient/p"), "insurer": to("Organization/payer"), "provider": to("Organization/clinic"),
        "insurance": [{ "sequence": 1, "focal": true, "coverage": to("Coverage/c") }],
    });
    let npi = json!([{ "system": "http://hl7.org/fhir/sid/us-npi", "value": clinic.number() }]);
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
        "identifier": { "system": "https://ehr.example/inquiries", "value": "I-1" },
        "entry": [
            entry("Claim/i", &claim),
            entry("Patient/p", &json!({
                "resourceType": "Patient", "id": "p", "birthDate": member.birth_date,
                "name": [{ "family": member.last_name, "given": [member.first_name] }],
            })),
            entry("Coverage/c", &json!({ "resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": number })),
            entry("Organization/payer", &json!({ "resourceType": "Organization", "id": "payer", "name": "The plan" })),
            entry("Organization/clinic", &json!({ "resourceType": "Organization", "id": "clinic", "identifier": npi, "name": "The clinic" })),
        ],
    })
}

fn entry(address: &str, resource: &Value) -> Value {
    json!({ "fullUrl": format!("https://ehr.example/fhir/{address}"), "resource": resource })
}

/// As it stands in a JWT.
fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
