import type { Words } from "../words";
import { by, happened } from "./happened";

export { followed } from "./follow";
export { hearings } from "./hearings";

export const statuses: Words["requests"]["statuses"] = {
  draft: "Guardada, sin enviar",
  submitted: "Enviada",
  "nurse-review": "En revisión de enfermería",
  "physician-review": "En revisión médica",
  pended: "En espera de información",
  "pended-eligibility": "En espera de elegibilidad",
  approved: "Aprobada",
  modified: "Aprobada en parte",
  denied: "Denegada",
  void: "Cerrada sin decisión",
  withdrawn: "Retirada",
  cancelled: "Cancelada",
};

export const reviewKinds: Words["requests"]["reviewKinds"] = {
  initial: "Inicial",
  concurrent: "Concurrente",
  retrospective: "Retrospectiva",
  renewal: "Renovación",
  reconsideration: "Reconsideración",
  appeal: "Apelación",
  revision: "Modificación",
  extension: "Extensión",
};

export const urgencies: Words["requests"]["urgencies"] = { standard: "Estándar", expedited: "Acelerada" };

export const settings: Words["requests"]["settings"] = { inpatient: "Con hospitalización", outpatient: "Ambulatoria" };

export const admissions: Words["requests"]["admissions"] = { elective: "Programado", emergent: "De urgencia" };

export const pers: Words["requests"]["pers"] = { day: "al día", week: "a la semana", month: "al mes" };

export const clockStates: Words["requests"]["clockStates"] = { running: "Corre", paused: "Detenido", met: "Decidida a tiempo", missed: "Decidida tarde", stopped: "Terminó sin decisión" };

export const documentStates: Words["requests"]["documentStates"] = { awaited: "En verificación", accepted: "Adjunto", refused: "Rechazado", failed: "No adjuntado", removed: "Retirado" };

export const scans: Words["requests"]["scans"] = {
  toSender: {
    harmful: "En este archivo se encontró un virus u otro contenido dañino. No se guardó y nadie puede abrirlo. No lo envíe de nuevo: haga revisar la computadora de la que proviene y adjunte una copia de una computadora limpia.",
    unscannable: "No se pudo comprobar si este archivo tiene virus, por lo que no se guardó. Guárdelo como PDF sin contraseña y adjunte ese archivo.",
    unscanned: "No se pudo comprobar si este archivo tiene virus por una falla de nuestra parte, por lo que no se guardó. Adjúntelo de nuevo.",
  },
  toReader: { harmful: "se encontró en él contenido dañino", unscannable: "no se pudo comprobar si tiene virus", unscanned: "falló la comprobación de virus" },
};

export const attached: Words["requests"]["attached"] = { states: documentStates, scans: scans.toSender };

export const letterTo: Words["requests"]["letterTo"] = { provider: "Carta al proveedor", member: "Carta al miembro" };

export const lettersAbout: Words["requests"]["lettersAbout"] = {
  determination: letterTo,
  information: { provider: "Solicitud de información al proveedor", member: "Solicitud de información, carta al miembro" },
  void: { provider: "Carta al proveedor: cerrada sin decisión", member: "Carta al miembro: cerrada sin decisión" },
  withdrawal: { provider: "Carta al proveedor: retirada", member: "Carta al miembro: retirada" },
  extension: { provider: "Carta al proveedor: más tiempo para decidir", member: "Carta al miembro: más tiempo para decidir" },
};

export const reading: Words["requests"]["reading"] = {
  languages: { ar: "Árabe", de: "Alemán", en: "Inglés", es: "Español", fa: "Persa", fr: "Francés", gu: "Guyaratí", hi: "Hindi", hmn: "Hmong", ht: "Criollo haitiano", hy: "Armenio", it: "Italiano", ja: "Japonés", km: "Jemer", ko: "Coreano", lo: "Lao", mh: "Marshalés", pl: "Polaco", pt: "Portugués", ru: "Ruso", so: "Somalí", tl: "Tagalo", ur: "Urdu", vi: "Vietnamita", zh: "Chino" },
  title: "Cartas al miembro",
  languageHint: "El idioma en que el miembro quiere las cartas. Se escriben en él donde el programa lo hace; si no, en inglés con una oferta de ayuda.",
  none: "No se sabe",
  format: "Letra de las cartas",
  formats: { standard: "letra común", "large-print": "letra grande" },
  formatNames: { standard: "Letra común", "large-print": "Letra grande (18 puntos)" },
  letter: (language, format) => `En ${language.toLowerCase()}, ${format}`,
  asked: (asked, written) => `El miembro pide ${asked.toLowerCase()}. El programa no escribe cartas así: van en ${written.toLowerCase()}, con una oferta de ayuda.`,
};

export const moreTime: Words["requests"]["moreTime"] = {
  title: (days) => (days === 1 ? "El plazo para decidir se extendió un día" : `El plazo para decidir se extendió ${days} días`),
  until: "La decisión vence el",
  askedBy: { member: "Lo pidió el miembro.", provider: "Lo pidió el proveedor.", plan: "El plan necesita más información." },
  escalated: "No se decidió a tiempo; se avisó a quienes dirigen a los revisores",
};

export const lastDays: Words["requests"]["lastDays"] = {
  title: (request) => `Últimos días para ${request}`,
  over: "pasado",
  of: {
    decision: "Decisión",
    information: "Respuesta a lo que se pidió",
    "peer-to-peer": "Pedir una conversación entre médicos",
    reconsideration: "Pedir una reconsideración",
    appeal: "Pedir una apelación",
    hearing: "Pedir una audiencia imparcial del estado",
  },
};

export const coverage: Words["requests"]["coverage"] = {
  outside: "Fuera de la cobertura del miembro:",
  hint: "El archivo del plan no cubre al miembro en estos días. Puede enviar la solicitud de todos modos: espera los próximos archivos, y un revisor la examina si no traen la cobertura.",
  waits: (request) => `${request} espera la elegibilidad del miembro`,
  until: "El archivo del plan no cubre al miembro en todos los días solicitados. La solicitud continúa por sí sola en cuanto un archivo lo haga; un revisor la examina a más tardar desde",
};

export const closings: Words["requests"]["closings"] = {
  title: "Cerrada sin decisión",
  because: { "not-eligible": "Cerrada sin decisión: no elegible", "not-required": "Cerrada sin decisión: no requiere autorización", duplicate: "Cerrada sin decisión: duplicada" },
  other: (request, caseId) => `Repite la solicitud ${request} del caso ${caseId}.`,
  rule: "Regla",
};

export const corrections: Words["requests"]["corrections"] = {
  corrects: (number) => `Corrige la decisión ${number}`,
  title: "Decisiones anteriores",
  decision: (number) => `Decisión ${number}`,
  replaced: (number) => `reemplazada por la decisión ${number}`,
  line: (place) => `Línea ${place}`,
};

export const pendStates: Words["requests"]["pendStates"] = { waiting: "a la espera del proveedor", answered: "respondida", silent: "no llegó respuesta a tiempo", withdrawn: "la solicitud se retiró" };

export const pages: Words["requests"]["pages"] = (count) => (count === 1 ? "1 página" : `${count} páginas`);

export const talks: Words["requests"]["talks"] = {
  title: (request, state) => `Conversación entre médicos sobre ${request}: ${state}`,
  states: { asked: "solicitada", scheduled: "con hora", held: "realizada", missed: "no realizada" },
  provider: "Médico que solicita",
  phone: "Teléfono",
  times: "Horas ofrecidas",
  time: "Hora elegida",
  outcome: "Resultado",
};

export const askTalk: Words["requests"]["askTalk"] = {
  ask: (request) => `Solicitar conversación entre médicos sobre ${request}`,
  lead: "El médico que solicita habla de esta decisión con un médico del plan. La decisión sigue vigente hasta que se tome otra.",
  until: "Se solicita a más tardar el",
  provider: "Médico que solicita",
  providerHint: "Nombre y credencial de la persona a la que se llamará.",
  phone: "Teléfono para la llamada",
  zone: (name) => `Tres horas distintas, según los relojes de ${name}. El plan elige una.`,
  date: (place) => `Fecha ${place}`,
  time: (place) => `Hora ${place}`,
  timeHint: "Como 14:30 o 2:30 PM.",
  send: "Enviar",
  asked: (request) => `Se solicitó la conversación entre médicos sobre ${request}. Aquí figurará la hora elegida.`,
};

export const repeats: Words["requests"]["repeats"] = {
  title: "Puede repetir una solicitud anterior",
  of: "Ya solicitado en",
  reason: "Por qué se solicitó otra vez",
};

export const notes: Words["requests"]["notes"] = {
  title: "Notas",
  none: "No hay notas.",
  earlier: "Mostrar notas anteriores",
  type: "Tipo de nota",
  types: {
    "note": "Nota",
    "information": "Información adicional",
    "peer-to-peer": "Conversación entre médicos",
    "reconsideration": "Reconsideración",
    "appeal": "Apelación",
    "revision": "Modificación",
    "extension": "Extensión",
  },
};

export const timeline: Words["requests"]["timeline"] = { title: "Cronología", earlier: "Mostrar lo anterior", by, happened };
