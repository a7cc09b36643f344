import type { SqlRunner } from '../../src/db/sql-query';
import type { TestDatabase } from './database';

export const ROLLUP_TABLES = [
  'agent_buyer_day',
  'shop_buyer_day',
  'agent_day',
  'shop_day',
  'agent_month',
  'shop_month',
  'rollup_month',
] as const;

/** All that is worked out, sorted; not which months are made, for those before the first cell are nobody's. */
export async function readRollups(tenant: SqlRunner): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of ROLLUP_TABLES.filter((name) => name !== 'rollup_month')) {
    const rows = await tenant.query<{ content: unknown }>({
      text: `select content from (select (to_jsonb(t) - 'organization_id')::text as content from ${table} t) rows
        order by content collate "C"`,
      values: [],
    });
    tables[table] = rows.map(({ content }) => content);
  }
  return tables;
}

/**
 * A change of the stored facts, marked as precisely as can be told from outside: the cells and the buyers of all that
 * reads otherwise than before.
 */
export async function changeMarked(
  db: TestDatabase,
  organizationId: number,
  change: (tx: SqlRunner) => Promise<void>,
): Promise<void> {
  await db.database.transaction(organizationId, async (tx) => {
    const before = await readTouched(tx);
    await change(tx);
    const after = await readTouched(tx);
    const changed = [...before]
      .filter((mark) => !after.has(mark))
      .concat([...after].filter((mark) => !before.has(mark)));
    const marks = new Set(changed.map((line) => line.split('|')[0] ?? ''));
    await tx.query({
      text: `insert into rollup_mark (organization_id, shop_id, buyer_id, agent_id, day)
        select $1, (m.mark->>0)::int, (m.mark->>1)::int, (m.mark->>2)::int, (m.mark->>3)::date
        from unnest($2::jsonb[]) m (mark)`,
      values: [organizationId, [...marks]],
    });
  });
}

/** Every fact with each buyer and each cell that it tells of: 'mark|content'. */
async function readTouched(tx: SqlRunner): Promise<Set<string>> {
  const rows = await tx.query<{ line: string }>({ text: TOUCHED, values: [] });
  return new Set(rows.map(({ line }) => line));
}

const buyer = (record: string): string => `jsonb_build_array(${record}.shop_id, ${record}.buyer_id, null, null)`;
const cell = (record: string, agent: string, day: string): string =>
  `jsonb_build_array(${record}.shop_id, null, coalesce(${agent}, 0), ${day})`;
const orderOf = (record: string): string =>
  `join orders o on o.shop_id = ${record}.shop_id and o.external_id = ${record}.order_external_id`;

const LINES: readonly (readonly [mark: string, content: string, from: string])[] = [
  [buyer('s'), 'to_jsonb(s)', 'session s'],
  [cell('s', 's.agent_id', 's.started_day'), 'to_jsonb(s)', 'session s'],
  [buyer('o'), 'to_jsonb(o)', 'orders o'],
  [cell('o', 'o.agent_id', 'o.placed_day'), 'to_jsonb(o)', 'orders o'],
  [cell('o', 'o.agent_id', 'o.paid_day'), 'to_jsonb(o)', 'orders o where o.paid_day is not null'],
  [buyer('o'), 'to_jsonb(a)', 'order_assist a join orders o on o.id = a.order_id'],
  ...['opened', 'closed', 'disputed'].map(
    (event) =>
      [
        cell('r', 'coalesce(r.explicit_agent_id, o.agent_id)', `r.${event}_day`),
        'jsonb_build_array(r, o)',
        `refund r ${orderOf('r')} where r.${event}_day is not null`,
      ] as const,
  ),
  [
    cell('r', 'o.agent_id', 'r.closed_day'),
    'jsonb_build_array(r, o)',
    `refund r ${orderOf('r')} where r.closed_day is not null`,
  ],
  [
    cell(
      'c',
      'coalesce(c.explicit_agent_id, s.agent_id, case when o.excluded_reason is null then o.agent_id end)',
      'c.opened_day',
    ),
    'jsonb_build_array(c, o, s)',
    `complaint c left ${orderOf('c')}
     left join session s on s.shop_id = c.shop_id and s.external_id = c.session_external_id`,
  ],
  [
    `jsonb_build_array(coalesce(p.shop_id, 0), null, p.agent_id, d.at::date)`,
    'to_jsonb(p)',
    `presence p join organization g on g.id = p.organization_id left join shop h on h.id = p.shop_id
     cross join lateral (select coalesce(h.time_zone, g.time_zone)) z (zone)
     cross join lateral generate_series((p.started_at at time zone z.zone)::date::timestamp,
                                        p.ended_at at time zone z.zone, interval '1 day') d (at)`,
  ],
];

const TOUCHED = LINES.map(
  ([mark, content, from]) => `select ${mark}::text || '|' || md5((${content})::text) as line from ${from}`,
).join('\nunion all\n');
