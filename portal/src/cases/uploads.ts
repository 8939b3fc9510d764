// Files on their way: first the case awaits a document, then the file goes to the presigned target.

import { useCallback, useState } from "react";
import { api, body } from "../api/client";
import { Intent } from "../api/intent";
import { queries } from "../api/queries";
import { Refused, isRefused } from "../api/refused";
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
}

export function useUploads(of: string) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const change = useCallback(
    (id: string, part: Partial<Upload>) => setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one))),
    [],
  );
  const drop = useCallback(({ id }: Upload) => setUploads((all) => all.filter((one) => one.id !== id)), []);
  const run = useCallback(
    async (one: Upload) => {
      const { file, documentType, request, intent } = one;
      try {
        const document = { request, documentType, fileName: file.name, bytes: file.size };
        const params = { path: { id: of } };
        const awaited = await intent.send((header) => body(api.POST("/cases/{id}/documents", { params: { ...params, header }, body: document })));
        await send(awaited.upload, file, (percent) => change(one.id, { percent }));
        drop(one);
      } catch (thrown) {
        if (!isRefused(thrown) && !(thrown instanceof UploadFailed)) throw thrown;
        change(one.id, { refused: isRefused(thrown) ? thrown : Refused.unreachable() });
      }
      await queries.invalidateQueries({ queryKey: ["case", of] });
    },
    [of, change, drop],
  );
  const add = useCallback(
    (files: readonly File[], documentType: string, request: string) => {
      const fresh = files.map((file) => ({ id: crypto.randomUUID(), file, documentType, request, percent: 0, intent: new Intent() }));
      setUploads((all) => [...all, ...fresh]);
      for (const one of fresh) void run(one);
    },
    [run],
  );
  const again = useCallback(
    (one: Upload) => {
      change(one.id, { percent: 0, refused: undefined });
      void run(one);
    },
    [run, change],
  );
  return { uploads, add, again, drop };
}
