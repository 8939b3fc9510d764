import type { Words } from "../words";

export const earlier: Words["cases"]["earlier"] = {
  title: "Solicitudes anteriores",
  about: "Revise si el servicio ya se solicitó. Si no, cree el caso.",
  requesting: "Solicitudes de sus proveedores",
  servicing: "Solicitudes de servicio",
  none: {
    requesting: "Sus proveedores aún no han solicitado nada para este miembro.",
    servicing: "Ningún otro proveedor ha nombrado a uno de los suyos para un servicio de este miembro.",
  },
  sorting: "Orden de las solicitudes",
  sort: "Ordenar por",
  sorts: {
    submitted: "Enviada",
    request: "Solicitud",
    status: "Estado",
    setting: "Categoría",
    discharged: "Fecha de alta",
    "service-type": "Tipo de servicio",
    days: "Fechas de servicio",
  },
  order: "Orden",
  orders: { descending: "Descendente", ascending: "Ascendente" },
  savedAtOnce: "Al pulsar «Crear caso», el caso se crea y se guarda, pero no se envía.",
};

export const search: Words["cases"]["search"] = {
  more: "Por miembro, proveedor o fechas",
  member: "Miembro: número, o apellido y fecha de nacimiento",
  provider: "Proveedor",
  providerHint: "Solicitante, que presta el servicio o médico a cargo: NPI o al menos tres letras del nombre.",
  submittedFrom: "Enviada desde",
  submittedTo: "Enviada hasta",
  serviceFrom: "Servicios desde",
  serviceTo: "Servicios hasta",
};

export const duplicates: Words["cases"]["duplicates"] = {
  title: "Es posible que esto ya se haya solicitado",
  about: "El mismo procedimiento, para el mismo miembro, del mismo proveedor, en días que se superponen:",
  one: (caseId, request) => `Caso ${caseId}, ${request}`,
  performedBy: (provider) => `Lo presta ${provider}.`,
  addNote: "Aún no está decidida. Si allí falta algo, agregue una nota a ese caso en lugar de solicitarlo otra vez.",
  instead: "En lugar de pedirlo otra vez, cambie lo autorizado allí:",
  lookThere: "Revise primero allí qué se decidió, antes de solicitarlo otra vez.",
  reason: "¿Por qué lo solicita otra vez?",
  reasonHint: "Máximo 1,000 caracteres. El revisor lo lee.",
};
