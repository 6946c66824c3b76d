import type { Day } from "../days.ts";

/** What each subcommand is told. Versions are words: a name, `current` or `previous`. */
export interface Asked {
  readonly list: { readonly model: string | undefined };
  readonly show: OfVersion;
  readonly diff: { readonly model: string; readonly a: string; readonly b: string };
  /** Without a version all of them. */
  readonly verify: { readonly model: string; readonly version: string | undefined };
  readonly restore: OfVersion & Recorded & { readonly hold: HoldAsked | undefined };
  readonly release: { readonly model: string } & Recorded;
  readonly pin: OfVersion & Recorded;
  readonly unpin: OfVersion;
  readonly prune: { readonly model: string; readonly keep: number; readonly dryRun: boolean };
  readonly score: ScoreAsked;
}

interface OfVersion {
  readonly model: string;
  readonly version: string;
}

/** A change is recorded with who asked for it and why. */
interface Recorded {
  readonly reason: string;
  /** Undefined for who runs the command. */
  readonly by: string | undefined;
}

interface HoldAsked {
  /** The day after the last one, in UTC; undefined for ever. */
  readonly until: Day | undefined;
}

interface ScoreAsked {
  readonly model: string;
  /** The second one is set beside the first. */
  readonly versions: readonly [string, string?];
  /** A directory with three CSV files, or a URL of PostgreSQL; undefined for DATABASE_URL. */
  readonly data: string | undefined;
  readonly since: Day;
  /** The day after the last one. */
  readonly until: Day;
  /** A RetrainRun manifest, for its source. */
  readonly run: string | undefined;
}

export type SubcommandName = keyof Asked;

/** A subcommand with what it was told. */
export type Subcommand<Name extends SubcommandName = SubcommandName> = {
  readonly [N in Name]: { readonly name: N; readonly asked: Asked[N] };
}[Name];
