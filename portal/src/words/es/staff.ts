import type { Words } from "../words";

export const staff: Words["staff"] = {};
