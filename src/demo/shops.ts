import type { AttributionRule } from '../domain/attribution';
import type { PLATFORMS } from '../domain/records';
import type { ServiceHours } from '../domain/service-hours';
import { HOME_ZONE } from './history';

/** A shop, and how its customers behave. */
export interface DemoShop {
  readonly id: string;
  readonly client: string;
  readonly name: string;
  readonly platform: (typeof PLATFORMS)[number];
  readonly timeZone: string;
  readonly currency: string;
  readonly serviceHours?: ServiceHours;
  readonly attribution?: AttributionRule;
  /** Inquiries on a usual day. */
  readonly inquiries: number;
  /** Of the inquiries with an average agent, those that end in an order. */
  readonly conversion: number;
  /** Orders that nobody was asked about, for each inquiry. */
  readonly silentOrders: number;
  readonly itemPrice: number;
  /** Of the paid orders, those with a refund. */
  readonly refunds: number;
  /** Calls on a usual day, where there is a phone line. */
  readonly calls?: number;
  /** The source keeps no message times. */
  readonly summariesOnly?: boolean;
  /** Of the orders with a conversation, those whose agent the source names. */
  readonly namedAgents?: number;
}

export const CLIENTS = [
  { externalId: 'client-qimu', name: '栖木家居 Qimu Home' },
  { externalId: 'client-tangyu', name: '棠屿美妆 Tangyu Beauty' },
  { externalId: 'client-falkenweg', name: 'Falkenweg Outdoor' },
] as const;

const QIMU = { client: 'client-qimu', timeZone: HOME_ZONE, currency: 'CNY' } as const;
const TANGYU = { client: 'client-tangyu', timeZone: HOME_ZONE, currency: 'CNY' } as const;
const FALKENWEG = {
  client: 'client-falkenweg',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  serviceHours: { from: '08:00', to: '20:00' },
} as const;
/** Live shows sell until late. */
const UNTIL_LATE: ServiceHours = { from: '10:00', to: '02:00' };

export const SHOPS: readonly DemoShop[] = [
  {
    ...QIMU,
    id: 'tmall-qimu',
    name: '栖木家居旗舰店',
    platform: 'TMALL',
    inquiries: 67,
    conversion: 0.39,
    silentOrders: 0.24,
    itemPrice: 189,
    refunds: 0.05,
  },
  {
    ...QIMU,
    id: 'taobao-qimu',
    name: '栖木家居工厂店',
    platform: 'TAOBAO',
    inquiries: 39,
    conversion: 0.42,
    silentOrders: 0.2,
    itemPrice: 112,
    refunds: 0.06,
  },
  {
    ...QIMU,
    id: 'jd-qimu',
    name: '栖木家居京东店',
    platform: 'JD',
    inquiries: 34,
    conversion: 0.41,
    silentOrders: 0.3,
    itemPrice: 205,
    refunds: 0.04,
    calls: 24,
    namedAgents: 0.2,
  },
  {
    ...QIMU,
    id: 'douyin-qimu',
    name: '栖木家居抖音店',
    platform: 'DOUYIN',
    serviceHours: UNTIL_LATE,
    inquiries: 35,
    conversion: 0.34,
    silentOrders: 0.36,
    itemPrice: 98,
    refunds: 0.09,
  },
  {
    ...TANGYU,
    id: 'tmall-tangyu',
    name: '棠屿美妆旗舰店',
    platform: 'TMALL',
    inquiries: 61,
    conversion: 0.45,
    silentOrders: 0.26,
    itemPrice: 86,
    refunds: 0.045,
  },
  {
    ...TANGYU,
    id: 'pdd-tangyu',
    name: '棠屿美妆专营店',
    platform: 'PDD',
    inquiries: 53,
    conversion: 0.36,
    silentOrders: 0.34,
    itemPrice: 39,
    refunds: 0.07,
  },
  {
    ...TANGYU,
    id: 'douyin-tangyu',
    name: '棠屿美妆抖音店',
    platform: 'DOUYIN',
    serviceHours: UNTIL_LATE,
    attribution: { touch: 'FIRST', windowHours: 24 },
    inquiries: 42,
    conversion: 0.4,
    silentOrders: 0.38,
    itemPrice: 62,
    refunds: 0.085,
  },
  {
    ...FALKENWEG,
    id: 'shopify-falkenweg',
    name: 'Falkenweg Online Store',
    platform: 'SHOPIFY',
    inquiries: 31,
    conversion: 0.35,
    silentOrders: 0.3,
    itemPrice: 64,
    refunds: 0.06,
  },
  {
    ...FALKENWEG,
    id: 'amazon-falkenweg',
    name: 'Falkenweg Outdoor (Amazon)',
    platform: 'AMAZON',
    inquiries: 12,
    conversion: 0.33,
    silentOrders: 0.5,
    itemPrice: 52,
    refunds: 0.055,
    summariesOnly: true,
  },
];

export function shopRecord(shop: DemoShop): object {
  const { id, client, name, platform, timeZone, currency, serviceHours, attribution } = shop;
  return { externalId: id, client, name, platform, timeZone, currency, serviceHours, attribution };
}
