// Systems that ask by FHIR, as stories need them.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { Caller } from "./office";

/** A set with a fresh public key, as a maker of systems hands it over. */
export function keys(kid: string): { keys: object[] } {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  return { keys: [{ ...publicKey.export({ format: "jwk" }), kid }] };
}

/** A system of one contract, added by somebody who manages it. */
export async function system(by: Caller, contract: string): Promise<string> {
  const what = { contracts: [contract], contact: "ehr@clinics.example", providers: ["1234567893"], scopes: ["system/Claim.rs"] };
  const { id } = await by.make<{ id: string }>("/staff/clients", { ...what, name: `River EHR ${randomUUID().slice(0, 8)}`, jwks: keys("first") });
  return id;
}
