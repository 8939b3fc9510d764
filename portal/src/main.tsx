import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { loadConfig } from "./api/config";
import { queries } from "./api/queries";
import { loaded } from "./api/session";
import { router } from "./app/router";
import "./app/styles.css";
import "./app/print.css";
import { Speaking, wordsAtFirst } from "./words/words";

loaded();
await Promise.all([loadConfig(), wordsAtFirst()]);
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Speaking>
        <RouterProvider router={router()} />
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
);
