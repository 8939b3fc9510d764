// Words of the room `reviews`.
export const reviews = {
  home: {
    link: "Home",
    title: "Home",
    post: (label: string) => `You work here as ${label}.`,
  },
};
