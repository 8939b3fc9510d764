// What happened to a case, in Spanish. The API tells it in English sentences of a fixed form; each form has its Spanish here,
// and `happened.test.ts` reads the API's source for forms that have none.

type Say = (...parts: string[]) => string;

const lists: Record<string, string> = { "nurse reviewers": "enfermeros revisores", "physician reviewers": "médicos revisores" };
const readers: Record<string, string> = { provider: "al proveedor", member: "al miembro" };
const steps: Record<string, string> = {
  "The providers were": "Se guardaron los proveedores.",
  "The service details were": "Se guardaron los detalles del servicio.",
  "The diagnoses were": "Se guardaron los diagnósticos.",
  "The type of the request was": "Se guardó el tipo de solicitud.",
  "The procedures were": "Se guardaron los procedimientos.",
  "Answers to a questionnaire were": "Se guardaron respuestas de un cuestionario.",
  "A note was": "Se guardó una nota.",
  "A step was": "Se guardó un paso.",
};
/** What follows a decision. */
const kinds: Record<string, string> = { reconsideration: "reconsideración", appeal: "apelación", extension: "extensión", revision: "modificación" };
/** Of a document that is no more among those of the case. */
const file = (name: string) => (name === "A document" ? "Un documento" : name);

/** What a request lacks for a rule. */
const lacks: Record<string, string> = {
  "the diagnoses": "los diagnósticos",
  "the age": "la edad",
  "the number of units": "la cantidad de unidades",
  "the setting": "el tipo de atención",
  "the service type": "el tipo de servicio",
  "the place of service": "el lugar del servicio",
  "the provider": "el proveedor",
  "no authorization before": "ninguna autorización anterior",
  "no gold card": "ninguna tarjeta dorada",
};

/** What a sentence may end with, to whoever has to look. */
const reasons: [RegExp, Say][] = [
  [/^ The decision is looked at again\.$/, () => " La decisión se examina de nuevo."],
  [/^ The member is a temporary one\.$/, () => " El miembro es temporal."],
  [/^ What it would take was billed since it was asked for\.$/, () => " Lo que quitaría se facturó después de solicitarla."],
  [/^ The plan's file does not cover the member on all days that are asked for\.$/, () => " El archivo del plan no cubre al miembro en todos los días solicitados."],
  [/^ The plan's file does not say when the member is covered\.$/, () => " El archivo del plan no dice cuándo está cubierto el miembro."],
  [/^ Possible duplicate: (.+) asks for the same on days that overlap\.$/, (of) => ` Posible duplicado: ${of} solicita lo mismo en días que coinciden.`],
  [/^ The rule (.+) does not fit: (.+)\.$/, (rule, lacking) => ` La regla ${rule} no se cumple: ${lacking.split(", ").map((one) => lacks[one] ?? one).join(", ")}.`],
  [/^ The rule (.+) fits; a person looks at some requests all the same\.$/, (rule) => ` La regla ${rule} se cumple; una persona revisa algunas solicitudes de todos modos.`],
];

const sentences: [RegExp, Say][] = [
  [/^A fax came in\.$/, () => "Llegó un fax."],
  [/^A fax that came in was filed to (\S+)\.$/, (request) => `Se archivó en ${request} un fax que llegó.`],
  [/^A State fair hearing about (\S+) was asked for\.$/, (request) => `Se pidió una audiencia imparcial del estado sobre ${request}.`],
  [/^The State fair hearing about (\S+) was scheduled\.$/, (request) => `Se programó la audiencia imparcial del estado sobre ${request}.`],
  [/^The State fair hearing about (\S+) upheld the decision\.$/, (request) => `La audiencia imparcial del estado sobre ${request} confirmó la decisión.`],
  [/^The State fair hearing about (\S+) reversed the decision\.$/, (request) => `La audiencia imparcial del estado sobre ${request} revocó la decisión.`],
  [/^The State fair hearing about (\S+) reversed the decision in part\.$/, (request) => `La audiencia imparcial del estado sobre ${request} revocó la decisión en parte.`],
  [/^The request for a State fair hearing about (\S+) was withdrawn\.$/, (request) => `Se retiró la solicitud de audiencia imparcial del estado sobre ${request}.`],
  [/^The request for a State fair hearing about (\S+) was dismissed\.$/, (request) => `Se desestimó la solicitud de audiencia imparcial del estado sobre ${request}.`],
  [/^Claims were made under the authorization of (\S+)\.$/, (request) => `Se facturó con la autorización de ${request}.`],
  [/^The time to decide (\S+) was extended by one day\.$/, (request) => `El plazo para decidir ${request} se extendió un día.`],
  [/^The time to decide (\S+) was extended by (\d+) days\.$/, (request, days) => `El plazo para decidir ${request} se extendió ${days} días.`],
  [/^The time to decide (\S+) was over: those who lead the reviewers were told\.$/, (request) => `El plazo para decidir ${request} venció: se avisó a quienes dirigen a los revisores.`],
  [/^The time to decide (\S+) was over, so that it counts as approved\.$/, (request) => `El plazo para decidir ${request} venció, así que cuenta como aprobada.`],
  [/^The time to decide (\S+) was over, so that it counts as denied\.$/, (request) => `El plazo para decidir ${request} venció, así que cuenta como denegada.`],
  [/^The draft was given to (.+)\.$/, (to) => `El borrador se traspasó a ${to}.`],
  [/^Nobody goes on with the draft: it ends at the end of (.+)\.$/, (day) => `Nadie continúa el borrador: termina al final del ${day}.`],
  [/^The draft goes on: something was added to it\.$/, () => "El borrador continúa: se le agregó algo."],
  [/^The draft ended: nobody went on with it\.$/, () => "El borrador terminó: nadie lo continuó."],
  [/^The contract has new rules: something of the draft has to be corrected\.$/, () => "El contrato tiene reglas nuevas: hay algo que corregir en el borrador."],
  [/^The case was saved as a draft\.$/, () => "El caso se guardó como borrador."],
  [/^(.+ (?:were|was)) saved\.$/, (step) => steps[step] ?? "Se guardó un paso."],
  [/^The member is known to the plan's file: the temporary entry became the real one\.$/, () => "El archivo del plan conoce al miembro: la entrada temporal pasó a ser la real."],
  [/^(.+) is being uploaded\.$/, (name) => `${file(name)} se está cargando.`],
  [/^(.+) was checked and attached\.$/, (name) => `${file(name)} se verificó y se adjuntó.`],
  [/^(.+) was refused\.$/, (name) => `${file(name)} se rechazó.`],
  [/^(.+) was taken out\.$/, (name) => `${file(name)} se retiró.`],
  [/^The case was submitted as (.+)\.$/, (caseId) => `El caso se envió con el número ${caseId}.`],
  [/^(\S+) was asked for in its place\.$/, (request) => `Se pidió ${request} en su lugar.`],
  [/^(\S+) was asked for: (.+) of (\S+)\.$/, (request, kind, of) => `Se pidió ${request}: ${kinds[kind ?? ""] ?? kind} de ${of}.`],
  [/^A note was added to (\S+)\.$/, (request) => `Se agregó una nota a ${request}.`],
  [/^A note and a document were added to (\S+)\.$/, (request) => `Se agregaron una nota y un documento a ${request}.`],
  [/^A note and (\d+) documents were added to (\S+)\.$/, (count, request) => `Se agregaron una nota y ${count} documentos a ${request}.`],
  [/^A document was added to (\S+)\.$/, (request) => `Se agregó un documento a ${request}.`],
  [/^(\d+) documents were added to (\S+)\.$/, (count, request) => `Se agregaron ${count} documentos a ${request}.`],
  [/^(.+) It answers the request for information\.$/, (added) => `${happened(added) ?? added} Responde a la solicitud de información.`],
  [/^Information about (\S+) was requested\.$/, (request) => `Se solicitó información sobre ${request}.`],
  [/^(\S+) went back to the (nurse reviewers|physician reviewers): the answer came\.$/, (request, list) => `${request} volvió a los ${lists[list]}: llegó la respuesta.`],
  [
    /^(\S+) went back to the (nurse reviewers|physician reviewers): no answer came in time\.$/,
    (request, list) => `${request} volvió a los ${lists[list]}: no llegó ninguna respuesta a tiempo.`,
  ],
  [/^A reviewer has seen what was added to (\S+)\.$/, (request) => `Un revisor vio lo que se agregó a ${request}.`],
  [/^The case was cancelled before it was submitted\.$/, () => "El caso se canceló antes de enviarse."],
  [/^(\S+) was withdrawn\.$/, (request) => `${request} se retiró.`],
  [
    /^(\S+) waits: the plan's file does not cover the member on all days that are asked for\.$/,
    (request) => `${request} espera: el archivo del plan no cubre al miembro en todos los días solicitados.`,
  ],
  [
    /^(\S+) goes on: the plan's file covers the member on all days that are asked for\.$/,
    (request) => `${request} continúa: el archivo del plan cubre al miembro en todos los días solicitados.`,
  ],
  [/^(\S+) was closed without a decision: the member is not eligible\.$/, (request) => `${request} se cerró sin decisión: el miembro no es elegible.`],
  [/^(\S+) was closed without a decision: authorization is not required\.$/, (request) => `${request} se cerró sin decisión: no se requiere autorización.`],
  [/^(\S+) was closed without a decision: it repeats another request\.$/, (request) => `${request} se cerró sin decisión: repite otra solicitud.`],
  [/^The decision on (\S+) was corrected: it is approved\.$/, (request) => `Se corrigió la decisión sobre ${request}: se aprueba.`],
  [/^The decision on (\S+) was corrected: it is approved in part\.$/, (request) => `Se corrigió la decisión sobre ${request}: se aprueba en parte.`],
  [/^The decision on (\S+) was corrected: it is denied\.$/, (request) => `Se corrigió la decisión sobre ${request}: se deniega.`],
  [/^(\S+) went to the (nurse reviewers|physician reviewers)\.(.*)$/, (request, list, why) => `${request} pasó a los ${lists[list]}.${spoken(reasons, why) ?? why}`],
  [/^The provider sent a message\.$/, () => "El proveedor envió un mensaje."],
  [/^The review team sent a message\.$/, () => "El equipo de revisión envió un mensaje."],
  [/^A reviewer has read the messages\.$/, () => "Un revisor leyó los mensajes."],
  [/^The provider was told that the answer about (\S+) is due soon\.$/, (request) => `Se avisó al proveedor de que la respuesta sobre ${request} vence pronto.`],
  [/^The reviewer was told that (\S+) is to be decided soon\.$/, (request) => `Se avisó al revisor de que ${request} debe decidirse pronto.`],
  [/^A peer-to-peer conversation about (\S+) was asked for\.$/, (request) => `Se solicitó una conversación entre médicos sobre ${request}.`],
  [/^A time was chosen for the peer-to-peer conversation about (\S+)\.$/, (request) => `Se eligió una hora para la conversación entre médicos sobre ${request}.`],
  [/^The peer-to-peer conversation about (\S+) was held\.$/, (request) => `La conversación entre médicos sobre ${request} se realizó.`],
  [/^The peer-to-peer conversation about (\S+) was missed\.$/, (request) => `La conversación entre médicos sobre ${request} no se realizó.`],
  [/^A nurse reviewer took (\S+)\.$/, (request) => `Un enfermero revisor tomó ${request}.`],
  [/^A physician reviewer took (\S+)\.$/, (request) => `Un médico revisor tomó ${request}.`],
  [/^(\S+) was given to another reviewer\.$/, (request) => `${request} se dio a otro revisor.`],
  [/^(\S+) was given to (\S+)\.$/, (request, to) => `${request} se dio a ${to}.`],
  [/^(\S+) was given back to its worklist\.$/, (request) => `${request} volvió a su lista de trabajo.`],
  [/^(\S+) was referred to a physician\.$/, (request) => `${request} se remitió a un médico.`],
  [/^(\S+) was approved\.$/, (request) => `${request} se aprobó.`],
  [/^(\S+) was approved in part\.$/, (request) => `${request} se aprobó en parte.`],
  [/^(\S+) was denied\.$/, (request) => `${request} se denegó.`],
  [/^The letter to the (provider|member) about (\S+) was issued\.$/, (reader, request) => `Se emitió la carta ${readers[reader]} sobre ${request}.`],
  [
    /^The letter to the (provider|member) about (\S+) is held: it has to be repaired before it can be sent\.$/,
    (reader, request) => `La carta ${readers[reader]} sobre ${request} está retenida: hay que repararla antes de enviarla.`,
  ],
  [
    /^The letter to the (provider|member) about (\S+) was written again and still has to be repaired\.$/,
    (reader, request) => `La carta ${readers[reader]} sobre ${request} se escribió de nuevo y aún hay que repararla.`,
  ],
  [/^The letter to the (provider|member) about (\S+) is to be written again\.$/, (reader, request) => `La carta ${readers[reader]} sobre ${request} se escribirá de nuevo.`],
  [/^Fax about (\S+): call (\d+) follows in (\d+) minutes\.$/, (request, call, minutes) => `Fax sobre ${request}: la llamada ${call} sigue en ${minutes} minutos.`],
  [/^Fax about (\S+): call (\d+) went to the carrier\.$/, (request, call) => `Fax sobre ${request}: la llamada ${call} pasó al operador.`],
  [/^Fax about (\S+): call (\d+) failed \((.*)\)\.$/, (request, call, reason) => `Fax sobre ${request}: la llamada ${call} falló (${reason}).`],
  [/^Fax about (\S+): its one page arrived\.$/, (request) => `Fax sobre ${request}: llegó su única página.`],
  [/^Fax about (\S+): all (\d+) pages arrived\.$/, (request, pages) => `Fax sobre ${request}: llegaron las ${pages} páginas.`],
  [/^Fax about (\S+): all pages arrived\.$/, (request) => `Fax sobre ${request}: llegaron todas las páginas.`],
  [/^Fax about (\S+): no call succeeded; the letter goes by mail\.$/, (request) => `Fax sobre ${request}: ninguna llamada tuvo éxito; la carta va por correo.`],
  [/^The mail carrier took a letter about (\S+)\.$/, (request) => `El correo recibió una carta sobre ${request}.`],
  [
    /^The mail carrier did not take the letter to the (provider|member) about (\S+): it has to be repaired\.$/,
    (reader, request) => `El correo no aceptó la carta ${readers[reader]} sobre ${request}: hay que repararla.`,
  ],
  [/^An account was changed\.$/, () => "Se cambió una cuenta."],
];

function spoken(forms: readonly [RegExp, Say][], sentence: string): string | undefined {
  for (const [form, say] of forms) {
    const found = form.exec(sentence);
    if (found) return say(...found.slice(1));
  }
  return undefined;
}

export function happened(sentence: string): string | undefined {
  return spoken(sentences, sentence);
}

/** Who or what did it; a person has the own name. */
export function by(who: string): string {
  if (who === "Review staff") return "Personal de revisión";
  return who === "Carrier" ? "Operador" : who;
}
