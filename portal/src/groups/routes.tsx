// The room `groups`: what it gives to the portal.

import type { Room } from "../room";

export const groups: Room = {};
