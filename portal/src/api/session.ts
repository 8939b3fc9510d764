// Who is signed in. The access token lives in this module and nowhere else; the refresh token in the storage of the tab,
// so that a reload does not sign out. Tabs that came from one sign-in share the session: they tell each other what changes.

import { config } from "./config";
import { isMarked, mark, unmark } from "./marks";
import { Refused, isRefused } from "./refused";
import { type Door, type SignedIn, at } from "./types";

export interface Session {
  /** Made at sign-in; the same in all tabs that share it. */
  id: string;
  door: Door;
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since the epoch, as all times here. */
  accessUntil: number;
  idleMinutes: number;
  /** When it ends in any case. */
  endsAt: number;
}

/** Why a session is no more. */
export type End = "signed-out" | "idle" | "ended";

type Kept = Pick<Session, "id" | "door" | "refreshToken" | "endsAt">;
type Told =
  | { kind: "session"; session: Session; at: number }
  | { kind: "end"; id: string; end: End }
  | { kind: "active"; id: string; at: number }
  | { kind: "who"; door: Door };

const KEPT = "portico.session";
const RENEW_BEFORE = 30_000;

let current: Session | undefined;
let lastActive = 0;
let lastCall = 0;
let renewal: Promise<Session> | undefined;
/** The door at which this tab waits for another tab's session. */
let asked: Door | undefined;
const listeners = new Set<(session: Session | undefined, end: End | undefined) => void>();
const tabs = new BroadcastChannel("portico.session");

export function session(): Session | undefined {
  return current;
}

/** Called at each change; gives the way to stop. */
export function onSession(listener: (session: Session | undefined, end: End | undefined) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function begin(door: Door, answer: SignedIn, before?: Kept): Session {
  const now = Date.now();
  const begun: Session = {
    id: before?.id ?? crypto.randomUUID(),
    door,
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken ?? before?.refreshToken ?? "",
    accessUntil: now + answer.expiresIn * 1000,
    idleMinutes: answer.idleMinutes,
    endsAt: before?.endsAt ?? now + answer.absoluteHours * 3_600_000,
  };
  // A call that a page makes by itself keeps nobody's session; to load a page is to do something.
  if (!before || lastActive === 0) lastActive = now;
  lastCall = now;
  take(begun);
  tell(begun);
  return begun;
}

/** Ends it here and in all other tabs. What the server keeps is ended by the sign-out call, before. */
export function end(why: End): void {
  const id = current?.id ?? kept()?.id;
  if (!id) return;
  drop(why);
  tabs.postMessage({ kind: "end", id, end: why } satisfies Told);
}

/** Somebody works here: no tab is idle. */
export function active(): void {
  if (!current) return;
  const now = Date.now();
  // Every key press would be too often for the other tabs.
  if (now - lastActive < 1000) return;
  lastActive = now;
  tabs.postMessage({ kind: "active", id: current.id, at: now } satisfies Told);
  // The server counts calls, not key presses: a long text must not outlive its session.
  if (now - lastCall > (current.idleMinutes * 60_000) / 3) void renew().catch(() => undefined);
}

export function idleSince(): number {
  return lastActive;
}

/** The token for a call, renewed when it is about to end. */
export async function accessToken(): Promise<string | undefined> {
  if (current && current.accessUntil - Date.now() > RENEW_BEFORE) {
    lastCall = Date.now();
    return current.accessToken;
  }
  if (!current && !kept()) return undefined;
  return (await renew()).accessToken;
}

/** A page that is loaded anew has its session still, also while it renews it: a tab that is opened meanwhile waits for it. */
export function loaded(): void {
  const has = kept();
  if (has) mark(has.door);
}

/** After a reload, or in a tab that was opened by another one: goes on with what there is. */
export async function resume(door: Door): Promise<Session | undefined> {
  const has = current ?? kept();
  // Whoever came by the other door is nobody here.
  if (has && has.door !== door) return undefined;
  if (current) return current;
  if (has) {
    return renew().catch((thrown: unknown) => {
      if (isRefused(thrown) && thrown.passes) throw thrown;
      return undefined;
    });
  }
  return (await isMarked(door)) ? askOtherTabs(door) : undefined;
}

/** One renewal at a time, over all tabs: a refresh token works once. */
export function renew(): Promise<Session> {
  renewal ??= renewAlone().finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function renewAlone(): Promise<Session> {
  const wanted = current?.refreshToken;
  return navigator.locks.request("portico.renewal", async () => {
    // Another tab may have renewed it while this one waited for its turn.
    if (current && wanted && current.refreshToken !== wanted) return current;
    const before = kept();
    if (!before) throw new Refused({ status: 401 }, "signed-out");
    return await refresh(before);
  });
}

async function refresh(before: Kept): Promise<Session> {
  const response = await fetch(config().api + at(before.door, "/sessions/refresh"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refreshToken: before.refreshToken }),
  }).catch(() => {
    throw Refused.unreachable();
  });
  if (!response.ok) {
    const refused = await Refused.of(response);
    if (response.status === 401) end("ended");
    throw refused;
  }
  const answer = (await response.json()) as SignedIn;
  return begin(before.door, answer, before);
}

/** There is one that answers, but a tab behind others is slow. */
function askOtherTabs(door: Door): Promise<Session | undefined> {
  asked = door;
  return new Promise<Session | undefined>((resolve) => {
    const answered = () => {
      stop();
      asked = undefined;
      resolve(current);
    };
    const stop = onSession(answered);
    setTimeout(answered, 3000);
    tabs.postMessage({ kind: "who", door } satisfies Told);
  });
}

function tell(shared: Session): void {
  tabs.postMessage({ kind: "session", session: shared, at: lastActive } satisfies Told);
}

function take(next: Session): void {
  current = next;
  mark(next.door);
  const { id, door, refreshToken, endsAt } = next;
  sessionStorage.setItem(KEPT, JSON.stringify({ id, door, refreshToken, endsAt } satisfies Kept));
  for (const listener of listeners) listener(next, undefined);
}

function drop(why: End): void {
  current = undefined;
  unmark();
  sessionStorage.removeItem(KEPT);
  for (const listener of listeners) listener(undefined, why);
}

function kept(): Kept | undefined {
  const text = sessionStorage.getItem(KEPT);
  return text ? (JSON.parse(text) as Kept) : undefined;
}

tabs.addEventListener("message", ({ data }: MessageEvent<Told>) => {
  const id = current?.id ?? kept()?.id;
  if (data.kind === "who") {
    if (current?.door === data.door) tell(current);
  } else if (data.kind === "session") {
    if (id ? id === data.session.id : asked === data.session.door) {
      lastActive = Math.max(lastActive, data.at);
      lastCall = Date.now();
      take(data.session);
    }
  } else if (id === data.id) {
    if (data.kind === "end") drop(data.end);
    else lastActive = Math.max(lastActive, data.at);
  }
});
