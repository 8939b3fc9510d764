// Files on their way: first the case awaits a document, then the file goes to the presigned target. They go on when their
// page is left; what is not there yet waits in memory only, for the same person.

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { api, body } from "../api/client";
import { Intent } from "../api/intent";
import { queries } from "../api/queries";
import { Refused, isRefused } from "../api/refused";
import { onSession } from "../api/session";
import type { Schemas } from "../api/types";
import { UploadFailed, upload as send } from "../ui/upload";

export interface Upload {
  id: string;
  file: File;
  documentType: string;
  request: string;
  percent: number;
  refused?: Refused | undefined;
  /** A try again is the same intent: the case awaits the document once. */
  intent: Intent;
  /** As the case awaits it, once it does: its row is that of the document. */
  awaited?: Awaited;
  /** Was announced with others: where it goes cannot be asked for once more. */
  announced?: true;
}

export type Awaited = Schemas["AwaitedDocument"];

/** A file that the case awaits. */
export type Announced = Pick<Upload, "file" | "documentType" | "request"> & { awaited: Awaited };

const NONE: readonly Upload[] = [];
const places = new Map<string, readonly Upload[]>();
const watchers = new Set<() => void>();

// Whoever signs out by choice is done.
onSession((session, end) => {
  if (!session && end === "signed-out") places.clear();
});

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The files of one person for one case. */
export class Uploads {
  private readonly place: string;
  private readonly of: string;

  constructor(owner: string, of: string) {
    this.place = `${owner} ${of}`;
    this.of = of;
  }

  readonly all = (): readonly Upload[] => places.get(this.place) ?? NONE;

  add(files: readonly File[], documentType: string, request: string): void {
    const fresh = files.map((file) => ({ id: crypto.randomUUID(), file, documentType, request, percent: 0, intent: new Intent() }));
    this.put([...this.all(), ...fresh]);
    for (const one of fresh) void this.run(one);
  }

  /** What the case awaits already goes on its way. */
  bring(files: readonly Announced[]): void {
    const fresh = files.map((one) => ({ ...one, id: crypto.randomUUID(), percent: 0, intent: new Intent(), announced: true as const }));
    this.put([...this.all(), ...fresh]);
    for (const one of fresh) void this.run(one);
  }

  again(one: Upload): void {
    this.change(one, { percent: 0, refused: undefined });
    void this.run(one);
  }

  drop({ id }: Upload): void {
    this.put(this.all().filter((one) => one.id !== id));
  }

  private async run(one: Upload): Promise<void> {
    const { file } = one;
    try {
      // A form that waited may have run out: each try asks for one of its own.
      const awaited = one.announced && one.awaited ? one.awaited : await this.announce(one);
      this.change(one, { awaited });
      await send(awaited.upload, file, (percent) => this.change(one, { percent }));
    } catch (thrown) {
      if (!isRefused(thrown) && !(thrown instanceof UploadFailed)) throw thrown;
      this.change(one, { refused: isRefused(thrown) ? thrown : Refused.unreachable() });
      return queries.invalidateQueries({ queryKey: ["case", this.of] });
    }
    // The list has its document before it loses the upload: no row goes and comes.
    await queries.invalidateQueries({ queryKey: ["case", this.of] });
    return this.drop(one);
  }

  private async announce({ file, documentType, request, intent }: Upload): Promise<Awaited> {
    const document = { request, documentType, fileName: file.name, bytes: file.size };
    const params = { path: { id: this.of } };
    return intent.again((header) => body(api.POST("/cases/{id}/documents", { params: { ...params, header }, body: document })));
  }

  private change({ id }: Upload, part: Partial<Upload>): void {
    const changed = (one: Upload): Upload => ({ ...one, ...part });
    this.put(this.all().map((one) => (one.id === id ? changed(one) : one)));
  }

  private put(uploads: readonly Upload[]): void {
    places.set(this.place, uploads);
    for (const watcher of watchers) watcher();
  }
}

export function useUploads(owner: string, of: string) {
  const kept = useMemo(() => new Uploads(owner, of), [owner, of]);
  const uploads = useSyncExternalStore(watch, kept.all);
  // Nobody was there when the session had ended: now somebody is.
  useEffect(() => {
    for (const one of kept.all()) if (isRefused(one.refused, "signed-out")) kept.again(one);
  }, [kept]);
  return { uploads, kept };
}
