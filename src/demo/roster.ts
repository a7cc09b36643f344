import { DAY_MS, type Instant, localToInstant } from '../domain/zone';
import { type DemoAgent, isEmployed } from './agents';
import type { History } from './history';
import { Random } from './random';
import { promotion } from './rhythm';

const HOUR_MS = 3_600_000;
const SICK_LEAVE = 0.03;
const EXTRA_HOURS_ON_SALE = 1.5;
/** Two hours after midnight. */
const NIGHT_CLOSES = 26;

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** A day's work of one agent, before and after the break. */
export interface Shift {
  readonly agent: DemoAgent;
  readonly spans: readonly [Span, Span];
}

/** Who works when: days may be asked for in any order, and are always the same. */
export class Roster {
  private readonly shiftsByDay = new Map<number, readonly Shift[]>();

  constructor(
    private readonly seed: number,
    private readonly history: History,
    private readonly agents: readonly DemoAgent[],
  ) {}

  /** Who serves the shop at that moment. */
  onDuty(shop: string, at: Instant): readonly DemoAgent[] {
    const today = this.history.dayIndex(at);
    // Yesterday's late shifts may still run, here or in zones further west.
    return [...this.shifts(today - 1), ...this.shifts(today)]
      .filter(({ agent, spans }) => agent.shops.includes(shop) && spans.some(({ from, to }) => from <= at && at < to))
      .map(({ agent }) => agent);
  }

  shifts(dayIndex: number): readonly Shift[] {
    const known = this.shiftsByDay.get(dayIndex);
    if (known !== undefined) return known;
    const shifts = this.agents
      .filter((agent) => this.isPresent(agent, dayIndex))
      .map((agent) => ({ agent, spans: this.spansOf(agent, dayIndex) }));
    this.shiftsByDay.set(dayIndex, shifts);
    return shifts;
  }

  isScheduled(agent: DemoAgent, dayIndex: number): boolean {
    const day = this.history.day(dayIndex);
    if (!isEmployed(agent, day)) return false;
    const daysSinceRest = (new Date(day).getUTCDay() - agent.restDay + 7) % 7;
    return daysSinceRest > 1 || promotion(day) > 1;
  }

  isPresent(agent: DemoAgent, dayIndex: number): boolean {
    const random = new Random(this.seed, 'leave', agent.id, dayIndex);
    return this.isScheduled(agent, dayIndex) && !random.chance(SICK_LEAVE);
  }

  private spansOf(agent: DemoAgent, dayIndex: number): [Span, Span] {
    const random = new Random(this.seed, 'shift', agent.id, dayIndex);
    const day = this.history.day(dayIndex);
    const { timeZone, opens, closes } = agent.team;
    const pause = random.uniform(0.7, 1.1);
    const hours = agent.hours + random.normal(0, 0.35) + (promotion(day) > 1 ? EXTRA_HOURS_ON_SALE : 0);
    const from = this.isLate(agent, dayIndex)
      ? (agent.worksNights ? NIGHT_CLOSES : closes) - hours - pause
      : opens - random.uniform(0, 0.2);
    const pausesAt = from + hours * random.uniform(0.4, 0.6);
    const at = (hour: number): Instant => localToInstant(timeZone, { day, timeOfDayMs: Math.round(hour * HOUR_MS) });
    return [
      { from: at(from), to: at(pausesAt) },
      { from: at(pausesAt + pause), to: at(from + hours + pause) },
    ];
  }

  private isLate({ worksNights, lateWeeks }: DemoAgent, dayIndex: number): boolean {
    const week = Math.floor(Date.parse(this.history.day(dayIndex)) / (7 * DAY_MS));
    return worksNights || week % 2 === lateWeeks;
  }
}
