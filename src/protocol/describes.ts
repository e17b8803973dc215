import type * as z from "zod";

/**
 * Holds a schema to a type that has its home elsewhere, so that neither forgets a field of the
 * other: `describes<Message>()(z.object({…}))`. The SDK's types are plain ones, for zod is not to
 * be shipped to browsers.
 */
export function describes<T>() {
  return <S extends z.ZodType>(
    schema: S & (Required<z.output<S>> extends Required<T> ? unknown : never),
  ): S => schema;
}
