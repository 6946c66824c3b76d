import type { Measured } from "./report.ts";

export type Say = (sentence: string) => void;

/** A benchmark as the command line knows it. */
export interface Program {
  /** Half a sentence: what it measures. */
  readonly summary: string;
  /** How long it takes with its usual options, and what it needs beside Node.js. */
  readonly takes: string;
  /** Values by name; whoever measures parses them. */
  readonly options: Readonly<Record<string, { readonly default: string; readonly meaning: string }>>;
  /** Throws an Error that says which value makes no sense, or what could not be measured. */
  readonly measure: (values: unknown, say: Say) => Promise<Measured>;
}
