import { type Grain, MEASURE_KEYS, type MeasureKey, MEASURES } from '../../domain/measures';
import { peoplePrefix } from './rollup-columns';

/** The measures that count people at a grain. */
export function peopleMeasures(grain: Grain): MeasureKey[] {
  return MEASURE_KEYS.filter((key) => MEASURES[key].kind === 'DISTINCT' && MEASURES[key].grains.includes(grain));
}

/** What the columns of the people counts of a grain begin with. */
export function peoplePrefixes(grain: Grain): string[] {
  return peopleMeasures(grain).map(peoplePrefix);
}

/** The columns of the people counts of a cell. */
export function stepColumns(grain: Grain): string[] {
  return peoplePrefixes(grain).flatMap((prefix) => [`${prefix}_gaps`, `${prefix}_buyers`]);
}

/**
 * The same from rows (flag, gap, buyers) of "x", the flag being the position of the people count from 0 and the buyers
 * those whose gap is at least that.
 */
export function stepAggregates(grain: Grain): string[] {
  return peoplePrefixes(grain).flatMap((prefix, flag) => [
    `coalesce(array_agg(x.gap order by x.gap) filter (where x.flag = ${flag}), '{}')::smallint[] as ${prefix}_gaps`,
    `coalesce(array_agg(x.buyers order by x.gap) filter (where x.flag = ${flag}), '{}')::int[] as ${prefix}_buyers`,
  ]);
}
