// Mensajes y avisos.
import type { Words } from "../words";

export const messages: Words["messages"] = {
  title: "Mensajes",
  link: "Mensajes",
  fresh: "Nuevo",
  freshOnes: (count: number) => (count === 1 ? "1 mensaje nuevo" : `${count} mensajes nuevos`),
  freshSince: "Mensaje nuevo desde",
  back: (caseId: string) => (caseId ? `Volver al caso ${caseId}` : "Volver al caso"),
  none: "Nadie ha escrito un mensaje todavía.",
  earlier: "Mostrar mensajes anteriores",
  you: "Usted",
  team: "Equipo de revisión",
  write: "Escribir un mensaje",
  text: "Mensaje",
  hint: "Lo lee toda persona que ve el caso. Hasta 4,000 caracteres.",
  send: "Enviar",
  sent: { provider: "El mensaje se envió. El equipo de revisión lo ve.", staff: "El mensaje se envió. Se avisa a los usuarios del proveedor." },
  readOnly: "Puede leer estos mensajes; no puede enviar uno sobre este caso.",
};

export const alerts: Words["alerts"] = {
  title: "Avisos",
  lead: "Novedades de sus casos. Un aviso se guarda 90 días; lo que cuenta queda en el caso.",
  news: "Novedad",
  caseId: "Número de caso",
  at: "Cuándo",
  state: "Leído",
  read: "Leído",
  fresh: "Nuevo",
  unread: "sin leer",
  count: (count: number) => (count > 99 ? "99+" : String(count)),
  due: "Vence",
  none: "No hay novedades.",
  readAll: "Marcar todo como leído",
  allRead: "Todos los avisos están marcados como leídos.",
  told: {
    determined: (request: string) => `Cambio de estado: se decidió ${request}`,
    withdrawn: (request: string) => `Cambio de estado: se retiró ${request}`,
    returned: (request: string) => `Cambio de estado: ${request} está de nuevo con el equipo de revisión`,
    "information-requested": (request: string) => `Se solicita información sobre ${request}`,
    "letter-ready": (request: string) => `Una carta sobre ${request} está lista`,
    "fax-given-up": (request: string) => `Una carta sobre ${request} no se pudo enviar por fax y va por correo`,
    "deadline-near": (request: string) => `Un plazo de ${request} está por vencer`,
    hearing: (request: string) => `Hay novedades de la audiencia imparcial del estado sobre ${request}`,
    message: (_request: string) => "Hay un mensaje nuevo",
  },
  mail: {
    title: "Correo sobre novedades de casos",
    hint: "Un correo nombra el caso y nada más. En el portal se muestran todos los avisos.",
    of: {
      provider: { all: "Sobre todos los casos de mis grupos", own: "Sobre lo que yo envié", none: "Ninguno" },
      staff: { all: "Sobre las solicitudes que tomé", own: "Sobre las solicitudes que tomé", none: "Ninguno" },
    },
    save: "Guardar la elección",
    saved: "Su elección se guardó.",
  },
};
