import type { jsonSchemaValidator, JsonSchemaValidatorResult } from '@modelcontextprotocol/sdk/validation/types.js';

/** Structured results are passed on as they are; whoever asked for them judges them. */
export const noValidator: jsonSchemaValidator = {
  getValidator:
    <T>() =>
    (input: unknown): JsonSchemaValidatorResult<T> => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK's signature asks for it; nothing is read through it
      const data = input as T;
      return { valid: true, data, errorMessage: undefined };
    },
};
