import { addDays, daysBetween } from '../domain/period';
import type { AGENT_LEVELS } from '../domain/records';
import type { Day } from '../domain/zone';
import { type DemoAgent, isEmployed, TEAMS } from './agents';
import type { History } from './history';
import { FIRM } from './outbox';
import { SHOPS } from './shops';
import type { World } from './world';

/** What is asked of each level, where somebody of middling experience is asked for 1. */
const SALES_BY_LEVEL: Readonly<Record<(typeof AGENT_LEVELS)[number], number>> = {
  JUNIOR: 0.7,
  INTERMEDIATE: 1,
  SENIOR: 1.25,
  EXPERT: 1.5,
};
const MONTHLY_CALLS = 170;
const COMPLAINT_COEFFICIENT = 5;
const ABSENCE_COEFFICIENT = 2;

/** The days of a calendar month that the history tells of, and their part of the month. */
interface Month {
  readonly from: Day;
  readonly to: Day;
  readonly share: number;
}

/** Everybody's goals, month by month; those of a month cut short are cut as much. */
export function tellGoals(world: World): void {
  for (const month of monthsOf(world.history)) {
    const employed = world.agents.filter((agent) => isEmployed(agent, month.from) && isEmployed(agent, month.to));
    for (const agent of employed) tellAgentGoals(world, month, agent);
    for (const { id } of TEAMS) {
      const members = employed.filter(({ team }) => team.id === id);
      const sales = members.reduce((sum, agent) => sum + salesGoal(agent, month), 0);
      if (sales > 0) send(world, month, { metric: 'salesAmount', team: id, value: sales });
    }
  }
}

function tellAgentGoals(world: World, month: Month, agent: DemoAgent): void {
  const aim = (metric: string, value: number): void => send(world, month, { metric, agent: agent.id, value });
  const sales = salesGoal(agent, month);
  if (sales > 0) aim('salesAmount', sales);
  if (agent.phone) aim('callVolume', Math.round(MONTHLY_CALLS * month.share));
  aim('complaintCoefficient', COMPLAINT_COEFFICIENT);
  aim('absenceCoefficient', ABSENCE_COEFFICIENT);
}

/** So many items at the prices of the agent's shops. */
function salesGoal({ team, level, shops }: DemoAgent, { share }: Month): number {
  const prices = SHOPS.filter(({ id }) => shops.includes(id)).map(({ itemPrice }) => itemPrice);
  const averagePrice = prices.reduce((sum, price) => sum + price, 0) / prices.length;
  return Math.round((team.monthlyItems * averagePrice * SALES_BY_LEVEL[level] * share) / 100) * 100;
}

function send({ history, outbox }: World, { from, to }: Month, goal: object): void {
  outbox.put(FIRM, 'targets', history.startOf(daysBetween(history.firstDay, from)), { ...goal, from, to });
}

function monthsOf({ firstDay, lastDay }: History): readonly Month[] {
  const months: Month[] = [];
  for (let from = firstDay; from <= lastDay;) {
    const days = daysInMonth(from);
    const monthEnd = `${from.slice(0, 7)}-${days}`;
    const to = monthEnd < lastDay ? monthEnd : lastDay;
    months.push({ from, to, share: (daysBetween(from, to) + 1) / days });
    from = addDays(to, 1);
  }
  return months;
}

function daysInMonth(day: Day): number {
  // Day 0 of the next month, which Date counts from 0.
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate();
}
