// A system that asks by FHIR, as forms hold it.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { Refused, isRefused } from "../api/refused";
import type { Schemas } from "../api/types";

export type System = Schemas["ClientView"];
export type Scope = Schemas["ClientScope"];

export const SCOPES = ["system/Claim.rs", "system/Claim.c", "system/Questionnaire.rs", "system/DocumentReference.c", "system/Subscription.cruds"] as const satisfies readonly Scope[];

export function systemQuery(id: string) {
  return queryOptions({ queryKey: ["system", id], queryFn: () => body(api.GET("/staff/clients/{id}", { params: { path: { id } } })) });
}

/** What a set holds is the API's to judge: its document says no more than that it is an object. */
type Keys = Schemas["NewClient"]["jwks"];

/** A set of keys as it was pasted; what is no JSON goes as an empty one, and the API says what it wants. */
export function keysOf(text: string): Keys {
  try {
    return JSON.parse(text) as Keys;
  } catch {
    return {};
  }
}

/** The keys are one field: what is wrong with any of them stands there. */
export async function atFields<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (!isRefused(thrown)) throw thrown;
    const errors = thrown.errors.map((error) => (error.pointer.startsWith("/jwks/") ? { ...error, pointer: "/jwks" } : error));
    const { status, title, detail, state } = thrown;
    throw new Refused({ status, title, detail, errors, ...(state ? { state } : {}) }, thrown.kind, thrown.retryAfter);
  }
}
