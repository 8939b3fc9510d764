// Words of the room `groups`.
export const groups = {};
