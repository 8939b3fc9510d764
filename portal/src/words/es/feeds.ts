import type { Words } from "../words";

export const feeds: Words["feeds"] = {};
