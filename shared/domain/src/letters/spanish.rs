//! The fixed words of letters to members in Spanish, by the English ones. It speaks to the reader as *usted*, as the packs do.

use jiff::civil::Date;

/// English, and the same in Spanish.
const WORDS: &[(&str, &str)] = &[
    // The title of the document.
    ("Notice of approval", "Aviso de aprobación"),
    ("Notice of partial approval", "Aviso de aprobación parcial"),
    ("Notice of denial", "Aviso de denegación"),
    ("Notice of closed request", "Aviso de cierre de una solicitud"),
    ("Notice of withdrawn request", "Aviso de retiro de una solicitud"),
    ("Request for information", "Pedido de información"),
    ("Notice of extension", "Aviso de extensión del plazo"),
    (
        "Nobody decided about this request in time. By law this counts as a denial, so that you can appeal now.",
        "Nadie decidió a tiempo sobre esta solicitud. Por ley eso cuenta como una denegación, así que usted puede apelar ahora.",
    ),
    // Who asked for more time.
    ("The member asked for more time.", "El miembro pidió más tiempo."),
    ("The provider asked for more time.", "El proveedor pidió más tiempo."),
    ("We need more information.", "Necesitamos más información."),
    ("Corrected notice", "Aviso corregido"),
    ("Corrected notice about your request for services", "Aviso corregido sobre su solicitud de servicios"),
    ("Notice about your request for services", "Aviso sobre su solicitud de servicios"),
    // Beside the address, and below it.
    ("Case", "Caso"),
    ("Request", "Solicitud"),
    ("Authorization", "Autorización"),
    ("Follows", "Sigue a"),
    ("Member", "Miembro"),
    ("Member ID", "Número de miembro"),
    ("not assigned yet", "todavía no tiene"),
    ("Who asked for you", "Quién lo pidió para usted"),
    ("Who would treat you", "Quién le daría el servicio"),
    ("We got the request on", "Recibimos la solicitud el"),
    ("Phone", "Teléfono"),
    ("Fax", "Fax"),
    ("Parent or guardian of", "Madre, padre o tutor de"),
    // What was decided of the request before.
    ("approved", "aprobada"),
    ("approved in part", "aprobada en parte"),
    ("denied", "no aprobada"),
    ("not decided", "sin decidir"),
    // The box at the top.
    ("We approved this request", "Aprobamos esta solicitud"),
    ("We approved part of this request", "Aprobamos una parte de esta solicitud"),
    ("We denied this request", "No aprobamos esta solicitud"),
    ("We closed this request", "Cerramos esta solicitud"),
    ("This request was taken back", "Esta solicitud se retiró"),
    ("We need more information", "Necesitamos más información"),
    ("We need more time to decide", "Necesitamos más tiempo para decidir"),
    ("Authorization number", "Número de autorización"),
    ("Approved date", "Fecha aprobada"),
    ("Approved dates", "Fechas aprobadas"),
    ("Effective date", "Fecha en que empieza a valer"),
    // Dates to keep, before the day.
    ("Ask for a reconsideration by", "Pida una reconsideración a más tardar el"),
    ("Ask for a peer-to-peer conversation by", "Su médico puede pedir hablar con el nuestro a más tardar el"),
    ("Ask for an appeal by", "Pida una apelación a más tardar el"),
    ("Ask for a State fair hearing by", "Pida una audiencia imparcial del Estado a más tardar el"),
    ("Ask to keep the service by", "Pida conservar el servicio a más tardar el"),
    ("Send it by", "Envíelo a más tardar el"),
    ("We decide by", "Decidimos a más tardar el"),
    // Headings.
    ("What we still need", "Lo que todavía necesitamos"),
    ("What was asked for and what we decided", "Lo que se pidió y lo que decidimos"),
    ("Why we need more time", "Por qué necesitamos más tiempo"),
    ("Why we decided this", "Por qué decidimos esto"),
    ("Why it was taken back", "Por qué se retiró"),
    ("The rules we used", "Las reglas que usamos"),
    ("Who made this decision", "Quién tomó esta decisión"),
    ("Your rights", "Sus derechos"),
    ("If you do not agree", "Si no está de acuerdo"),
    ("Your doctor can talk with our doctor", "Su médico puede hablar con nuestro médico"),
    ("You can ask us to look again", "Se puede pedir que lo revisemos otra vez"),
    ("You can appeal", "Usted puede apelar"),
    ("If you need a faster answer", "Si necesita una respuesta más rápida"),
    ("Keeping your services during an appeal", "Cómo conservar sus servicios durante una apelación"),
    ("Services during an appeal", "Los servicios durante una apelación"),
    ("Someone can help you", "Alguien puede ayudarle"),
    ("You can see your file for free", "Puede ver su expediente gratis"),
    ("When you will get the final answer", "Cuándo recibirá la respuesta final"),
    ("Questions", "Preguntas"),
    ("Language help", "Ayuda con el idioma"),
    // The table of services.
    ("Line", "Línea"),
    ("Service", "Servicio"),
    ("Asked for", "Pedido"),
    ("Approved", "Aprobado"),
    ("Decision", "Decisión"),
    ("Approved in part", "Aprobado en parte"),
    ("Denied", "No aprobado"),
    ("Closed", "Cerrado"),
    ("Taken back", "Retirado"),
    ("Waiting for information", "En espera de información"),
    ("Not yet decided", "Todavía sin decidir"),
    ("None", "Nada"),
    ("Not decided", "Sin decidir"),
    // The foot of each page.
    ("Page", "Página"),
    ("of", "de"),
];

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// The same in Spanish.
pub(super) fn of(english: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == english).map(|(_, spanish)| *spanish)
}

/// The month of a day.
pub(super) fn month(date: Date) -> &'static str {
    let place = usize::try_from(date.month()).unwrap_or_default().saturating_sub(1);
    MONTHS.get(place).copied().unwrap_or_default()
}
