import { useCallback } from "react";
import { api } from "../api/client";
import { isRefused } from "../api/refused";
import { saveAll } from "../api/saves";
import { end } from "../api/session";
import { at, type Door } from "../api/types";

/** Signs out at the server and in all tabs, after what is open was saved. */
export function useSignOut(door: Door): () => Promise<void> {
  return useCallback(async () => {
    await saveAll();
    try {
      await api.DELETE(at(door, "/sessions"));
    } catch (thrown) {
      // Without an answer the session ends here all the same; the server ends its part when nothing is called.
      if (!isRefused(thrown)) throw thrown;
    }
    end("signed-out");
  }, [door]);
}
