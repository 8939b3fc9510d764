// Words of the room `staff`.
export const staff = {};
