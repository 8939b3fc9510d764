import type { Words } from "../words";
import { by, happened } from "./happened";

export { followed } from "./follow";

export const statuses: Words["requests"]["statuses"] = {
  draft: "Guardada, sin enviar",
  submitted: "Enviada",
  "nurse-review": "En revisión de enfermería",
  "physician-review": "En revisión médica",
  pended: "En espera de información",
  approved: "Aprobada",
  modified: "Aprobada en parte",
  denied: "Denegada",
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

export const documentStates: Words["requests"]["documentStates"] = { awaited: "En verificación", accepted: "Adjunto", refused: "Rechazado", failed: "No llegó", removed: "Retirado" };

export const letterTo: Words["requests"]["letterTo"] = { provider: "Carta al proveedor", member: "Carta al miembro" };

export const lettersAbout: Words["requests"]["lettersAbout"] = {
  determination: letterTo,
  information: { provider: "Solicitud de información al proveedor", member: "Solicitud de información, carta al miembro" },
};

export const pendStates: Words["requests"]["pendStates"] = { waiting: "a la espera del proveedor", answered: "respondida", silent: "no llegó respuesta a tiempo", withdrawn: "la solicitud se retiró" };

export const pages: Words["requests"]["pages"] = (count) => (count === 1 ? "1 página" : `${count} páginas`);

export const repeats: Words["requests"]["repeats"] = {
  title: "Puede repetir una solicitud anterior",
  of: "Ya solicitado en",
  reason: "Por qué se solicitó otra vez",
};

export const notes: Words["requests"]["notes"] = { title: "Notas", none: "No hay notas.", earlier: "Mostrar notas anteriores" };

export const timeline: Words["requests"]["timeline"] = { title: "Cronología", earlier: "Mostrar lo anterior", by, happened };
