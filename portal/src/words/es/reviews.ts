import type { Words } from "../words";

export const reviews: Words["reviews"] = {
  home: {
    link: "Inicio",
    title: "Inicio",
    post: (label) => `Usted trabaja aquí como ${label}.`,
  },
};
