import type { Words } from "../words";

export const app: Words["app"] = {
  skip: "Ir al contenido principal",
  signOut: "Cerrar sesión",
  links: "Principal",
  support: (contract) => `Ayuda para ${contract}:`,
};
