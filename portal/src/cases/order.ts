// A list whose first one counts most: one is moved to another place, the rest keep their order.

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const kept = list.filter((_, place) => place !== from);
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return kept.toSpliced(to, 0, item);
}
