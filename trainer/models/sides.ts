import type { Row } from "../demo/tables-text.ts";

type Value = number | string | undefined;

/** One fact of two versions; without a value where it is not known. */
export interface Side {
  readonly fact: string;
  readonly a?: number | string;
  readonly b?: number | string;
  /** b - a of numbers. */
  readonly difference?: number;
}

/** The facts of both, in the order of the first, then those that only the second has. */
export function sideBySide(a: Readonly<Record<string, Value>>, b: Readonly<Record<string, Value>>): Side[] {
  const facts = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return facts
    .filter((fact) => a[fact] !== undefined || b[fact] !== undefined)
    .map((fact) => sideOf(fact, a[fact], b[fact]));
}

/** A table row for each; what is equal has an empty cell for the difference. */
export function sideRows(
  sides: readonly Side[],
  names: { readonly a: string; readonly b: string },
  digits?: number,
): Row[] {
  return sides.map(({ fact, a, b, difference }) => {
    const isWhole = [a, b].every((value) => typeof value !== "number" || Number.isInteger(value));
    const inWords = (value: Value): string => cell(value, isWhole ? undefined : digits);
    const differs = difference === undefined ? "differs" : signed(difference, inWords);
    return { fact, [names.a]: inWords(a), [names.b]: inWords(b), difference: a === b ? "" : differs };
  });
}

function sideOf(fact: string, a: Value, b: Value): Side {
  return {
    fact,
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
    ...(typeof a === "number" && typeof b === "number" ? { difference: b - a } : {}),
  };
}

function cell(value: Value, digits: number | undefined): string {
  if (typeof value !== "number") return value ?? "";
  return digits === undefined ? String(Number(value.toPrecision(12))) : value.toFixed(digits);
}

function signed(difference: number, inWords: (value: number) => string): string {
  const text = inWords(difference);
  if (Number(text) === 0) return "";
  return difference > 0 ? `+${text}` : text;
}
