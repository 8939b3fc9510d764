// What the agencies' own guides teach, step by step, under their names and in their order.

import { help } from "./help";
import { test } from "./portal";
import { training } from "./training";

test.use({ actionTimeout: 20_000 });

// REQ: UI-01
test.describe("the guides", () => {
  training();
  help();
});
