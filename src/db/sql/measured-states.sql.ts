import { type MeasureKey, MEASURES } from '../../domain/measures';
import { type Grouping, groups, inScope, joins } from './measured-grouping.sql';
import type { MeasuredPart } from './measured-rows.sql';
import { bucketOf, type MeasureScope } from './measure-scope.sql';
import { peoplePrefix } from './rollup-columns';

/** The buyers of agents together: by the day where the day matters, by the buyer within a bucket, then all of them. */
export function statePart(scope: MeasureScope, grouping: Grouping, measures: readonly MeasureKey[]): MeasuredPart {
  const people = measures.filter((measure) => MEASURES[measure].kind === 'DISTINCT').map(peoplePrefix);
  const flags = (flag: (name: string) => string): string[] => people.map((name) => `${flag(name)} as ${name}`);
  const withDays = people.length < measures.length;
  const states = `
      select ${[groups(grouping), 'c.buyer_id', 'c.day', ...flags((name) => `c.${name}_gap > 0`), 'c.effective'].join(', ')}
      from agent_buyer_day c
      ${joins(grouping)}
      where ${inScope(scope)}
        and c.day >= ${scope.from}
        and c.day <= ${scope.to}`;
  const days = `
      select ${[
        's.shop_group, s.agent_group, s.buyer_id, s.day',
        ...flags((name) => `bool_or(s.${name})`),
        'bool_and(s.effective) as effective',
      ].join(', ')}
      from (${states}
      ) s
      group by s.shop_group, s.agent_group, s.buyer_id, s.day`;
  const text = `
  select b.shop_group, b.agent_group, b.bucket, null::text as cut,
    ${measures.map((measure) => `${stateText(measure)} as "${measure}"`).join(',\n    ')}
  from (
    select d.shop_group, d.agent_group, ${bucketOf(scope, 'd.day')} as bucket, d.buyer_id,
      ${[
        ...flags((name) => `bool_or(d.${name})`),
        ...(withDays ? ['count(d.effective) as judged', 'count(*) filter (where d.effective) as effective'] : []),
      ].join(', ')}
    from (${withDays ? days : states}
    ) d
    group by 1, 2, 3, 4
  ) b
  group by b.shop_group, b.agent_group, b.bucket`;
  return { text, measures };
}

function stateText(measure: MeasureKey): string {
  if (MEASURES[measure].kind === 'DISTINCT') return `count(*) filter (where b.${peoplePrefix(measure)})`;
  return measure === 'judgedBuyerDays' ? 'sum(b.judged)' : 'sum(b.effective)';
}
