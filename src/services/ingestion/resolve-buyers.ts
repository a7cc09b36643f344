import type { Intake, Prepared } from './intake';
import { buyerIds } from './references';

/** Rows come with the source's id of their buyer; it becomes ours, and buyers seen for the first time are added. */
export async function resolveBuyers(
  intake: Intake,
  prepared: readonly Prepared<'shop_id' | 'buyer_id'>[],
): Promise<void> {
  if (prepared.length === 0) return;
  const idOf = await buyerIds(
    intake,
    prepared.map(({ row }) => ({ shopId: Number(row.shop_id), externalId: String(row.buyer_id) })),
  );
  for (const { row } of prepared) row.buyer_id = idOf(Number(row.shop_id), String(row.buyer_id));
}
