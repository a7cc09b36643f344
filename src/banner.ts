import { addDays } from './domain/period';
import type { Demo } from './demo/ensure-demo';

/** What a person needs to begin: where it is, a key, and a first query to paste into a shell. */
export function banner(url: string, demo: Demo | null): string {
  const lines = demo ? describeDemo(url, demo) : describeKeys();
  return ['', `Scoreline is ready at ${url}/graphql`, '', ...lines, ''].join('\n');
}

function describeDemo(url: string, { key, lastDay }: Demo): string[] {
  const period = `period: { from: "${addDays(lastDay, -29)}", to: "${lastDay}" }`;
  const kpis = 'inquiringBuyers inquiryConversionRate averageResponseSeconds';
  const query = `{ agents(first: 5) { nodes { name kpis(${period}) { ${kpis} } } } }`;
  return [
    `Demo key: ${key}`,
    '',
    'A first query:',
    '',
    `curl ${url}/graphql -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}'`,
  ];
}

function describeKeys(): string[] {
  return ['To make a key:', '', 'npx scoreline keys create --name first --scopes KPI_READ,RECORDS_READ,INGEST'];
}
