import type { Words } from "../words";

export const cases: Words["cases"] = {
  home: {
    link: "Inicio",
    title: "Inicio",
    saved: "Solicitudes guardadas sin enviar",
    member: "Miembro",
    requesting: "Proveedor solicitante",
    status: "Estado",
    changed: "Último cambio",
    none: "No tiene solicitudes guardadas por enviar.",
  },
};
