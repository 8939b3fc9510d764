//! A contract for tests: the real pack of Arkansas.

use super::Contract;

pub(crate) fn arkansas() -> Contract {
    let part = |name: &str| {
        let path = format!("{}/../../contracts/arkansas/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let pack = ["contract", "calendar", "codes", "letters"].map(part).join("\n");
    toml::from_str(&pack).unwrap()
}
