import type { Words } from "../words";

export const actions: Words["cases"]["actions"] = {
  title: "Acciones",
  selecting: "Elegir la solicitud",
  select: "Elija la solicitud que corresponda",
  next: "Siguiente",
  of: {
    information: "Información clínica adicional",
    reconsideration: "Reconsideración",
    appeal: "Apelación",
    revision: "Modificación de la autorización",
    extension: "Prórroga",
    "peer-to-peer": "Conversación entre médicos",
    hearing: "Audiencia estatal imparcial",
    withdraw: "Retirar una solicitud",
  },
};
