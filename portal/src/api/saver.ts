// Saves what a form has, one save at a time, against the version that the values were made from.

import { isRefused } from "./refused";

/** Values of a form and the version that they come from. */
export interface Base<V> {
  values: V;
  version: number;
}

/** Somebody else saved the same in the meantime; nothing was overwritten. */
export class Conflict<V> extends Error {
  override readonly name = "Conflict";
  readonly theirs: Base<V>;

  constructor(theirs: Base<V>) {
    super("conflict");
    this.theirs = theirs;
  }
}

interface Server<V> {
  /** Saves and gives what is stored then; refused as `stale` when it is not the version that is stored. */
  put: (values: V, version: number) => Promise<Base<V>>;
  read: () => Promise<Base<V>>;
  same: (one: V, other: V) => boolean;
}

export class Saver<V> {
  /** The values as they were typed when the server took them. */
  base: Base<V>;
  /** The same as the server words them: a fax number gets its hyphens. */
  private stored: V;
  private readonly server: Server<V>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(server: Server<V>, base: Base<V>) {
    this.server = server;
    this.base = base;
    this.stored = base.values;
  }

  /** Goes on from what the server has, whoever saved it. */
  rebase(base: Base<V>): void {
    this.base = base;
    this.stored = base.values;
  }

  /** Whether the server has these values. */
  has(values: V): boolean {
    return this.server.same(values, this.base.values);
  }

  /** Whether these are what the server has, as they were typed or as it words them. */
  knows(values: V): boolean {
    return this.has(values) || this.server.same(values, this.stored);
  }

  /** Another step of the case was saved. */
  follow(version: number): void {
    this.base.version = version;
  }

  /** After all saves before it. */
  save(values: V): Promise<void> {
    const next = this.last.then(() => this.attempt(values, 3));
    this.last = next.catch(() => undefined);
    return next;
  }

  private async attempt(values: V, tries: number): Promise<void> {
    if (this.has(values)) return;
    try {
      const saved = await this.server.put(values, this.base.version);
      this.base = { values, version: saved.version };
      this.stored = saved.values;
    } catch (thrown) {
      if (!isRefused(thrown, "stale") || tries <= 1) throw thrown;
      const now = await this.server.read();
      const mineArrived = this.server.same(now.values, values);
      const untouched = this.server.same(now.values, this.stored);
      if (mineArrived) {
        // An earlier answer got lost on its way.
        this.rebase(now);
      } else if (untouched) {
        this.follow(now.version);
        await this.attempt(values, tries - 1);
      } else {
        throw new Conflict(now);
      }
    }
  }
}
