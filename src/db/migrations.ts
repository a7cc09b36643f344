import { Directory1764000001000 } from '../../migrations/1764000001000-directory';
import { Evaluation1764000003000 } from '../../migrations/1764000003000-evaluation';
import { KpiEngine1764000005000 } from '../../migrations/1764000005000-kpi-engine';
import { Records1764000002000 } from '../../migrations/1764000002000-records';
import { Rollup1764000004000 } from '../../migrations/1764000004000-rollup';

/** In the order in which they run. */
export const MIGRATIONS = [
  Directory1764000001000,
  Records1764000002000,
  Evaluation1764000003000,
  Rollup1764000004000,
  KpiEngine1764000005000,
];
