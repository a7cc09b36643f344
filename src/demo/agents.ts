import { addDays } from '../domain/period';
import type { AGENT_LEVELS, AGENT_ROLES } from '../domain/records';
import type { Day } from '../domain/zone';
import { HOME_ZONE } from './history';
import { Random } from './random';
import { SHOPS } from './shops';

type Level = (typeof AGENT_LEVELS)[number];
type Role = (typeof AGENT_ROLES)[number];

/** How good an agent is, each from 0 to 1: at answering at once, at selling, at leaving nobody unhappy. */
export interface Skills {
  readonly speed: number;
  readonly selling: number;
  readonly care: number;
}

export interface DemoAgent {
  readonly id: string;
  readonly name: string;
  readonly team: DemoTeam;
  readonly level: Level;
  readonly role: Role;
  readonly hiredOn: Day;
  readonly leftOn: Day | null;
  /** The shops served, the main one first. */
  readonly shops: readonly string[];
  readonly skills: Skills;
  /** Takes calls, and nothing else. */
  readonly phone: boolean;
  readonly worksNights: boolean;
  /** Hours online on a usual day. */
  readonly hours: number;
  /** The first of two days off, from 0 for Sunday. */
  readonly restDay: number;
  /** Works late in every other week: in those with this remainder. */
  readonly lateWeeks: number;
}

export interface DemoTeam {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** Hours of the day between which its shifts lie. */
  readonly opens: number;
  readonly closes: number;
  /** How many items an agent of middling experience should sell in a month. */
  readonly monthlyItems: number;
}

interface Hire {
  readonly name: string;
  readonly level: Level;
  readonly daysAgo: number;
  /** Where it is not that of the team. */
  readonly role?: Role;
  readonly leftDaysAgo?: number;
  /** At a main shop that serves until late. */
  readonly worksNights?: boolean;
  readonly phone?: boolean;
}

interface Staff extends DemoTeam {
  readonly role: Role;
  /** The shops of one after another of its agents. */
  readonly shops: readonly (readonly string[])[];
  readonly hires: readonly Hire[];
}

const DAYTIME = { timeZone: HOME_ZONE, opens: 8, closes: 23 } as const;

const STAFF: readonly Staff[] = [
  {
    ...DAYTIME,
    id: 'team-home',
    name: '家居售前组 Home pre-sales',
    role: 'PRE_SALE',
    monthlyItems: 310,
    shops: [
      ['tmall-qimu', 'taobao-qimu'],
      ['jd-qimu', 'tmall-qimu'],
      ['douyin-qimu', 'taobao-qimu'],
      ['tmall-qimu', 'jd-qimu'],
      ['taobao-qimu', 'douyin-qimu'],
    ],
    hires: [
      { name: '林晓云', level: 'EXPERT', daysAgo: 2140, role: 'GENERAL' },
      { name: '周子墨', level: 'SENIOR', daysAgo: 1480 },
      { name: '陈雨桐', level: 'SENIOR', daysAgo: 1205 },
      { name: '王知远', level: 'INTERMEDIATE', daysAgo: 690 },
      { name: '李佳禾', level: 'INTERMEDIATE', daysAgo: 655 },
      { name: '赵明煦', level: 'INTERMEDIATE', daysAgo: 510 },
      { name: '孙悦然', level: 'JUNIOR', daysAgo: 233 },
      { name: '沈书桃', level: 'INTERMEDIATE', daysAgo: 540, worksNights: true },
      { name: '郑浩川', level: 'JUNIOR', daysAgo: 330, leftDaysAgo: 37 },
      { name: '蒋一舟', level: 'SENIOR', daysAgo: 1010 },
      { name: '吴若溪', level: 'JUNIOR', daysAgo: 208 },
      { name: '韩子川', level: 'JUNIOR', daysAgo: 19 },
    ],
  },
  {
    ...DAYTIME,
    id: 'team-beauty',
    name: '美妆售前组 Beauty pre-sales',
    role: 'PRE_SALE',
    monthlyItems: 320,
    shops: [
      ['tmall-tangyu', 'pdd-tangyu'],
      ['pdd-tangyu', 'douyin-tangyu'],
      ['douyin-tangyu', 'tmall-tangyu'],
    ],
    hires: [
      { name: '杨紫芸', level: 'EXPERT', daysAgo: 1875, role: 'GENERAL' },
      { name: '朱俊朗', level: 'SENIOR', daysAgo: 1320 },
      { name: '秦雅澜', level: 'INTERMEDIATE', daysAgo: 605, worksNights: true },
      { name: '许嘉树', level: 'INTERMEDIATE', daysAgo: 590 },
      { name: '何静言', level: 'SENIOR', daysAgo: 1100 },
      { name: '吕天朔', level: 'INTERMEDIATE', daysAgo: 470 },
      { name: '施雨薇', level: 'JUNIOR', daysAgo: 260 },
      { name: '张若琳', level: 'JUNIOR', daysAgo: 185 },
      { name: '孔令秋', level: 'JUNIOR', daysAgo: 74 },
      { name: '曹欣语', level: 'INTERMEDIATE', daysAgo: 745 },
      { name: '严子衿', level: 'SENIOR', daysAgo: 960 },
    ],
  },
  {
    ...DAYTIME,
    id: 'team-care',
    name: '售后组 After-sales',
    role: 'AFTER_SALE',
    monthlyItems: 0,
    shops: [SHOPS.filter(({ timeZone }) => timeZone === HOME_ZONE).map(({ id }) => id)],
    hires: [
      { name: '华思齐', level: 'EXPERT', daysAgo: 1690 },
      { name: '金泽安', level: 'SENIOR', daysAgo: 1240 },
      { name: '魏书遥', level: 'INTERMEDIATE', daysAgo: 615 },
      { name: '陶文屿', level: 'INTERMEDIATE', daysAgo: 580 },
      { name: '姜婉宁', level: 'INTERMEDIATE', daysAgo: 430 },
      { name: '谢景禾', level: 'JUNIOR', daysAgo: 215 },
      { name: '邹安澜', level: 'JUNIOR', daysAgo: 290, leftDaysAgo: 82 },
      { name: '柏宇晨', level: 'SENIOR', daysAgo: 1150, role: 'GENERAL', phone: true },
      { name: '窦清越', level: 'INTERMEDIATE', daysAgo: 560, role: 'GENERAL', phone: true },
      { name: '冯诗涵', level: 'INTERMEDIATE', daysAgo: 820, role: 'GENERAL', phone: true },
      { name: '章奕帆', level: 'JUNIOR', daysAgo: 155, role: 'GENERAL', phone: true },
    ],
  },
  {
    id: 'team-europe',
    name: 'Europe',
    timeZone: 'Europe/Berlin',
    opens: 8,
    closes: 20,
    role: 'GENERAL',
    monthlyItems: 115,
    shops: [['shopify-falkenweg', 'amazon-falkenweg']],
    hires: [
      { name: 'Lena Falk', level: 'EXPERT', daysAgo: 1425 },
      { name: 'Jonas Brandtner', level: 'SENIOR', daysAgo: 900 },
      { name: 'Marta Nowińska', level: 'INTERMEDIATE', daysAgo: 640 },
      { name: 'Elin Sandgren', level: 'INTERMEDIATE', daysAgo: 410 },
      { name: 'Pieter Verhoeck', level: 'JUNIOR', daysAgo: 240 },
      { name: 'Chiara Fontanel', level: 'JUNIOR', daysAgo: 130 },
    ],
  },
];

/** Experience helps, but not everybody alike. */
const SKILL: Readonly<Record<Level, number>> = { JUNIOR: 0.34, INTERMEDIATE: 0.5, SENIOR: 0.66, EXPERT: 0.8 };
const SKILL_SPREAD = 0.17;

export const TEAMS: readonly DemoTeam[] = STAFF;

/** Everybody who works there on the last day, or did before; ids count through the teams. */
export function hireAgents(seed: number, lastDay: Day): readonly DemoAgent[] {
  return STAFF.flatMap((team) =>
    team.hires.map((hire, index) => ({ team, hire, shops: shopsOf(team, hire, index) })),
  ).map(({ team, hire, shops }, position) => {
    const id = `agent-${String(position + 1).padStart(2, '0')}`;
    const random = new Random(seed, 'agent', id);
    return {
      id,
      name: hire.name,
      team,
      level: hire.level,
      role: hire.role ?? team.role,
      hiredOn: addDays(lastDay, -hire.daysAgo),
      leftOn: hire.leftDaysAgo === undefined ? null : addDays(lastDay, -hire.leftDaysAgo),
      shops,
      skills: drawSkills(random, hire.level),
      phone: hire.phone ?? false,
      worksNights: hire.worksNights ?? false,
      hours: random.uniform(7.4, 9.8),
      restDay: (position * 2) % 7,
      lateWeeks: position % 2,
    };
  });
}

export function agentRecord({ id, name, team, level, role, hiredOn, leftOn }: DemoAgent): object {
  return { externalId: id, name, team: team.id, level, role, hiredOn, active: leftOn === null };
}

/** Whether the agent is on the payroll that day. */
export function isEmployed({ hiredOn, leftOn }: DemoAgent, day: Day): boolean {
  return hiredOn <= day && (leftOn === null || day <= leftOn);
}

function shopsOf({ shops }: Staff, { phone }: Hire, index: number): readonly string[] {
  if (phone) return SHOPS.filter(({ calls }) => calls !== undefined).map(({ id }) => id);
  return shops[index % shops.length] ?? [];
}

function drawSkills(random: Random, level: Level): Skills {
  const skill = (): number => Math.min(1, Math.max(0, random.normal(SKILL[level], SKILL_SPREAD)));
  return { speed: skill(), selling: skill(), care: skill() };
}
