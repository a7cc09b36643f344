import { isDay } from '../domain/period';
import type { Day, LocalTime } from '../domain/zone';

export type DayReader = (text: string) => Day | null;

const YEAR_FIRST = /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})$/;

/** Whether the format has YYYY, MM and DD once each, and no other letters or digits. */
export function isDayFormat(format: string): boolean {
  const separators = format.split(/YYYY|MM|DD/);
  const isComplete = separators.length === 4 && ['YYYY', 'MM', 'DD'].every((part) => format.includes(part));
  return isComplete && !/\w/.test(separators.join(''));
}

/** Reads calendar days, year first or as `format` says, such as DD/MM/YYYY; leading zeros may lack. Null for other text. */
export function buildDayReader(format?: string): DayReader {
  const pattern = format === undefined ? YEAR_FIRST : dayPattern(format);
  return (text) => {
    const { year = '', month = '', day = '' } = pattern.exec(text)?.groups ?? {};
    const found = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return isDay(found) ? found : null;
  };
}

function dayPattern(format: string): RegExp {
  const pattern = format
    .replace(/\W/g, String.raw`\$&`)
    .replace('YYYY', String.raw`(?<year>\d{4})`)
    .replace('MM', String.raw`(?<month>\d{1,2})`)
    .replace('DD', String.raw`(?<day>\d{1,2})`);
  return new RegExp(`^${pattern}$`);
}

const TIME = /^(.+?)[T\s]\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:\s?([AP])M)?$/i;

/** Reads a day and a time of day apart by T or blanks: 2021-01-31 9:12:58, 31/1/2021 09:12 PM; null when it is neither. */
export function parseLocalTime(readDay: DayReader, text: string): LocalTime | null {
  const match = TIME.exec(text);
  if (!match) return null;
  const [, dayText = '', hourText, minute, second = '0', fraction = '', half] = match;
  const day = readDay(dayText);
  const hour = parseHour(Number(hourText), half?.toUpperCase());
  if (day === null || hour === null || Number(minute) > 59 || Number(second) > 59) return null;
  const seconds = hour * 3600 + Number(minute) * 60 + Number(second);
  return { day, timeOfDayMs: seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')) };
}

function parseHour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'P' ? 12 : 0);
}
