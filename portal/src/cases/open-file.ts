// Opens a letter or a document in a tab of its own. Its address is asked for first, and holds for some minutes only.

import { useMutation } from "@tanstack/react-query";
import { api, body } from "../api/client";

export type File = { of: string; letter: string } | { of: string; document: string };

/** Where the file is now. */
function addressOf(file: File): Promise<{ url: string }> {
  if ("letter" in file) return body(api.GET("/cases/{id}/letters/{letter}", { params: { path: { id: file.of, letter: file.letter } } }));
  return body(api.GET("/cases/{id}/documents/{document}", { params: { path: { id: file.of, document: file.document } } }));
}

export function useOpenFile() {
  return useMutation({
    mutationFn: async (file: File) => {
      // Opened at the click itself: later the browser would take it for an advertisement.
      const tab = window.open("about:blank", "_blank");
      try {
        const { url } = await addressOf(file);
        if (tab) {
          tab.opener = null;
          tab.location.replace(url);
        } else {
          window.location.assign(url);
        }
      } catch (thrown) {
        tab?.close();
        throw thrown;
      }
    },
  });
}
