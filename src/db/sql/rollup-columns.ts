import { type MeasureKey, MEASURES } from '../../domain/measures';

/** The column of a measure that adds up over cells, or is a maximum of them. */
export function cellColumn(measure: MeasureKey): string {
  return snakeCase(measure);
}

/** What the columns of a people count begin with: `<prefix>_gap` in states, `<prefix>_gaps` and `_buyers` in cells. */
export function peoplePrefix(measure: MeasureKey): string {
  if (MEASURES[measure].kind !== 'DISTINCT') throw new Error(`${measure} does not count people.`);
  return snakeCase(measure.replace(/Buyers$/, ''));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]|\d+/g, (match) => `_${match.toLowerCase()}`);
}
