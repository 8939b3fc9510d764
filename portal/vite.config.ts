import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import purge from "@fullhuman/postcss-purgecss";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
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

/** `config.json` for the stack that runs on this machine, whose record names its API; as it stands where none does. */
function local(): string {
  const config = JSON.parse(readFileSync("public/config.json", "utf8")) as object;
  try {
    const { apiUrl } = JSON.parse(readFileSync("../target/engine/stack.json", "utf8")) as { apiUrl: string };
    return JSON.stringify({ ...config, api: apiUrl }, null, 2);
  } catch {
    return JSON.stringify(config, null, 2);
  }
}

/** So that `npm run dev`, and a build made by hand, speak to it; whoever deploys writes the file anew. */
const stack: Plugin = {
  name: "stack",
  configureServer: ({ middlewares }) => {
    middlewares.use("/config.json", (_, answer) => {
      answer.setHeader("content-type", "application/json");
      answer.end(local());
    });
  },
  writeBundle: ({ dir = "dist" }) => writeFileSync(join(dir, "config.json"), local()),
};

/** What of our own the sign-in page needs, and all others too. */
const OURS = /[\\/]src[\\/](words[\\/](en[\\/](accounts|all|app|people|ui|wrong)\\.|words)|api[\\/](session|refused|marks|config|client|profile|queries|saves)\.|ui[\\/](form|field|error-summary|pointers|wrong|refusal|alert|button|title|loading|nothing-here|dialog|step-in-history)\.)/;

export default defineConfig(({ command, isPreview }) => ({
  plugins: [react(), stack],
  // One name for this machine: CORS of the local engine allows this origin.
  server: { host: "localhost", port: 5173, strictPort: true },
  preview: { host: "localhost", port: 5173, strictPort: true, headers: isPreview ? served() : {} },
  // The content policy forbids what would be inlined.
  build: {
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2022",
    // What every page needs is two files, others' and ours: they compress better than the dozen that sharing between rooms makes of it.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "frame", test: /[\\/]node_modules[\\/](react|react-dom|scheduler|react-router|@tanstack|openapi-fetch|react-hook-form)[\\/]/ },
            { name: "portal", test: OURS },
          ],
        },
      },
    },
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
