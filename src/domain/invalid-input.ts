/** A value the caller sent breaks a rule; `field` names it as the caller wrote it. */
export class InvalidInput extends Error {
  readonly code = 'BAD_USER_INPUT';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'InvalidInput';
  }
}
