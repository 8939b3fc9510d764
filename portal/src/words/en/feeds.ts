// Words of the room `feeds`.
export const feeds = {};
