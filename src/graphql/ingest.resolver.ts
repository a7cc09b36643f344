import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RECORD_KINDS } from '../domain/records';
import type { IngestResult } from '../services/ingest-result';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import { IngestInput, IngestPayload, type UserError } from './ingest.types';
import { readSifted } from './sift-records';

const MAX_RECORDS = 1_000;

@Resolver()
export class IngestResolver {
  @Mutation(() => IngestPayload, {
    description: 'Takes records in, replacing stored ones by the ids of the source. Sent again, it changes nothing.',
  })
  async ingest(
    @Arg('input', () => IngestInput, { description: 'The records.' }) input: IngestInput,
    @Ctx() context: Context,
  ): Promise<IngestPayload> {
    requireScope(context.principal, 'INGEST');
    const batch = Object.fromEntries(
      RECORD_KINDS.map((kind) => [kind, input[kind]?.map((record) => readSifted(kind, record)) ?? []]),
    );
    const count = Object.values(batch).reduce((sum, records) => sum + records.length, 0);
    if (count > MAX_RECORDS) {
      const message = `At most ${MAX_RECORDS} records are taken in one call; stream more to /v1/ingest.`;
      return refused({ code: 'BAD_USER_INPUT', message, field: ['input'] });
    }
    return accepted(await context.ingestion.ingest(context.principal, batch));
  }
}

function accepted(result: IngestResult): IngestPayload {
  return { ...result, rejected: [...result.rejected], userErrors: [] };
}

function refused(error: UserError): IngestPayload {
  return { accepted: 0, unchanged: 0, stale: 0, rejected: [], userErrors: [error] };
}
