import { sqlState } from '../db/database';
import { isUnavailable } from '../db/unavailable';
import { InvalidInput } from '../domain/invalid-input';
import { AppError, ERROR_STATUS, type ErrorCode } from '../errors';

/** What a caller is told of a failure. A status of 500 or more is ours to look into, so the error itself is logged. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** The input's field that is to blame, as the caller wrote it. */
  readonly field?: string;
}

export interface ErrorBody {
  readonly errors: readonly [
    {
      readonly message: string;
      readonly extensions: { readonly code: ErrorCode; readonly requestId: string; readonly field?: string };
    },
  ];
}

/** What is wrong with a request that never got to a handler, by the status it is refused with. */
const REFUSED: Readonly<Record<number, string>> = {
  408: 'The request took too long to arrive.',
  413: 'The body is too large.',
  415: 'The content type is not supported.',
  431: 'The headers are too large.',
};

/** Whatever the error says stays here, unless it was written for the caller. */
export function answerError(error: unknown): ErrorAnswer {
  if (error instanceof AppError) return answer(error.code, error.message, error.details.field);
  if (error instanceof InvalidInput) return answer(error.code, error.message, error.field);
  const status = findStatus(error);
  if (status >= 400 && status < 500) return answerRefused(status);
  if (sqlState(error) === '57014')
    return answer('TIMEOUT', 'This took too long and was stopped: ask for less at once.');
  if (isUnavailable(error)) return answer('UNAVAILABLE', 'The service cannot do this now: try again shortly.');
  return answer('INTERNAL', 'Something went wrong on our side: tell us the request id.');
}

/** For a request that was refused with this status before any of our code saw it. */
export function answerRefused(status: number): ErrorAnswer {
  return { ...answer('BAD_USER_INPUT', REFUSED[status] ?? 'The request cannot be read.'), status };
}

export function errorBody({ code, message, field }: ErrorAnswer, requestId: string): ErrorBody {
  return { errors: [{ message, extensions: { code, requestId, field } }] };
}

function answer(code: ErrorCode, message: string, field?: string): ErrorAnswer {
  return { status: ERROR_STATUS[code], code, message, field };
}

/** The status that the HTTP framework gives its own errors, else 0. */
function findStatus(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error)) return 0;
  return typeof error.statusCode === 'number' ? error.statusCode : 0;
}
