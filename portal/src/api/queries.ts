// How reads are kept. Writes are never repeated by themselves.

import { QueryClient } from "@tanstack/react-query";
import { isRefused } from "./refused";
import { onSession } from "./session";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, thrown) => count < 3 && isRefused(thrown) && thrown.passes,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 8000),
    },
    mutations: { retry: false },
  },
});

// What one person read is not left for the next one.
onSession((session) => {
  if (!session) queries.clear();
});
