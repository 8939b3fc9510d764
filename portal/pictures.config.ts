import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Takes the pictures of `docs/portal` from the running stack: they are as old as the portal that they show. */
export default defineConfig({ ...base, testMatch: "pictures.ts", workers: 1, reporter: "list", use: { ...base.use, viewport: { width: 1200, height: 900 } } });
