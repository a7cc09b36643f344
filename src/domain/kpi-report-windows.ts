import { addDays, type Period } from './period';
import type { Day } from './zone';

/** Periods that one statement can measure: they do not overlap. */
export interface Layer {
  /** First days, rising; what lies between the periods is a bucket of its own. */
  readonly buckets: readonly Day[];
  readonly to: Day;
  /** By bucket: the positions of the periods that it is; none for what lies between. */
  readonly periods: readonly (readonly number[])[];
}

interface OpenLayer {
  readonly buckets: Day[];
  readonly periods: number[][];
  to: Day;
}

/** Distributes periods over as few layers as they need; the same days twice are measured once, null not at all. */
export function layersOf(periods: readonly (Period | null)[]): readonly Layer[] {
  const layers: OpenLayer[] = [];
  for (const { from, to, positions } of distinct(periods)) {
    const layer = layers.find((open) => open.to < from);
    if (!layer) {
      layers.push({ buckets: [from], periods: [positions], to });
      continue;
    }
    const next = addDays(layer.to, 1);
    if (next < from) {
      layer.buckets.push(next);
      layer.periods.push([]);
    }
    layer.buckets.push(from);
    layer.periods.push(positions);
    layer.to = to;
  }
  return layers;
}

/** By their first days. */
function distinct(periods: readonly (Period | null)[]): { from: Day; to: Day; positions: number[] }[] {
  const known = new Map<string, { from: Day; to: Day; positions: number[] }>();
  for (const [position, period] of periods.entries()) {
    if (period === null) continue;
    const { from, to } = period;
    const name = `${from} ${to}`;
    const same = known.get(name);
    if (same) same.positions.push(position);
    else known.set(name, { from, to, positions: [position] });
  }
  return [...known.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}
