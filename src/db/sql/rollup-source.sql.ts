import { NO_SHOP } from '../../domain/measure-query';
import { MEASURE_KEYS, type MeasureKey, MEASURES } from '../../domain/measures';
import type { FactFamily } from './fact-families.sql';
import { MEASURE_SQL } from './fact-measures.sql';
import {
  complaintAgent,
  complaintKnown,
  eligible,
  included,
  namesOrder,
  namesSession,
  refundAgent,
  unansweredCall,
  validSale,
} from './facts.sql';
import { cellColumn } from './rollup-columns';
import { factsOfDays, isWanted } from './rollup-reach.sql';

/** Facts of one table and event, and the families among them, each with the condition that makes a fact one of it. */
interface Source {
  readonly agent: string;
  readonly day: string;
  readonly from: string;
  readonly where: string;
  readonly families: Readonly<Partial<Record<FactFamily, string | null>>>;
  /** Columns that no measure is. */
  readonly besides?: Readonly<Record<string, string>>;
}

const ORDER_OF_REFUND = `cross join lateral (
    select o.*
    from orders o
    where ${namesOrder('r', 'o')}
      and ${included('o')}
    offset 0
  ) o`;

function refundsThat(event: string, families: Source['families'], condition = 'true'): Source {
  return {
    agent: refundAgent('r', 'o'),
    day: `r.${event}_day`,
    from: `${factsOfDays('refund', 'r', event)}
  ${ORDER_OF_REFUND}`,
    where: `${included('r')} and ${condition}`,
    families,
  };
}

const SOURCES: readonly Source[] = [
  {
    agent: 's.agent_id',
    day: 's.started_day',
    from: factsOfDays('session', 's', 'started'),
    where: 'true',
    families: { session: eligible('s'), exclusion: `not (${eligible('s')})` },
    // One at most in each cell: to count distinct days would mean to sort the sessions.
    besides: {
      [cellColumn('agentDays')]:
        `least(count(*) filter (where ${eligible('s')} and ${MEASURE_SQL.agentDays.condition}), 1)`,
    },
  },
  {
    agent: 'o.agent_id',
    day: 'o.placed_day',
    from: factsOfDays('orders', 'o', 'placed'),
    where: `${included('o')} and o.agent_id is not null`,
    families: { placed: null },
  },
  {
    agent: 'o.agent_id',
    day: 'o.paid_day',
    from: factsOfDays('orders', 'o', 'paid'),
    where: validSale('o'),
    families: { sale: null },
    besides: { shop_paid_orders: 'count(*)' },
  },
  {
    ...refundsThat(
      'closed',
      { refundedSale: null },
      `r.status = 'COMPLETED' and ${validSale('o')} and o.agent_id is not null`,
    ),
    agent: 'o.agent_id',
    besides: { refunded_sales: 'count(*)' },
  },
  refundsThat('opened', { refundOpened: null }),
  refundsThat('disputed', { refundDisputed: null }),
  refundsThat('closed', { refundCompleted: null }, `r.status = 'COMPLETED'`),
  {
    agent: complaintAgent('c', 'o', 's'),
    day: 'c.opened_day',
    from: `${factsOfDays('complaint', 'c', 'opened')}
  left join lateral (
    select o.*
    from orders o
    where ${namesOrder('c', 'o')}
      and ${included('o')}
    offset 0
  ) o on true
  left join lateral (
    select s.*
    from session s
    where ${namesSession('c', 's')}
    offset 0
  ) s on true`,
    where: `${included('c')} and ${complaintKnown('c', 'o', 's')}`,
    families: { complaint: null },
  },
];

const PEAKS: Source = {
  agent: 'e.agent_id',
  day: 'e.day',
  // Each session opens and closes; at the same instant closing comes first, so one that takes no time never counts.
  from: `(
      select s.agent_id, s.started_day as day,
        sum(c.change) over (
          partition by s.agent_id, s.started_day
          order by c.at, c.change
          rows unbounded preceding
        ) as open
      from ${factsOfDays('session', 's', 'started')}
      cross join lateral (
        values (s.started_at, 1), (greatest(coalesce(s.ended_at, s.last_message_at), s.started_at), -1)
      ) c (at, change)
      where ${eligible('s')}
        and not ${unansweredCall('s')}
        and coalesce(s.ended_at, s.last_message_at) is not null
        and s.agent_id is not null
        and ${isWanted('s.agent_id')}
    ) e`,
  where: 'true',
  families: { concurrency: null },
};

function agentPresence(shopId: number): Source {
  return {
    agent: 'a.agent_id',
    day: 'a.day',
    from: accountDays(shopId, true),
    where: 'true',
    families: { presence: null },
  };
}

/**
 * The given columns of agents' cells from the facts, as a query with agent_id and day. Each source gives its numbers as
 * one array, lest every one of them had to name the columns of all.
 */
export function agentCells(shopId: number, columns: readonly string[]): string {
  const sources = [...(shopId === NO_SHOP ? [] : [...SOURCES.map(ofWantedCells), PEAKS]), agentPresence(shopId)];
  const numbers = sources.map(numbersOf);
  const places = new Map(
    numbers.flatMap((expressions, source) =>
      Object.keys(expressions).map((column, index): [string, string] => [
        column,
        `(max(u.numbers) filter (where u.source = ${source}))[${index + 1}]`,
      ]),
    ),
  );
  const parts = sources.map(
    ({ agent, day, from, where }, source) => `
    select coalesce(${agent}, 0) as agent_id, ${day} as day, ${source} as source,
      array[
        ${Object.values(numbers[source] ?? {}).join(',\n        ')}
      ]::numeric[] as numbers
    from ${from}
    where ${where}
    group by 1, 2`,
  );
  return `
  select u.agent_id, u.day,
    ${columns.map((column) => `${places.get(column) ?? 'null::numeric'} as ${column}`).join(',\n    ')}
  from (${parts.join('\n    union all')}
  ) u
  group by u.agent_id, u.day`;
}

/** The presence of the shop's accounts, which agents may share, as a query with the day. */
export function shopPresence(shopId: number): string {
  const columns = Object.entries(measured({ presence: null })).map(([column, sum]) => `${sum} as ${column}`);
  return `
    select a.day, ${columns.join(', ')}
    from ${accountDays(shopId, false)}
    group by a.day`;
}

/** An account's day online as "a", of each agent or of all: cut at midnight, with overlapping spans united. */
function accountDays(shopId: number, ofAgents: boolean): string {
  return `(
      select ${ofAgents ? 'p.agent_id, ' : ''}midnight.at::date as day, range_agg(span.online) as online
      from wanted w
      cross join zone z
      cross join lateral (
        select p.*
        from presence p
        where p.organization_id = $1
          and ${shopId === NO_SHOP ? 'p.shop_id is null' : 'p.shop_id = $2'}
          and p.ended_at >= w.since
          and p.started_at < w.until
        offset 0
      ) p
      cross join lateral generate_series(
        greatest((p.started_at at time zone z.name)::date, w.first_day)::timestamp,
        least((p.ended_at at time zone z.name)::date, w.last_day)::timestamp,
        interval '1 day'
      ) midnight (at)
      cross join lateral (
        select tstzrange(p.started_at, p.ended_at)
          * tstzrange(${startOfDay('midnight.at', 'z.name')}, ${startOfDay(`midnight.at + interval '1 day'`, 'z.name')})
      ) span (online)
      where not isempty(span.online)
        and ${ofAgents ? isWanted('p.agent_id') : 'true'}
      group by ${ofAgents ? 'p.agent_id, ' : ''}p.account, case when p.account is null then p.agent_id end, midnight.at
    ) a`;
}

function ofWantedCells(source: Source): Source {
  return { ...source, where: `${source.where} and ${isWanted(source.agent)}` };
}

function numbersOf({ families, besides }: Source): Readonly<Record<string, string>> {
  return { ...measured(families), ...besides };
}

/** The measures of the families, by column. */
function measured(families: Source['families']): Readonly<Record<string, string>> {
  const members = MEASURE_KEYS.filter((key) => COUNTED.has(MEASURES[key].kind) && MEASURE_SQL[key].family in families);
  return Object.fromEntries(
    members.map((key) => [cellColumn(key), aggregateOf(key, families[MEASURE_SQL[key].family])]),
  );
}

const COUNTED = new Set(['SUM', 'DAILY', 'MAXIMUM']);

function aggregateOf(measure: MeasureKey, isOfFamily: string | null | undefined): string {
  const { aggregate, condition } = MEASURE_SQL[measure];
  const conditions = [isOfFamily, condition].filter((text) => text != null);
  return conditions.length === 0 ? aggregate : `${aggregate} filter (where ${conditions.join(' and ')})`;
}

/** First instant of a local day. Read alone, a midnight that strikes twice would be the second one. */
function startOfDay(midnight: string, zone: string): string {
  return `least((${midnight}) at time zone ${zone}, (${midnight} - interval '1 hour') at time zone ${zone} + interval '1 hour')`;
}
