import { readFileSync } from "node:fs";
import purge from "@fullhuman/postcss-purgecss";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { headers } from "./headers";

/** What is served: `config.json` beside the built page names the API, and the policy allows it alone. */
function served(): Record<string, string> {
  try {
    const config = JSON.parse(readFileSync("dist/config.json", "utf8")) as { api: string; documents?: string };
    return headers(new URL(config.api).origin, new URL(config.documents ?? config.api).origin);
  } catch {
    // Not built yet: nothing is served either.
    return {};
  }
}

export default defineConfig(({ command, isPreview }) => ({
  plugins: [react()],
  // One name for this machine: CORS of the local engine allows this origin.
  server: { host: "localhost", port: 5173, strictPort: true },
  preview: { host: "localhost", port: 5173, strictPort: true, headers: isPreview ? served() : {} },
  // The content policy forbids what would be inlined.
  build: {
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2022",
    // What every page needs is one file: it compresses better than the dozen that sharing between rooms makes of it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "frame", test: /[\\/]node_modules[\\/](react|react-dom|scheduler|react-router|@tanstack|openapi-fetch|react-hook-form)[\\/]/ }] } } },
  },
  css: {
    postcss: {
      plugins:
        command === "build"
          ? [
              purge({
                content: ["index.html", "src/**/*.tsx"],
                fontFace: true,
                // React writes them in another case, or at run time: their rules stay, the focus ring among them. `class` stands
                // in [class*=__label], by which a choice is seen to be chosen.
                dynamicAttributes: ["tabindex", "contenteditable", "hidden", "disabled", "readonly", "type", "href", "open",
                  "aria-disabled", "aria-invalid", "aria-sort", "aria-current", "aria-selected", "aria-expanded", "role", "lang", "class"],
              }),
            ]
          : [],
    },
  },
}));
