// The room `staff`: what it gives to the portal.

import type { Room } from "../room";

export const staff: Room = {};
