import { defineConfig } from "vitest/config";

// Logic only: what is seen is tested in a browser.
export default defineConfig({
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "tests/*.test.ts"],
    reporters: ["default", ["json", { outputFile: "../target/portal/unit.json" }]],
  },
});
