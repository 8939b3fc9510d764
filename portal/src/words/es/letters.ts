// Palabras de la sala `letters`.
import type { Words } from "../words";
import { lettersAbout } from "./requests";

export const letters: Words["letters"] = {
  link: "Cartas por reparar",
  title: "Cartas por reparar",
  lead: "Cartas a las que les falta algo que deben tener y que no se enviaron, o que la empresa de correo no aceptó. La retenida desde hace más tiempo está primero.",
  mend: "Un nombre o una dirección se corrige en el archivo del plan o en el del registro, un texto del contrato en su paquete. Después haga escribir la carta de nuevo: se escribe con lo que consta allí ahora.",
  filters: "Qué cartas",
  contract: "Contrato",
  anyContract: "Cualquier contrato",
  again: "Leer de nuevo",
  caseId: "Número de caso",
  letter: "Carta",
  about: lettersAbout,
  missing: "Lo que falta",
  refused: (status) => `Una dirección que la empresa de correo acepte: rechazó esta (estado ${status}).`,
  since: "Retenida desde",
  due: "La solicitud vence",
  tried: "Último intento",
  never: "Todavía no",
  action: "Reparar",
  none: "Ninguna carta espera reparación.",
  write: "Escribirla de nuevo",
  writeWhat: (what, where) => `Escribirla de nuevo: ${what}, ${where}`,
  beingWritten: "Se está escribiendo.",
  issued: (what, where) => `${what}, ${where}: se emitió y está en camino.`,
  still: (what, where) => `${what}, ${where}: no se emitió. Aún le falta:`,
};
