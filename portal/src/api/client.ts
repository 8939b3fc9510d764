// The API, typed by its own document. Every refusal is thrown as `Refused`.

import createClient, { type Middleware } from "openapi-fetch";
import { config } from "./config";
import { Refused, isRefused } from "./refused";
import type { paths } from "./schema.gen";
import { accessToken, end } from "./session";

const guard: Middleware = {
  async onRequest({ request }) {
    const token = await accessToken();
    const headers = new Headers(request.headers);
    if (token) headers.set("authorization", `Bearer ${token}`);
    const { method, signal, cache } = request;
    // Read, not passed on: a stream is sent over HTTP/2 only.
    const content = request.body ? await request.text() : null;
    // The address is known only after the configuration was read. It may have a path of its own.
    return new Request(config().api + request.url.slice(HERE.length), { method, signal, cache, headers, body: content });
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const refused = await Refused.of(response);
    if (isRefused(refused, "signed-out")) end("ended");
    throw refused;
  },
  onError({ error }) {
    return error instanceof Refused ? error : Refused.unreachable();
  },
};

/** Stands for the API until a call is sent. */
const HERE = "https://api.invalid";

export const api = createClient<paths>({
  baseUrl: HERE,
  // `fetch` as it is at the call, not as it was at the import.
  fetch: (request) => globalThis.fetch(request),
});
api.use(guard);

interface Answer<T> {
  data?: T;
  response: Response;
}

/** The body of a success; a refusal was thrown before. */
export async function body<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data } = await call;
  return data as NonNullable<T>;
}

/** A body with the version that an edit of it names. */
export interface Versioned<T> {
  value: T;
  /** For `If-Match`. */
  version: string;
}

export async function versioned<T>(call: Promise<Answer<T>>): Promise<Versioned<NonNullable<T>>> {
  const { data, response } = await call;
  return { value: data as NonNullable<T>, version: response.headers.get("etag") ?? "" };
}

/** The header of an edit. */
export function ifMatch(version: string): { "If-Match": string } {
  return { "If-Match": version };
}
