// Quién ha visto un caso.
import type { Words } from "../words";

export const accesses: Words["accesses"] = {
  title: "Quién ha visto este caso",
  link: "Quién ha visto este caso",
  back: (caseId: string) => (caseId ? `Volver al caso ${caseId}` : "Volver al caso"),
  lead: {
    provider: "Toda persona que abrió o cambió este caso, primero las últimas. Se nombra a las personas de las oficinas del caso; quien trabaja para el plan es el equipo de revisión o la agencia.",
    staff: "Toda persona que abrió o cambió este caso, primero las últimas. También queda registrado que usted ve esta lista.",
  },
  caption: "Quién ha visto el caso",
  none: "Nadie ha visto este caso todavía.",
  at: "Cuándo",
  who: "Quién",
  did: "Qué",
  outcome: "Permitido",
  from: "Dirección de red",
  parties: { provider: "Alguien de otra oficina", "review-team": "Equipo de revisión", agency: "Agencia", system: "Un sistema de un proveedor" },
  deeds: {
    viewed: "Vio el caso",
    document: "Abrió un documento",
    letter: "Abrió una carta",
    messages: "Leyó mensajes",
    accesses: "Vio quién ha visto el caso",
    changed: "Cambió el caso",
    reviewed: "Revisó el caso",
    told: "Recibió aviso de un cambio",
    other: "Trabajó con el caso",
  },
  times: (count: number) => `${count} veces`,
  since: "desde",
  yes: "Sí",
  refused: "Denegado",
  download: "Descargar (CSV)",
};
