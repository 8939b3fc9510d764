import type { Words } from "../words";

export const followed: Words["requests"]["followed"] = {
  title: (of) => `Esto sigue a ${of}`,
  decided: (of) => `${of} se decidió`,
  said: "Lo que se dijo con ella",
  before: "Autorizado antes",
  nothing: "nada",
  amount: (units) => (units === 1 ? "1 unidad" : `${units} unidades`),
  removed: (count) => (count === 1 ? "Una línea deja de autorizarse." : `${count} líneas dejan de autorizarse.`),
  servicing: "Lo prestará",
  hadAPart: "Usted participó en la decisión de la que trata esta solicitud. La decide otro revisor.",
};

/** Why something may not follow, by the API's code. */
const refused: Record<string, string> = {
  "not-decided": "Esta solicitud no está decidida.",
  "not-offered": "Este contrato no recibe aquí solicitudes de este tipo. Llame a soporte.",
  "nothing-adverse": "Todo lo solicitado se aprobó: no hay nada que revisar de nuevo.",
  "second-look": "Esta ya fue la segunda revisión. La carta dice qué se puede hacer ahora.",
  "window-over": "El plazo para pedirlo terminó.",
  "already-open": "Ya se pidió y todavía no está decidido. Espere la decisión o retire la solicitud.",
  "to-be-heard": "Se pidió una audiencia imparcial estatal sobre esta decisión. Espere su resultado.",
  superseded: "Una solicitud posterior ya se decidió. Pídalo allí.",
  "not-approved": "Esta solicitud no autoriza nada.",
  expired: "La autorización terminó. Pida lo necesario en un caso nuevo.",
  full: "El caso no admite más solicitudes. Llame a soporte.",
};

export const follow: Words["cases"]["follow"] = {
  title: (of) => `Después de la decisión sobre ${of}`,
  ask: {
    reconsideration: "Pedir una reconsideración",
    appeal: "Apelar",
    extension: "Extender",
    revision: "Modificar",
  },
  askOf: {
    reconsideration: (of) => `Pedir una reconsideración de ${of}`,
    appeal: (of) => `Apelar ${of}`,
    extension: (of) => `Extender ${of}`,
    revision: (of) => `Modificar ${of}`,
  },
  until: "hasta el",
  not: "Lo que no se puede pedir ahora, y por qué",
  refused: (code) => refused[code] ?? "Ahora no se puede pedir.",
  lead: {
    reconsideration: "Otro revisor examina lo que no se aprobó. Diga qué no se consideró y agregue lo que lo respalda.",
    appeal: "Alguien que no participó en la decisión examina lo que no se aprobó. Diga por qué debe aprobarse y agregue lo que lo respalda.",
    extension: "La autorización conserva su número y termina más tarde; sus unidades no cambian. Diga por qué hace falta más tiempo.",
    revision: "La autorización conserva su número. Cambie las líneas a como deben quedar y diga qué cambia y por qué.",
  },
  to: "Nuevo último día",
  lastDay: "La autorización dura hasta el",
  urgency: "Urgencia",
  lines: "Todas las líneas como deben quedar",
  add: "Agregar una línea",
  removeLine: (place) => `Quitar la línea ${place}`,
  servicing: "Otro proveedor que presta el servicio",
  findServicing: "Buscar otro proveedor",
  billed: "Ya se facturó: el proveedor y los modificadores no pueden cambiar, y no se puede quitar nada de lo facturado.",
  send: "Enviar",
  asked: (request) => `${request} se envió. Su decisión llega por carta y queda aquí.`,
  authorization: "Autorizaciones",
  billedUnits: (units) => (units === 1 ? "1 unidad facturada hasta ahora" : `${units} unidades facturadas hasta ahora`),
  authorizationOf: (requests) => `Dada o cambiada por ${requests}`,
};
