/** From where on cards travel that are about to come to the board; forgotten when they do not come soon. */
const origins = new Map<string, { rect: DOMRect; until: number }>();
const SOON = 5_000;

/** comeFrom says from where cards will come. */
export function comeFrom(ids: readonly string[], rect: DOMRect) {
  for (const id of ids) origins.set(id, { rect, until: performance.now() + SOON });
}

/** originOf takes out from where a card comes, if that was said. */
export function originOf(id: string): DOMRect | undefined {
  const origin = origins.get(id);
  origins.delete(id);
  return origin && performance.now() < origin.until ? origin.rect : undefined;
}
