// The API names a field by JSON pointer, forms by a dotted name, the page by id: /lines/0/quantity, lines.0.quantity,
// lines-0-quantity.

export function nameOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

export function idOf(name: string): string {
  return name.replaceAll(".", "-");
}
