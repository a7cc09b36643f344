import { figuresFromMessages } from '../../domain/conversation';
import { buildOrdersOfShopsSql } from '../../db/sql/credit.sql';
import { buildLocalDaysSql, buildShopMessagesSql, buildUpdateFiguresSql } from '../../db/sql/session.sql';
import { readMessages } from '../../db/stored-messages';
import type { Intake } from './intake';
import type { LockedShop } from './references';

const PAGE = 2_000;

/** Derives a shop's facts again by what it says now: local days, figures of message times, credit of orders. */
export async function deriveAgain(
  intake: Intake,
  shop: LockedShop,
  changed: { readonly zone: boolean; readonly hours: boolean; readonly rule: boolean },
): Promise<void> {
  if (changed.zone || changed.hours || changed.rule) intake.marks.addShop(shop.id);
  if (changed.zone) {
    for (const statement of buildLocalDaysSql(intake.organizationId, shop.id)) await intake.tx.query(statement);
  }
  if (changed.zone || changed.hours) await deriveFigures(intake, shop);
  if (changed.rule) {
    const orders = await intake.tx.query<{ id: string }>(buildOrdersOfShopsSql(intake.organizationId, [shop.id]));
    for (const { id } of orders) intake.changedOrders.add(id);
  }
}

async function deriveFigures(intake: Intake, shop: LockedShop): Promise<void> {
  for (let after = '0'; ;) {
    const page = await intake.tx.query<{ id: string; sentAtMs: string[]; senders: string }>(
      buildShopMessagesSql(intake.organizationId, shop.id, after, PAGE),
    );
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
    const sessions = page.map(({ id, sentAtMs, senders }) => ({
      id,
      figures: figuresFromMessages(readMessages(sentAtMs, senders), shop.hours, shop.timeZone),
    }));
    await intake.tx.query(buildUpdateFiguresSql(intake.organizationId, sessions));
  }
}
