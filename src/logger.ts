import { type DestinationStream, type Logger, pino } from 'pino';

/** JSON lines. Neither secrets nor what is in requests and statements gets into them. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: ['authorization', '*.authorization', '*.*.authorization'],
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Not all properties: a failed statement's error carries its text, its parameters and the row. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return {
    type: name,
    message,
    code: 'code' in error ? error.code : undefined,
    stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}
