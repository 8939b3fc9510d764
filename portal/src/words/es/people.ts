import type { Words } from "../words";

export const people: Words["people"] = {
  username: "Nombre de usuario",
  name: "Nombre",
  email: "Correo electrónico",
  phone: "Teléfono",
  fax: "Fax",
  status: "Estado",
  anyStatus: "Cualquier estado",
  since: "Desde",
  until: "El enlace sirve hasta",
  state: { invited: "Invitado", active: "Activo", locked: "Bloqueado", dormant: "Inactivo", deactivated: "Desactivado" },
  role: {
    staff: "Cuenta de personal del proveedor",
    "provider-admin": "Administrador del proveedor",
    "group-admin": "Administrador del grupo de proveedores",
    "provider-admin-reports": "Administrador del proveedor + informes",
    "group-admin-reports": "Administrador del grupo de proveedores + informes",
  },
  linkSent: "Se envió por correo un enlace para configurar la cuenta.",
  works: "El enlace sirve hasta",
  usernameHint: "De 3 a 64 caracteres: letras, dígitos, punto, guion bajo, guion o @.",
  reset: {
    button: "Restablecer el registro",
    title: (name) => `¿Restablecer el registro de ${name}?`,
    text: "Se envía por correo un enlace para fijar una contraseña y un segundo factor nuevos. Hasta entonces no puede iniciar sesión, y un enlace anterior ya no sirve.",
    done: (name) => `El registro de ${name} se restableció.`,
  },
  deactivate: {
    button: "Desactivar",
    title: (name) => `¿Desactivar a ${name}?`,
    text: "Se cierran todas sus sesiones y no puede iniciar otra. Lo que hizo queda como está.",
    done: (name) => `${name} está desactivado.`,
  },
  back: {
    button: "Reactivar",
    title: (name) => `¿Reactivar a ${name}?`,
    text: "Se envía por correo un enlace para fijar una contraseña y un segundo factor nuevos. Sus funciones son las de antes.",
    done: (name) => `${name} está reactivado.`,
  },
  saved: "Guardado. Se avisó a la persona por correo electrónico.",
};
