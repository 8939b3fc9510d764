// A file to the presigned target that the API gave, with progress; `fetch` tells none.

export interface Target {
  url: string;
  /** Fields of the form, before the file. */
  fields: Record<string, string>;
}

export class UploadFailed extends Error {
  override readonly name = "UploadFailed";
}

export function upload(target: Target, file: File, onProgress: (percent: number) => void, signal?: AbortSignal): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(target.fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? Math.round((100 * loaded) / total) : 0));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new UploadFailed());
    });
    request.addEventListener("error", () => reject(new UploadFailed()));
    request.addEventListener("abort", () => reject(new UploadFailed()));
    signal?.addEventListener("abort", () => request.abort());
    request.open("POST", target.url);
    request.send(form);
  });
}
