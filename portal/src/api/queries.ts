// How reads are kept. Writes are never repeated by themselves.

import { QueryClient } from "@tanstack/react-query";
import { isRefused } from "./refused";
import { onSession } from "./session";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Without a network a call fails and says so: a page that waits in silence says nothing.
      networkMode: "always",
      retry: (count, thrown) => count < 3 && isRefused(thrown) && thrown.passes,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 8000),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

// What one person read is not left for the next one.
onSession((session) => {
  if (!session) queries.clear();
});
