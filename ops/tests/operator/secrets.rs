use std::fs;

use portico_aws::{Aws, Config, clock};
use portico_testkit::{seeding::World, stack::root};
use serde_json::{Value, json};

use crate::program::{ops, ops_with, with};

/// What the voice carrier says to an order with this key.
fn order(world: &World, key: &str) -> u16 {
    let call = json!({ "to": "+15015550100", "say": "Nothing.", "reference": "ops" });
    let answer = ureq::post(format!("{}/voice/v1/calls", world.stack.carriers_url))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {key}"))
        .header("Idempotency-Key", clock::new_nonce().unwrap())
        .send_json(call);
    answer.unwrap().status().as_u16()
}

/// The operator sets the key here, the carrier knows it from its own side: what functions read is taken, and the key
/// before is not shown by anything.
///
/// REQ: OPS-08, OPS-06
#[test]
fn a_carriers_new_key_is_what_functions_read_and_nothing_shows_it() {
    let world = World::open().unwrap();
    let standing = ops(&["secrets", "list", "--json"]).done().json();
    assert!(standing.as_array().unwrap().iter().all(|key| key["set"] == true), "{standing}");

    // As functions do: an operator sets keys and reads none.
    let read = || {
        let function = Aws::new(Config::read(|name| world.stack.variable(name)).unwrap());
        with(async |_| function.secrets().get(&function.config().voice_secret).await.unwrap())
    };
    // The carrier takes both while the keys are exchanged, as carriers do.
    let path = root().join("target/engine/keys.json");
    let mut keys: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let before = read().expose().to_owned();
    let key = format!("new-{}", clock::new_nonce().unwrap());
    keys["voice"] = json!([key, before]);
    fs::write(path.with_extension("part"), keys.to_string()).unwrap();
    fs::rename(path.with_extension("part"), &path).unwrap();

    ops_with(&["secrets", "set", "voice"], &key).refused("nobody is here to agree");
    ops_with(&["secrets", "set", "voice", "--yes"], "\n").refused("nothing was given");
    ops_with(&["secrets", "set", "voice", "--yes"], "short\n").refused("a key has 16 to 4096");
    with(async |operator| {
        let refused = operator.aws.secrets().get(&operator.aws.config().voice_secret).await.map(|_| ()).unwrap_err();
        assert!(format!("{refused:?}").contains("AccessDenied"), "{refused:?}");
    });
    assert_eq!(read().expose(), before);
    let set = ops_with(&["secrets", "set", "voice", "--yes"], &format!("{key}\n")).done();
    assert!(set.out.contains("within five minutes") && !format!("{set:?}").contains(&key), "{set:?}");
    assert_eq!(read().expose(), key);
    assert_eq!((order(&world, read().expose()), order(&world, "another-key-of-nobody")), (201, 401));

    let history = ops(&["history"]).done();
    assert!(history.out.contains("secrets set  voice  arn:aws"), "{history:?}");
    let all = format!("{history:?}{:?}", ops(&["secrets", "list", "--json"]).done());
    assert!(!all.contains(&key) && !all.contains(&before));
}
